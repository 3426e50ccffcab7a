"""Contracts and price lists (合同、价格), and the price display."""

from domain.capacity import MONEY, OUTSIDE, Capacity
from services.capability import Capability, DailyWork
from services.console.navigation import Rhythm, Tab
from services.contracts import api, pages, price_api
from services.contracts.daily import let_contracts_live
from services.contracts.waiting import DAYS_LEFT

_READERS = MONEY | {Capacity.DISPATCHER} | OUTSIDE

CAPABILITY = Capability(
    api=(api.router, price_api.router),
    pages=(pages.router,),
    tabs=(Tab("contracts", "/contracts/{estate}", 50, _READERS, Rhythm.WATCH, DAYS_LEFT),),
    daily=(DailyWork(10, let_contracts_live),),
)
