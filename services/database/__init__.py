"""PostgreSQL: connections, roles, and the embedded server."""
