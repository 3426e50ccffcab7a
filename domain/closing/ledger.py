"""What every movement on fee accounts is in the books: entries with a day, so that months can be added up and foot.

Money is booked on the day it was paid, everything else on the day it happened, and nothing before the bill or the
payment that it is about. So a payment of November for a bill of December is held until December.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from enum import Enum
from typing import NamedTuple, assert_never
from uuid import UUID

from domain.books.books import MonthFigures, Share
from domain.calendar import local_date
from domain.fees.fee_account import Method
from domain.fees.fee_account.movements import (
    Billed,
    Drawn,
    Held,
    InvoiceMoved,
    Movement,
    Received,
    RefundAsked,
    RefundDecided,
    Refunded,
    Released,
    Returned,
    Reversed,
    Settled,
    Undone,
    Voided,
    Waived,
    about_bill,
    about_payment,
    moved_by,
)
from domain.money.items import NO_FEES, FeeItem
from domain.months import end_of, first_day
from domain.recorded import Act


class EntryKind(Enum):
    """What moved. The last two tell it again from the payers' side: what is held for them, and no longer."""

    BILLED = "BILLED"
    RECLAIMED = "RECLAIMED"
    VOIDED = "VOIDED"
    WAIVED = "WAIVED"
    UNWAIVED = "UNWAIVED"
    SETTLED = "SETTLED"
    UNSETTLED = "UNSETTLED"
    RECEIVED = "RECEIVED"
    REVERSED = "REVERSED"
    REFUNDED = "REFUNDED"
    RETURNED = "RETURNED"
    HELD_IN = "HELD_IN"
    HELD_OUT = "HELD_OUT"


RECEIVABLE = {  # how each moves what is to be paid
    EntryKind.BILLED: 1,
    EntryKind.RECLAIMED: 1,
    EntryKind.VOIDED: -1,
    EntryKind.WAIVED: -1,
    EntryKind.UNWAIVED: 1,
    EntryKind.SETTLED: -1,
    EntryKind.UNSETTLED: 1,
}
HELD = {  # how each moves what is held for payers
    EntryKind.RECEIVED: 1,
    EntryKind.REVERSED: -1,
    EntryKind.REFUNDED: -1,
    EntryKind.RETURNED: 1,
    EntryKind.RECLAIMED: 1,
    EntryKind.SETTLED: -1,
    EntryKind.UNSETTLED: 1,
}


class Entry(NamedTuple):
    """``amount`` in fen, above zero. ``of`` is an item where it is about a bill alone, a method where about money."""

    day: date
    kind: EntryKind
    amount: int
    of: FeeItem | Method
    bill: UUID | None = None
    payment: UUID | None = None


class _Billed(NamedTuple):
    item: FeeItem
    booked: date
    amount: int


class _Paid(NamedTuple):
    method: Method
    booked: date


def dated(event: object, act: Act) -> date | None:
    """The day on which an event is to be booked; ``None`` for one that moves no money. What was paid has its own."""
    for moved in moved_by(event):
        match moved:
            case Received() | Refunded():
                return moved.paid_on
            case Returned():
                return moved.returned_on
            case Billed() | Waived() | Voided() | Drawn() | Reversed():
                return local_date(act.occurred_at)
            case Released() | Undone() | Settled() | Held() | RefundAsked() | RefundDecided() | InvoiceMoved():
                pass  # booked with what it comes with, or not at all
            case _:
                assert_never(moved)
    return None


