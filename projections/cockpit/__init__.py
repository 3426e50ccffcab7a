"""What bills and payments of estates add up to."""
