"""Closing a month (月结) and its package."""

from domain.capacity import MONEY, OUTSIDE
from services.capability import Capability
from services.closing import api, pages
from services.closing.guard import closed_months
from services.closing.spanning import RULES
from services.closing.waiting import LAST_CLOSED
from services.console.navigation import Rhythm, Tab

CAPABILITY = Capability(
    api=(api.router,),
    pages=(pages.router,),
    tabs=(Tab("closing", "/closing/{estate}", 110, MONEY | OUTSIDE, Rhythm.MONTH, LAST_CLOSED),),
    guards=(closed_months,),
    spanning=RULES,
)
