"""Estates (小区) and their service stations: buildings, dwellings, hours."""

from domain.estates.estate import ESTATE

DECIDERS = (ESTATE,)
CLEAR = frozenset({"code", "centre", "name", "community"})  # texts that are not personal
