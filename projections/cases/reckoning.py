"""Service time of an order: used, stood still, and until little is left, for its card, its page and programs."""

from datetime import datetime, timedelta

from domain.calendar import after, between
from domain.cases.service_level import hours_counted
from domain.cases.work_order import WorkOrder

_SOON = timedelta(minutes=30)


def served(order: WorkOrder, until: datetime) -> timedelta:
    """Service time since the promise until then, without the pauses."""
    assert order.promised_at is not None
    hours = hours_counted(order.priority, order.hours)
    pauses = order.pauses
    if order.stopped is not None and order.stands:
        pauses = (*pauses, (order.stopped, until))
    stood = (between(start, min(end, until), hours) for start, end in pauses)
    return max(between(order.promised_at, until, hours) - sum(stood, timedelta(0)), timedelta(0))


def paused(order: WorkOrder) -> timedelta:
    """Service time for which the clock stood still in pauses that are over."""
    hours = hours_counted(order.priority, order.hours)
    return sum((between(start, end, hours) for start, end in order.pauses), timedelta(0))


def soon_below(whole: timedelta) -> timedelta:
    """How little is left of a promise of so much when it becomes soon: a quarter, half an hour at least."""
    return max(_SOON, whole / 4)


def soon_from(order: WorkOrder, by: datetime) -> datetime:
    """From when on little is left of what is due ``by``, as things stand."""
    assert order.promised_at is not None
    hours = hours_counted(order.priority, order.hours)
    since = order.pauses[-1][1] if order.pauses else order.promised_at
    left = between(since, by, hours)
    return after(since, max(left - soon_below(served(order, since) + left), timedelta(0)), hours)
