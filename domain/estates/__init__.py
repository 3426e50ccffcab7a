"""Estates (小区) and their service stations: buildings, dwellings, hours."""

from domain.estates.emergency_contacts import EMERGENCY_CONTACTS
from domain.estates.estate import ESTATE

DECIDERS = (EMERGENCY_CONTACTS, ESTATE)
CLEAR = frozenset({"code", "centre", "name", "community"})  # texts that are not personal
