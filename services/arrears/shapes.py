"""What is told of arrears: how old they are, who owes them, and where each debt stands."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.arrears.dunning import EndedBy, Hindrance, Rung, Venue
from domain.arrears.limitation import Held
from domain.arrears.overdue import Age, DunningStep, Overdue, Rest
from domain.masks import masked_name
from domain.money.items import FeeItem
from projections.arrears.overdue import Case


@dataclass(frozen=True, slots=True)
class AgeShape:
    """``amount`` in fen of ``bills`` bills of this age."""

    age: Age
    amount: int
    bills: int


@dataclass(frozen=True, slots=True)
class BuildingArrearsShape:
    building: str
    amount: int
    dwellings: int
    ages: list[AgeShape]


@dataclass(frozen=True, slots=True)
class OverdueShape:
    """One bill. ``last_day`` is the last day of its limitation, ``provisional`` where holidays may still move it.

    While it is ``held`` by proceedings or a hindrance that goes on, it does not lapse whatever its ``last_day``, which
    is then reckoned as if they had ended on the day for which they were last told. ``interrupted`` is the day after
    which its last three years run, where that is not the due day.
    """

    bill: UUID
    number: str
    item: FeeItem
    since: date
    until: date
    amount: int
    open: int
    due: date
    age: Age
    last_day: date
    provisional: bool
    lapsed: bool
    held: Held | None
    interrupted: date | None
    rung: Rung
    rest: Rest | None
    step: DunningStep | None
    ready: date | None
    demand: UUID | None


@dataclass(frozen=True, slots=True)
class ProceedingsShape:
    """Proceedings about ``bills``; pending unless ``ended`` says on which day they ended."""

    bills: list[UUID]
    venue: Venue
    filed: date
    ended: date | None
    how: EndedBy | None


@dataclass(frozen=True, slots=True)
class HindranceShape:
    """What hinders the claims; ``known`` is the last day for which it is told that it goes on."""

    hindrance: UUID
    kind: Hindrance
    since: date
    known: date
    until: date | None


@dataclass(frozen=True, slots=True)
class DebtorShape:
    """One payer of one dwelling. ``steps`` may be taken today, the furthest first.

    ``last_day`` and ``held`` are those of the claim that lapses first.
    """

    dwelling: UUID
    label: str | None
    building: str
    payer: UUID
    name: str | None
    amount: int
    since: date
    last_day: date
    provisional: bool
    held: Held | None
    rung: Rung
    rests: list[Rest]
    steps: list[DunningStep]
    bills: list[OverdueShape]
    proceedings: list[ProceedingsShape]
    hindrances: list[HindranceShape]


@dataclass(frozen=True, slots=True)
class ArrearsShape:
    """What is overdue in an estate today. ``lapsing`` bills lapse within 90 days or have.

    ``to_confirm`` bills would, were they not held: whether what holds them goes on has to be looked at.

    Whoever may see no dwellings that owe something is told ``ages`` and ``buildings`` alone.
    """

    estate: str
    day: date
    amount: int
    households: int
    lapsing: int
    to_confirm: int
    ages: list[AgeShape]
    buildings: list[BuildingArrearsShape]
    debtors: list[DebtorShape]


def debtor_shape(case: Case, label: str | None, name: str | None, today: date) -> DebtorShape:
    debtor = case.debtor
    return DebtorShape(
        dwelling=case.dwelling,
        label=label,
        building=case.building,
        payer=debtor.payer,
        name=masked_name(name),
        amount=debtor.open,
        since=debtor.since,
        last_day=debtor.last_day.day,
        provisional=debtor.last_day.provisional,
        held=debtor.soonest.held,
        rung=debtor.rung,
        rests=list(debtor.rests),
        steps=list(debtor.ready(today)),
        bills=[_overdue(each, today) for each in debtor.bills],
        proceedings=[
            ProceedingsShape(list(each.bills), each.venue, each.filed_on, each.ended_on, each.ended_by)
            for each in case.suits
        ],
        hindrances=[
            HindranceShape(each.hindrance, each.kind, each.since, each.known, each.until) for each in case.hindrances
        ],
    )


def _overdue(each: Overdue, today: date) -> OverdueShape:
    bill = each.bill
    return OverdueShape(
        bill=bill.bill,
        number=bill.number,
        item=bill.item,
        since=bill.since,
        until=bill.until,
        amount=bill.amount,
        open=bill.open,
        due=bill.due,
        age=each.age,
        last_day=each.last_day.day,
        provisional=each.last_day.provisional,
        lapsed=each.lapsed(today),
        held=each.held,
        interrupted=each.interrupted,
        rung=each.rung,
        rest=each.rest,
        step=each.step,
        ready=each.ready,
        demand=each.demand,
    )
