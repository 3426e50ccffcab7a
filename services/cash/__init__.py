"""Cash drawers (钱箱)."""

from domain.capacity import MONEY
from services.capability import Capability
from services.cash import api, pages
from services.console.navigation import Tab

CAPABILITY = Capability(api=(api.router,), pages=(pages.router,), tabs=(Tab("drawer", "/drawer/{estate}", 90, MONEY),))