class Ledger:
    """Any number of accounts, each told in its own order; ids of bills and payments tell them apart."""

    def __init__(self) -> None:
        self._bills: dict[UUID, _Billed] = {}
        self._waived: defaultdict[UUID, int] = defaultdict(int)
        self._payments: dict[UUID, _Paid] = {}
        self._came: dict[UUID, int] = {}  # by each payment

    def entries(self, event: object, act: Act) -> list[Entry]:
        """What the event is in the books; nothing for events that move no money."""
        day, moves = local_date(act.occurred_at), moved_by(event)
        return [entry for moved in moves for entry in self._entries(moved, day, moves)]

    def _entries(self, moved: Movement, day: date, moves: Sequence[Movement]) -> list[Entry]:
        match moved:
            case Billed(bill, amount, _, item):
                self._bills[bill] = _Billed(item, day, amount)
                if item in NO_FEES:
                    kinds = (EntryKind.RECLAIMED, bill), (EntryKind.HELD_IN, None)
                    return [Entry(day, kind, amount, item, about) for kind, about in kinds]
                return [Entry(day, EntryKind.BILLED, amount, item, bill)]
            case Waived(bill, amount):
                self._waived[bill] += amount
                billed = self._bills[bill]
                return [Entry(max(day, billed.booked), EntryKind.WAIVED, amount, billed.item, bill)]
            case Voided(bill):
                return self._voided(self._after_all(day, moves), bill)
            case Released(payment, bill, amount):
                booked = self._after_all(day, moves)
                return [
                    Entry(booked, EntryKind.UNSETTLED, amount, self._bills[bill].item, bill, payment),
                    Entry(booked, EntryKind.HELD_IN, amount, self._payments[payment].method, None, payment),
                ]
            case Received(payment, amount, _, method, paid_on):
                self._payments[payment] = _Paid(method, paid_on)
                self._came[payment] = amount
                return [Entry(paid_on, EntryKind.RECEIVED, amount, method, None, payment)]
            case Settled(payment, bill, amount):
                return self._settled(self._payments[payment].booked, payment, bill, amount)
            case Held(payment, amount):
                paid = self._payments[payment]
                return [Entry(paid.booked, EntryKind.HELD_IN, amount, paid.method, None, payment)]
            case Drawn(payment, bill, amount):
                return self._drawn(day, payment, bill, amount)
            case Reversed(payment, settled):
                return self._reversed(self._after_all(day, moves), payment, settled)
            case Undone(payment, bill, amount):
                booked = self._after_all(day, moves)
                return [Entry(booked, EntryKind.UNSETTLED, amount, self._bills[bill].item, bill, payment)]
            case Refunded(_, payment, amount, _, method, paid_on):
                booked = max(paid_on, self._payments[payment].booked)
                return [
                    Entry(booked, EntryKind.REFUNDED, amount, method, None, payment),
                    Entry(booked, EntryKind.HELD_OUT, amount, method, None, payment),
                ]
            case Returned(_, payment, amount, _, method, returned_on):
                booked = max(returned_on, self._payments[payment].booked)
                return [
                    Entry(booked, EntryKind.RETURNED, amount, method, None, payment),
                    Entry(booked, EntryKind.HELD_IN, amount, method, None, payment),
                ]
            case RefundAsked() | RefundDecided() | InvoiceMoved():
                return []
            case _:
                assert_never(moved)

    def _after_all(self, day: date, moves: Iterable[Movement]) -> date:
        """The day, but not before any bill or payment that is taken back together."""
        about = [(about_bill(moved), about_payment(moved)) for moved in moves]
        bills = [self._bills[bill].booked for bill, _ in about if bill is not None]
        payments = [self._payments[payment].booked for _, payment in about if payment is not None]
        return max([day, *bills, *payments])

    def _settled(self, day: date, payment: UUID, bill: UUID, amount: int) -> list[Entry]:
        """At once, or once the bill is there: until then it is held."""
        billed, paid = self._bills[bill], self._payments[payment]
        if billed.booked <= day:
            return [Entry(day, EntryKind.SETTLED, amount, billed.item, bill, payment)]
        held = Entry(day, EntryKind.HELD_IN, amount, paid.method, None, payment)
        return [held, *self._drawn(billed.booked, payment, bill, amount)]

    def _drawn(self, day: date, payment: UUID, bill: UUID, amount: int) -> list[Entry]:
        billed, paid = self._bills[bill], self._payments[payment]
        day = max(day, billed.booked, paid.booked)
        return [
            Entry(day, EntryKind.SETTLED, amount, billed.item, bill, payment),
            Entry(day, EntryKind.HELD_OUT, amount, paid.method, None, payment),
        ]

    def _voided(self, booked: date, bill: UUID) -> list[Entry]:
        billed, waived = self._bills[bill], self._waived.pop(bill, 0)
        entries = [Entry(booked, EntryKind.VOIDED, billed.amount, billed.item, bill)]
        return [*entries, *([Entry(booked, EntryKind.UNWAIVED, waived, billed.item, bill)] if waived else [])]

    def _reversed(self, booked: date, payment: UUID, settled: int) -> list[Entry]:
        paid, amount = self._payments[payment], self._came[payment]
        entries = [Entry(booked, EntryKind.REVERSED, amount, paid.method, None, payment)]
        held = amount - settled
        return [*entries, *([Entry(booked, EntryKind.HELD_OUT, held, paid.method, None, payment)] if held else [])]


