"""What each event of fee accounts is in the books: entries with a day, so that months can be added up and foot.

Money is booked on the day it was paid, everything else on the day it happened, and nothing before the bill or the
payment that it is about. So a payment of November for a bill of December is held until December.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID

from domain.books.books import Figures, Share
from domain.calendar import local_date
from domain.fees.fee_account import (
    BillIssued,
    BillVoided,
    Method,
    OverpaymentHeld,
    PaymentAllocated,
    PaymentRecorded,
    PaymentReversed,
    PrepaymentDrawn,
    PrepaymentHeld,
    PrepaymentRefunded,
    WaiverGranted,
)
from domain.money.items import FeeItem
from domain.months import end_of, first_day
from domain.recorded import Act


class EntryKind(Enum):
    """What moved. The last two tell it again from the payers' side: what is held for them, and no longer."""

    BILLED = "BILLED"
    VOIDED = "VOIDED"
    WAIVED = "WAIVED"
    UNWAIVED = "UNWAIVED"
    SETTLED = "SETTLED"
    UNSETTLED = "UNSETTLED"
    RECEIVED = "RECEIVED"
    REVERSED = "REVERSED"
    REFUNDED = "REFUNDED"
    HELD_IN = "HELD_IN"
    HELD_OUT = "HELD_OUT"


RECEIVABLE = {  # how each moves what is to be paid
    EntryKind.BILLED: 1,
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


def dated(event: Any, act: Act) -> date | None:
    """The day on which an event is to be booked; ``None`` for one that moves no money. What was paid has its own."""
    if isinstance(event, PaymentRecorded | PrepaymentRefunded):
        return event.paid_on
    return local_date(act.occurred_at) if isinstance(event, _DATED_BY_ACT) else None


_DATED_BY_ACT = (BillIssued, BillVoided, WaiverGranted, PrepaymentDrawn, PaymentReversed)


class Ledger:
    """Any number of accounts, each told in its own order; ids of bills and payments tell them apart."""

    def __init__(self) -> None:
        self._bills: dict[UUID, _Billed] = {}
        self._waived: defaultdict[UUID, int] = defaultdict(int)
        self._payments: dict[UUID, _Paid] = {}
        self._kept: defaultdict[UUID, int] = defaultdict(int)  # of each payment, what was not given back

    def entries(self, event: Any, act: Act) -> list[Entry]:
        """What the event is in the books; nothing for events that move no money."""
        day = local_date(act.occurred_at)
        match event:
            case BillIssued(bill=bill, item=item, amount=amount):
                self._bills[bill] = _Billed(item, day, amount)
                return [Entry(day, EntryKind.BILLED, amount, item, bill)]
            case WaiverGranted(bill=bill, amount=amount):
                self._waived[bill] += amount
                billed = self._bills[bill]
                return [Entry(max(day, billed.booked), EntryKind.WAIVED, amount, billed.item, bill)]
            case BillVoided(bill=bill, freed=freed):
                return self._voided(day, bill, [(each.payment, each.amount) for each in freed])
            case PaymentRecorded(payment=payment, amount=amount, method=method, paid_on=paid_on):
                self._payments[payment] = _Paid(method, paid_on)
                self._kept[payment] = amount
                return [Entry(paid_on, EntryKind.RECEIVED, amount, method, None, payment)]
            case PaymentAllocated(payment=payment, allocations=parts):
                paid_on = self._payments[payment].booked
                return [entry for part in parts for entry in self._settled(paid_on, payment, part.bill, part.amount)]
            case PrepaymentHeld(payment=payment, amount=amount) | OverpaymentHeld(payment=payment, amount=amount):
                paid = self._payments[payment]
                return [Entry(paid.booked, EntryKind.HELD_IN, amount, paid.method, None, payment)]
            case PrepaymentDrawn(draws=draws):
                return [entry for draw in draws for entry in self._drawn(day, draw.payment, draw.bill, draw.amount)]
            case PaymentReversed(payment=payment, undone=undone):
                return self._reversed(day, payment, [(each.bill, each.amount) for each in undone])
            case PrepaymentRefunded(payment=payment, amount=amount, method=method, paid_on=paid_on):
                self._kept[payment] -= amount
                booked = max(paid_on, self._payments[payment].booked)
                return [
                    Entry(booked, EntryKind.REFUNDED, amount, method, None, payment),
                    Entry(booked, EntryKind.HELD_OUT, amount, method, None, payment),
                ]
        return []

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

    def _voided(self, day: date, bill: UUID, freed: list[tuple[UUID, int]]) -> list[Entry]:
        billed, waived = self._bills[bill], self._waived.pop(bill, 0)
        booked = max([day, billed.booked, *(self._payments[payment].booked for payment, _ in freed)])
        told = [Entry(booked, EntryKind.VOIDED, billed.amount, billed.item, bill)]
        if waived:
            told.append(Entry(booked, EntryKind.UNWAIVED, waived, billed.item, bill))
        for payment, amount in freed:
            told.append(Entry(booked, EntryKind.UNSETTLED, amount, billed.item, bill, payment))
            told.append(Entry(booked, EntryKind.HELD_IN, amount, self._payments[payment].method, None, payment))
        return told

    def _reversed(self, day: date, payment: UUID, undone: list[tuple[UUID, int]]) -> list[Entry]:
        paid, amount = self._payments[payment], self._kept.pop(payment, 0)
        booked = max([day, paid.booked, *(self._bills[bill].booked for bill, _ in undone)])
        told = [Entry(booked, EntryKind.REVERSED, amount, paid.method, None, payment)]
        held = amount - sum(part for _, part in undone)
        if held:
            told.append(Entry(booked, EntryKind.HELD_OUT, held, paid.method, None, payment))
        return told + [
            Entry(booked, EntryKind.UNSETTLED, part, self._bills[bill].item, bill, payment) for bill, part in undone
        ]


def figures(entries: Iterable[Entry], month: str) -> Figures:
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
    return Figures(
        receivable_begin=receivable,
        billed=within[EntryKind.BILLED],
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
        held_end=held + sum(sign * within[kind] for kind, sign in HELD.items()),
        held_in=within[EntryKind.HELD_IN],
        held_out=within[EntryKind.HELD_OUT],
        bills=counts[EntryKind.BILLED],
        payments=counts[EntryKind.RECEIVED],
        by_method=_shares(parts, EntryKind.RECEIVED, Method),
        reversed_by_method=_shares(parts, EntryKind.REVERSED, Method),
        refunded_by_method=_shares(parts, EntryKind.REFUNDED, Method),
        billed_by_item=_shares(parts, EntryKind.BILLED, FeeItem),
        settled_by_item=_shares(parts, EntryKind.SETTLED, FeeItem),
    )


def _shares(parts: dict[tuple[EntryKind, str], int], kind: EntryKind, order: type[Enum]) -> tuple[Share, ...]:
    found = ((each.value, parts.get((kind, each.value), 0)) for each in order)
    return tuple(Share(of, amount) for of, amount in found if amount)
