"""What was said and done about debts; kept for ever, fields are only added."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.arrears.dunning.vocabulary import (
    Claim,
    DeliveredBy,
    EndedBy,
    Hindrance,
    Instalment,
    InterruptedBy,
    MediationOutcome,
    Mediator,
    RemindedBy,
    UrgedBy,
    Venue,
)
from domain.words import Personal, personal


@dataclass(frozen=True, slots=True)
class DunningOpened:
    dwelling: UUID
    estate: str


@dataclass(frozen=True, slots=True)
class ReminderSent:
    payer: UUID
    claims: tuple[Claim, ...]
    by: RemindedBy
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class DemandWritten:
    demand: UUID
    number: str
    payer: UUID
    claims: tuple[Claim, ...]
    pay_by: date


@dataclass(frozen=True, slots=True)
class DemandServed:
    """``runs_out`` is the last day of the period that the debtor was given."""

    demand: UUID
    how: DeliveredBy
    on: date
    by: UUID
    runs_out: date
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class CommitteeAsked:
    payer: UUID
    bills: tuple[UUID, ...]
    urged_by: UrgedBy
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class MediationHeld:
    payer: UUID
    bills: tuple[UUID, ...]
    mediator: Mediator
    outcome: MediationOutcome
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class SuitFiled:
    payer: UUID
    bills: tuple[UUID, ...]
    venue: Venue
    on: date
    case_number: Personal = personal(64)


@dataclass(frozen=True, slots=True)
class ProceedingsEnded:
    payer: UUID
    bills: tuple[UUID, ...]
    how: EndedBy
    on: date
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class HindranceRecorded:
    hindrance: UUID
    payer: UUID
    kind: Hindrance
    since: date
    evidence: Personal = personal()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class HindranceConfirmed:
    hindrance: UUID
    on: date
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class HindranceEnded:
    hindrance: UUID
    on: date
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class HindranceWithdrawn:
    hindrance: UUID
    text: Personal = personal()


@dataclass(frozen=True, slots=True)
class DebtAcknowledged:
    payer: UUID
    claims: tuple[Claim, ...]
    on: date
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class LimitationInterrupted:
    """The limitation of these claims begins anew after ``on``; ``proof`` is the demand or the plan, if it is one.

    Where it had run out before, only by a promise, and a plan that was agreed is one.
    """

    bills: tuple[UUID, ...]
    on: date
    ground: InterruptedBy
    proof: UUID | None


@dataclass(frozen=True, slots=True)
class DebtDisputed:
    dispute: UUID
    payer: UUID
    claims: tuple[Claim, ...]
    text: Personal = personal()


@dataclass(frozen=True, slots=True)
class DisputeUpheld:
    dispute: UUID
    text: Personal = personal()


@dataclass(frozen=True, slots=True)
class DisputeRejected:
    dispute: UUID
    text: Personal = personal()


@dataclass(frozen=True, slots=True)
class InstalmentPlanAgreed:
    plan: UUID
    payer: UUID
    claims: tuple[Claim, ...]
    instalments: tuple[Instalment, ...]
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class InstalmentPlanBroken:
    """``missing`` fen of what was to be paid up to and with the instalment of ``due``."""

    plan: UUID
    due: date
    missing: int


@dataclass(frozen=True, slots=True)
class HardshipNoted:
    payer: UUID
    until: date
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class DebtSettled:
    bills: tuple[UUID, ...]


Event = (
    DunningOpened
    | ReminderSent
    | DemandWritten
    | DemandServed
    | CommitteeAsked
    | MediationHeld
    | SuitFiled
    | ProceedingsEnded
    | HindranceRecorded
    | HindranceConfirmed
    | HindranceEnded
    | HindranceWithdrawn
    | DebtAcknowledged
    | LimitationInterrupted
    | DebtDisputed
    | DisputeUpheld
    | DisputeRejected
    | InstalmentPlanAgreed
    | InstalmentPlanBroken
    | HardshipNoted
    | DebtSettled
)
