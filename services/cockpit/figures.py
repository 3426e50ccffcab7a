"""The cockpit: how much of what is due is collected, how old the rest is, what came in today and who holds it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.arrears.overdue import Age
from domain.fees.fee_account import Method
from domain.months import end_of, first_day, following, month_of
from projections.cash import drawers
from projections.cockpit import collection
from projections.cockpit.collection import AgedSum, Totals
from projections.people import people
from projections.projection import Connection

MONTHS = 12  # on the chart


@dataclass(frozen=True, slots=True)
class MonthSum:
    """Bills that are due for service that began in a month, in fen; ``rate`` in hundredths of a per cent.

    ``rate`` is ``None`` of nothing; ``paid_before`` and ``rate_before`` are of the same month a year earlier.
    """

    month: str
    billed: int
    paid: int
    waived: int
    open: int
    rate: int | None
    paid_before: int = 0
    rate_before: int | None = None


@dataclass(frozen=True, slots=True)
class PartSum:
    """The same of one estate or one building since the year began."""

    estate: str
    building: str | None
    billed: int
    paid: int
    waived: int
    open: int
    rate: int | None


@dataclass(frozen=True, slots=True)
class AgeSum:
    """Open bills of one age; ``None`` for those not due yet."""

    age: Age | None
    amount: int
    bills: int


@dataclass(frozen=True, slots=True)
class MethodSum:
    method: Method
    amount: int
    payments: int


@dataclass(frozen=True, slots=True)
class DrawerSum:
    """What should lie in a cashier's drawer now, and whether it is open."""

    cashier: UUID
    name: str | None
    open: bool
    expected: int


@dataclass(frozen=True, slots=True)
class Cockpit:
    """Six figures and what they are made of; all amounts in fen, ``rate`` in hundredths of a per cent."""

    day: date
    rate: int | None  # of this year's bills that are due
    rate_before: int | None  # of all of last year's
    open_this_year: int
    received_this_month: int
    received_today: int
    overdue: int
    overdue_bills: int
    held: int
    refunds_waiting: int
    months: list[MonthSum]
    estates: list[PartSum]
    buildings: list[PartSum]
    ages: list[AgeSum]
    today: list[MethodSum]
    drawers: list[DrawerSum]


def cockpit(conn: Connection, estates: Sequence[str], today: date) -> Cockpit:
    """The cockpit of these estates together, as far as the connection may see them."""
    month = month_of(today)
    this_year = f"{today.year}-01"
    last_year = f"{today.year - 1}-01"
    first = min(following(month, 1 - 2 * MONTHS), last_year)
    rows = collection.collected(conn, estates, first, month, today)
    before = collection.totals([row for row in rows if last_year <= row.month < this_year])
    year = [row for row in rows if row.month >= this_year]
    whole = collection.totals(year)
    money = collection.taken(conn, estates, first_day(month), end_of(month))
    held = collection.held(conn, estates)
    ages = _ages(collection.aged(conn, estates, today))
    shown = [following(month, -back) for back in range(MONTHS - 1, -1, -1)]
    places = sorted({(row.estate, row.building) for row in year}, key=_in_reading_order)
    return Cockpit(
        day=today,
        rate=whole.rate,
        rate_before=before.rate,
        open_this_year=whole.open,
        received_this_month=sum(each.amount for each in money),
        received_today=sum(each.amount for each in money if each.day == today),
        overdue=sum(each.amount for each in ages if each.age is not None),
        overdue_bills=sum(each.bills for each in ages if each.age is not None),
        held=sum(each.held for each in held),
        refunds_waiting=sum(each.refunds for each in held),
        months=[_month(name, _of_month(rows, name), _of_month(rows, following(name, -MONTHS))) for name in shown],
        estates=[
            _part(estate, None, collection.totals([row for row in year if row.estate == estate])) for estate in estates
        ],
        buildings=[
            _part(*place, collection.totals([row for row in year if (row.estate, row.building) == place]))
            for place in places
        ],
        ages=ages,
        today=_methods([(each.method, each.amount, each.payments) for each in money if each.day == today]),
        drawers=_drawers(conn, estates),
    )


