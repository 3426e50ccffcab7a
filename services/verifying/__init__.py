"""Verification at a command line: what a person has in files, verified with nothing else of the product."""
