"""The clock of a line in the notebook that waits: service time left or over until somebody has to deal with it."""

from datetime import datetime

from domain.calendar import ServiceHours, between
from domain.cases.service_level import hours_counted
from projections.cases.notebook import IssueLine
from projections.cases.order_clock import Clock


def line_hours(line: IssueLine) -> ServiceHours:
    """The hours that count for a line."""
    return hours_counted(line.state.priority, line.state.promise.hours)


def line_clock(line: IssueLine, now: datetime) -> Clock:
    """The clock of a line at ``now``; none once it does not wait any more."""
    by, soon = line.due, line.soon
    if by is None or soon is None:
        return Clock("none")
    hours = line_hours(line)
    whole, provisional = between(line.noted_at, by, hours), hours.provisional(by)
    if now >= by:
        return Clock("late", by, line.noted_at, between(by, now, hours), whole, 100, provisional)
    left = between(now, by, hours)
    share = min(100, int(100 * (whole - left) / whole)) if whole else 0
    return Clock("soon" if soon < now else "ok", by, line.noted_at, left, whole, share, provisional)
