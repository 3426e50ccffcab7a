"""Cash drawers: what lies in each now, what moved since it was opened, and how it was closed before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.cash.drawer import (
    CASH_DRAWER,
    CashDrawer,
    CashPaidOut,
    CashReversed,
    CashTaken,
    DrawerClosed,
    DrawerCounted,
    DrawerOpened,
    Pieces,
)
from domain.changed import changed
from domain.recorded import Recorded
from domain.words import Personal
from projections.projection import OWN_STREAM, Connection, View, fetch, select

MOST_CLOSINGS = 400  # more than a year of working days


@dataclass(frozen=True, slots=True)
class Movement:
    """One step of the present session; ``amount`` in fen is what came in, below zero what went out."""

    position: int
    event: str
    at: datetime
    amount: int
    about: UUID | None = None  # the payment or refund


@dataclass(frozen=True, slots=True)
class Closing:
    """How a session ended, all amounts in fen."""

    position: int
    opened_at: datetime
    closed_at: datetime
    float_: int
    taken: int
    paid_out: int
    expected: int
    counted: int
    difference: int
    left: int
    reason: Personal = None
    closed_by: UUID | None = None


@dataclass(frozen=True)
class DrawerRow:
    """One cashier's drawer in one estate. ``denominations`` are those of the last count that still holds."""

    drawer: UUID
    estate: str
    cashier: UUID
    version: int
    state: CashDrawer
    movements: tuple[Movement, ...] = ()
    denominations: tuple[Pieces, ...] = ()
    closings: tuple[Closing, ...] = ()  # the newest first


_EVENTS = frozenset(CASH_DRAWER.events)


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    return (str(recorded.stream),) if type(recorded.event) in _EVENTS else ()


def evolve(row: DrawerRow | None, recorded: Recorded[Any]) -> DrawerRow | None:
    event, act = recorded.event, recorded.act
    if row is None:
        if recorded.estate is None:
            return None
        row = DrawerRow(recorded.stream, recorded.estate, act.actor, 0, CASH_DRAWER.initial)
    before = row.state
    row = changed(row, version=recorded.version, state=CASH_DRAWER.evolve(before, event, act))
    match event:
        case DrawerOpened(_, float_):
            return changed(row, movements=(_movement(recorded, float_),), denominations=())
        case CashTaken(payment, amount):
            return _moved(row, _movement(recorded, amount, payment))
        case CashPaidOut(refund, amount):
            return _moved(row, _movement(recorded, -amount, refund))
        case CashReversed(payment, amount):
            return _moved(row, _movement(recorded, -amount, payment))
        case DrawerCounted(_, denominations):
            return changed(row, denominations=denominations)
        case DrawerClosed():
            closing = _closing(recorded, before, event)
            closings = (closing, *row.closings)[:MOST_CLOSINGS]
            return changed(row, movements=(), denominations=(), closings=closings)
    return row


def _movement(recorded: Recorded[Any], amount: int, about: UUID | None = None) -> Movement:
    return Movement(recorded.position, type(recorded.event).__name__, recorded.act.recorded_at, amount, about)


def _moved(row: DrawerRow, movement: Movement) -> DrawerRow:
    return changed(row, movements=(*row.movements, movement), denominations=())


def _closing(recorded: Recorded[Any], before: CashDrawer, event: DrawerClosed) -> Closing:
    closed_at = recorded.act.recorded_at
    return Closing(
        position=recorded.position,
        opened_at=before.opened_at or closed_at,
        closed_at=closed_at,
        float_=before.float_,
        taken=before.taken,
        paid_out=before.paid_out + before.reversed,
        expected=event.expected,
        counted=event.counted,
        difference=event.difference,
        left=event.left,
        reason=event.reason,
        closed_by=recorded.act.actor,
    )


DRAWERS: View[DrawerRow] = View(
    name="drawers",
    row=DrawerRow,
    keys=keys,
    events=_EVENTS,
    evolve=evolve,
    estates=lambda row: (row.estate,),
    columns={"estate": "body->>'estate'"},
    indexes=("(estate)",),
    streams=OWN_STREAM,
    withheld=("reason",),
)


def drawer(conn: Connection, stream: UUID) -> DrawerRow | None:
    """One drawer, if it was ever opened."""
    return fetch(conn, DRAWERS, str(stream))


def of_estates(conn: Connection, estates: Sequence[str]) -> list[DrawerRow]:
    """Every drawer of these estates."""
    return select(conn, DRAWERS, "estate = ANY(%s) ORDER BY key", (list(estates),))
