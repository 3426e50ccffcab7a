"""One dwelling as its page shows it: account, arrears and cases."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter

from domain.calendar import local_date
from projections.cases.notebook import NOTEBOOK
from projections.cases.orders import ORDERS
from projections.fees.accounts import ACCOUNTS
from projections.fees.bills import BILLS
from projections.fees.payments import PAYMENTS
from projections.register import dwellings
from projections.register.dwellings import DWELLINGS
from projections.register.owners import OWNERS
from projections.search.case_words import CASE_WORDS
from services.desk.dwelling_beside import cases_of, standing
from services.http.acting import showing
from services.http.who import FeeReader, TheProduct
from services.log.not_found import NotFound

router = APIRouter(prefix="/api/v1/dwellings", tags=["register"])


@dataclass(frozen=True, slots=True)
class CaseOfDwelling:
    """A work order, or a line of the notebook that is none yet."""

    issue: UUID
    order: UUID | None
    number: str
    stage: str
    text: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class DwellingOverview:
    """Amounts in fen. ``overdue`` is what is open of bills past their day, the oldest of which was due ``since``.

    ``owed_now`` is open of bills that are due, less what their payers hold; ``not_due`` falls due later.

    ``cases`` are missing for those who see no cases; they are the last 20, newest first.
    """

    dwelling: UUID
    open: int
    held: int
    overdue: int
    overdue_bills: int
    since: date | None
    cases: list[CaseOfDwelling] | None
    owed_now: int = 0
    not_due: int = 0


@router.get(
    "/{dwelling}/overview",
    dependencies=[showing(DWELLINGS, OWNERS, ACCOUNTS, BILLS, CASE_WORDS, NOTEBOOK, ORDERS, PAYMENTS)],
)
def overview(dwelling: UUID, product: TheProduct, who: FeeReader) -> DwellingOverview:
    """How a dwelling stands: account, arrears, and its cases."""
    with product.lend(who) as conn:
        row = dwellings.one(conn, dwelling)
        if row is None:
            raise NotFound
        account = standing(conn, dwelling, local_date(product.clock()))
        found = cases_of(conn, who, row)
    told = None if found is None else [
        *(
            CaseOfDwelling(each.issue, each.order, each.number, each.state.stage.value, each.text, each.opened_at)
            for each in found.cards
        ),
        *(
            CaseOfDwelling(each.issue, None, each.number, each.state.status.value, each.text, each.noted_at)
            for each in found.lines
        ),
    ]  # fmt: skip
    if account is None:
        return DwellingOverview(dwelling, 0, 0, 0, 0, None, told)
    sums = (account.open, account.held, account.overdue, account.bills, account.since)
    return DwellingOverview(dwelling, *sums, told, account.owed, account.later)
