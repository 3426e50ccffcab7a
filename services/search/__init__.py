"""One search over everything that has a place or a number."""

from services.capability import Capability
from services.search import pages

CAPABILITY = Capability(pages=(pages.router,))
