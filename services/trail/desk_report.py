"""The report of a period: figures, each with the entries it was counted from, and whether their leaves say the same.

A figure is of what was recorded in the period, so its entries lie between two places of the trail.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from statistics import median
from uuid import UUID

from domain.fees.fee_account import PaymentReversed
from projections.cases import orders
from projections.cases.orders import OrderCard
from projections.projection import Connection
from projections.trail import lines
from projections.trail.lines import Counted, LineKind, Mark, TrailLine
from services.trail.desk_periods import Period
from services.trail.desk_standing import Asked, agree

MOST = 100_000  # entries of one period
MOST_STROKES = 400


class FigureKey(Enum):
    """The figures in the order in which they stand."""

    NOTED = "NOTED"
    COMPLETED = "COMPLETED"
    ON_TIME = "ON_TIME"
    ARRIVAL = "ARRIVAL"
    RATED = "RATED"
    CHARGED = "CHARGED"
    PAID = "PAID"
    PAID_BACK = "PAID_BACK"
    CORRECTED = "CORRECTED"
    READ = "READ"
    TAKEN = "TAKEN"


class Unit(Enum):
    """Of a figure's value: pieces, hundredths of a per cent, minutes, fen, or hundredths of a point."""

    PIECES = "PIECES"
    RATE = "RATE"
    MINUTES = "MINUTES"
    MONEY = "MONEY"
    POINTS = "POINTS"


UNITS: Mapping[FigureKey, Unit] = {
    FigureKey.ON_TIME: Unit.RATE,
    FigureKey.ARRIVAL: Unit.MINUTES,
    FigureKey.RATED: Unit.POINTS,
    FigureKey.CHARGED: Unit.MONEY,
    FigureKey.PAID: Unit.MONEY,
    FigureKey.PAID_BACK: Unit.MONEY,
}
KINDS: Mapping[FigureKey, LineKind] = {
    **{key: LineKind[key.name] for key in FigureKey if key.name in LineKind.__members__},
    FigureKey.ON_TIME: LineKind.COMPLETED,
    FigureKey.ARRIVAL: LineKind.ARRIVED,
}


@dataclass(frozen=True, slots=True)
class Stroke:
    """One finished case: the share of its time that it took, in hundredths of a per cent; more than all is late."""

    case: UUID
    number: str
    share: int
    late: bool


@dataclass(frozen=True, slots=True)
class ReportFigure:
    """``value`` is ``None`` of nothing. ``part`` of ``whole`` is what a rate is made of.

    ``entries`` lie between the leaves ``first`` and ``last``; ``same`` of them have leaves that say the same,
    ``other`` have leaves that say something else, and the rest are not in the tree yet.
    """

    key: FigureKey
    value: int | None
    before: int | None
    entries: int
    first: int | None
    last: int | None
    same: int
    other: int
    part: int | None = None
    whole: int | None = None

    @property
    def unit(self) -> Unit:
        return UNITS.get(self.key, Unit.PIECES)

    @property
    def kind(self) -> LineKind:
        return KINDS[self.key]

    @property
    def waiting(self) -> int:
        return self.entries - self.same - self.other


@dataclass(frozen=True, slots=True)
class Report:
    """``first`` and ``last`` are the leaves of the period's lines. ``cut``: there are more than are counted here."""

    estate: str
    period: Period
    figures: tuple[ReportFigure, ...]
    strokes: tuple[Stroke, ...]
    first: int | None
    last: int | None
    late: int
    cut: bool
    made_at: datetime

    def figure(self, key: FigureKey) -> ReportFigure:
        return next(each for each in self.figures if each.key is key)


@dataclass(frozen=True, slots=True)
class _Values:
    """The values of one period, by figure: value, and what a rate is made of."""

    of: Mapping[FigureKey, tuple[int | None, int | None, int | None]]
    strokes: tuple[Stroke, ...]


