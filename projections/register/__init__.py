"""Dwellings and owners, as they are found and shown."""

from projections.register.dwellings import DWELLINGS
from projections.register.owners import OWNERS

VIEWS = (DWELLINGS, OWNERS)
