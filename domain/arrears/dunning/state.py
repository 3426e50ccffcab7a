"""The dunning of a dwelling as it stands, bill by bill: only what a later decision needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from uuid import UUID, uuid5

from domain.arrears.dunning.vocabulary import Claim, EndedBy, Hindrance, Instalment, Venue
from domain.arrears.limitation import Limitation, Span, WorkingDays, reckoned
from domain.recorded import Act

_STREAMS = UUID("0f3e9f5c-6a0a-4d0e-9c55-5e3f7b0d2a91")  # namespace of dunning streams


def dunning_stream(dwelling: UUID) -> UUID:
    """The stream of a dwelling's dunning."""
    return uuid5(_STREAMS, str(dwelling))


def manner(by: Enum) -> str:
    """A manner of urging, told apart from those of other steps."""
    return f"{type(by).__name__} {by.value}"


class Rung(Enum):
    """How far a bill has come; in order."""

    NONE = "NONE"
    REMINDED = "REMINDED"  # 提醒
    DEMANDED = "DEMANDED"  # 催款函已送达
    COMMITTEE = "COMMITTEE"  # 业主委员会督促
    MEDIATION = "MEDIATION"  # 调解
    SUIT = "SUIT"  # 诉讼或仲裁


RUNGS = tuple(Rung)


@dataclass(frozen=True)
class Debt:
    """One bill on the ladder. ``runs_out`` is the last day of the period of its latest served demand."""

    bill: UUID
    payer: UUID
    due: date
    rung: Rung = Rung.NONE
    since: date | None = None  # when it came to this rung
    runs_out: date | None = None
    interrupted: tuple[date, ...] = ()
    promised: tuple[date, ...] = ()
    dispute: UUID | None = None  # not yet decided
    upheld: date | None = None  # the day a dispute was raised that turned out right
    settled: bool = False
    urged: Mapping[str, Act] = field(default_factory=dict)  # in which manner its debtor was urged, last each


@dataclass(frozen=True)
class Demand:
    demand: UUID
    number: str
    payer: UUID
    claims: tuple[Claim, ...]
    written_on: date
    pay_by: date
    served_on: date | None = None
    told: Act | None = None  # whose act wrote it, and once it is served, told that


@dataclass(frozen=True)
class Suit:
    """Proceedings about some bills of a debtor; those for which they have ended are told apart from those left."""

    payer: UUID
    bills: tuple[UUID, ...]
    venue: Venue
    filed_on: date
    ended_on: date | None = None
    ended_by: EndedBy | None = None
    told: Act | None = None  # whose act told that it was filed, or has ended

    @property
    def span(self) -> Span:
        """As limitation counts it: what is pending might turn out to have been given up on the day it began."""
        return Span(self.filed_on, self.ended_on or self.filed_on, self.ended_on is not None)


@dataclass(frozen=True)
class Hindered:
    """What hinders the claims against a debtor; ``known`` is the last day for which it is told that it goes on."""

    hindrance: UUID
    payer: UUID
    kind: Hindrance
    since: date
    known: date
    until: date | None = None
    told: Act | None = None  # whose act told of it last

    @property
    def span(self) -> Span:
        return Span(self.since, self.until or self.known, self.until is not None)


@dataclass(frozen=True)
class Dispute:
    """``upheld`` is ``None`` until somebody decided."""

    dispute: UUID
    payer: UUID
    bills: tuple[UUID, ...]
    raised_on: date
    upheld: bool | None = None
    told: Act | None = None  # whose act raised it, or decided it


@dataclass(frozen=True)
class InstalmentPlan:
    plan: UUID
    payer: UUID
    bills: tuple[UUID, ...]
    agreed_on: date
    instalments: tuple[Instalment, ...]
    broken_on: date | None = None
    told: Act | None = None  # whose act agreed to it

    @property
    def total(self) -> int:
        return sum(each.amount for each in self.instalments)


@dataclass(frozen=True)
class Pause:
    """The ladder of a debtor rests up to and with ``until``."""

    payer: UUID
    until: date


@dataclass(frozen=True)
class Dunning:
    """All that was said and done about what is owed for a dwelling; its debtors may be several, one after another."""

    dwelling: UUID | None = None
    estate: str | None = None
    debts: tuple[Debt, ...] = ()
    demands: tuple[Demand, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    plans: tuple[InstalmentPlan, ...] = ()
    pauses: tuple[Pause, ...] = ()
    suits: tuple[Suit, ...] = ()
    hindrances: tuple[Hindered, ...] = ()
    forgone: Mapping[str, Act] = field(default_factory=dict)  # hindrances that never were, and whose act said so

    def debt(self, bill: UUID) -> Debt | None:
        return next((each for each in self.debts if each.bill == bill), None)

    def demand(self, demand: UUID) -> Demand | None:
        return next((each for each in self.demands if each.demand == demand), None)

    def hindrance(self, hindrance: UUID) -> Hindered | None:
        return next((each for each in self.hindrances if each.hindrance == hindrance), None)

    def suits_about(self, bill: UUID) -> list[Suit]:
        """Proceedings about a bill, the first first."""
        return [each for each in self.suits if bill in each.bills]

    def pending(self, payer: UUID) -> list[Suit]:
        """Proceedings against a debtor that have not ended."""
        return [each for each in self.suits if each.payer == payer and each.ended_on is None]

    def limitation(self, debt: Debt, calendar: WorkingDays, paid_on: Iterable[date] = ()) -> Limitation:
        """How the limitation of a debt stands; whoever pays a part has acknowledged the rest (CC 195)."""
        return reckoned(
            debt.due,
            calendar,
            (*debt.interrupted, *paid_on),
            promised=debt.promised,
            proceedings=[each.span for each in self.suits_about(debt.bill)] if self.suits else (),
            hindrances=[each.span for each in self.hindrances if each.payer == debt.payer],
        )

    def paused(self, payer: UUID, day: date) -> date | None:
        """Until when the ladder of a debtor rests, if it does on that day."""
        return next((each.until for each in self.pauses if each.payer == payer and day <= each.until), None)

    def running_plan(self, bill: UUID) -> InstalmentPlan | None:
        """The plan by which a bill is being paid."""
        return next((each for each in self.running_plans() if bill in each.bills), None)

    def running_plans(self) -> list[InstalmentPlan]:
        """Plans that are neither broken nor paid."""
        settled = {each.bill for each in self.debts if each.settled}
        return [each for each in self.plans if each.broken_on is None and not settled.issuperset(each.bills)]
