"""What happened to a work order; kept for ever, fields are only added."""

from dataclasses import dataclass
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
from domain.money.repair_costs import RepairCosts
from domain.words import CODE_LENGTH, Personal, personal


@dataclass(frozen=True, slots=True)
class WorkOrderOpened:
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
    follows: UUID | None = None
    reported_at: datetime | None = None  # since when the promises count, where that was earlier
    targets: tuple[Target, ...] = ()  # the station's own, by which they were given; the others are the house's


@dataclass(frozen=True, slots=True)
class DeadlinesSet:
    """What is promised from now on; replaces every earlier promise. Without ``accept_by`` only the repair's moves."""

    accept_by: datetime | None = None
    dispatch_by: datetime | None = None
    arrive_by: datetime | None = None
    fix_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class WorkOrderWithdrawn:
    pass


@dataclass(frozen=True, slots=True)
class WorkOrderAccepted:
    pass


@dataclass(frozen=True, slots=True)
class AcceptanceUndone:
    pass


@dataclass(frozen=True, slots=True)
class WorkOrderRejected:
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class WorkOrderReferred:
    to: ReferredTo
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class WorkOrderCancelled:
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class WorkOrderDispatched:
    steward: UUID


@dataclass(frozen=True, slots=True)
class DispatchRecalled:
    steward: UUID


@dataclass(frozen=True, slots=True)
class WorkOrderTaken:
    pass


@dataclass(frozen=True, slots=True)
class WorkOrderDeclined:
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class WorkOrderReassigned:
    steward: UUID
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class WorkOrderHandedOver:
    """Told with the end of somebody's work: who has it in hand now, and who answers for it at the desk."""

    steward: UUID | None = None
    desk: UUID | None = None


@dataclass(frozen=True, slots=True)
class StewardArrived:
    pass


@dataclass(frozen=True, slots=True)
class NoAccessReported:
    note: Personal = personal()


@dataclass(frozen=True, slots=True)
class WorkStarted:
    pass


@dataclass(frozen=True, slots=True)
class WorkSuspended:
    reason: Personal = personal()
    cause: PauseCause | None = None  # nobody named one in earlier versions, nor an end
    until: datetime | None = None
    tell: PauseTold | None = None


@dataclass(frozen=True, slots=True)
class PauseProlonged:
    until: datetime
    reason: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class WorkResumed:
    pass


@dataclass(frozen=True, slots=True)
class ContactRefused:
    note: Personal = personal()


@dataclass(frozen=True, slots=True)
class WorkCompleted:
    summary: Personal = personal()
    signed_off: bool = False
    remote_advice: bool = False


@dataclass(frozen=True, slots=True)
class WorkVerified:
    note: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class WorkRejectedByResident:
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class FollowUpRecorded:
    reached: bool
    note: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class SatisfactionRated:
    score: int


@dataclass(frozen=True, slots=True)
class WorkOrderClosed:
    pass


@dataclass(frozen=True, slots=True)
class WorkOrderReopened:
    """``hours`` and ``targets`` are those of the new promise; ``None`` in earlier versions: as before."""

    reason: Personal = personal()
    hours: ServiceHours | None = None
    targets: tuple[Target, ...] | None = None


@dataclass(frozen=True, slots=True)
class WorkOrderBroughtBack:
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class PriorityChanged:
    priority: Priority
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class DeadlineExtended:
    fix_by: datetime
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class EmergencyServiceCalled:
    service: EmergencyService


@dataclass(frozen=True, slots=True)
class FalseAlarmStated:
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class PersonsReleased:
    pass


@dataclass(frozen=True, slots=True)
class QuoteOffered:
    costs: RepairCosts
    text: Personal = personal()


@dataclass(frozen=True, slots=True)
class QuoteAccepted:
    costs: RepairCosts
    consent: Consent


@dataclass(frozen=True, slots=True)
class QuoteDeclined:
    costs: RepairCosts


@dataclass(frozen=True, slots=True)
class RepairCharged:
    dwelling: UUID
    bill: UUID
    costs: RepairCosts


@dataclass(frozen=True, slots=True)
class ToldLate:
    """What was told in the same breath was told too long after it is said to have happened.

    It counts from when it was told. What was told late before there was this event counts as it was stated.
    """

    of: Counts


@dataclass(frozen=True, slots=True)
class StatedTimeConfirmed:
    """It counts as it was stated after all: ``at``."""

    of: Counts
    at: datetime


Event = (
    WorkOrderOpened
    | DeadlinesSet
    | WorkOrderWithdrawn
    | WorkOrderAccepted
    | AcceptanceUndone
    | WorkOrderRejected
    | WorkOrderReferred
    | WorkOrderCancelled
    | WorkOrderDispatched
    | DispatchRecalled
    | WorkOrderTaken
    | WorkOrderDeclined
    | WorkOrderReassigned
    | WorkOrderHandedOver
    | StewardArrived
    | NoAccessReported
    | WorkStarted
    | WorkSuspended
    | PauseProlonged
    | WorkResumed
    | ContactRefused
    | WorkCompleted
    | WorkVerified
    | WorkRejectedByResident
    | FollowUpRecorded
    | SatisfactionRated
    | WorkOrderClosed
    | WorkOrderReopened
    | WorkOrderBroughtBack
    | PriorityChanged
    | DeadlineExtended
    | EmergencyServiceCalled
    | FalseAlarmStated
    | PersonsReleased
    | QuoteOffered
    | QuoteAccepted
    | QuoteDeclined
    | RepairCharged
    | ToldLate
    | StatedTimeConfirmed
)
