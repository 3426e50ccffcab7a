"""What someone asks for: every step of dunning and whatever stops it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.arrears.dunning.vocabulary import (
    Claim,
    DeliveredBy,
    EndedBy,
    Hindrance,
    Instalment,
    MediationOutcome,
    Mediator,
    RemindedBy,
    UrgedBy,
    Venue,
)
from domain.words import Personal, personal


@dataclass(frozen=True, slots=True)
class OpenDunning:
    """Begin the dunning of a dwelling; nothing if it has begun."""

    dwelling: UUID
    estate: str


@dataclass(frozen=True, slots=True)
class SendReminder:
    """Remind the debtor, at the earliest 7 days after the due day."""

    payer: UUID
    claims: tuple[Claim, ...]
    by: RemindedBy
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class WriteDemand:
    """Write a demand for bills at least 30 days overdue; it is open until ``pay_by``, at the least 15 days."""

    demand: UUID
    number: str
    payer: UUID
    claims: tuple[Claim, ...]
    pay_by: date


@dataclass(frozen=True, slots=True)
class ServeDemand:
    """State how a demand was served: ``by`` whom, ``on`` which day, and what proves it."""

    demand: UUID
    how: DeliveredBy
    on: date
    by: UUID
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class AskCommittee:
    """Have the committee urge the debtor once the period of the demand has run out."""

    payer: UUID
    bills: tuple[UUID, ...]
    urged_by: UrgedBy
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class RecordMediation:
    """State how a mediation ended."""

    payer: UUID
    bills: tuple[UUID, ...]
    mediator: Mediator
    outcome: MediationOutcome
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class FileSuit:
    """State that a court or board of arbitration was called, on which day and under which number."""

    payer: UUID
    bills: tuple[UUID, ...]
    venue: Venue
    on: date
    case_number: Personal = personal(64)


@dataclass(frozen=True, slots=True)
class EndProceedings:
    """State how and on which day proceedings about bills ended: by what was decided, or because they were given up."""

    payer: UUID
    bills: tuple[UUID, ...]
    how: EndedBy
    on: date
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class RecordAcknowledgement:
    """The debtor has acknowledged the debt, provably; ``promised``: and agreed to pay it."""

    payer: UUID
    claims: tuple[Claim, ...]
    on: date
    evidence: Personal = personal()
    promised: bool = False


@dataclass(frozen=True, slots=True)
class RecordHindrance:
    """State what hinders the claims against a debtor, ``since`` when, and ``until`` which day if it has ceased."""

    hindrance: UUID
    payer: UUID
    kind: Hindrance
    since: date
    evidence: Personal = personal()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ConfirmHindrance:
    """A hindrance still went on ``on`` that day."""

    hindrance: UUID
    on: date
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class EndHindrance:
    """A hindrance ceased ``on`` that day."""

    hindrance: UUID
    on: date
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class WithdrawHindrance:
    """A hindrance was written down by mistake: it counts no more."""

    hindrance: UUID
    text: Personal = personal()


@dataclass(frozen=True, slots=True)
class DisputeDebt:
    """The debtor says that bills are wrong."""

    dispute: UUID
    payer: UUID
    claims: tuple[Claim, ...]
    text: Personal = personal()


@dataclass(frozen=True, slots=True)
class UpholdDispute:
    """The debtor is right: the bills leave the ladder and bear no penalty."""

    dispute: UUID
    text: Personal = personal()


@dataclass(frozen=True, slots=True)
class RejectDispute:
    """The bills are right: the ladder goes on."""

    dispute: UUID
    text: Personal = personal()


@dataclass(frozen=True, slots=True)
class AgreeInstalments:
    """The debtor pays by instalments that add up to the claims; meanwhile the ladder rests."""

    plan: UUID
    payer: UUID
    claims: tuple[Claim, ...]
    instalments: tuple[Instalment, ...]
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class CheckInstalments:
    """Compare a plan with what is still ``open`` of its bills."""

    plan: UUID
    open: int


@dataclass(frozen=True, slots=True)
class NoteHardship:
    """Let the ladder rest until a day, for a reason nobody else needs to know."""

    payer: UUID
    until: date
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class SettleDebts:
    """Nothing of these bills is open any more."""

    bills: tuple[UUID, ...]


Command = (
    OpenDunning
    | SendReminder
    | WriteDemand
    | ServeDemand
    | AskCommittee
    | RecordMediation
    | FileSuit
    | EndProceedings
    | RecordAcknowledgement
    | RecordHindrance
    | ConfirmHindrance
    | EndHindrance
    | WithdrawHindrance
    | DisputeDebt
    | UpholdDispute
    | RejectDispute
    | AgreeInstalments
    | CheckInstalments
    | NoteHardship
    | SettleDebts
)
