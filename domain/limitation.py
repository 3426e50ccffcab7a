"""Limitation of claims (诉讼时效): the last day on which a debt may still be claimed (Civil Code 188 to 203).

Three years, counted from the day after the bill fell due or was last interrupted; the last day moves on to a working
day. Whoever has a calendar of public holidays lends it: the State Council publishes it year by year.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple, Protocol

YEARS = 3
_LONGEST_REST = 60  # no holiday lasts longer: a calendar without working days is a mistake


class WorkingDays(Protocol):
    """A calendar of working days, swapped ones included."""

    def works(self, day: date) -> bool:
        """Whether people work on this day."""

    def published(self, day: date) -> bool:
        """Whether the holidays of its year are published, and not only expected."""


class LastDay(NamedTuple):
    """The last day of a claim; ``provisional`` while days off that are not published yet may move it."""

    day: date
    provisional: bool


def anniversary(day: date, years: int = YEARS) -> date:
    """The corresponding day so many years later, or the end of the month where there is none (CC 202)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1) - timedelta(days=1)


def last_day(due: date, interrupted: Iterable[date], calendar: WorkingDays) -> LastDay:
    """The last day of a claim that fell ``due`` and was interrupted on these days, each giving it three years anew.

    An interruption before the due day, or after the claim has lapsed, changes nothing.
    """
    last = _rested(anniversary(due), calendar)
    for day in sorted(interrupted):
        if due <= day <= last.day:
            last = max(last, _rested(anniversary(day), calendar))
    return last


def _rested(end: date, calendar: WorkingDays) -> LastDay:
    """The first working day from ``end`` on: a period does not end on a holiday (CC 203)."""
    for ahead in range(_LONGEST_REST):
        day = end + timedelta(days=ahead)
        if calendar.works(day):
            return LastDay(day, not (calendar.published(end) and calendar.published(day)))
    raise ValueError(f"no working day within {_LONGEST_REST} days after {end}")
