"""Service time: what counts towards a deadline, in Asia/Shanghai, while a station is open.

A station is open in shifts. A shift belongs to the day on which it begins and may last past midnight, so one of a night
is one piece: a day that is closed has no shift of its own, and yesterday's still ends in its morning.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

SHANGHAI = timezone(timedelta(hours=8), "+08:00")  # no daylight saving since 1991
DAY = 24 * 60  # minutes
_MINUTE = 60_000_000  # in microseconds, in which service time is counted
_FAR = date.max.toordinal() - 8  # no promise leads there


class Shift(NamedTuple):
    """Minutes after the midnight that its day begins with; ``closes`` beyond 1440 is on the day after."""

    opens: int
    closes: int


Shifts = tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class DaysApart:
    """Days unlike those of the pattern of the week, and what is open on them: nothing, if there are no shifts."""

    days: tuple[date, ...]
    shifts: Shifts = ()


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """When a station is open: ``opens`` to ``closes`` every day, unless ``week`` has the shifts of Monday to Sunday.

    ``holidays`` are the shifts of public holidays, which are as any other day where it is ``None``. ``apart`` are days
    with shifts of their own. Where the public holidays are written out in it, ``known_until`` is the last day for which
    they were published; what is counted beyond is provisional.
    """

    opens: int = 8 * 60
    closes: int = 20 * 60
    week: tuple[Shifts, ...] = ()
    holidays: Shifts | None = None
    apart: tuple[DaysApart, ...] = ()
    known_until: date | None = None

    @property
    def minutes_a_day(self) -> int:
        """What people of this station call a day: as long as most of its days."""
        return _reckoning(self).usual_day if self.week else self.closes - self.opens

    def provisional(self, moment: datetime) -> bool:
        """Whether public holidays that were not published may have moved it."""
        return self.known_until is not None and local_date(moment) > self.known_until


ROUND_THE_CLOCK = ServiceHours(0, DAY)


def after(start: datetime, span: timedelta, hours: ServiceHours) -> datetime:
    """The moment when ``span`` of service time has passed since ``start``; the next moment of service for none."""
    reckoning, local = _reckoning(hours), start.astimezone(SHANGHAI)
    served, wanted = reckoning.until(local), span // timedelta(microseconds=1)
    return reckoning.reached(local, served + wanted) if wanted > 0 else reckoning.next_service(local, served)


def between(start: datetime, end: datetime, hours: ServiceHours) -> timedelta:
    """Service time from ``start`` to ``end``; zero when ``end`` is not later."""
    if end <= start:
        return timedelta(0)
    reckoning = _reckoning(hours)
    served = reckoning.until(end.astimezone(SHANGHAI)) - reckoning.until(start.astimezone(SHANGHAI))
    return timedelta(microseconds=served)


def end_of_next_day(start: datetime, hours: ServiceHours) -> datetime:
    """When the last shift closes of the first day after ``start`` that has any."""
    reckoning, day = _reckoning(hours), start.astimezone(SHANGHAI).toordinal() + 1
    while not (shifts := reckoning.shifts(day)):
        day += 1
    return _at(date.fromordinal(day), max(shift.closes for shift in shifts))


def open_times(start: datetime, end: datetime, hours: ServiceHours) -> list[tuple[datetime, datetime]]:
    """From when to when the station is open between these moments."""
    reckoning = _reckoning(hours)
    found: list[tuple[datetime, datetime]] = []
    since, until = start.astimezone(SHANGHAI), end.astimezone(SHANGHAI)
    for ordinal in range(since.toordinal(), until.toordinal() + 1):
        day = date.fromordinal(ordinal)
        for opens, closes in reckoning.parts(ordinal):
            part = max(_at(day, opens), since), min(_at(day, closes), until)
            if part[0] < part[1]:
                if found and found[-1][1] == part[0]:
                    part = found.pop()[0], part[1]
                found.append(part)
    return found


def is_before(moment: datetime, other: datetime) -> bool:
    """Whether ``moment`` lies in an earlier minute: people write down times to the minute."""
    return moment < other.replace(second=0, microsecond=0)


def local_date(moment: datetime) -> date:
    """The calendar day in Shanghai."""
    return moment.astimezone(SHANGHAI).date()


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(0), SHANGHAI) + timedelta(minutes=minutes)


@lru_cache(maxsize=512)
def _reckoning(hours: ServiceHours) -> "_Reckoning":
    return _Reckoning(hours)


class _Reckoning:
    """The service time of certain hours since the year 1, in microseconds: whole weeks at once, and days apart."""

    def __init__(self, hours: ServiceHours) -> None:
        self._week = hours.week or ((Shift(hours.opens, hours.closes),),) * 7
        self._apart = {day.toordinal(): group.shifts for group in hours.apart for day in group.days}
        self._parts = [_joined(self._week[day], self._week[day - 1]) for day in range(7)]
        minutes = [_minutes(parts) for parts in self._parts]
        self._whole = sum(minutes)
        if not self._whole:
            raise ValueError("a station that is never open counts nothing")
        self._by_weekday = [sum(minutes[:day]) for day in range(7)]
        worked = [each for each in minutes if each]
        self.usual_day = max(sorted(set(worked), reverse=True), key=worked.count)
        touched = sorted({each for day in self._apart for each in (day, day + 1)})  # a night shift ends the day after
        self._touched = touched
        self._parts_apart = {day: _joined(self.shifts(day), self.shifts(day - 1)) for day in touched}
        self._more = [0]  # minutes by which the first so many days apart differ from the pattern, together
        for day in touched:
            self._more.append(self._more[-1] + _minutes(self._parts_apart[day]) - minutes[(day - 1) % 7])

    def shifts(self, ordinal: int) -> Shifts:
        """What begins on this day."""
        apart = self._apart.get(ordinal)
        return self._week[(ordinal - 1) % 7] if apart is None else apart

    def parts(self, ordinal: int) -> Sequence[Shift]:
        """When it is open between the midnights of this day."""
        return self._parts_apart.get(ordinal) or (
            () if ordinal in self._parts_apart else self._parts[(ordinal - 1) % 7]
        )

    def _before(self, ordinal: int) -> int:
        """All of the days before this one."""
        weeks, weekday = divmod(ordinal - 1, 7)
        minutes = weeks * self._whole + self._by_weekday[weekday]
        if self._touched:
            minutes += self._more[bisect_left(self._touched, ordinal)]
        return minutes * _MINUTE

    def until(self, local: datetime) -> int:
        """All of it up to a moment in Shanghai."""
        served, day = self._before(ordinal := local.toordinal()), _of_day(local)
        for opens, closes in self.parts(ordinal):
            if day > opens * _MINUTE:
                served += min(day, closes * _MINUTE) - opens * _MINUTE
        return served

    def reached(self, local: datetime, wanted: int) -> datetime:
        """The first moment from ``local`` on when it comes to ``wanted``."""
        ordinal = self._first_day(local.toordinal(), wanted)
        left = wanted - self._before(ordinal)
        for opens, closes in self.parts(ordinal):
            if left <= (closes - opens) * _MINUTE:
                return _at(date.fromordinal(ordinal), opens) + timedelta(microseconds=left)
            left -= (closes - opens) * _MINUTE
        raise AssertionError("the day has more service than its parts")

    def next_service(self, local: datetime, served: int) -> datetime:
        """``local``, or the next opening if it is closed then."""
        day = _of_day(local)
        for opens, closes in self.parts(local.toordinal()):
            if day < closes * _MINUTE:
                return local if day >= opens * _MINUTE else _at(local.date(), opens)
        ordinal = self._first_day(local.toordinal() + 1, served + 1)
        return _at(date.fromordinal(ordinal), self.parts(ordinal)[0].opens)

    def _first_day(self, low: int, wanted: int) -> int:
        """The first day from ``low`` on, by whose end it has come to ``wanted``."""
        high = low + 7
        while self._before(high + 1) < wanted:
            low, high = high, high + 2 * (high - low)
            if high > _FAR:
                raise OverflowError("a promise for after the end of the calendar")
        while low < high:
            middle = (low + high) // 2
            if self._before(middle + 1) < wanted:
                low = middle + 1
            else:
                high = middle
        return low


def _of_day(local: datetime) -> int:
    return ((local.hour * 60 + local.minute) * 60 + local.second) * 1_000_000 + local.microsecond


def _joined(own: Iterable[Shift], of_yesterday: Iterable[Shift]) -> tuple[Shift, ...]:
    """What is open of one day: its own shifts until midnight and the rest of those of the night before, each once."""
    pieces = [Shift(max(0, opens - DAY), closes - DAY) for opens, closes in of_yesterday if closes > DAY]
    pieces += [Shift(opens, min(closes, DAY)) for opens, closes in own]
    joined: list[Shift] = []
    for piece in sorted(pieces):
        if piece.opens >= min(piece.closes, DAY):
            continue
        if joined and piece.opens <= joined[-1].closes:
            joined[-1] = Shift(joined[-1].opens, max(joined[-1].closes, piece.closes))
        else:
            joined.append(piece)
    return tuple(joined)


def _minutes(parts: Iterable[Shift]) -> int:
    return sum(part.closes - part.opens for part in parts)