def report(conn: Connection, estate: str, period: Period, now: datetime) -> Report:
    """What the connection's reader may see is enough: figures name nobody."""
    marks = lines.marks(conn, estate, period.span, MOST + 1)
    by_kind: dict[LineKind, list[Mark]] = {}
    for mark in marks[:MOST]:
        by_kind.setdefault(mark.kind, []).append(mark)
    values, before = _values(conn, estate, period), _values(conn, estate, period.before)
    figures = tuple(
        _figure(conn, key, values.of[key], before.of[key][0], by_kind.get(KINDS[key], [])) for key in FigureKey
    )
    return Report(
        estate=estate,
        period=period,
        figures=figures,
        strokes=values.strokes,
        first=marks[0].position if marks else None,
        last=marks[-1].position if marks else None,
        late=lines.late_ones(conn, [estate], period.span),
        cut=len(marks) > MOST,
        made_at=now,
    )


def _figure(
    conn: Connection,
    key: FigureKey,
    value: tuple[int | None, int | None, int | None],
    before: int | None,
    marks: Sequence[Mark],
) -> ReportFigure:
    same, other = agree(conn, [Asked(mark.position, mark.event, mark.version) for mark in marks])
    ends = (marks[0].position, marks[-1].position) if marks else (None, None)
    of, part, whole = value
    return ReportFigure(key, of, before, len(marks), ends[0], ends[1], same, other, part, whole)


def _values(conn: Connection, estate: str, period: Period) -> _Values:
    counted = lines.counted(conn, estate, period.span)

    def of(kind: LineKind) -> Counted:
        return counted.get(kind) or Counted(kind, 0, 0, 0, 0)

    found: dict[FigureKey, tuple[int | None, int | None, int | None]] = {
        key: (of(kind).lines, None, None) for key, kind in KINDS.items()
    }
    rated = of(LineKind.RATED)
    points = rated.amount * 100 // rated.lines if rated.lines else None
    found[FigureKey.RATED] = (points, rated.amount, rated.lines)
    for key in (FigureKey.CHARGED, FigureKey.PAID_BACK):
        found[key] = (of(KINDS[key]).amount, None, None)
    found[FigureKey.PAID] = (of(LineKind.PAID).amount - _reversed(conn, estate, period), None, None)
    cards = _completed(conn, estate, period)
    promised = [card for card in cards if card.on_time is not None]
    in_time = sum(bool(card.on_time) for card in promised)
    rate = in_time * 10_000 // len(promised) if promised else None
    found[FigureKey.ON_TIME] = (rate, in_time, len(promised))
    found[FigureKey.ARRIVAL] = (_arrival(conn, estate, period), None, None)
    return _Values(found, tuple(_strokes(promised)))


def _listed(conn: Connection, estate: str, kind: LineKind, period: Period) -> list[TrailLine]:
    return lines.listed(conn, [estate], [kind], period.span, MOST)


def _reversed(conn: Connection, estate: str, period: Period) -> int:
    """What was reversed in the period, whenever it had been paid."""
    undone = lines.reversed_in(conn, estate, period.span, PaymentReversed.__name__)
    return sum(undone)


def _completed(conn: Connection, estate: str, period: Period) -> list[OrderCard]:
    """The orders that were finished in the period, the earliest first."""
    streams = dict.fromkeys(line.stream for line in reversed(_listed(conn, estate, LineKind.COMPLETED, period)))
    cards = orders.of_orders(conn, list(streams))
    return [cards[each] for each in streams if each in cards]


def _arrival(conn: Connection, estate: str, period: Period) -> int | None:
    """The median of the minutes from the opening of an order to the first arrival, as both were stated."""
    first: dict[UUID, TrailLine] = {}
    for line in _listed(conn, estate, LineKind.ARRIVED, period):
        first[line.stream] = line  # the newest come first
    began = lines.opened_of(conn, list(first))
    minutes = [
        max(int((line.occurred_at - began[stream].occurred_at).total_seconds()) // 60, 0)
        for stream, line in first.items()
        if stream in began
    ]
    return int(median(minutes)) if minutes else None


def _strokes(cards: Iterable[OrderCard]) -> Iterable[Stroke]:
    for card in [*cards][-MOST_STROKES:]:
        by = card.deadlines.fix_by
        done = card.completed_at or card.ended_at
        if by is None or done is None:
            continue
        allowed = max((by - card.opened_at).total_seconds(), 60.0)
        share = int(max((done - card.opened_at).total_seconds(), 0.0) / allowed * 10_000)
        yield Stroke(card.issue, card.number, share, not card.on_time)
