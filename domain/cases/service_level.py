"""Targets per priority (domain dossier 4.2): by when an order is accepted, dispatched, attended and fixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.calendar import ROUND_THE_CLOCK, ServiceHours, after, end_of_next_day
from domain.cases.category import Priority


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Moments promised for one order; ``None`` where the priority promises none (planned work)."""

    accept_by: datetime | None = None
    dispatch_by: datetime | None = None
    arrive_by: datetime | None = None
    fix_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What a priority promises, in minutes of service time; ``next_day`` is an arrival by the end of the next day."""

    priority: Priority
    accept: int | None = None
    dispatch: int | None = None
    arrive: int | None = None
    fix: int | None = None
    next_day: bool = False


HOUSE: dict[Priority, Target] = {  # where a station has set none of its own
    each.priority: each
    for each in (
        Target(Priority.P0, 2, 3, 10, 2 * 60),
        Target(Priority.P1, 10, 15, 30, 24 * 60),
        Target(Priority.P2, 30, 60, 4 * 60, 24 * 60),
        Target(Priority.P3, 2 * 60, 4 * 60, None, 48 * 60, next_day=True),
        Target(Priority.P4, 8 * 60),
    )
}


def hours_counted(priority: Priority, station: ServiceHours) -> ServiceHours:
    """P0 and P1 count round the clock, everything else in the station's hours."""
    return ROUND_THE_CLOCK if priority in (Priority.P0, Priority.P1) else station


def target_of(priority: Priority, own: Sequence[Target] = ()) -> Target:
    """The station's own target of a priority, or the house's."""
    return next((each for each in own if each.priority is priority), HOUSE[priority])


def deadlines(priority: Priority, since: datetime, station: ServiceHours, own: Sequence[Target] = ()) -> Deadlines:
    """What is promised for an order of this priority reported at ``since``, by the station's ``own`` targets."""
    hours, target = hours_counted(priority, station), target_of(priority, own)

    def by(minutes: int | None) -> datetime | None:
        return None if minutes is None else after(since, timedelta(minutes=minutes), hours)

    next_day = end_of_next_day(since, hours) if target.next_day else None
    return Deadlines(by(target.accept), by(target.dispatch), next_day or by(target.arrive), by(target.fix))
