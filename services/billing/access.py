"""Which bill runs and bills a member may see."""

from datetime import date
from uuid import UUID

from domain.billing.bill_run import MOST_MONTHS
from domain.months import months_later
from domain.refusal import reject_if
from projections.fees import bills
from projections.fees.bills import BILLS, BillRow
from services.billing.runs import BillRuns, RunNow
from services.http.showing import shown_soon
from services.http.who import own
from services.log.not_found import NotFound
from services.product import Product
from services.sessions.member import Member


def days_of(period: str, months: int) -> tuple[date, date]:
    """The days of so many months from a first one. Refuses ``run_months``."""
    reject_if(not 1 <= months <= MOST_MONTHS, "run_months", most=MOST_MONTHS)
    since = date.fromisoformat(f"{period}-01")
    return since, months_later(since, months)


def run_of(product: Product, who: Member, run: UUID) -> RunNow:
    """A run of one of the member's own estates."""
    found = product.part(BillRuns).one(run)
    own(found.estate, who)
    return found


def bill_of(product: Product, who: Member, bill: UUID) -> BillRow:
    """A bill of one of the member's own estates."""

    def find() -> BillRow | None:
        with product.lend(who) as conn:
            return bills.bill(conn, bill)

    row = shown_soon(product, BILLS, find)
    if row is None:
        raise NotFound
    return row
