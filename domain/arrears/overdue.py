"""Arrears (欠费): what is overdue on one dwelling, how old it is, when it lapses, and what may be done next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from uuid import UUID

from domain.arrears.dunning import DEMAND_AFTER, REMINDER_AFTER, Debt, Dunning, EndedBy, Rung
from domain.arrears.limitation import Held, LastDay, Limitation, WorkingDays
from domain.money.items import NO_FEES, FeeItem

WARNING = timedelta(days=90)  # before a claim lapses
PRINCIPAL = frozenset(FeeItem) - {FeeItem.LATE_PENALTY, FeeItem.ENFORCEMENT_COST} - NO_FEES


class Age(Enum):
    """Months since the due day."""

    M0_3 = "M0_3"
    M3_12 = "M3_12"
    M12_24 = "M12_24"
    M24_36 = "M24_36"
    OLDER = "OLDER"


_LIMITS = ((3, Age.M0_3), (12, Age.M3_12), (24, Age.M12_24), (36, Age.M24_36))


class DunningStep(Enum):
    """What may be done next, the furthest last."""

    REMIND = "REMIND"
    WRITE = "WRITE"
    SERVE = "SERVE"
    COMMITTEE = "COMMITTEE"
    MEDIATE = "MEDIATE"
    SUE = "SUE"


class Rest(Enum):
    """Why nothing is asked for at present."""

    HARDSHIP = "HARDSHIP"
    DISPUTED = "DISPUTED"
    UPHELD = "UPHELD"
    INSTALMENTS = "INSTALMENTS"


_FURTHEST_FIRST = tuple(reversed(DunningStep))
_NEXT = {
    Rung.NONE: DunningStep.REMIND,
    Rung.REMINDED: DunningStep.WRITE,
    Rung.DEMANDED: DunningStep.COMMITTEE,
    Rung.COMMITTEE: DunningStep.MEDIATE,
    Rung.MEDIATION: DunningStep.SUE,
}


@dataclass(frozen=True, slots=True)
class OpenBill:
    """A bill of which ``open`` fen of ``amount`` are to be paid; ``paid_on`` are the days its payer paid a part."""

    bill: UUID
    number: str
    item: FeeItem
    since: date
    until: date
    payer: UUID
    amount: int
    open: int
    due: date
    paid_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Overdue:
    """An open bill past its due day. ``step`` may be taken from ``ready`` on, unless it rests."""

    bill: OpenBill
    age: Age
    limitation: Limitation
    rung: Rung
    rest: Rest | None
    step: DunningStep | None
    ready: date | None
    demand: UUID | None  # written and not yet served

    @property
    def last_day(self) -> LastDay:
        return self.limitation.last_day

    @property
    def held(self) -> Held | None:
        return self.limitation.held

    @property
    def interrupted(self) -> date | None:
        """The day after which its last three years run, where that is not the due day."""
        return self.limitation.since if self.limitation.since > self.bill.due else None

    def lapsed(self, today: date) -> bool:
        """Whether its payer may refuse to pay because of the time that has passed (CC 192)."""
        return self.limitation.lapsed(today)

    def close(self, today: date) -> bool:
        """Whether its last day is within the time of warning, or was."""
        return self.last_day.day - today < WARNING


@dataclass(frozen=True, slots=True)
class Debtor:
    """One payer's overdue bills on one dwelling, the oldest first."""

    payer: UUID
    bills: tuple[Overdue, ...]

    @property
    def open(self) -> int:
        return sum(each.bill.open for each in self.bills)

    @property
    def since(self) -> date:
        """The oldest due day."""
        return min(each.bill.due for each in self.bills)

    @property
    def soonest(self) -> Overdue:
        """The bill that lapses first; what is held only where everything is."""
        return min(self.bills, key=lambda each: (each.held is not None, each.last_day))

    @property
    def last_day(self) -> LastDay:
        """When the first of the claims lapses."""
        return self.soonest.last_day

    @property
    def rung(self) -> Rung:
        """The highest that one of the bills has come to."""
        return max((each.rung for each in self.bills), key=list(Rung).index)

    @property
    def rests(self) -> tuple[Rest, ...]:
        return tuple(dict.fromkeys(each.rest for each in self.bills if each.rest is not None))

    def ready(self, today: date) -> dict[DunningStep, tuple[UUID, ...]]:
        """The bills of every step that may be taken today, the furthest step first."""
        found: dict[DunningStep, list[UUID]] = {}
        for each in self.bills:
            if each.step is not None and each.rest is None and each.ready is not None and each.ready <= today:
                found.setdefault(each.step, []).append(each.bill.bill)
        return {step: tuple(found[step]) for step in _FURTHEST_FIRST if step in found}

    def demandable(self, today: date) -> tuple[UUID, ...]:
        """The bills about which another demand may be written, such as before they lapse."""
        return tuple(
            each.bill.bill
            for each in self.bills
            if each.rung is not Rung.NONE
            and each.rest is None
            and each.demand is None
            and each.bill.due + DEMAND_AFTER <= today
        )

    def next_ready(self, today: date) -> tuple[DunningStep, date] | None:
        """The first step that may be taken later than today."""
        coming = [
            (each.ready, each.step)
            for each in self.bills
            if each.step is not None and each.rest is None and each.ready is not None and each.ready > today
        ]
        found = min(coming, key=lambda each: each[0], default=None)
        return (found[1], found[0]) if found else None


