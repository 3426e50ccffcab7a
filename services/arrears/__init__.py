"""Arrears (欠费): who owes what since when, and what is done about it."""

from domain.capacity import MONEY, OUTSIDE, Capacity
from services.arrears import api, case_pages, dunning_api, pages
from services.arrears.daily import look_after_debts
from services.arrears.spanning import RULES
from services.arrears.standing import asked_where_it_stands
from services.arrears.waiting import OWING
from services.capability import Capability, DailyWork
from services.console.navigation import Rhythm, Tab

_READERS = MONEY | {Capacity.DISPATCHER} | OUTSIDE

CAPABILITY = Capability(
    api=(api.router, dunning_api.router),
    pages=(pages.router, case_pages.router),
    tabs=(Tab("arrears", "/arrears/{estate}", 40, _READERS, Rhythm.WATCH, OWING),),
    daily=(DailyWork(40, look_after_debts),),
    guards=(asked_where_it_stands,),
    spanning=RULES,
)
