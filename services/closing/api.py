"""Closing over HTTP: what stands against it, closing a month, and the packages of closed months."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from domain.books.books import ClosedMonth, MonthFigures
from domain.calendar import local_date
from projections.cash.drawers import DRAWERS
from projections.fees.payments import PAYMENTS
from services.books.plans import books_of
from services.closing import closing
from services.closing.package import PackageFormat, package_file
from services.http.act_route import act_at
from services.http.acting import AskingOfSeveral, perform, showing
from services.http.answers import PDF
from services.http.bodies import ActBody
from services.http.problems import language_of
from services.http.who import Accountant, TheProduct, TotalsReader, own
from services.sheets.writing import XLSX

router = APIRouter(prefix="/api/v1/estates", tags=["closing"])

Month = Annotated[str, Path(pattern=r"^20\d\d-(0[1-9]|1[0-2])$", examples=["2026-10"])]


@dataclass(frozen=True, slots=True)
class BeforeClosingShape:
    """What to see to before closing; ``hinders`` if the month cannot be closed with it."""

    code: str
    count: int
    hinders: bool


@dataclass(frozen=True, slots=True)
class ClosedShape:
    """A closed month; ``figures`` in fen, counted up to ``position`` of the log."""

    month: str
    closed_at: datetime
    closed_by: UUID
    position: int
    figures: MonthFigures


@dataclass(frozen=True, slots=True)
class MonthClosingShape:
    """The month to close next and what stands against it; ``closed_until`` is the first day still open."""

    next_month: str
    missing: list[BeforeClosingShape]
    closed_until: date | None
    closed: list[ClosedShape]


@dataclass(frozen=True, slots=True)
class SoFarShape:
    """What the month to close next comes to now, in fen, counted up to ``position`` of the log."""

    month: str
    position: int
    figures: MonthFigures
    mark: str


class ClosingBody(ActBody):
    """``seen`` is the ``mark`` of the figures that were looked at; with others the month is not closed."""

    month: Annotated[str, Field(max_length=7, examples=["2026-10"])]
    seen: Annotated[str, Field(max_length=16, examples=["0f3a5c7e9b1d2f40"])] | None = None


@router.get("/{estate}/closings", dependencies=[showing(DRAWERS, PAYMENTS)])
def list_closings(estate: str, product: TheProduct, who: TotalsReader) -> MonthClosingShape:
    """Closed months with their figures, the newest first, and the next one."""
    own(estate, who)
    books = books_of(product.log, estate)
    month = closing.next_month(books, local_date(product.clock()))
    return MonthClosingShape(
        next_month=month,
        missing=[
            BeforeClosingShape(each.code, each.count, each.hinders) for each in closing.missing(product, estate, month)
        ],
        closed_until=books.closed_until,
        closed=[_shape(month, closed) for month, closed in sorted(books.closed.items(), reverse=True)],
    )


@router.get("/{estate}/closings/next")
def month_so_far(estate: str, product: TheProduct, who: Accountant) -> SoFarShape:
    """The figures of the month to close next before it is closed: what is recorded later still counts."""
    own(estate, who)
    month = closing.next_month(books_of(product.log, estate), local_date(product.clock()))
    figures, position = closing.so_far(product, estate, month)
    return SoFarShape(month, position, figures, closing.mark(figures))


@act_at(router, "/{estate}/closings")
async def close_month(
    estate: str, request: Request, product: TheProduct, who: Accountant, asking: AskingOfSeveral, body: ClosingBody
) -> ClosedShape:
    """Close a month that is over. Nothing can be dated in it from then on; it is closed once."""
    ask = asking.by(who, body.occurred_at)
    do = partial(closing.close, product, ask, estate, body.month, body.seen)
    await run_in_threadpool(partial(perform, request, "CloseMonth", do))
    return _shape(body.month, books_of(product.log, estate).closed[body.month])


@router.get(
    "/{estate}/closings/{month}/package.{format}",
    response_class=Response,
    responses={200: {"content": {XLSX: {}, PDF: {}}}},
)
def closing_package(
    estate: str, month: Month, format: PackageFormat, request: Request, product: TheProduct, who: Accountant
) -> Response:
    """The month's package. It is counted again from the log, and given only if it is what the month was closed with."""
    own(estate, who)
    return package_file(product, who, estate, month, format, language_of(request))


def _shape(month: str, closed: ClosedMonth) -> ClosedShape:
    return ClosedShape(month, closed.at, closed.by, closed.position, closed.figures)
