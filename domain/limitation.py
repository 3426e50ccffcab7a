"""Limitation of claims (诉讼时效): the last day on which a debt may still be claimed (Civil Code 188 to 203).

Three years, counted from the day after the bill fell due or was last interrupted, and never beyond twenty years after
it fell due; the last day moves on to a working day. Whoever has a calendar of public holidays lends it: the State
Council publishes it year by year. What only lengthens a period and is proven before a court, such as an obstacle in
its last six months (CC 194) or how long a suit lasted, is left out: no date told here is later than the law's.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple, Protocol

YEARS = 3
MOST_YEARS = 20  # no interruption leads beyond
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


def counted_from(due: date, interrupted: Iterable[date], calendar: WorkingDays) -> date:
    """The day after which the last three years run: the due day, or the last interruption that gave it them anew.

    An interruption before the due day, or after the claim has lapsed, changes nothing.
    """
    since = due
    for day in sorted(interrupted):
        if since <= day <= _rested(anniversary(since), calendar).day:
            since = day
    return since


def last_day(due: date, interrupted: Iterable[date], calendar: WorkingDays) -> LastDay:
    """The last day of a claim that fell ``due`` and was interrupted on these days."""
    last = _rested(anniversary(counted_from(due, interrupted, calendar)), calendar)
    return min(last, _rested(anniversary(due, MOST_YEARS), calendar))


def _rested(end: date, calendar: WorkingDays) -> LastDay:
    """The first working day from ``end`` on: a period does not end on a holiday (CC 203)."""
    for ahead in range(_LONGEST_REST):
        day = end + timedelta(days=ahead)
        if calendar.works(day):
            return LastDay(day, not (calendar.published(end) and calendar.published(day)))
    raise ValueError(f"no working day within {_LONGEST_REST} days after {end}")
