"""One search over everything that has a place or a number."""
