"""The cockpit: what is due, collected and open."""
