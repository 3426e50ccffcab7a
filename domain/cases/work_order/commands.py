"""What someone asks for: everything that can be done with a work order."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.calendar import ServiceHours
from domain.cases.category import Category, Priority
from domain.cases.service_level import Target
from domain.cases.work_order.vocabulary import (
    Consent,
    Counts,
    EmergencyService,
    PauseCause,
    PauseTold,
    ReferredTo,
)
from domain.estates.place import Part
from domain.money.repair_costs import RepairCosts, fen
from domain.words import CODE_LENGTH, Personal, personal


@dataclass(frozen=True, slots=True)
class OpenWorkOrder:
    number: str
    issue: UUID
    estate: str
    category: Category
    priority: Priority
    part: Part
    hours: ServiceHours
    text: Personal = personal()
    building: str | None = None
    stairwell: str | None = None
    dwelling: Personal = personal(CODE_LENGTH, default=None)
    accept: bool = False
    follows: UUID | None = None
    reported_at: datetime | None = None  # since when the promises count; now, where it came from no line
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class WithdrawWorkOrder:
    """It was opened by mistake: its line waits in the notebook again, as long as nobody was sent."""


@dataclass(frozen=True, slots=True)
class AcceptWorkOrder:
    """Take the order in: it is ours and will be done."""


@dataclass(frozen=True, slots=True)
class UndoAcceptance:
    """Taken in by mistake: it waits to be taken in again, as long as nobody was sent."""


@dataclass(frozen=True, slots=True)
class RejectWorkOrder:
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class ReferWorkOrder:
    to: ReferredTo
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class CancelWorkOrder:
    """The reporter no longer wants it."""

    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class DispatchSteward:
    steward: UUID


@dataclass(frozen=True, slots=True)
class RecallDispatch:
    """Undo a dispatch that the steward has not taken yet."""


@dataclass(frozen=True, slots=True)
class TakeWorkOrder:
    """The steward says: I am going."""


@dataclass(frozen=True, slots=True)
class DeclineWorkOrder:
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class ReassignSteward:
    steward: UUID
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class HandOverWorkOrder:
    """Somebody's work ends: another steward has it in hand now, another one answers for it at the desk, or both."""

    steward: UUID | None = None
    desk: UUID | None = None


@dataclass(frozen=True, slots=True)
class RecordArrival:
    """The steward is there."""


@dataclass(frozen=True, slots=True)
class ReportNoAccess:
    note: Personal = personal()


@dataclass(frozen=True, slots=True)
class StartWork:
    """Work begins, or begins again after it was rejected."""


@dataclass(frozen=True, slots=True)
class SuspendWork:
    """Stop the clock: why nobody can go on, until when at the latest, and who is told when that has passed.

    ``reason`` says more about the cause; without any other cause it is the cause. A week, if no end is named.
    """

    reason: Personal = personal(default=None)
    cause: PauseCause = field(default=PauseCause.OTHER, metadata={"asked": True, "first": True})  # a form asks for it
    until: datetime | None = field(default=None, metadata={"asked": True})
    tell: PauseTold = field(default=PauseTold.DESK, metadata={"asked": True})


@dataclass(frozen=True, slots=True)
class ProlongPause:
    """It takes longer: the pause goes on until then, and whoever was to be told is told then."""

    until: datetime
    reason: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class ResumeWork:
    """Start the clock again."""


@dataclass(frozen=True, slots=True)
class RecordContactRefused:
    """The resident was asked to sign off and would not, or could not be reached."""

    note: Personal = personal()


@dataclass(frozen=True, slots=True)
class CompleteWork:
    summary: Personal = personal()
    signed_off: bool = False
    remote_advice: bool = False


@dataclass(frozen=True, slots=True)
class VerifyWork:
    note: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class RejectWork:
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class RecordFollowUp:
    reached: bool
    note: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class RateSatisfaction:
    score: int


@dataclass(frozen=True, slots=True)
class CloseWorkOrder:
    """The formal end."""


@dataclass(frozen=True, slots=True)
class ReopenWorkOrder:
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class BringBackWorkOrder:
    """What was passed on, cancelled or rejected is ours to do after all.

    While others had it the clock stood still; after a cancellation or a rejection it has run on all the time.
    """

    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class ChangePriority:
    priority: Priority
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class ExtendDeadline:
    fix_by: datetime
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class CallEmergencyService:
    service: EmergencyService


@dataclass(frozen=True, slots=True)
class StateFalseAlarm:
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class RecordPersonsReleased:
    """Nobody is inside any more."""


@dataclass(frozen=True, slots=True)
class OfferQuote:
    """What paid work in the home will cost, in fen, and what is done for it; the resident has to agree first."""

    text: Personal = personal()
    call_out: int = fen()
    labour: int = fen()
    material: int = fen()


@dataclass(frozen=True, slots=True)
class AcceptQuote:
    """The resident agrees to what was quoted last."""

    consent: Consent


@dataclass(frozen=True, slots=True)
class DeclineQuote:
    """The resident does not agree; what was agreed to before still holds."""


@dataclass(frozen=True, slots=True)
class ChargeRepair:
    """Bill the work: at most what was agreed to. ``bill`` stands in the account of ``dwelling``."""

    dwelling: UUID
    bill: UUID
    costs: RepairCosts


@dataclass(frozen=True, slots=True)
class ConfirmStatedTime:
    """Somebody else vouches for the time that was stated of what was told late."""

    of: Counts


Command = (
    OpenWorkOrder
    | WithdrawWorkOrder
    | AcceptWorkOrder
    | UndoAcceptance
    | RejectWorkOrder
    | ReferWorkOrder
    | CancelWorkOrder
    | DispatchSteward
    | RecallDispatch
    | TakeWorkOrder
    | DeclineWorkOrder
    | ReassignSteward
    | HandOverWorkOrder
    | RecordArrival
    | ReportNoAccess
    | StartWork
    | SuspendWork
    | ProlongPause
    | ResumeWork
    | RecordContactRefused
    | CompleteWork
    | VerifyWork
    | RejectWork
    | RecordFollowUp
    | RateSatisfaction
    | CloseWorkOrder
    | ReopenWorkOrder
    | BringBackWorkOrder
    | ChangePriority
    | ExtendDeadline
    | CallEmergencyService
    | StateFalseAlarm
    | RecordPersonsReleased
    | OfferQuote
    | AcceptQuote
    | DeclineQuote
    | ChargeRepair
    | ConfirmStatedTime
)