def age_of(due: date, today: date) -> Age:
    """How old a debt is, by corresponding days of months."""
    months = (today.year - due.year) * 12 + today.month - due.month - (today.day < due.day)
    return next((age for limit, age in _LIMITS if months < limit), Age.OLDER)


def debtors(bills: Iterable[OpenBill], dunning: Dunning, today: date, calendar: WorkingDays) -> list[Debtor]:
    """Who owes what on one dwelling that is overdue ``today``: several, where the owner has changed."""
    by_payer: dict[UUID, list[Overdue]] = {}
    for bill in sorted(bills, key=lambda each: (each.due, each.number)):
        if bill.open > 0 and bill.due < today:
            by_payer.setdefault(bill.payer, []).append(_overdue(bill, dunning, today, calendar))
    return [Debtor(payer, tuple(theirs)) for payer, theirs in by_payer.items()]


def _overdue(bill: OpenBill, dunning: Dunning, today: date, calendar: WorkingDays) -> Overdue:
    debt = dunning.debt(bill.bill) or Debt(bill.bill, bill.payer, bill.due)
    pending = next(
        (
            each.demand
            for each in reversed(dunning.demands)
            if each.served_on is None and any(claim.bill == bill.bill for claim in each.claims)
        ),
        None,
    )
    step = DunningStep.SUE if _unsettled(debt, dunning) else _NEXT.get(debt.rung)
    if pending is not None and debt.rung in (Rung.REMINDED, Rung.DEMANDED):
        step = DunningStep.SERVE
    return Overdue(
        bill=bill,
        age=age_of(bill.due, today),
        limitation=dunning.limitation(debt, calendar, bill.paid_on).at(today),
        rung=debt.rung,
        rest=None if step is DunningStep.SERVE else _rest(debt, dunning, today),
        step=step,
        ready=_ready(step, debt),
        demand=pending,
    )


def _unsettled(debt: Debt, dunning: Dunning) -> bool:
    """Whether the last proceedings about a debt ended without anything that can be enforced."""
    if debt.rung is not Rung.SUIT:
        return False
    suits = dunning.suits_about(debt.bill)
    return all(each.ended_on for each in suits) and suits[-1].ended_by in (EndedBy.WITHDRAWN, EndedBy.OTHER)


def _rest(debt: Debt, dunning: Dunning, today: date) -> Rest | None:
    if debt.upheld is not None:
        return Rest.UPHELD
    if debt.dispute is not None:
        return Rest.DISPUTED
    if dunning.running_plan(debt.bill) is not None:
        return Rest.INSTALMENTS
    return Rest.HARDSHIP if dunning.paused(debt.payer, today) else None


def _ready(step: DunningStep | None, debt: Debt) -> date | None:
    match step:
        case None:
            return None
        case DunningStep.REMIND:
            return debt.due + REMINDER_AFTER
        case DunningStep.WRITE:
            return debt.due + DEMAND_AFTER
        case DunningStep.SERVE:
            return debt.since or debt.due
        case _:
            return (debt.runs_out or debt.due) + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ageing:
    """Fen and bills of one age."""

    age: Age
    amount: int
    bills: int


def ageing(overdue: Iterable[Overdue]) -> list[Ageing]:
    """Every age with what is owed of it, the youngest first."""
    found: dict[Age, list[int]] = {age: [] for age in Age}
    for each in overdue:
        found[each.age].append(each.bill.open)
    return [Ageing(age, sum(amounts), len(amounts)) for age, amounts in found.items()]


def penalty_spans(amount: int, reductions: Sequence[tuple[date, int]], due: date, until: date) -> list[tuple[int, int]]:
    """Principal and days from the day after ``due`` to ``until`` included; ``reductions`` are (day, fen paid)."""
    spans, principal, since = [], amount - sum(fen for day, fen in reductions if day <= due), due
    for day, fen in sorted((day, fen) for day, fen in reductions if due < day <= until):
        spans.append((principal, (day - since).days))
        principal, since = principal - fen, day
    spans.append((principal, (until - since).days))
    return [(fen, days) for fen, days in spans if fen > 0 and days > 0]
