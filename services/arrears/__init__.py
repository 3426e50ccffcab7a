"""Arrears: who owes what since when, and what is done about it."""
