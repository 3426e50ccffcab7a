"""What is promised of an order and until when: set, resumed after a pause, changed with the priority, extended."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.calendar import SHANGHAI, ServiceHours, after, between
from domain.capacity import HEADS
from domain.cases.category import Priority
from domain.cases.service_level import Deadlines, Target, deadlines, hours_counted
from domain.cases.work_order.events import DeadlineExtended, DeadlinesSet, Event, PriorityChanged
from domain.cases.work_order.state import Stage, WorkOrder, missed
from domain.recorded import Act
from domain.refusal import Refusal, refuse_done, refuse_if, reject_if
from domain.told_late import counts_from
from domain.words import Personal

MOST_EXTENSIONS = 2


def deadlines_set(
    priority: Priority, hours: ServiceHours, since: datetime, targets: Sequence[Target] = ()
) -> DeadlinesSet:
    return _set(deadlines(priority, since, hours, targets))


def deadlines_resumed(order: WorkOrder, act: Act) -> Sequence[Event]:
    """The service time that was left when the clock stopped is left when it starts again."""
    if not order.stands or order.fix_by is None or order.suspended_at is None:
        return []
    return [DeadlinesSet(fix_by=_left_from(order.suspended_at, order.fix_by, order, act))]


def deadlines_returned(order: WorkOrder, act: Act) -> Sequence[Event]:
    """What others had did not wait for us: what was left when it was passed on is left now; what was late is late."""
    away, promised = order.away_since, order.deadlines
    if away is None:
        return []

    def moved(by: datetime | None) -> datetime | None:
        return by if by is None or away >= by else _left_from(away, by, order, act)

    again = Deadlines(*map(moved, _moments(promised)))
    return [] if again == promised else [_set(again)]


def _left_from(stopped: datetime, by: datetime, order: WorkOrder, act: Act) -> datetime:
    hours = hours_counted(order.priority, order.hours)
    return after(max(counts_from(act), stopped), between(stopped, by, hours), hours)


def priority_changed(priority: Priority, reason: Personal, order: WorkOrder, act: Act) -> Sequence[Event]:
    """The promises of the other priority, as if it had held from the report on.

    What would be late at once by a higher priority counts from the change, and is never later than it was before; by a
    lower one nothing is earlier. What has passed stays as it was (INV-17), and only a head takes a deadline away.
    """
    if priority is order.priority:
        return []
    refuse_if(order.persons_inside and priority is not Priority.P0, "persons_inside")  # INV-12
    refuse_if(order.priority is Priority.P0 and not order.emergency_answered, "emergency_first")
    refuse_if(order.stage is Stage.SUSPENDED, "stage", stage=order.stage)
    assert order.promised_at is not None
    promised = deadlines(priority, order.promised_at, order.hours, order.targets)
    hours, now = hours_counted(priority, order.hours), act.recorded_at
    wanted = [*_moments(promised)[:3], _with_pauses(promised.fix_by, order, hours)]
    before = _moments(order.deadlines)
    if priority.value < order.priority.value:
        anew = _moments(deadlines(priority, counts_from(act), order.hours, order.targets))
        wanted = [by if by is None or by > now else fresh for by, fresh in zip(wanted, anew, strict=True)]
        wanted = [_sooner(by, was) for by, was in zip(wanted, before, strict=True)]
    else:
        wanted = [by if by is None or was is None else max(by, was) for by, was in zip(wanted, before, strict=True)]
    binding = [was is not None and was <= now for was in before[:3]] + [missed(order, act)]
    kept = [_sooner(by, was) if held else by for by, was, held in zip(wanted, before, binding, strict=True)]
    removed = any(was is not None and by is None for by, was in zip(kept, before, strict=True))
    refuse_if(removed and act.acting_as not in HEADS, "head_removes_deadline")
    return [PriorityChanged(priority, reason), _set(Deadlines(*kept))]


def _sooner(by: datetime | None, was: datetime | None) -> datetime | None:
    return was if by is None else by if was is None else min(by, was)


def _moments(promised: Deadlines) -> Sequence[datetime | None]:
    return promised.accept_by, promised.dispatch_by, promised.arrive_by, promised.fix_by


def _set(promised: Deadlines) -> DeadlinesSet:
    return DeadlinesSet(*_moments(promised))


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
    refuse_done(order.extended if fix_by == order.fix_by else None, "deadline_extended")
    reject_if(fix_by <= order.fix_by, "not_later")
    reject_if(fix_by > order.fix_by + timedelta(days=366), "too_far")
    return [DeadlineExtended(fix_by.astimezone(SHANGHAI), reason)]
