"""Estates with their stations, as everybody finds them."""

from projections.estates.estates import ESTATES

VIEWS = (ESTATES,)
