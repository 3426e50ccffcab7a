"""Closing (月结): what the accounts of an estate add up to in a month."""
