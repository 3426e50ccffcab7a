"""The cash drawer (钱箱) of one cashier at one station: opened, counted, closed; every fen in or out is a fact.

What is missing or too much when it is counted is stated with a reason and never edited away. The first cash of a day
opens the drawer by itself with what was left in it; one that was left open over midnight is closed before other cash
moves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, assert_never
from uuid import UUID, uuid5

from domain.calendar import local_date
from domain.capacity import MONEY, Capacity
from domain.changed import changed
from domain.decider import Decider
from domain.recorded import Act
from domain.refusal import refuse_done, refuse_if, reject_if
from domain.words import Personal, personal

_STREAMS = UUID("9d5d5b0e-3f63-4a7e-8a44-6f0f5f1c7a21")  # namespace of drawer streams
DENOMINATIONS = (10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 2, 1)  # fen, as they are in circulation
MOST_PIECES = 100_000
LARGEST_FLOAT = 10**12  # fen, excluded


def drawer_stream(estate: str, cashier: UUID) -> UUID:
    """The stream of a cashier's drawer in an estate."""
    return uuid5(_STREAMS, f"{estate}/{cashier}")


@dataclass(frozen=True, slots=True)
class Pieces:
    """Notes or coins of one denomination: ``value`` in fen, and how many there are."""

    value: int
    pieces: int


@dataclass(frozen=True, slots=True)
class OpenDrawer:
    """Open it with ``float_`` fen of change in it; ``reason`` where that is not what was left in it."""

    estate: str
    float_: int
    reason: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class TakeCash:
    """Cash of a payment goes in; opens the drawer if it is closed."""

    estate: str
    payment: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class PayOutCash:
    """Cash of a refund goes out."""

    estate: str
    refund: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class ReverseCash:
    """Cash of a payment that was taken back goes out again."""

    estate: str
    payment: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class CountDrawer:
    """What lies in it, by denomination."""

    denominations: tuple[Pieces, ...]


@dataclass(frozen=True, slots=True)
class CloseDrawer:
    """End the session: ``left`` fen stay in it as change, the rest is handed over."""

    left: int
    reason: Personal = personal(default=None)


Command = OpenDrawer | TakeCash | PayOutCash | ReverseCash | CountDrawer | CloseDrawer


@dataclass(frozen=True, slots=True)
class DrawerOpened:
    """``left`` is what the last closing left in it."""

    estate: str
    float_: int
    left: int
    reason: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class CashTaken:
    payment: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class CashPaidOut:
    refund: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class CashReversed:
    payment: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class DrawerCounted:
    counted: int
    denominations: tuple[Pieces, ...]


@dataclass(frozen=True, slots=True)
class DrawerClosed:
    """``difference`` is counted minus expected; ``left`` stayed in it, the rest was handed over."""

    expected: int
    counted: int
    difference: int
    left: int
    reason: Personal = personal(default=None)


Event = DrawerOpened | CashTaken | CashPaidOut | CashReversed | DrawerCounted | DrawerClosed


@dataclass(frozen=True)
class CashDrawer:
    """All amounts in fen. ``counted`` is ``None`` as soon as anything moved after the count."""

    estate: str | None = None
    cashier: UUID | None = None
    opened_at: datetime | None = None  # of the present session; None while it is closed
    float_: int = 0
    taken: int = 0
    paid_out: int = 0
    reversed: int = 0
    counted: int | None = None
    left: int = 0  # what the last closing left in it
    payments: tuple[UUID, ...] = ()  # whose cash was taken in this session and lies in it
    told: Act | None = None  # whose act opened or closed it

    @property
    def expected(self) -> int:
        """What should lie in it."""
        return self.float_ + self.taken - self.paid_out - self.reversed if self.opened_at else self.left

    @property
    def opened_on(self) -> date | None:
        return local_date(self.opened_at) if self.opened_at else None


