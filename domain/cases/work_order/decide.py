"""Which command is allowed in which stage, and what it brings about."""

from collections.abc import Sequence
from datetime import timedelta
from typing import assert_never

from domain.calendar import is_before
from domain.capacity import STATION, Capacity
from domain.cases.category import Category, Priority
from domain.cases.work_order.commands import (
    AcceptQuote,
    AcceptWorkOrder,
    BringBackWorkOrder,
    CallEmergencyService,
    CancelWorkOrder,
    ChangePriority,
    ChargeRepair,
    CloseWorkOrder,
    Command,
    CompleteWork,
    ConfirmStatedTime,
    DeclineQuote,
    DeclineWorkOrder,
    DispatchSteward,
    ExtendDeadline,
    HandOverWorkOrder,
    OfferQuote,
    OpenWorkOrder,
    ProlongPause,
    RateSatisfaction,
    ReassignSteward,
    RecallDispatch,
    RecordArrival,
    RecordContactRefused,
    RecordFollowUp,
    RecordPersonsReleased,
    ReferWorkOrder,
    RejectWork,
    RejectWorkOrder,
    ReopenWorkOrder,
    ReportNoAccess,
    ResumeWork,
    StartWork,
    StateFalseAlarm,
    SuspendWork,
    TakeWorkOrder,
    UndoAcceptance,
    VerifyWork,
    WithdrawWorkOrder,
)
from domain.cases.work_order.deadlines import (
    deadline_extended,
    deadlines_resumed,
    deadlines_returned,
    deadlines_set,
    priority_changed,
)
from domain.cases.work_order.events import (
    AcceptanceUndone,
    ContactRefused,
    DispatchRecalled,
    EmergencyServiceCalled,
    Event,
    FalseAlarmStated,
    FollowUpRecorded,
    NoAccessReported,
    PersonsReleased,
    QuoteAccepted,
    QuoteDeclined,
    RepairCharged,
    SatisfactionRated,
    StewardArrived,
    WorkCompleted,
    WorkOrderAccepted,
    WorkOrderBroughtBack,
    WorkOrderCancelled,
    WorkOrderClosed,
    WorkOrderDeclined,
    WorkOrderDispatched,
    WorkOrderHandedOver,
    WorkOrderOpened,
    WorkOrderReassigned,
    WorkOrderReferred,
    WorkOrderRejected,
    WorkOrderReopened,
    WorkOrderTaken,
    WorkOrderWithdrawn,
    WorkRejectedByResident,
    WorkResumed,
    WorkStarted,
    WorkVerified,
)
from domain.cases.work_order.evolve import evolve
from domain.cases.work_order.pauses import prolonged, suspended
from domain.cases.work_order.powers import POWERS
from domain.cases.work_order.quotes import check_quoted, not_begun_for_nothing, quote_answered, quote_offered
from domain.cases.work_order.state import DONE, OPEN, UNDER_WAY, Stage, WorkOrder
from domain.cases.work_order.stated_times import check_order_of_times, time_confirmed, told_late
from domain.decider import Decider
from domain.estates.place import Part
from domain.money.repair_costs import RepairCosts, check_costs
from domain.recorded import Act
from domain.refusal import Refusal, refuse_done, refuse_if, reject_if

REOPEN_WINDOW = timedelta(days=30)
CONTACTS_INSTEAD_OF_SIGN_OFF = 2
FOLLOW_UP_DAYS = 2


