"""The cockpit's pages: six figures, each opening its cases, and pictures with the table behind each."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from domain.arrears.overdue import Age, age_of
from domain.capacity import MONEY
from domain.months import end_of, first_day, is_month, month_of
from projections.cash.drawers import DRAWERS
from projections.cockpit.collection import NOT_COLLECTED
from projections.fees import bills, payments
from projections.fees.accounts import ACCOUNTS
from projections.fees.bills import BILLS, BillRow
from projections.fees.payments import PAYMENTS, PaymentRow
from projections.people.people import PEOPLE
from projections.projection import Connection, select
from projections.register import dwellings
from projections.register.dwellings import DWELLINGS
from services.cockpit.figures import CHART_HEIGHT, CHART_WIDTH, Cockpit, axis, bars, cockpit, share
from services.commands.ask import Forbidden
from services.console.visit import TotalsVisit, Visit
from services.contracts.calls import contract_calls
from services.log.not_found import NotFound
from services.words.figures import period, shown

router = APIRouter(include_in_schema=False)

_SHOWN = (ACCOUNTS, BILLS, DRAWERS, PAYMENTS, PEOPLE)
_OF_BILLS = ("open", "overdue")

MOST = 200  # cases on one page
CASES = ("open", "overdue", "month", "today", "held", "refunds")
AGES = ("", *(age.value for age in Age))


class Case(NamedTuple):
    """One line behind a figure; ``amount`` is what it adds to the figure."""

    dwelling: UUID
    label: str
    what: str
    day: date
    amount: int


@router.get("/cockpit")
def firm(visit: TotalsVisit, wall: int = 0) -> Response:
    """All own estates together."""
    return _page(visit, sorted(visit.member.estates), bool(wall), whole=True)


@router.get("/cockpit/{estate}")
def page(estate: str, visit: TotalsVisit, wall: int = 0) -> Response:
    here = visit.at(estate)
    with here.lend() as conn:
        here.estate(conn, estate)
    return _page(here, [estate], bool(wall), whole=False)


@router.get("/cockpit/{estate}/cases/{case}")
def cases(estate: str, case: str, visit: TotalsVisit, building: str = "", month: str = "", age: str = "") -> Response:
    """What a figure is made of, the largest first; who only reads totals does not see it."""
    here = visit.at(estate)
    if here.member.capacity not in MONEY:
        raise Forbidden("capacity", capacity=here.member.capacity, may=MONEY)
    if case not in CASES or (month and not is_month(month)) or age not in AGES:
        raise NotFound
    stale = here.caught_up(0, [DWELLINGS, BILLS if case in _OF_BILLS else PAYMENTS])
    with here.lend() as conn:
        here.estate(conn, estate)
        found = sorted(_cases(here, conn, estate, case, building, month, age), key=lambda each: -each.amount)
    return here.html(
        "cockpit_cases.html",
        here="fees",
        tab="cockpit",
        stale=stale,
        case=case,
        building=building,
        month=month,
        age=age,
        cases=found[:MOST],
        count=len(found),
        total=sum(each.amount for each in found),
        money=shown,
    )


def _page(here: Visit, estates: list[str], wall: bool, *, whole: bool) -> Response:
    stale, names = here.caught_up(0, _SHOWN), dict(here.viewer.estates)
    with here.lend() as conn:
        totals = cockpit(conn, estates, here.voice.now.date())
    context: dict[str, Any] = {
        "totals": totals,
        "contract_calls": [] if wall else contract_calls(here, estates),
        "stale": stale,
        "whole": whole,
        "wall": wall,
        "names": names,
        "opens": here.member.capacity in MONEY and not whole,
        "figures": _figures(totals),
        "bars": bars(totals.months),
        "ticks": axis(totals.months),
        "chart": (CHART_WIDTH, CHART_HEIGHT),
        "most_age": max((each.amount for each in totals.ages), default=0),
        "money": shown,
        "percent": percent,
        "share": share,
    }
    return here.html("cockpit.html", here="fees", tab="cockpit", **context)


def _figures(totals: Cockpit) -> list[tuple[str, str, str]]:
    """Each figure with its word, how it is written, and which cases it opens."""
    return [
        ("rate", percent(totals.rate), "open"),
        ("month", shown(totals.received_this_month), "month"),
        ("today", shown(totals.received_today), "today"),
        ("overdue", shown(totals.overdue), "overdue"),
        ("held", shown(totals.held), "held"),
        ("refunds", f"{totals.refunds_waiting:,}", "refunds"),
    ]


def percent(rate: int | None) -> str:
    """Hundredths of a per cent as people read them."""
    return "–" if rate is None else f"{rate // 100}.{rate % 100 // 10}%"


def _cases(here: Visit, conn: Connection, estate: str, case: str, building: str, month: str, age: str) -> list[Case]:
    today = here.voice.now.date()
    this_month = month_of(today)
    if case == "overdue":
        late = bills.overdue(conn, estate, today)
        return _of_bills(here, conn, [row for row in late if age in ("", age_of(row.due, today).value)])
    if case == "open":
        since = first_day(month) if month else date(today.year, 1, 1)
        where = "estate = %s AND standing = 'OPEN' AND since >= %s AND since < %s AND due <= %s AND item <> ALL(%s)"
        days = (since.isoformat(), end_of(month or this_month).isoformat(), today.isoformat())
        given: list[Any] = [estate, *days, NOT_COLLECTED]
        if building:
            where, given = f"{where} AND building = %s", [*given, building]
        return _of_bills(here, conn, select(conn, BILLS, where, given))
    if case == "refunds":
        return _of_payments(here, conn, payments.refunds_waiting(conn, estate), _waiting)
    if case == "held":
        holding = "estate = %s AND ((body->>'prepaid')::bigint > 0 OR (body->>'overpaid')::bigint > 0)"
        rows = select(conn, PAYMENTS, holding, (estate,))
        return _of_payments(here, conn, rows, lambda row: row.prepaid + row.overpaid)
    since = today if case == "today" else first_day(this_month)
    until = today + timedelta(days=1) if case == "today" else end_of(this_month)
    found = payments.of_days(conn, estate, since, until)
    return _of_payments(here, conn, [row for row in found if row.reversed is None], lambda row: row.amount)


def _waiting(row: PaymentRow) -> int:
    return sum(each.amount for each in row.refunds if each.stage.value == row.refund_waits)


def _of_bills(here: Visit, conn: Connection, rows: list[BillRow]) -> list[Case]:
    labels = dwellings.labels(conn, {row.dwelling for row in rows})
    return [Case(row.dwelling, labels.get(row.dwelling, ""), _said(here, row), row.due, row.open) for row in rows]


def _said(here: Visit, row: BillRow) -> str:
    return f"{here.voice.name(row.item)} {period(row.since, row.until)}"


def _of_payments(
    here: Visit, conn: Connection, rows: list[PaymentRow], amount: Callable[[PaymentRow], int]
) -> list[Case]:
    labels = dwellings.labels(conn, {row.dwelling for row in rows})
    return [
        Case(
            row.dwelling,
            labels.get(row.dwelling, ""),
            f"{here.voice.name(row.method)} {row.receipt}",
            row.paid_on,
            amount(row),
        )
        for row in rows
    ]