def decide(command: Command, drawer: CashDrawer, act: Act) -> Sequence[Event]:
    match command:
        case OpenDrawer(estate, float_, reason):
            refuse_done(drawer.told if drawer.opened_at else None, "drawer_open")
            reject_if(not 0 <= float_ < LARGEST_FLOAT, "amount", field="float_")
            differs = drawer.estate is not None and float_ != drawer.left
            refuse_if(differs and reason is None, "drawer_float", field="reason", left=drawer.left)
            return [DrawerOpened(estate, float_, drawer.left, reason)]
        case TakeCash(estate, payment, amount):
            _check_amount(amount)
            _check_day(drawer, act)
            return [*_opened(drawer, estate), CashTaken(payment, amount)]
        case PayOutCash(estate, refund, amount):
            _check_amount(amount)
            _check_day(drawer, act)
            _check_enough(drawer, amount)
            return [*_opened(drawer, estate), CashPaidOut(refund, amount)]
        case ReverseCash(estate, payment, amount):
            _check_amount(amount)
            if payment not in drawer.payments:
                _check_day(drawer, act)
            _check_enough(drawer, amount)
            return [*_opened(drawer, estate), CashReversed(payment, amount)]
        case CountDrawer(denominations):
            refuse_if(drawer.opened_at is None, "drawer_closed")
            return [_counted(denominations)]
        case CloseDrawer(left, reason):
            refuse_done(None if drawer.opened_at else drawer.told, "drawer_closed")
            refuse_if(drawer.opened_at is None, "drawer_closed")
            refuse_if(drawer.counted is None, "drawer_not_counted")
            counted = drawer.counted or 0
            reject_if(not 0 <= left <= counted, "drawer_left", field="left", counted=counted)
            difference = counted - drawer.expected
            refuse_if(difference != 0 and reason is None, "drawer_difference", field="reason", difference=difference)
            return [DrawerClosed(drawer.expected, counted, difference, left, reason)]
        case _:
            assert_never(command)


def _check_amount(amount: int) -> None:
    reject_if(not 0 < amount < LARGEST_FLOAT, "amount", field="amount")


def _check_day(drawer: CashDrawer, act: Act) -> None:
    """Each day's cash is counted by itself."""
    opened, today = drawer.opened_on, local_date(act.recorded_at)
    refuse_if(opened is not None and opened < today, "drawer_earlier_day", day=str(opened))


def _check_enough(drawer: CashDrawer, amount: int) -> None:
    refuse_if(amount > drawer.expected, "drawer_short", inside=drawer.expected)


def _opened(drawer: CashDrawer, estate: str) -> list[Event]:
    return [] if drawer.opened_at else [DrawerOpened(estate, drawer.left, drawer.left)]


def _counted(denominations: tuple[Pieces, ...]) -> DrawerCounted:
    values = [each.value for each in denominations]
    reject_if(not set(values) <= set(DENOMINATIONS) or len(set(values)) < len(values), "drawer_denomination")
    reject_if(any(not 0 <= each.pieces <= MOST_PIECES for each in denominations), "drawer_pieces", most=MOST_PIECES)
    inside = tuple(sorted((each for each in denominations if each.pieces), key=lambda each: -each.value))
    return DrawerCounted(sum(each.value * each.pieces for each in inside), inside)


def evolve(drawer: CashDrawer, event: Event, act: Act) -> CashDrawer:
    match event:
        case DrawerOpened(estate, float_):
            return CashDrawer(estate, act.actor, act.recorded_at, float_, left=drawer.left, told=act)
        case CashTaken(payment, amount):
            payments = (*drawer.payments, payment)
            return changed(drawer, taken=drawer.taken + amount, counted=None, payments=payments)
        case CashPaidOut(_, amount):
            return changed(drawer, paid_out=drawer.paid_out + amount, counted=None)
        case CashReversed(payment, amount):
            payments = tuple(each for each in drawer.payments if each != payment)
            return changed(drawer, reversed=drawer.reversed + amount, counted=None, payments=payments)
        case DrawerCounted(counted):
            return changed(drawer, counted=counted)
        case DrawerClosed(left=left):
            return CashDrawer(drawer.estate, drawer.cashier, left=left, told=act)
        case _:
            assert_never(event)


POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    OpenDrawer: MONEY,
    TakeCash: MONEY,
    PayOutCash: MONEY,
    ReverseCash: MONEY,
    CountDrawer: MONEY,
    CloseDrawer: MONEY,
}

CASH_DRAWER: Decider[Command, CashDrawer, Event] = Decider(
    name="CashDrawer",
    initial=CashDrawer(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
