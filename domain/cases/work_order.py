"""A work order (工单): one fault in one place, from report to a repair that somebody else has verified."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import assert_never
from uuid import UUID

from domain.calendar import SHANGHAI, ServiceHours, after, between, is_before, local_date
from domain.capacity import STATION, Capacity
from domain.cases.category import LIFTS, Category, Priority
from domain.cases.service_level import deadlines, hours_counted
from domain.changed import changed
from domain.decider import Decider
from domain.estates.place import Part
from domain.money.amount import yuan
from domain.money.repair_costs import RepairCosts, check_costs, fen
from domain.recorded import Act
from domain.refusal import Refusal, refuse_if
from domain.words import CODE_LENGTH, Personal, personal

REOPEN_WINDOW = timedelta(days=30)
MOST_EXTENSIONS = 2
CONTACTS_INSTEAD_OF_SIGN_OFF = 2
FOLLOW_UP_DAYS = 2


class Stage(Enum):
    """Where an order stands (domain dossier 4.4)."""

    UNOPENED = "UNOPENED"
    REPORTED = "REPORTED"
    ACCEPTED = "ACCEPTED"
    DISPATCHED = "DISPATCHED"
    TAKEN = "TAKEN"
    ON_SITE = "ON_SITE"
    IN_PROGRESS = "IN_PROGRESS"
    SUSPENDED = "SUSPENDED"
    COMPLETED = "COMPLETED"
    REWORK = "REWORK"
    VERIFIED = "VERIFIED"
    FOLLOWED_UP = "FOLLOWED_UP"
    CLOSED = "CLOSED"
    REJECTED = "REJECTED"
    REFERRED = "REFERRED"
    CANCELLED = "CANCELLED"


class ReferredTo(Enum):
    """Who takes over what is not ours (转办)."""

    UTILITY = "UTILITY"
    MUNICIPAL = "MUNICIPAL"
    WARRANTY = "WARRANTY"
    FUND = "FUND"


class EmergencyService(Enum):
    """Whom to call first when life is in danger."""

    FIRE_119 = "FIRE_119"
    POLICE_110 = "POLICE_110"
    AMBULANCE_120 = "AMBULANCE_120"
    LIFT_MAINTENANCE = "LIFT_MAINTENANCE"


class Consent(Enum):
    """How a resident agreed to a quote."""

    SIGNED = "SIGNED"
    MESSAGE = "MESSAGE"
    PHONE = "PHONE"


# -- commands: what someone asks for ----------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class AcceptWorkOrder:
    """Take the order in: it is ours and will be done."""


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
    """Stop the clock, with the reason why nobody could go on."""

    reason: Personal = personal()


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


Command = (
    OpenWorkOrder
    | AcceptWorkOrder
    | RejectWorkOrder
    | ReferWorkOrder
    | CancelWorkOrder
    | DispatchSteward
    | RecallDispatch
    | TakeWorkOrder
    | DeclineWorkOrder
    | ReassignSteward
    | RecordArrival
    | ReportNoAccess
    | StartWork
    | SuspendWork
    | ResumeWork
    | RecordContactRefused
    | CompleteWork
    | VerifyWork
    | RejectWork
    | RecordFollowUp
    | RateSatisfaction
    | CloseWorkOrder
    | ReopenWorkOrder
    | ChangePriority
    | ExtendDeadline
    | CallEmergencyService
    | StateFalseAlarm
    | RecordPersonsReleased
    | OfferQuote
    | AcceptQuote
    | DeclineQuote
    | ChargeRepair
)

# -- events: what happened; kept for ever, fields are only added ------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class DeadlinesSet:
    """What is promised from now on; replaces every earlier promise."""

    accept_by: datetime | None = None
    dispatch_by: datetime | None = None
    arrive_by: datetime | None = None
    fix_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class WorkOrderAccepted:
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


Event = (
    WorkOrderOpened
    | DeadlinesSet
    | WorkOrderAccepted
    | WorkOrderRejected
    | WorkOrderReferred
    | WorkOrderCancelled
    | WorkOrderDispatched
    | DispatchRecalled
    | WorkOrderTaken
    | WorkOrderDeclined
    | WorkOrderReassigned
    | StewardArrived
    | NoAccessReported
    | WorkStarted
    | WorkSuspended
    | WorkResumed
    | ContactRefused
    | WorkCompleted
    | WorkVerified
    | WorkRejectedByResident
    | FollowUpRecorded
    | SatisfactionRated
    | WorkOrderClosed
    | WorkOrderReopened
    | PriorityChanged
    | DeadlineExtended
    | EmergencyServiceCalled
    | FalseAlarmStated
    | PersonsReleased
    | QuoteOffered
    | QuoteAccepted
    | QuoteDeclined
    | RepairCharged
)

# -- state: only what a later decision needs ---------------------------------------------------------------------


@dataclass(frozen=True)
class WorkOrder:
    stage: Stage = Stage.UNOPENED
    estate: str | None = None
    issue: UUID | None = None  # the notebook line it came from: its case
    promised_at: datetime | None = None  # since when the promises count: opened, or opened again
    category: Category | None = None
    priority: Priority = Priority.P3
    part: Part = Part.COMMON
    hours: ServiceHours = ServiceHours()
    owner: UUID | None = None  # who answers for it now (INV-18)
    desk: UUID | None = None  # who last answered for it at the station: it goes back there when a steward declines
    steward: UUID | None = None
    arrived: bool = False
    fix_by: datetime | None = None
    fix_by_binds: bool = False  # it could be kept when it was promised; a wrong priority put right leaves no lateness
    suspended_at: datetime | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()  # when the clock stood still since the promise
    extensions: int = 0
    refused_contacts: int = 0
    workers: frozenset[UUID] = frozenset()  # who did or reported the work: they may not verify it (INV-06)
    begun: bool = False  # somebody has begun the work, whoever goes on with it
    follow_up_days: frozenset[date] = frozenset()
    score: int | None = None
    completed_at: datetime | None = None
    closed_at: datetime | None = None
    emergency_answered: bool = False  # a service was called, or the alarm was false (INV-11)
    persons_inside: bool = False
    offered: RepairCosts | None = None  # a quote that the resident has not answered
    quote: RepairCosts | None = None  # what the resident agreed to pay at most (INV-22)
    agreed_at: datetime | None = None  # when the resident first agreed to a quote
    charged: UUID | None = None  # the bill of the work


_BEFORE_WORK = frozenset({Stage.REPORTED, Stage.ACCEPTED, Stage.DISPATCHED, Stage.TAKEN})
_AT_WORK = frozenset({Stage.ON_SITE, Stage.IN_PROGRESS, Stage.SUSPENDED, Stage.REWORK})
OPEN = _BEFORE_WORK | _AT_WORK
UNDER_WAY = OPEN | {Stage.COMPLETED, Stage.VERIFIED, Stage.FOLLOWED_UP}
DONE = frozenset({Stage.COMPLETED, Stage.VERIFIED, Stage.FOLLOWED_UP, Stage.CLOSED})

ALLOWED: dict[type[Command], frozenset[Stage]] = {
    OpenWorkOrder: frozenset({Stage.UNOPENED}),
    AcceptWorkOrder: frozenset({Stage.REPORTED}),
    RejectWorkOrder: frozenset({Stage.REPORTED}),
    ReferWorkOrder: frozenset({Stage.REPORTED, Stage.ACCEPTED, Stage.ON_SITE, Stage.SUSPENDED}),
    CancelWorkOrder: frozenset({Stage.REPORTED, Stage.ACCEPTED, Stage.DISPATCHED}),
    DispatchSteward: frozenset({Stage.ACCEPTED}),
    RecallDispatch: frozenset({Stage.DISPATCHED}),
    TakeWorkOrder: frozenset({Stage.DISPATCHED}),
    DeclineWorkOrder: frozenset({Stage.DISPATCHED}),
    ReassignSteward: frozenset({Stage.DISPATCHED, Stage.TAKEN, Stage.REWORK, Stage.SUSPENDED}),
    RecordArrival: frozenset({Stage.TAKEN, Stage.IN_PROGRESS, Stage.REWORK}),  # after remote advice one may still go
    ReportNoAccess: frozenset({Stage.ON_SITE}),
    StartWork: frozenset({Stage.ON_SITE, Stage.REWORK}),
    SuspendWork: frozenset({Stage.IN_PROGRESS}),
    ResumeWork: frozenset({Stage.SUSPENDED}),
    RecordContactRefused: frozenset({Stage.ON_SITE, Stage.IN_PROGRESS}),
    CompleteWork: frozenset({Stage.TAKEN, Stage.IN_PROGRESS}),
    VerifyWork: frozenset({Stage.COMPLETED}),
    RejectWork: frozenset({Stage.COMPLETED}),
    RecordFollowUp: frozenset({Stage.VERIFIED}),
    RateSatisfaction: frozenset({Stage.COMPLETED, Stage.VERIFIED, Stage.FOLLOWED_UP, Stage.CLOSED}),
    CloseWorkOrder: frozenset({Stage.VERIFIED, Stage.FOLLOWED_UP}),
    ReopenWorkOrder: frozenset({Stage.FOLLOWED_UP, Stage.CLOSED}),
    ChangePriority: OPEN,
    ExtendDeadline: OPEN,
    CallEmergencyService: OPEN,
    StateFalseAlarm: OPEN,
    RecordPersonsReleased: OPEN,
    OfferQuote: OPEN,
    AcceptQuote: OPEN,
    DeclineQuote: OPEN,
    ChargeRepair: DONE,
}


def decide(command: Command, order: WorkOrder, act: Act) -> Sequence[Event]:
    """The rules of domain dossier 4.4 and INV-06, 11 to 18."""
    refuse_if(order.stage not in ALLOWED[type(command)], "stage", stage=order.stage)
    refuse_if(order.promised_at is not None and is_before(act.occurred_at, order.promised_at), "before_report")
    not_yours = act.acting_as is Capacity.RED_STEWARD and act.actor != order.steward
    match command:
        case OpenWorkOrder():
            return _open(command, act)
        case AcceptWorkOrder():
            return [WorkOrderAccepted()]
        case RejectWorkOrder(reason):
            _nobody_in_danger(order)
            return [WorkOrderRejected(reason)]
        case ReferWorkOrder(to, reason):
            _nobody_in_danger(order)
            return [WorkOrderReferred(to, reason)]
        case CancelWorkOrder(reason):
            _nobody_in_danger(order)
            return [WorkOrderCancelled(reason)]
        case DispatchSteward(steward):
            return [WorkOrderDispatched(steward)]
        case RecallDispatch():
            assert order.steward is not None
            return [DispatchRecalled(order.steward)]
        case TakeWorkOrder():
            refuse_if(not_yours, "not_your_order")
            return [WorkOrderTaken()]
        case DeclineWorkOrder(reason):
            refuse_if(not_yours, "not_your_order")
            return [WorkOrderDeclined(reason)]
        case ReassignSteward(steward, reason):
            if steward == order.steward:
                return []
            return [WorkOrderReassigned(steward, reason), *_resumed_deadlines(order, act)]
        case RecordArrival():
            refuse_if(not_yours, "not_your_order")
            return [] if order.arrived else [StewardArrived()]
        case ReportNoAccess(note):
            refuse_if(not_yours, "not_your_order")
            return [NoAccessReported(note)]
        case StartWork():
            refuse_if(not_yours, "not_your_order")
            _quote_answered(order)
            early = not order.begun and order.agreed_at is not None and is_before(act.occurred_at, order.agreed_at)
            refuse_if(early, "start_before_quote")
            return [WorkStarted()]
        case SuspendWork(reason):
            refuse_if(not_yours, "not_your_order")
            _nobody_in_danger(order)
            return [WorkSuspended(reason)]
        case ResumeWork():
            refuse_if(not_yours, "not_your_order")
            _quote_answered(order)
            return [WorkResumed(), *_resumed_deadlines(order, act)]
        case RecordContactRefused(note):
            refuse_if(not_yours, "not_your_order")
            refuse_if(order.part is Part.COMMON, "no_sign_off_needed")
            return [ContactRefused(note)]
        case CompleteWork(summary, signed_off, remote_advice):
            refuse_if(not_yours, "not_your_order")
            refuse_if(not order.arrived and not remote_advice, "not_arrived")  # INV-13
            refuse_if(order.persons_inside, "persons_inside")
            _quote_answered(order)
            advised = remote_advice and not order.arrived  # who has been there needs the signature after all
            signed = signed_off or advised or order.refused_contacts >= CONTACTS_INSTEAD_OF_SIGN_OFF
            refuse_if(order.part is Part.PRIVATE and not signed, "sign_off_missing")  # INV-14
            return [WorkCompleted(summary, signed_off, remote_advice)]
        case VerifyWork(note):
            refuse_if(act.actor in order.workers, "own_work")  # INV-06
            return [WorkVerified(note)]
        case RejectWork(reason):
            return [WorkRejectedByResident(reason)]
        case RecordFollowUp(reached, note):
            early = order.completed_at is not None and is_before(act.occurred_at, order.completed_at)
            refuse_if(early, "before_completion")  # INV-15: nobody can ask about what is not done yet
            return [FollowUpRecorded(reached, note)]
        case RateSatisfaction(score):
            refuse_if(not 1 <= score <= 5, "score_out_of_range", lowest=1, highest=5)
            return [] if score == order.score else [SatisfactionRated(score)]
        case CloseWorkOrder():
            tried = order.stage is Stage.FOLLOWED_UP or len(order.follow_up_days) >= FOLLOW_UP_DAYS
            refuse_if(not tried, "follow_up_first")  # INV-15
            return [WorkOrderClosed()]
        case ReopenWorkOrder(reason):
            late = order.closed_at is not None and act.recorded_at > order.closed_at + REOPEN_WINDOW
            refuse_if(late, "reopen_window_over", days=REOPEN_WINDOW.days)  # INV-16
            return [WorkOrderReopened(reason), _deadlines(order.priority, order.hours, act)]
        case ChangePriority(priority, reason):
            return _change_priority(priority, reason, order, act)
        case ExtendDeadline(fix_by, reason):
            return _extend(fix_by, reason, order, act)
        case CallEmergencyService(service):
            return [EmergencyServiceCalled(service)]
        case StateFalseAlarm(reason):
            refuse_if(order.priority is not Priority.P0, "no_emergency")
            return [FalseAlarmStated(reason)]
        case RecordPersonsReleased():
            return [PersonsReleased()] if order.persons_inside else []
        case OfferQuote():
            refuse_if(not_yours, "not_your_order")
            return _offer_quote(command, order)
        case AcceptQuote(consent):
            refuse_if(not_yours, "not_your_order")
            if order.offered is None:
                raise Refusal("quote_none")
            _not_begun_for_nothing(order)
            return [QuoteAccepted(order.offered, consent)]
        case DeclineQuote():
            refuse_if(not_yours, "not_your_order")
            if order.offered is None:
                raise Refusal("quote_none")
            return [QuoteDeclined(order.offered)]
        case ChargeRepair(dwelling, bill, costs):
            check_quoted(order, check_costs(costs))
            return [RepairCharged(dwelling, bill, costs)]
        case _:
            assert_never(command)


def _open(command: OpenWorkOrder, act: Act) -> Sequence[Event]:
    lift = command.category is Category.LIFT_TRAPPED
    refuse_if(lift and command.priority is not Priority.P0, "trapped_is_p0")  # INV-12
    opened = WorkOrderOpened(
        number=command.number,
        issue=command.issue,
        estate=command.estate,
        category=command.category,
        priority=command.priority,
        part=command.part,
        hours=command.hours,
        text=command.text,
        building=command.building,
        stairwell=command.stairwell,
        dwelling=command.dwelling,
        follows=command.follows,
    )
    accepted = [WorkOrderAccepted()] if command.accept and act.acting_as in STATION else []
    return [opened, _deadlines(command.priority, command.hours, act), *accepted]


def _deadlines(priority: Priority, hours: ServiceHours, act: Act) -> DeadlinesSet:
    promised = deadlines(priority, act.occurred_at, hours)
    return DeadlinesSet(promised.accept_by, promised.dispatch_by, promised.arrive_by, promised.fix_by)


def _resumed_deadlines(order: WorkOrder, act: Act) -> Sequence[Event]:
    """The service time that was left when the clock stopped is left when it starts again."""
    if order.fix_by is None or order.suspended_at is None:
        return []
    hours = hours_counted(order.priority, order.hours)
    if order.suspended_at >= order.fix_by:
        return []  # already late when it stopped: a pause heals nothing
    left = between(order.suspended_at, order.fix_by, hours)
    return [DeadlinesSet(fix_by=after(max(act.occurred_at, order.suspended_at), left, hours))]


def _change_priority(priority: Priority, reason: Personal, order: WorkOrder, act: Act) -> Sequence[Event]:
    """The promises of the other priority, as if it had held from the report on."""
    if priority is order.priority:
        return []
    refuse_if(order.persons_inside and priority is not Priority.P0, "persons_inside")  # INV-12
    lowered = order.priority is Priority.P0
    refuse_if(lowered and not order.emergency_answered, "emergency_first")
    refuse_if(order.stage is Stage.SUSPENDED, "stage", stage=order.stage)
    assert order.promised_at is not None
    promised = deadlines(priority, order.promised_at, order.hours)
    fix_by = _with_pauses(promised.fix_by, order, hours_counted(priority, order.hours))
    if order.fix_by is not None and _missed(order, act):
        fix_by = min(order.fix_by, fix_by or order.fix_by)  # INV-17: lowering is no way to extend what has passed
    set_again = DeadlinesSet(promised.accept_by, promised.dispatch_by, promised.arrive_by, fix_by)
    return [PriorityChanged(priority, reason), set_again]


def _missed(order: WorkOrder, act: Act) -> bool:
    """Whether a promise that could be kept had passed when this was told."""
    return order.fix_by is not None and order.fix_by_binds and act.recorded_at >= order.fix_by


def _with_pauses(fix_by: datetime | None, order: WorkOrder, hours: ServiceHours) -> datetime | None:
    """A pause granted under one priority is granted under every other."""
    stood = sum((between(start, end, hours) for start, end in order.pauses), timedelta(0))
    return after(fix_by, stood, hours) if fix_by is not None and stood else fix_by


def _extend(fix_by: datetime, reason: Personal, order: WorkOrder, act: Act) -> Sequence[Event]:
    """INV-17: before it passes, with a reason, at most twice."""
    if order.fix_by is None:
        raise Refusal("no_deadline")
    refuse_if(order.stage is Stage.SUSPENDED, "stage", stage=order.stage)
    refuse_if(act.recorded_at >= order.fix_by, "deadline_passed")
    refuse_if(order.extensions >= MOST_EXTENSIONS, "too_many_extensions", most=MOST_EXTENSIONS)
    refuse_if(fix_by <= order.fix_by, "not_later")
    refuse_if(fix_by > order.fix_by + timedelta(days=366), "too_far")
    return [DeadlineExtended(fix_by.astimezone(SHANGHAI), reason)]


def _offer_quote(command: OfferQuote, order: WorkOrder) -> Sequence[Event]:
    """INV-22: only what is the resident's own is paid for, and the price is known before the work begins."""
    refuse_if(order.part is not Part.PRIVATE, "quote_common")
    refuse_if(order.charged is not None, "repair_charged")
    _not_begun_for_nothing(order)
    costs = check_costs(RepairCosts(command.call_out, command.labour, command.material))
    return [QuoteOffered(costs, command.text)]


