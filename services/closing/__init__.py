"""Closing a month and its package."""