ALLOWED: dict[type[Command], frozenset[Stage]] = {
    OpenWorkOrder: frozenset({Stage.UNOPENED}),
    WithdrawWorkOrder: frozenset({Stage.REPORTED, Stage.ACCEPTED}),
    AcceptWorkOrder: frozenset({Stage.REPORTED}),
    UndoAcceptance: frozenset({Stage.ACCEPTED}),
    RejectWorkOrder: frozenset({Stage.REPORTED}),
    ReferWorkOrder: frozenset({Stage.REPORTED, Stage.ACCEPTED, Stage.ON_SITE, Stage.SUSPENDED}),
    CancelWorkOrder: frozenset({Stage.REPORTED, Stage.ACCEPTED, Stage.DISPATCHED}),
    DispatchSteward: frozenset({Stage.ACCEPTED}),
    RecallDispatch: frozenset({Stage.DISPATCHED}),
    TakeWorkOrder: frozenset({Stage.DISPATCHED}),
    DeclineWorkOrder: frozenset({Stage.DISPATCHED}),
    HandOverWorkOrder: UNDER_WAY,
    ReassignSteward: frozenset({Stage.DISPATCHED, Stage.TAKEN, Stage.REWORK, Stage.SUSPENDED}),
    RecordArrival: frozenset({Stage.TAKEN, Stage.IN_PROGRESS, Stage.REWORK}),  # after remote advice one may still go
    ReportNoAccess: frozenset({Stage.ON_SITE}),
    StartWork: frozenset({Stage.ON_SITE, Stage.REWORK}),
    SuspendWork: frozenset({Stage.IN_PROGRESS}),
    ProlongPause: frozenset({Stage.SUSPENDED}),
    ResumeWork: frozenset({Stage.SUSPENDED}),
    RecordContactRefused: frozenset({Stage.ON_SITE, Stage.IN_PROGRESS}),
    CompleteWork: frozenset({Stage.TAKEN, Stage.IN_PROGRESS}),
    VerifyWork: frozenset({Stage.COMPLETED}),
    RejectWork: frozenset({Stage.COMPLETED}),
    RecordFollowUp: frozenset({Stage.VERIFIED}),
    RateSatisfaction: frozenset({Stage.COMPLETED, Stage.VERIFIED, Stage.FOLLOWED_UP, Stage.CLOSED}),
    CloseWorkOrder: frozenset({Stage.VERIFIED, Stage.FOLLOWED_UP}),
    ReopenWorkOrder: frozenset({Stage.FOLLOWED_UP, Stage.CLOSED}),
    BringBackWorkOrder: frozenset({Stage.REFERRED, Stage.CANCELLED, Stage.REJECTED}),
    ChangePriority: OPEN,
    ExtendDeadline: OPEN,
    CallEmergencyService: OPEN,
    StateFalseAlarm: OPEN,
    RecordPersonsReleased: OPEN,
    OfferQuote: OPEN,
    AcceptQuote: OPEN,
    DeclineQuote: OPEN,
    ChargeRepair: DONE,
    ConfirmStatedTime: frozenset(Stage) - {Stage.UNOPENED},
}


def decide(command: Command, order: WorkOrder, act: Act) -> Sequence[Event]:
    """The rules of domain dossier 4.4 and INV-06, 11 to 18. A promise is judged by when it is told what was done."""
    return told_late(_decided(command, order, act), order, act)


