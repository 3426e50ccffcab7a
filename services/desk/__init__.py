"""The fee desk (收费台): find a dwelling, see its account, take money."""

from domain.capacity import MONEY, STATION
from services.capability import Capability
from services.console.navigation import Tab
from services.desk import account_pages, dwelling_api, pages, payment_pages
from services.desk.dwelling_beside import BESIDE

CAPABILITY = Capability(
    api=(dwelling_api.router,),
    parts=(lambda _: BESIDE,),
    pages=(pages.router, account_pages.router, payment_pages.router),
    tabs=(Tab("desk", "/fees/{estate}", 10, STATION | MONEY), Tab("refunds", "/refunds/{estate}", 80, MONEY)),
)
