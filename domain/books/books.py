"""The books of an estate (账簿): months are closed in order, and what is dated in a closed month is refused.

A month is locked first: from then on nothing can be dated in it, so what the log holds of it is all there will ever
be. Then it is closed with its figures, which have to foot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, assert_never
from uuid import UUID, uuid5

from domain.calendar import local_date
from domain.capacity import ACCOUNTS, Capacity
from domain.changed import changed
from domain.decider import Decider
from domain.months import end_of, following, is_month
from domain.recorded import Act
from domain.refusal import refuse_done, refuse_if, reject_if

_STREAMS = UUID("3c1f4a52-9d7e-4b0e-9b3a-8f2c5f6d7e10")  # namespace of books


@lru_cache(4_096)
def books_stream(estate: str) -> UUID:
    """The stream of an estate's books."""
    return uuid5(_STREAMS, estate)


@dataclass(frozen=True, slots=True)
class Share:
    """So many fen ``of`` one item or one method, by its code."""

    of: str
    amount: int


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What a month did to an estate's accounts, in fen; none is below zero but what a month may begin or end with.

    Receivable: ``begin + billed + reclaimed - voided - waived + unwaived - settled + unsettled = end``. ``unwaived``
    was waived on bills that were voided, ``unsettled`` was settled by payments that were reversed, or on bills that
    were voided.
    Held for payers (prepaid and overpaid):
    ``begin + received - reversed - refunded + returned + reclaimed - settled + unsettled = end``. ``returned`` was
    refunded and sent back by the bank. ``reclaimed`` was refunded of
    payments that were reversed afterwards: it makes up for what is taken from the payers twice, and is owed instead.
    ``by_method`` adds up to received, ``refunded_by_method`` to refunded and ``returned_by_method`` to returned,
    ``billed_by_item`` to billed,
    ``settled_by_item`` to settled less unsettled. Counted once more from the payers' side,
    ``begin + held_in - held_out = end``: ``held_in`` was kept for them, ``held_out`` was used or given back.
    """

    receivable_begin: int = 0
    billed: int = 0
    voided: int = 0
    waived: int = 0
    unwaived: int = 0
    settled: int = 0
    unsettled: int = 0
    receivable_end: int = 0
    held_begin: int = 0
    received: int = 0
    reversed: int = 0
    refunded: int = 0
    held_end: int = 0
    held_in: int = 0
    held_out: int = 0
    bills: int = 0
    payments: int = 0
    by_method: tuple[Share, ...] = ()
    reversed_by_method: tuple[Share, ...] = ()
    refunded_by_method: tuple[Share, ...] = ()
    billed_by_item: tuple[Share, ...] = ()
    settled_by_item: tuple[Share, ...] = ()
    reclaimed: int = 0
    returned: int = 0
    returned_by_method: tuple[Share, ...] = ()

    @property
    def foots(self) -> bool:
        """Whether every total is what its parts add up to."""
        receivable = self.receivable_begin + self.billed + self.reclaimed - self.voided - self.waived + self.unwaived
        held = self.held_begin + self.received - self.reversed - self.refunded + self.returned + self.reclaimed
        moved = self.settled - self.unsettled
        return (
            self.receivable_end == receivable - moved
            and self.held_end == held - moved == self.held_begin + self.held_in - self.held_out
            and _sum(self.by_method) == self.received
            and _sum(self.reversed_by_method) == self.reversed
            and _sum(self.refunded_by_method) == self.refunded
            and _sum(self.returned_by_method) == self.returned
            and _sum(self.billed_by_item) == self.billed
            and _sum(self.settled_by_item) == moved
        )


def _sum(shares: tuple[Share, ...]) -> int:
    return sum(share.amount for share in shares)


@dataclass(frozen=True, slots=True)
class LockMonth:
    """Let nothing more be dated in this month, or before it."""

    estate: str
    month: str


@dataclass(frozen=True, slots=True)
class CloseMonth:
    """State what a locked month came to; ``position`` of the log up to which its events were counted."""

    month: str
    position: int
    figures: MonthFigures


Command = LockMonth | CloseMonth


@dataclass(frozen=True, slots=True)
class MonthLocked:
    estate: str
    month: str


@dataclass(frozen=True, slots=True)
class MonthClosed:
    month: str
    position: int
    figures: MonthFigures


Event = MonthLocked | MonthClosed


@dataclass(frozen=True)
class ClosedMonth:
    """What a month came to, counted up to ``position`` of the log; ``by`` whom and when it was closed."""

    figures: MonthFigures
    position: int
    told: Act

    @property
    def by(self) -> UUID:
        return self.told.actor

    @property
    def at(self) -> datetime:
        return self.told.recorded_at


@dataclass(frozen=True)
class Books:
    """``closed_until`` is the first day on which something may still be dated; ``closed`` the months with figures."""

    estate: str | None = None
    locked: str | None = None  # the last month that is locked, closed or not
    closed: Mapping[str, ClosedMonth] = field(default_factory=dict)

    @property
    def closed_until(self) -> date | None:
        return end_of(self.locked) if self.locked else None

    def check_open(self, day: date) -> None:
        """Refuses ``period_closed`` for a day of a closed month; every plan that moves money asks."""
        until = self.closed_until
        refuse_if(until is not None and day < until, "period_closed", month=self.locked)


def decide(command: Command, books: Books, act: Act) -> Sequence[Event]:
    match command:
        case LockMonth(estate, month):
            reject_if(not is_month(month), "month", field="month")
            check_not_closed(books, month)
            if month == books.locked:
                return []
            due = following(books.locked) if books.locked else month
            refuse_if(books.locked is not None and books.locked not in books.closed, "month_not_closed")
            refuse_if(month != due, "month_order", month=due)
            refuse_if(end_of(month) > local_date(act.recorded_at), "month_not_over", month=month)
            return [MonthLocked(estate, month)]
        case CloseMonth(month, position, figures):
            check_not_closed(books, month)
            refuse_if(month != books.locked, "month_not_locked")
            refuse_if(not figures.foots, "figures_do_not_foot")
            before = books.closed.get(following(month, -1))
            if before is not None:
                begin = (figures.receivable_begin, figures.held_begin)
                refuse_if(begin != (before.figures.receivable_end, before.figures.held_end), "figures_do_not_foot")
            return [MonthClosed(month, position, figures)]
        case _:
            assert_never(command)


def check_not_closed(books: Books, month: str) -> None:
    """Refuses ``month_closed``, with whose act that was."""
    closed = books.closed.get(month)
    refuse_done(closed.told if closed else None, "month_closed", month=month)


def evolve(books: Books, event: Event, act: Act) -> Books:
    match event:
        case MonthLocked(estate, month):
            return changed(books, estate=estate, locked=month)
        case MonthClosed(month, position, figures):
            closed = ClosedMonth(figures, position, act)
            return changed(books, closed={**books.closed, month: closed})
        case _:
            assert_never(event)


POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    LockMonth: ACCOUNTS,
    CloseMonth: ACCOUNTS,
}

BOOKS: Decider[Command, Books, Event] = Decider(
    name="Books",
    initial=Books(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
