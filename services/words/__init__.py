"""Words, days and amounts for people."""
