"""The fee desk (收费台): find a dwelling, see its account, take money."""

from domain.capacity import MONEY, STATION
from services.capability import Capability
from services.console.navigation import Tab
from services.desk import account_pages, pages, payment_pages

CAPABILITY = Capability(
    pages=(pages.router, account_pages.router, payment_pages.router),
    tabs=(Tab("desk", "/fees/{estate}", 10, STATION | MONEY), Tab("refunds", "/refunds/{estate}", 80, MONEY)),
)
