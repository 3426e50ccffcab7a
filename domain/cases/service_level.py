"""Targets per priority (domain dossier 4.2): by when an order is accepted, dispatched, attended and fixed."""

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


_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_TARGETS: dict[Priority, tuple[timedelta, timedelta | None, timedelta | None, timedelta | None]] = {
    # accept, dispatch, on site, made safe or fixed
    Priority.P0: (2 * _MINUTE, 3 * _MINUTE, 10 * _MINUTE, 2 * _HOUR),
    Priority.P1: (10 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE, 24 * _HOUR),
    Priority.P2: (30 * _MINUTE, 1 * _HOUR, 4 * _HOUR, 24 * _HOUR),
    Priority.P3: (2 * _HOUR, 4 * _HOUR, None, 48 * _HOUR),
    Priority.P4: (8 * _HOUR, None, None, None),
}


def hours_counted(priority: Priority, station: ServiceHours) -> ServiceHours:
    """P0 and P1 count round the clock, everything else in the station's hours."""
    return ROUND_THE_CLOCK if priority in (Priority.P0, Priority.P1) else station


def deadlines(priority: Priority, since: datetime, station: ServiceHours) -> Deadlines:
    """What is promised for an order of this priority reported at ``since``."""
    hours = hours_counted(priority, station)

    def by(span: timedelta | None) -> datetime | None:
        return None if span is None else after(since, span, hours)

    accept, dispatch, arrive, fix = _TARGETS[priority]
    next_day = end_of_next_day(since, hours) if priority is Priority.P3 else None
    return Deadlines(by(accept), by(dispatch), next_day or by(arrive), by(fix))
