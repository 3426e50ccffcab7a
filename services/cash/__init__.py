"""Cash drawers (钱箱)."""

from domain.capacity import MONEY
from services.capability import Capability
from services.cash import api, pages
from services.cash.leaving import RULES, drawer_closed
from services.cash.waiting import OWN_DRAWER
from services.console.navigation import Rhythm, Tab

CAPABILITY = Capability(
    api=(api.router,),
    pages=(pages.router,),
    tabs=(Tab("drawer", "/drawer/{estate}", 20, MONEY, Rhythm.TODAY, OWN_DRAWER),),
    guards=(drawer_closed,),
    spanning=RULES,
)
