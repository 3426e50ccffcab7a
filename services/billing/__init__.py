"""Billing (出账): bill runs, single charges, and what days bring by themselves."""

from domain.capacity import ACCOUNTS
from services.billing import api, charge_pages, pages
from services.billing.checks import CHARGED_WORK
from services.billing.prepayments import draw_what_is_due, drawn_before_looking
from services.billing.runs import BillRuns
from services.billing.spanning import RULES
from services.billing.unserved import take_off_unserved, unserved_bills
from services.billing.waiting import TO_CONFIRM
from services.capability import Capability, DailyWork
from services.console.navigation import Rhythm, Tab
from services.contracts.pages import UnservedBills
from services.http.first_look import FirstLook
from services.product import Product


def _first_look(product: Product) -> FirstLook:
    return FirstLook(product, drawn_before_looking)


def _bill_runs(product: Product) -> BillRuns:
    return BillRuns(product.database, product.log, product.handler, product.positions, product.secret, product.clock)


CAPABILITY = Capability(
    api=(api.router,),
    pages=(pages.router, charge_pages.router),
    tabs=(Tab("bills", "/bill-runs/{estate}", 30, ACCOUNTS, Rhythm.MONTH, TO_CONFIRM),),
    parts=(_bill_runs, _first_look, lambda _: UnservedBills(unserved_bills)),
    daily=(DailyWork(20, take_off_unserved), DailyWork(30, draw_what_is_due)),
    spanning=RULES,
    checks=(CHARGED_WORK,),
)
