"""Billing (出账): bill runs, single charges, and what days bring by themselves."""

from domain.capacity import ACCOUNTS
from services.billing import api, charge_pages, pages
from services.billing.prepayments import draw_what_is_due
from services.billing.runs import BillRuns
from services.billing.unserved import take_off_unserved, unserved_bills
from services.capability import Capability, DailyWork
from services.console.navigation import Tab
from services.contracts.pages import UnservedBills
from services.product import House


def _bill_runs(house: House) -> BillRuns:
    return BillRuns(house.database, house.log, house.handler, house.positions, house.secret, house.clock)


CAPABILITY = Capability(
    api=(api.router,),
    pages=(pages.router, charge_pages.router),
    tabs=(Tab("bills", "/bill-runs/{estate}", 20, ACCOUNTS),),
    parts=(_bill_runs, lambda _: UnservedBills(unserved_bills)),
    daily=(DailyWork(20, take_off_unserved), DailyWork(30, draw_what_is_due)),
)
