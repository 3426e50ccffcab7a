"""The books: months that are locked and closed."""
