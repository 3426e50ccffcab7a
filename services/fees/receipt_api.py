"""Receipts as PDF, one payment's or all of a day in one file, statements of account, and prices."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from domain.calendar import local_date
from domain.refusal import refuse_if
from projections.fees import payments
from projections.fees.payments import PAYMENTS, PaymentRow
from services.account_statements.paper import account_statements
from services.account_statements.statement import statement_paper
from services.commands.ask import NotFound
from services.contracts.paper import BoardSize, price_displays
from services.contracts.price_display import price_papers
from services.fees.paper import ReceiptSize, receipts
from services.fees.receipts import MOST, Wanted, receipt_papers
from services.http.acting import CaughtUp, shown_soon
from services.http.addresses import opens_here_only, origin
from services.http.answers import PDF, pdf
from services.http.problems import language_of
from services.http.who import BasisReader, Cashier, TheHouse, own
from services.product import House
from services.sessions.accounts import Member

router = APIRouter(prefix="/api/v1", tags=["payments"])

_RESPONSES: dict[int | str, dict[str, object]] = {
    200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}
}
_Again = Annotated[bool, Query(description="Printed before: the paper says so.")]


@router.get("/payments/{payment}/receipt.pdf", dependencies=[CaughtUp], response_class=Response, responses=_RESPONSES)
def get_receipt(
    payment: UUID,
    request: Request,
    house: TheHouse,
    who: Cashier,
    size: ReceiptSize = ReceiptSize.A5,
    again: _Again = False,
) -> Response:
    """The receipt of a payment, on A5 or for a roll of 80 mm; of a reversed one it says that it is void."""
    row = shown_soon(house, PAYMENTS.name, lambda: _row(house, who, payment))
    if row is None:
        raise NotFound
    language, wanted = language_of(request), [Wanted(row.dwelling, payment)]
    papers = receipt_papers(house, who.estates, wanted, language, origin(house, request), again)
    return pdf(receipts(papers, size, language), f"receipt-{papers[0].number}")


@router.get("/estates/{estate}/receipts.pdf", dependencies=[CaughtUp], response_class=Response, responses=_RESPONSES)
def get_receipts(
    estate: str,
    request: Request,
    house: TheHouse,
    who: Cashier,
    day: date | None = None,
    size: ReceiptSize = ReceiptSize.A5,
    again: _Again = False,
) -> Response:
    """All receipts of payments of a day, today if none is named, in the order of their numbers."""
    own(estate, who)
    return receipts_of_day(house, who, estate, day, size, language_of(request), origin(house, request), again)


def receipts_of_day(
    house: House,
    who: Member,
    estate: str,
    day: date | None,
    size: ReceiptSize,
    language: str,
    origin: str,
    again: bool = False,
) -> Response:
    """The file. Refuses ``receipts_none`` and ``receipts_too_many``."""
    today = local_date(house.clock())
    day = day or today
    refuse_if(day > today, "receipts_none")
    with house.database.lend(who.estates) as conn:
        rows = payments.of_days(conn, estate, day, day + timedelta(days=1))
    refuse_if(not rows, "receipts_none")
    refuse_if(len(rows) > MOST, "receipts_too_many", most=MOST)
    wanted = [Wanted(row.dwelling, row.payment) for row in rows]
    papers = receipt_papers(house, who.estates, wanted, language, origin, again)
    return pdf(receipts(papers, size, language), f"receipts-{day.isoformat()}")


@router.get(
    "/accounts/{dwelling}/statement.pdf", dependencies=[CaughtUp], response_class=Response, responses=_RESPONSES
)
def get_statement(
    dwelling: UUID,
    request: Request,
    house: TheHouse,
    who: Cashier,
    payer: UUID | None = None,
    since: date | None = None,
) -> Response:
    """The account of the present owner, or of an earlier payer, step by step since a day or the first of the year."""
    language = language_of(request)
    paper = statement_paper(house, who.estates, dwelling, payer, since, language)
    return pdf(account_statements([paper], language), f"statement-{paper.as_of.isoformat()}")


@router.get("/estates/{estate}/prices.pdf", response_class=Response, responses=_RESPONSES)
def get_price_display(
    estate: str, request: Request, house: TheHouse, who: BasisReader, size: BoardSize = BoardSize.A4
) -> Response:
    """What is charged, for the notice board: the list that bills today, and those shown already that bill later."""
    own(estate, who)
    language = language_of(request)
    where = origin(house, request)
    # on the wall a code is for people's phones: one that leads every phone to itself is left out. A receipt keeps its
    # own wherever it leads: the station's desk checks by it, and its token stays good under a public address
    link = None if opens_here_only(where) else f"{where}/prices/{estate}"
    papers = price_papers(house, estate, language, link)
    return pdf(price_displays(papers, size, language), f"prices-{estate}")


def _row(house: House, who: Member, payment: UUID) -> PaymentRow | None:
    with house.database.lend(who.estates) as conn:
        return payments.payment(conn, payment)