def _not_begun_for_nothing(order: WorkOrder) -> None:
    """INV-22: work that began without an agreed quote is free, also after it was opened again or given to others.

    Help by telephone is no beginning: who has to come after all may still quote before.
    """
    refuse_if(order.begun and order.quote is None, "quote_after_start")


def _quote_answered(order: WorkOrder) -> None:
    """INV-22: who was told a price has agreed to one before anybody goes on."""
    refuse_if(order.offered is not None, "quote_open")


def check_quoted(order: WorkOrder, costs: RepairCosts) -> None:
    """INV-22. Refuses ``quote_missing``, and ``over_quote`` for more than the resident agreed to."""
    if order.quote is None:
        raise Refusal("quote_missing")
    refuse_if(costs.total > order.quote.total, "over_quote", most=yuan(order.quote.total))


def _nobody_in_danger(order: WorkOrder) -> None:
    """INV-11, 12: no P0 waits or ends unfixed before help was called or the alarm was false, and everybody is out."""
    refuse_if(order.priority is Priority.P0 and not order.emergency_answered, "emergency_first")
    refuse_if(order.persons_inside, "persons_inside")


def evolve(order: WorkOrder, event: Event, act: Act) -> WorkOrder:
    match event:
        case WorkOrderOpened():
            return WorkOrder(
                stage=Stage.REPORTED,
                estate=event.estate,
                issue=event.issue,
                promised_at=act.occurred_at,
                category=event.category,
                priority=event.priority,
                part=event.part,
                hours=event.hours,
                owner=act.actor,
                desk=act.actor,
                persons_inside=event.category is Category.LIFT_TRAPPED,
            )
        case DeadlinesSet():
            ahead = event.fix_by is not None and act.recorded_at < event.fix_by
            return changed(order, fix_by=event.fix_by, fix_by_binds=ahead or _missed(order, act))
        case WorkOrderAccepted():
            return changed(order, stage=Stage.ACCEPTED, owner=act.actor, desk=act.actor)
        case WorkOrderRejected():
            return changed(order, stage=Stage.REJECTED)
        case WorkOrderReferred():
            return changed(order, stage=Stage.REFERRED, suspended_at=None)
        case WorkOrderCancelled():
            return changed(order, stage=Stage.CANCELLED)
        case WorkOrderDispatched(steward) | WorkOrderReassigned(steward):
            return changed(
                order,
                stage=Stage.DISPATCHED,
                steward=steward,
                owner=steward,
                desk=act.actor,
                arrived=False,
                suspended_at=None,
                pauses=_pauses(order, act),
            )
        case DispatchRecalled():
            return changed(order, stage=Stage.ACCEPTED, steward=None, owner=act.actor, desk=act.actor)
        case WorkOrderDeclined():
            return changed(order, stage=Stage.ACCEPTED, steward=None, owner=order.desk)
        case WorkOrderTaken():
            return changed(order, stage=Stage.TAKEN)
        case StewardArrived():
            return changed(order, stage=Stage.ON_SITE, arrived=True)
        case NoAccessReported():
            return changed(order, stage=Stage.TAKEN, arrived=False)
        case WorkStarted():
            return changed(order, stage=Stage.IN_PROGRESS, workers=order.workers | _steward_of(order), begun=True)
        case WorkSuspended():
            return changed(order, stage=Stage.SUSPENDED, suspended_at=_stopped(order, act))
        case WorkResumed():
            return changed(order, stage=Stage.IN_PROGRESS, suspended_at=None, pauses=_pauses(order, act))
        case ContactRefused():
            return changed(order, refused_contacts=order.refused_contacts + 1)
        case WorkCompleted():
            return changed(
                order,
                stage=Stage.COMPLETED,
                completed_at=act.occurred_at,
                workers=order.workers | {act.actor} | _steward_of(order),
                owner=order.desk,
            )
        case WorkVerified():
            return changed(order, stage=Stage.VERIFIED)
        case WorkRejectedByResident():
            return changed(order, stage=Stage.REWORK, refused_contacts=0, owner=order.steward)
        case FollowUpRecorded(reached):
            days = order.follow_up_days | {local_date(act.occurred_at)}
            return changed(order, stage=Stage.FOLLOWED_UP if reached else order.stage, follow_up_days=days)
        case SatisfactionRated(score):
            return changed(order, score=score)
        case WorkOrderClosed():
            return changed(order, stage=Stage.CLOSED, closed_at=act.recorded_at)
        case WorkOrderReopened():
            return changed(
                order,
                stage=Stage.ACCEPTED,
                promised_at=act.occurred_at,
                fix_by=None,
                pauses=(),
                owner=act.actor,
                desk=act.actor,
                steward=None,
                arrived=False,
                completed_at=None,
                closed_at=None,
                extensions=0,
                refused_contacts=0,
                follow_up_days=frozenset(),
                score=None,
                emergency_answered=False,
            )
        case PriorityChanged(priority):
            over = order.priority is Priority.P0  # the next emergency is answered anew; help called beforehand counts
            lift = priority is Priority.P0 and order.category in LIFTS
            return changed(
                order,
                priority=priority,
                emergency_answered=order.emergency_answered and not over,
                persons_inside=order.persons_inside or lift,
            )
        case DeadlineExtended(fix_by):
            return changed(order, fix_by=fix_by, extensions=order.extensions + 1)
        case EmergencyServiceCalled():
            return changed(order, emergency_answered=True)
        case FalseAlarmStated():
            return changed(order, emergency_answered=True, persons_inside=False)
        case PersonsReleased():
            return changed(order, persons_inside=False)
        case QuoteOffered(costs):
            return changed(order, offered=costs)
        case QuoteAccepted(costs):
            return changed(order, offered=None, quote=costs, agreed_at=order.agreed_at or act.occurred_at)
        case QuoteDeclined():
            return changed(order, offered=None)
        case RepairCharged(_, bill):
            return changed(order, charged=bill)
        case _:
            assert_never(event)


def _steward_of(order: WorkOrder) -> frozenset[UUID]:
    return frozenset() if order.steward is None else frozenset({order.steward})


def _stopped(order: WorkOrder, act: Act) -> datetime:
    """When the clock stops: not within an earlier pause, nor before a deadline that had passed when it was told."""
    told_late = order.fix_by is not None and act.recorded_at >= order.fix_by
    since = act.recorded_at if told_late else act.occurred_at
    return max(since, order.pauses[-1][1]) if order.pauses else since


def _pauses(order: WorkOrder, act: Act) -> tuple[tuple[datetime, datetime], ...]:
    """The pauses so far, with the one that ends now, if the clock stands."""
    stopped = order.suspended_at
    return order.pauses if stopped is None else (*order.pauses, (stopped, max(act.occurred_at, stopped)))


WORK_ORDER: Decider[Command, WorkOrder, Event] = Decider(
    name="WorkOrder",
    initial=WorkOrder(),
    decide=decide,
    evolve=evolve,
    commands=tuple(ALLOWED),
    events=Event.__args__,
)
