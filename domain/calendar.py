"""Service time: what counts towards a deadline, in Asia/Shanghai, between a station's opening and closing hour."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "+08:00")  # no daylight saving since 1991


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """Daily hours of a station, whole minutes after midnight; ``opens < closes <= 1440``."""

    opens: int = 8 * 60
    closes: int = 20 * 60

    @property
    def minutes_a_day(self) -> int:
        return self.closes - self.opens


ROUND_THE_CLOCK = ServiceHours(0, 24 * 60)


def after(start: datetime, span: timedelta, hours: ServiceHours) -> datetime:
    """The moment when ``span`` of service time has passed since ``start``."""
    moment, left = _opening(start.astimezone(SHANGHAI), hours), span
    while True:
        until = _at(moment.date(), hours.closes)
        if moment + left <= until:
            return moment + left
        left -= until - moment
        moment = _at(moment.date() + timedelta(days=1), hours.opens)


def between(start: datetime, end: datetime, hours: ServiceHours) -> timedelta:
    """Service time from ``start`` to ``end``; zero when ``end`` is not later."""
    start, end = start.astimezone(SHANGHAI), end.astimezone(SHANGHAI)
    if end <= start:
        return timedelta(0)
    first = _open_part(start.date(), start, end, hours)
    if start.date() == end.date():
        return first
    whole_days = (end.date() - start.date()).days - 1
    return first + timedelta(minutes=hours.minutes_a_day) * whole_days + _open_part(end.date(), start, end, hours)


def end_of_next_day(start: datetime, hours: ServiceHours) -> datetime:
    """Closing time of the day after ``start``."""
    return _at(start.astimezone(SHANGHAI).date() + timedelta(days=1), hours.closes)


def is_before(moment: datetime, other: datetime) -> bool:
    """Whether ``moment`` lies in an earlier minute: people write down times to the minute."""
    return moment < other.replace(second=0, microsecond=0)


def local_date(moment: datetime) -> date:
    """The calendar day in Shanghai."""
    return moment.astimezone(SHANGHAI).date()


def _opening(moment: datetime, hours: ServiceHours) -> datetime:
    """``moment``, or the next opening if the station is closed then."""
    opens, closes = _at(moment.date(), hours.opens), _at(moment.date(), hours.closes)
    if moment < opens:
        return opens
    return moment if moment < closes else _at(moment.date() + timedelta(days=1), hours.opens)


def _open_part(day: date, start: datetime, end: datetime, hours: ServiceHours) -> timedelta:
    since, until = max(start, _at(day, hours.opens)), min(end, _at(day, hours.closes))
    return max(until - since, timedelta(0))


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(0), SHANGHAI) + timedelta(minutes=minutes)
