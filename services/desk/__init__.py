"""The fee desk (收费台): find a dwelling, see its account, take money."""

from domain.capacity import MONEY, OUTSIDE, STATION, Capacity
from services.capability import Capability
from services.console.navigation import Entry, Group, Rhythm, Tab
from services.desk import account_pages, dwelling_api, pages, payment_pages
from services.desk.dwelling_beside import BESIDE
from services.desk.waiting import REFUNDS_WAITING, TAKEN_TODAY

CAPABILITY = Capability(
    api=(dwelling_api.router,),
    parts=(lambda _: BESIDE,),
    pages=(pages.router, account_pages.router, payment_pages.router),
    entries=(
        Entry(
            "fees",
            "",  # its pages come from every capability that has one
            "cash",
            20,
            STATION | MONEY | OUTSIDE,
            STATION | MONEY | OUTSIDE,
            "rail-fees",
            Group.HOLDINGS,
            "m",
            home=frozenset({Capacity.CASHIER, Capacity.ACCOUNTANT}),
        ),
    ),
    tabs=(
        Tab("desk", "/fees/{estate}", 10, STATION | MONEY, Rhythm.TODAY, TAKEN_TODAY),
        Tab("refunds", "/refunds/{estate}", 80, MONEY, Rhythm.TODAY, REFUNDS_WAITING),
    ),
)
