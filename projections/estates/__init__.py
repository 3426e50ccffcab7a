"""Estates with their stations, as everybody finds them."""

from projections.estates.emergency_contacts import EMERGENCY_LINES
from projections.estates.estates import ESTATES

VIEWS = (EMERGENCY_LINES, ESTATES)