def _decided(command: Command, order: WorkOrder, act: Act) -> Sequence[Event]:
    if order.stage not in ALLOWED[type(command)]:
        refuse_done(order.staged, "stage", stage=order.stage)
        raise Refusal("stage", stage=order.stage)
    check_order_of_times(command, order, act)
    not_yours = act.acting_as is Capacity.RED_STEWARD and act.actor != order.steward
    match command:
        case OpenWorkOrder():
            return _open(command, act)
        case WithdrawWorkOrder():
            refuse_if(order.touched, "order_touched")
            return [WorkOrderWithdrawn()]
        case AcceptWorkOrder():
            return [WorkOrderAccepted()]
        case UndoAcceptance():
            return [AcceptanceUndone()]
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
                refuse_done(order.staged if order.stage is Stage.DISPATCHED else None, "steward_same")
                raise Refusal("steward_same")
            return [WorkOrderReassigned(steward, reason), *deadlines_resumed(order, act)]
        case HandOverWorkOrder(steward, desk):
            already = steward in (None, order.steward) and desk in (None, order.desk)
            resumed = deadlines_resumed(order, act) if steward is not None else ()
            return [] if already else [WorkOrderHandedOver(steward, desk), *resumed]
        case RecordArrival():
            refuse_if(not_yours, "not_your_order")
            return [] if order.arrived else [StewardArrived()]
        case ReportNoAccess(note):
            refuse_if(not_yours, "not_your_order")
            return [NoAccessReported(note)]
        case StartWork():
            refuse_if(not_yours, "not_your_order")
            quote_answered(order)
            early = not order.begun and order.agreed_at is not None and is_before(act.occurred_at, order.agreed_at)
            reject_if(early, "start_before_quote")
            return [WorkStarted()]
        case SuspendWork():
            refuse_if(not_yours, "not_your_order")
            _nobody_in_danger(order)
            return [suspended(command, act)]
        case ProlongPause():
            refuse_if(not_yours, "not_your_order")
            return prolonged(command, order, act)
        case ResumeWork():
            refuse_if(not_yours, "not_your_order")
            quote_answered(order)
            return [WorkResumed(), *deadlines_resumed(order, act)]
        case RecordContactRefused(note):
            refuse_if(not_yours, "not_your_order")
            refuse_if(order.part is Part.COMMON, "no_sign_off_needed")
            return [ContactRefused(note)]
        case CompleteWork(summary, signed_off, remote_advice):
            refuse_if(not_yours, "not_your_order")
            refuse_if(not order.arrived and not remote_advice, "not_arrived")  # INV-13
            refuse_if(order.persons_inside, "persons_inside")
            quote_answered(order)
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
            reject_if(not 1 <= score <= 5, "score_out_of_range", lowest=1, highest=5)
            return [] if score == order.score else [SatisfactionRated(score)]
        case CloseWorkOrder():
            tried = order.stage is Stage.FOLLOWED_UP or len(order.follow_up_days) >= FOLLOW_UP_DAYS
            refuse_if(not tried, "follow_up_first")  # INV-15
            return [WorkOrderClosed()]
        case ReopenWorkOrder(reason):
            _within_window(order, act)
            promised = deadlines_set(order.priority, order.hours, act.occurred_at, order.targets)
            return [WorkOrderReopened(reason, order.hours, order.targets), promised]
        case BringBackWorkOrder(reason):
            _within_window(order, act)
            return [WorkOrderBroughtBack(reason), *deadlines_returned(order, act)]
        case ChangePriority(priority, reason):
            return priority_changed(priority, reason, order, act)
        case ExtendDeadline(fix_by, reason):
            return deadline_extended(fix_by, reason, order, act)
        case CallEmergencyService(service):
            return [EmergencyServiceCalled(service)]
        case StateFalseAlarm(reason):
            refuse_if(order.priority is not Priority.P0, "no_emergency")
            return [FalseAlarmStated(reason)]
        case RecordPersonsReleased():
            return [PersonsReleased()] if order.persons_inside else []
        case OfferQuote():
            refuse_if(not_yours, "not_your_order")
            return quote_offered(command, order)
        case AcceptQuote(consent):
            refuse_if(not_yours, "not_your_order")
            not_begun_for_nothing(order)
            return [QuoteAccepted(_offered(order), consent)]
        case DeclineQuote():
            refuse_if(not_yours, "not_your_order")
            return [QuoteDeclined(_offered(order))]
        case ChargeRepair(dwelling, bill, costs):
            check_quoted(order, check_costs(costs))
            return [RepairCharged(dwelling, bill, costs)]
        case ConfirmStatedTime(of):
            return time_confirmed(of, order, act)
        case _:
            assert_never(command)


def _open(command: OpenWorkOrder, act: Act) -> Sequence[Event]:
    lift = command.category is Category.LIFT_TRAPPED
    reject_if(lift and command.priority is not Priority.P0, "trapped_is_p0")  # INV-12
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
        reported_at=command.reported_at,
        targets=command.targets,
    )
    since = command.reported_at or act.occurred_at
    reject_if(is_before(act.occurred_at, since), "before_report")
    accepted = [WorkOrderAccepted()] if command.accept and act.acting_as in STATION else []
    return [opened, deadlines_set(command.priority, command.hours, since, command.targets), *accepted]


def _within_window(order: WorkOrder, act: Act) -> None:
    """INV-16: of what is closed, cancelled or rejected; what others had comes back whenever they send it."""
    late = order.closed_at is not None and act.recorded_at > order.closed_at + REOPEN_WINDOW
    refuse_if(late, "reopen_window_over", days=REOPEN_WINDOW.days)


def _offered(order: WorkOrder) -> RepairCosts:
    """What the resident has not answered yet."""
    if order.offered is None:
        refuse_done(order.answered, "quote_none")
        raise Refusal("quote_none")
    return order.offered


def _nobody_in_danger(order: WorkOrder) -> None:
    """INV-11, 12: no P0 waits or ends unfixed before help was called or the alarm was false, and everybody is out."""
    refuse_if(order.priority is Priority.P0 and not order.emergency_answered, "emergency_first")
    refuse_if(order.persons_inside, "persons_inside")


WORK_ORDER: Decider[Command, WorkOrder, Event] = Decider(
    name="WorkOrder",
    initial=WorkOrder(),
    decide=decide,
    evolve=evolve,
    commands=tuple(ALLOWED),
    events=Event.__args__,
    powers=POWERS,
)
