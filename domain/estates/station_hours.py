"""The hours of a station: what may be set, and how they stand written out for a promise that is given by them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from domain.calendar import DAY, DaysApart, ServiceHours, Shift, Shifts
from domain.refusal import reject_if

MOST_SHIFTS = 6  # of one day
MOST_DAYS = 400  # apart
SHORTEST_WEEK = 60  # minutes: who is open for less keeps no promise within a year


class PublicDays(Protocol):
    """Public holidays and the working days they are swapped for."""

    def off(self, day: date) -> bool:
        """Whether it is a public holiday, or was made a day off for one; an ordinary weekend is not."""

    def swapped(self, day: date) -> bool:
        """Whether it is a day of the weekend on which people work for a day off elsewhere."""

    @property
    def known_until(self) -> date:
        """The last day for which this is published, and not only expected."""


def check_hours(hours: ServiceHours) -> None:
    """Reject ``station_hours``, ``station_week``, ``station_shifts``, ``station_never_open`` and ``station_days``."""
    reject_if(not 0 <= hours.opens < hours.closes <= DAY, "station_hours")
    reject_if(len(hours.week) not in (0, 7), "station_week")
    groups = [*hours.week, *(group.shifts for group in hours.apart), hours.holidays or ()]
    reject_if(not all(map(_in_order, groups)), "station_shifts", most=MOST_SHIFTS)
    open_for = sum(closes - opens for shifts in hours.week for opens, closes in shifts)
    reject_if(bool(hours.week) and open_for < SHORTEST_WEEK, "station_never_open", least=SHORTEST_WEEK)
    days = [day for group in hours.apart for day in group.days]
    reject_if(len(set(days)) < len(days) or len(days) > MOST_DAYS, "station_days", most=MOST_DAYS)
    reject_if(any(not 2000 <= day.year < 2200 for day in days), "station_days", most=MOST_DAYS)


def _in_order(shifts: Sequence[Shift]) -> bool:
    """Each begins on its day, lasts no longer than a day, and ends before the next one begins."""
    if len(shifts) > MOST_SHIFTS:
        return False
    alone = all(0 <= opens < DAY and opens < closes <= opens + DAY for opens, closes in shifts)
    return alone and all(one.closes <= other.opens for one, other in pairwise(shifts))


@lru_cache(maxsize=512)
def as_promised(hours: ServiceHours, calendar: PublicDays, since: date) -> ServiceHours:
    """The hours with everything that a promise given on ``since`` counts by, until the end of the year after.

    It stands on record with the promise: what the station changes later, and what is published later, changes neither.
    Of days that have passed only yesterday's are kept, whose night shift may go on.
    """
    first = since - timedelta(days=1)
    apart = {day: group.shifts for group in hours.apart for day in group.days if day >= first}
    if hours.holidays is not None:
        worked = next((shifts for shifts in hours.week[:5] if shifts), (Shift(hours.opens, hours.closes),))
        for number in range((date(since.year + 1, 12, 31) - first).days + 1):
            day = first + timedelta(days=number)
            if day in apart:
                continue
            if calendar.off(day):
                apart[day] = hours.holidays
            elif calendar.swapped(day):
                apart[day] = worked
    known = None if hours.holidays is None else calendar.known_until
    return replace(hours, holidays=None, apart=_grouped(apart), known_until=known)


def _grouped(apart: dict[date, Shifts]) -> tuple[DaysApart, ...]:
    """Days with the same shifts together, in the order of their first days."""
    groups: dict[Shifts, list[date]] = {}
    for day in sorted(apart):
        groups.setdefault(apart[day], []).append(day)
    return tuple(DaysApart(tuple(days), shifts) for shifts, days in groups.items())
