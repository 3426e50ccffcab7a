"""What is promised of an order and until when: set, resumed after a pause, changed with the priority, extended."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.calendar import SHANGHAI, ServiceHours, after, between
from domain.cases.category import Priority
from domain.cases.service_level import deadlines, hours_counted
from domain.cases.work_order.events import DeadlineExtended, DeadlinesSet, Event, PriorityChanged
from domain.cases.work_order.state import Stage, WorkOrder, missed
from domain.recorded import Act
from domain.refusal import Refusal, refuse_if, reject_if
from domain.words import Personal

MOST_EXTENSIONS = 2


def deadlines_set(priority: Priority, hours: ServiceHours, act: Act) -> DeadlinesSet:
    promised = deadlines(priority, act.occurred_at, hours)
    return DeadlinesSet(promised.accept_by, promised.dispatch_by, promised.arrive_by, promised.fix_by)


def deadlines_resumed(order: WorkOrder, act: Act) -> Sequence[Event]:
    """The service time that was left when the clock stopped is left when it starts again."""
    if order.fix_by is None or order.suspended_at is None:
        return []
    hours = hours_counted(order.priority, order.hours)
    if order.suspended_at >= order.fix_by:
        return []  # already late when it stopped: a pause heals nothing
    left = between(order.suspended_at, order.fix_by, hours)
    return [DeadlinesSet(fix_by=after(max(act.occurred_at, order.suspended_at), left, hours))]


def priority_changed(priority: Priority, reason: Personal, order: WorkOrder, act: Act) -> Sequence[Event]:
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
    if order.fix_by is not None and missed(order, act):
        fix_by = min(order.fix_by, fix_by or order.fix_by)  # INV-17: lowering is no way to extend what has passed
    set_again = DeadlinesSet(promised.accept_by, promised.dispatch_by, promised.arrive_by, fix_by)
    return [PriorityChanged(priority, reason), set_again]


def _with_pauses(fix_by: datetime | None, order: WorkOrder, hours: ServiceHours) -> datetime | None:
    """A pause granted under one priority is granted under every other."""
    stood = sum((between(start, end, hours) for start, end in order.pauses), timedelta(0))
    return after(fix_by, stood, hours) if fix_by is not None and stood else fix_by


def deadline_extended(fix_by: datetime, reason: Personal, order: WorkOrder, act: Act) -> Sequence[Event]:
    """INV-17: before it passes, with a reason, at most twice."""
    if order.fix_by is None:
        raise Refusal("no_deadline")
    refuse_if(order.stage is Stage.SUSPENDED, "stage", stage=order.stage)
    refuse_if(act.recorded_at >= order.fix_by, "deadline_passed")
    refuse_if(order.extensions >= MOST_EXTENSIONS, "too_many_extensions", most=MOST_EXTENSIONS)
    reject_if(fix_by <= order.fix_by, "not_later")
    reject_if(fix_by > order.fix_by + timedelta(days=366), "too_far")
    return [DeadlineExtended(fix_by.astimezone(SHANGHAI), reason)]
