"""Estates (小区), the hours of their stations, and whom to ring there in an emergency."""

from services.capability import Capability
from services.estates import api, contact_api

CAPABILITY = Capability(api=(api.router, contact_api.router))
