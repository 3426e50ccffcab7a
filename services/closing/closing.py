"""Closing a month: what stands against it, the figures out of the log, and the package that foots to them.

A month is locked first, so that nothing can be dated in it any more; then what the log holds of it is counted. Every
package is counted again from the log, up to the position at which the month was closed, before anybody gets it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from domain.arrears.overdue import Age, age_of
from domain.books.books import Books, ClosedMonth, CloseMonth, LockMonth, MonthFigures
from domain.calendar import local_date
from domain.closing.ledger import RECEIVABLE, Entry, EntryKind, Ledger, figures
from domain.fees.fee_account import (
    BillIssued,
    Method,
    PaymentRecorded,
    ReversalReason,
    VoidReason,
    WaiverReason,
    fee_account_stream,
)
from domain.fees.fee_account.movements import Reversed, Voided, Waived, moved_by
from domain.money.items import FeeItem
from domain.months import end_of, following, month_of
from domain.recorded import Recorded
from domain.refusal import refuse_if
from projections.cash import drawers
from projections.fees import accounts, payments
from projections.register import dwellings
from services.books.plans import books_of, on_books
from services.commands.ask import Answer, Ask
from services.log.event_log import EventLog
from services.product import Product
from services.threads.try_later import TryLater

AT_ONCE = 500  # accounts read together
VIEW_WAIT = 20.0  # seconds for the view of accounts to show all that there are


class PackageBill(NamedTuple):
    """A bill as it was issued."""

    bill: UUID
    dwelling: UUID
    number: str
    item: FeeItem
    since: date
    until: date
    due: date
    amount: int


class PackagePayment(NamedTuple):
    payment: UUID
    dwelling: UUID
    receipt: str
    method: Method


class PackageLine(NamedTuple):
    """One entry in a sheet: which bill or payment, on which day, how much, and why where a reason was given."""

    day: date
    amount: int
    bill: PackageBill | None = None
    payment: PackagePayment | None = None
    method: Method | None = None
    reason: VoidReason | ReversalReason | WaiverReason | None = None
    rule: str = ""


class Aged(NamedTuple):
    """What a dwelling owes at the end of a month: not due yet, and by age."""

    dwelling: UUID
    not_due: int
    ages: tuple[int, ...]  # in the order of ``Age``

    @property
    def open(self) -> int:
        return self.not_due + sum(self.ages)


@dataclass(frozen=True)
class Package:
    """A month of an estate in figures and lines; every list adds up to its figure."""

    estate: str
    month: str
    position: int
    closed_by: UUID | None
    closed_at: datetime | None
    figures: MonthFigures
    bills: tuple[PackageLine, ...]
    payments: tuple[PackageLine, ...]
    refunds: tuple[PackageLine, ...]
    waivers: tuple[PackageLine, ...]
    voids: tuple[PackageLine, ...]
    reversals: tuple[PackageLine, ...]
    ageing: tuple[Aged, ...]
    reclaimed: tuple[PackageLine, ...] = ()
    returned: tuple[PackageLine, ...] = ()

    @property
    def foots(self) -> bool:
        """Whether the figures foot, and every list adds up to its figure."""
        stated = self.figures
        taken_back = (self.refunds, self.waivers, self.voids, self.reversals, self.reclaimed, self.returned)
        lists = (self.bills, self.payments, *taken_back)
        names = ("billed", "received", "refunded", "waived", "voided", "reversed", "reclaimed", "returned")
        sums = [getattr(stated, name) for name in names]
        return (
            stated.foots
            and all(sum(line.amount for line in lines) == total for lines, total in zip(lists, sums, strict=True))
            and sum(aged.open for aged in self.ageing) == stated.receivable_end
        )


class Counting:
    """Counts the accounts of an estate, event by event."""

    def __init__(self, month: str) -> None:
        self._month = month
        self._ledger = Ledger()
        self._bills: dict[UUID, PackageBill] = {}
        self._payments: dict[UUID, PackagePayment] = {}
        self._open: defaultdict[UUID, int] = defaultdict(int)  # of each bill at the end of the month
        self._entries: list[Entry] = []
        self._lines: defaultdict[EntryKind, list[PackageLine]] = defaultdict(list)

    def take(self, recorded: Recorded[object]) -> None:
        """The next event of its account."""
        event = recorded.event
        if isinstance(event, BillIssued):
            self._bills[event.bill] = PackageBill(
                event.bill, event.dwelling, event.number, event.item, event.since, event.until, event.due, event.amount
            )
        elif isinstance(event, PaymentRecorded):
            self._payments[event.payment] = PackagePayment(event.payment, event.dwelling, event.receipt, event.method)
        for entry in self._ledger.entries(event, recorded.act):
            self._entries.append(entry)
            if entry.bill is not None and entry.day < end_of(self._month):
                self._open[entry.bill] += RECEIVABLE[entry.kind] * entry.amount
            if month_of(entry.day) == self._month:
                self._lines[entry.kind].append(self._line(event, entry))

    def _line(self, event: object, entry: Entry) -> PackageLine:
        bill = self._bills[entry.bill] if entry.bill else None
        payment = self._payments[entry.payment] if entry.payment else None
        method = entry.of if isinstance(entry.of, Method) else None
        line = PackageLine(entry.day, entry.amount, bill, payment, method)
        for moved in moved_by(event):
            if isinstance(moved, Waived):
                return line._replace(reason=moved.reason, rule=moved.rule)
            if isinstance(moved, Voided | Reversed):
                return line._replace(reason=moved.reason)
        return line

    def package(self, estate: str, position: int) -> Package:
        """What all that was taken makes of the month."""
        return Package(
            estate=estate,
            month=self._month,
            position=position,
            closed_by=None,
            closed_at=None,
            figures=figures(self._entries, self._month),
            bills=self._sorted(EntryKind.BILLED),
            payments=self._sorted(EntryKind.RECEIVED),
            refunds=self._sorted(EntryKind.REFUNDED),
            waivers=self._sorted(EntryKind.WAIVED),
            voids=self._sorted(EntryKind.VOIDED),
            reversals=self._sorted(EntryKind.REVERSED),
            ageing=self._aged(),
            reclaimed=self._sorted(EntryKind.RECLAIMED),
            returned=self._sorted(EntryKind.RETURNED),
        )

    def _sorted(self, kind: EntryKind) -> tuple[PackageLine, ...]:
        def place(line: PackageLine) -> tuple[date, str]:
            return line.day, line.bill.number if line.bill else line.payment.receipt if line.payment else ""

        return tuple(sorted(self._lines[kind], key=place))

    def _aged(self) -> tuple[Aged, ...]:
        last_day = end_of(self._month) - timedelta(days=1)
        by_dwelling: defaultdict[UUID, list[int]] = defaultdict(lambda: [0] * (len(Age) + 1))
        ages = list(Age)
        for id, open_ in self._open.items():
            bill = self._bills[id]
            place = len(Age) if bill.due > last_day else ages.index(age_of(bill.due, last_day))
            by_dwelling[bill.dwelling][place] += open_
        return tuple(Aged(id, sums[-1], tuple(sums[:-1])) for id, sums in by_dwelling.items() if any(sums))


@dataclass(frozen=True, slots=True)
class Missing:
    """What somebody should see to before a month is closed. ``hinders`` if it cannot be closed with it."""

    code: str
    count: int = 0
    hinders: bool = False


def next_month(books: Books, today: date) -> str:
    """The month to close next: the one after the last, or the last one that is over where none was closed yet."""
    if books.locked is None:
        return following(month_of(today), -1)
    return following(books.locked) if books.locked in books.closed else books.locked


def missing(product: Product, estate: str, month: str) -> list[Missing]:
    """What stands against closing the month, what hinders first."""
    today, found = local_date(product.clock()), list[Missing]()
    if end_of(month) > today:
        found.append(Missing("month_not_over", hinders=True))
    with product.database.lend([estate]) as conn:
        opened = [row.state.opened_on for row in drawers.of_estates(conn, [estate])]
        still_open = sum(1 for day in opened if day is not None and day < end_of(month))
        waiting = len(payments.refunds_waiting(conn, estate))
    if still_open:
        found.append(Missing("drawer_open", still_open))
    if waiting:
        found.append(Missing("refund_waits", waiting))
    return found


def mark(figures: MonthFigures) -> str:
    """Whoever closes a month says by it which figures have been seen."""
    return hashlib.sha256(repr(figures).encode()).hexdigest()[:16]


def close(product: Product, ask: Ask, estate: str, month: str, seen: str | None = None) -> Answer:
    """Lock the month, count it, and close it with its figures. Said again it goes on where it was interrupted.

    ``seen`` is the ``mark`` of the figures that were looked at: with others nothing is closed (``figures_moved``).
    Raises what a command raises; ``TryLater`` while the views are behind.
    """
    books = books_of(product.log, estate)
    if seen is not None and month == next_month(books, local_date(product.clock())):
        _check_seen(so_far(product, estate, month)[0], seen, month)
    product.handler.do(_keyed(ask, "lock"), on_books(estate, LockMonth(estate, month)))
    closed = books_of(product.log, estate).closed.get(month)
    if closed is not None:  # by this very request, which gets its answer again, or by somebody else meanwhile
        again = CloseMonth(month, closed.position, closed.figures)
        return product.handler.do(_keyed(replace(ask, expected_version=None), "close"), on_books(estate, again))
    position = product.log.last_position()
    counted = count(product, estate, month, position)
    _check_seen(counted.figures, seen, month)
    command = CloseMonth(month, position, counted.figures)
    return product.handler.do(_keyed(replace(ask, expected_version=None), "close"), on_books(estate, command))


def _check_seen(figures: MonthFigures, seen: str | None, month: str) -> None:
    refuse_if(seen is not None and seen != mark(figures), "figures_moved", month=month)


def _keyed(ask: Ask, step: str) -> Ask:
    """Each of the two commands is answered under a key of its own."""
    return replace(ask, key=f"{step}:{ask.key}") if ask.key else ask


def count(product: Product, estate: str, month: str, position: int) -> Package:
    """The month as the log up to ``position`` tells it."""
    if not product.positions.wait(accounts.ACCOUNTS.name, position, VIEW_WAIT):
        raise TryLater
    with product.database.lend([estate]) as conn:
        streams = [fee_account_stream(row.dwelling) for row in accounts.of_estate(conn, estate)]
    counting = Counting(month)
    for recorded in _told(product.log, streams, position):
        counting.take(recorded)
    return counting.package(estate, position)


def so_far(product: Product, estate: str, month: str) -> tuple[MonthFigures, int]:
    """What a month comes to now, up to which position of the log. Nothing is locked or closed by looking."""
    position = product.log.last_position()
    return count(product, estate, month, position).figures, position


def _told(log: EventLog, streams: Sequence[UUID], position: int) -> Iterator[Recorded[object]]:
    for start in range(0, len(streams), AT_ONCE):
        yield from log.of_streams(streams[start : start + AT_ONCE], position)


def package(product: Product, estate: str, month: str, closed: ClosedMonth) -> Package:
    """The package of a closed month, counted again. Refuses ``package_does_not_foot`` if it is not as it was closed."""
    counted = count(product, estate, month, closed.position)
    refuse_if(counted.figures != closed.figures or not counted.foots, "package_does_not_foot", month=month)
    return replace(counted, closed_by=closed.by, closed_at=closed.at)


def labels(product: Product, package: Package) -> dict[UUID, str]:
    """How people call the dwellings of a package."""
    with product.database.lend([package.estate]) as conn:
        return dwellings.labels(conn, {aged.dwelling for aged in package.ageing} | _dwellings(package))


def _dwellings(package: Package) -> set[UUID]:
    taken = (package.refunds, package.waivers, package.voids, package.reversals, package.reclaimed, package.returned)
    lists = (package.bills, package.payments, *taken)
    return {about.dwelling for lines in lists for line in lines if (about := line.bill or line.payment)}
