"""Contracts and price lists, and the price display."""
