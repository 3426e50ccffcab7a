"""Estates (小区) and the hours of their stations."""

from services.capability import Capability
from services.estates import api

CAPABILITY = Capability(api=(api.router,))