def figures(entries: Iterable[Entry], month: str) -> MonthFigures:
    """What these entries of all times make of a month."""
    since, until = first_day(month), end_of(month)
    begin: defaultdict[EntryKind, int] = defaultdict(int)
    within: defaultdict[EntryKind, int] = defaultdict(int)
    counts: defaultdict[EntryKind, int] = defaultdict(int)
    parts: defaultdict[tuple[EntryKind, str], int] = defaultdict(int)
    for entry in entries:
        if entry.day < since:
            begin[entry.kind] += entry.amount
        elif entry.day < until:
            within[entry.kind] += entry.amount
            counts[entry.kind] += 1
            parts[entry.kind, entry.of.value] += entry.amount
    receivable = sum(sign * begin[kind] for kind, sign in RECEIVABLE.items())
    held = sum(sign * begin[kind] for kind, sign in HELD.items())
    for (kind, of), amount in list(parts.items()):
        if kind is EntryKind.UNSETTLED:
            parts[EntryKind.SETTLED, of] -= amount
    return MonthFigures(
        receivable_begin=receivable,
        billed=within[EntryKind.BILLED],
        reclaimed=within[EntryKind.RECLAIMED],
        voided=within[EntryKind.VOIDED],
        waived=within[EntryKind.WAIVED],
        unwaived=within[EntryKind.UNWAIVED],
        settled=within[EntryKind.SETTLED],
        unsettled=within[EntryKind.UNSETTLED],
        receivable_end=receivable + sum(sign * within[kind] for kind, sign in RECEIVABLE.items()),
        held_begin=held,
        received=within[EntryKind.RECEIVED],
        reversed=within[EntryKind.REVERSED],
        refunded=within[EntryKind.REFUNDED],
        returned=within[EntryKind.RETURNED],
        held_end=held + sum(sign * within[kind] for kind, sign in HELD.items()),
        held_in=within[EntryKind.HELD_IN],
        held_out=within[EntryKind.HELD_OUT],
        bills=counts[EntryKind.BILLED],
        payments=counts[EntryKind.RECEIVED],
        by_method=_shares(parts, EntryKind.RECEIVED, Method),
        reversed_by_method=_shares(parts, EntryKind.REVERSED, Method),
        refunded_by_method=_shares(parts, EntryKind.REFUNDED, Method),
        returned_by_method=_shares(parts, EntryKind.RETURNED, Method),
        billed_by_item=_shares(parts, EntryKind.BILLED, FeeItem),
        settled_by_item=_shares(parts, EntryKind.SETTLED, FeeItem),
    )


def _shares(parts: dict[tuple[EntryKind, str], int], kind: EntryKind, order: type[Enum]) -> tuple[Share, ...]:
    found = ((each.value, parts.get((kind, each.value), 0)) for each in order)
    return tuple(Share(of, amount) for of, amount in found if amount)
