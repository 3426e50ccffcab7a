"""Cash drawers (钱箱)."""

from domain.capacity import MONEY
from services.capability import Capability
from services.cash import api, pages
from services.cash.leaving import RULES, drawer_closed
from services.console.navigation import Tab

CAPABILITY = Capability(
    api=(api.router,),
    pages=(pages.router,),
    tabs=(Tab("drawer", "/drawer/{estate}", 90, MONEY),),
    guards=(drawer_closed,),
    spanning=RULES,
)