def _in_reading_order(place: tuple[str, str | None]) -> tuple[str, str]:
    return place[0], (place[1] or "").rjust(12)


def _of_month(rows: Sequence[collection.Collected], name: str) -> Totals:
    return collection.totals([row for row in rows if row.month == name])


def _month(name: str, sums: Totals, before: Totals) -> MonthSum:
    return MonthSum(name, sums.billed, sums.paid, sums.waived, sums.open, sums.rate, before.paid, before.rate)


def _part(estate: str, building: str | None, sums: Totals) -> PartSum:
    return PartSum(estate, building, sums.billed, sums.paid, sums.waived, sums.open, sums.rate)


def _ages(sums: Sequence[AgedSum]) -> list[AgeSum]:
    def of(age: Age | None) -> AgeSum:
        mine = [each for each in sums if each.age is age]
        return AgeSum(age, sum(each.amount for each in mine), sum(each.bills for each in mine))

    return [of(None), *(of(age) for age in Age)]


def _methods(taken: Sequence[tuple[Method, int, int]]) -> list[MethodSum]:
    sums: defaultdict[Method, list[int]] = defaultdict(lambda: [0, 0])
    for method, amount, payments in taken:
        sums[method][0] += amount
        sums[method][1] += payments
    return [MethodSum(method, *sums[method]) for method in Method if method in sums]


def _drawers(conn: Connection, estates: Sequence[str]) -> list[DrawerSum]:
    rows = drawers.of_estates(conn, estates)
    names = people.named(conn, [row.cashier for row in rows])
    return [
        DrawerSum(row.cashier, names.get(row.cashier), row.state.opened_at is not None, row.state.expected)
        for row in rows
    ]


# -- the picture -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """One month on the chart, in units of its view box: what was due, inside it what is paid, and last year's."""

    x: int
    due_y: int
    due_height: int
    paid_y: int
    paid_height: int
    before_y: int
    sum: MonthSum


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the chart, and the fen that it stands for."""

    y: int
    amount: int


CHART_WIDTH, CHART_HEIGHT, BAR_WIDTH = 720, 200, 36
_MOST_TICKS = 4


def axis(months: Sequence[MonthSum]) -> list[Tick]:
    """Round amounts from nothing to no less than the highest bar, some four of them, in whole yuan."""
    most = max(
        (amount for each in months for amount in (each.billed - each.waived, each.paid, each.paid_before)), default=0
    )
    step = 100
    while most > step * _MOST_TICKS:  # 1, 2, 5, 10 and so on
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    ticks = max(-(-most // step), 1)
    return [Tick(CHART_HEIGHT - CHART_HEIGHT * place // ticks, place * step) for place in range(ticks + 1)]


def bars(months: Sequence[MonthSum]) -> list[Bar]:
    """Bars whose heights are in proportion to the amounts of the axis."""
    most = axis(months)[-1].amount

    def height(amount: int) -> int:
        return CHART_HEIGHT * max(amount, 0) // most if most > 0 else 0

    step = CHART_WIDTH // max(len(months), 1)
    found = []
    for place, each in enumerate(months):
        due, paid = height(each.billed - each.waived), height(each.paid)
        x = place * step + (step - BAR_WIDTH) // 2
        before = CHART_HEIGHT - height(each.paid_before)
        found.append(Bar(x, CHART_HEIGHT - due, due, CHART_HEIGHT - paid, paid, before, each))
    return found


def share(part: int, whole: int) -> str:
    """A part in per cent with one decimal, for the width of a bar: between 0 and 100."""
    return f"{min(max(part, 0), whole) * 1000 // whole / 10:.1f}" if whole > 0 else "0"
