"""What is told late of an order: it counts from when it was told, until a second person vouches for the stated time."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.calendar import is_before
from domain.cases.work_order.commands import (
    AcceptQuote,
    CallEmergencyService,
    ChangePriority,
    ChargeRepair,
    Command,
    ConfirmStatedTime,
    DeclineQuote,
    ExtendDeadline,
    OfferQuote,
    ProlongPause,
    RecordFollowUp,
    RecordPersonsReleased,
    StateFalseAlarm,
)
from domain.cases.work_order.events import (
    Event,
    FollowUpRecorded,
    StatedTimeConfirmed,
    StewardArrived,
    ToldLate,
    WorkCompleted,
    WorkOrderAccepted,
    WorkOrderBroughtBack,
    WorkOrderDispatched,
    WorkOrderReassigned,
    WorkOrderReferred,
    WorkResumed,
    WorkSuspended,
)
from domain.cases.work_order.state import Late, Stage, WorkOrder
from domain.cases.work_order.vocabulary import Counts
from domain.recorded import Act
from domain.refusal import Refusal, refuse_done, refuse_if, reject_if
from domain.told_late import is_told_late

COUNTING: Mapping[type[Any], Counts] = {
    WorkOrderAccepted: Counts.ACCEPT,
    WorkOrderDispatched: Counts.DISPATCH,
    WorkOrderReassigned: Counts.DISPATCH,
    StewardArrived: Counts.ARRIVE,
    WorkCompleted: Counts.FIX,
    WorkSuspended: Counts.PAUSE,
    WorkOrderReferred: Counts.PAUSE,
    WorkResumed: Counts.RESUME,
    WorkOrderBroughtBack: Counts.RESUME,
    FollowUpRecorded: Counts.FOLLOW_UP,
}


_BESIDE: frozenset[type[Any]] = frozenset(  # what may have happened before the order came to where it stands
    {
        AcceptQuote,
        CallEmergencyService,
        ChangePriority,
        ChargeRepair,
        ConfirmStatedTime,
        DeclineQuote,
        ExtendDeadline,
        OfferQuote,
        ProlongPause,
        RecordFollowUp,
        RecordPersonsReleased,
        StateFalseAlarm,
    }
)


def check_order_of_times(command: Command, order: WorkOrder, act: Act) -> None:
    """Nothing happened before it was reported, and no step before the one that it follows."""
    reported, last = order.promised_at, order.staged
    reject_if(reported is not None and is_before(act.occurred_at, reported), "before_report")
    if type(command) in (AcceptQuote, DeclineQuote) and order.offered_at is not None:
        reject_if(is_before(act.occurred_at, order.offered_at), "before_last_step")
    if last is not None and type(command) not in _BESIDE:
        reject_if(is_before(act.occurred_at, last.occurred_at), "before_last_step")


def told_late(events: Sequence[Event], order: WorkOrder, act: Act) -> Sequence[Event]:
    """The events, and which of them count from when they are told."""
    if not is_told_late(act):
        return events
    late = [COUNTING[type(each)] for each in events if type(each) in COUNTING]
    if order.stands and any(type(each) is WorkOrderReassigned for each in events):
        late.append(Counts.RESUME)  # handing it on ends the pause
    moot = Counts.PAUSE if order.stands else Counts.RESUME  # it stands already, or did not stand
    return [*events, *(ToldLate(of) for of in late if of is not moot)]


def time_confirmed(of: Counts, order: WorkOrder, act: Act) -> Sequence[Event]:
    """Neither whoever told it nor whoever did it vouches for it."""
    late = order.late(of)
    if late is None:
        raise Refusal("time_not_late")
    refuse_done(late.confirmed, "time_confirmed")
    refuse_if(act.actor in (late.told.actor, order.steward), "second_person_time")
    over = of is Counts.PAUSE and order.stage is not Stage.SUSPENDED
    refuse_if(over or of in (Counts.FOLLOW_UP, Counts.RESUME), "time_settled")  # what followed from it has happened
    return [StatedTimeConfirmed(of, late.told.occurred_at)]


def noted_late(order: WorkOrder, late: Late) -> tuple[Late, ...]:
    """What was told late with the newest of its kind."""
    return (*(each for each in order.told_late if each.of is not late.of), late)
