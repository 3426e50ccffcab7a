"""What people see: events folded into rows, one folder for each capability, and the followers that do it."""
