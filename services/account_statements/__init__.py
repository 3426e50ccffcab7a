"""Statements of account: on paper, on a page, and by a private address."""
