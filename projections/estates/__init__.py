"""Estates with their stations, as everybody finds them."""

from projections.estates.estates import REGISTER

VIEWS = (REGISTER,)
