"""The books (账簿): months that are locked and closed."""

from domain.books.books import BOOKS

DECIDERS = (BOOKS,)
CLEAR = frozenset({"month"})  # texts that are not personal
