"""One search over everything that has a place, a number, a name or words."""

from services.capability import Capability
from services.search import api, pages
from services.search.maps import Maps

CAPABILITY = Capability(api=(api.router,), pages=(pages.router,), parts=(lambda _: Maps(),))
