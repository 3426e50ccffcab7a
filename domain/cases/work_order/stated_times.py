"""What is told late of an order: it counts from when it was told, until a second person vouches for the stated time."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.cases.work_order.events import (
    Event,
    FollowUpRecorded,
    StatedTimeConfirmed,
    StewardArrived,
    ToldLate,
    WorkCompleted,
    WorkOrderAccepted,
    WorkOrderDispatched,
    WorkOrderReassigned,
    WorkSuspended,
)
from domain.cases.work_order.state import Late, Stage, WorkOrder
from domain.cases.work_order.vocabulary import Counts
from domain.recorded import Act
from domain.refusal import Refusal, refuse_done, refuse_if
from domain.told_late import is_told_late

COUNTING: Mapping[type[Any], Counts] = {
    WorkOrderAccepted: Counts.ACCEPT,
    WorkOrderDispatched: Counts.DISPATCH,
    WorkOrderReassigned: Counts.DISPATCH,
    StewardArrived: Counts.ARRIVE,
    WorkCompleted: Counts.FIX,
    WorkSuspended: Counts.PAUSE,
    FollowUpRecorded: Counts.FOLLOW_UP,
}


def told_late(events: Sequence[Event], act: Act) -> Sequence[Event]:
    """The events, and which of them count from when they are told."""
    if not is_told_late(act):
        return events
    return [*events, *(ToldLate(COUNTING[type(each)]) for each in events if type(each) in COUNTING)]


def time_confirmed(of: Counts, order: WorkOrder, act: Act) -> Sequence[Event]:
    """Neither whoever told it nor whoever did it vouches for it."""
    late = order.late(of)
    if late is None:
        raise Refusal("time_not_late")
    refuse_done(late.confirmed, "time_confirmed")
    refuse_if(act.actor in (late.told.actor, order.steward), "second_person_time")
    over = of is Counts.PAUSE and order.stage is not Stage.SUSPENDED
    refuse_if(over or of is Counts.FOLLOW_UP, "time_settled")  # what followed from it has happened
    return [StatedTimeConfirmed(of, late.told.occurred_at)]


def noted_late(order: WorkOrder, late: Late) -> tuple[Late, ...]:
    """What was told late with the newest of its kind."""
    return (*(each for each in order.told_late if each.of is not late.of), late)
