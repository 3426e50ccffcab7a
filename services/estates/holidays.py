"""Public holidays and swapped working days (调休) as the State Council has published them.

For years that are not published yet: weekends, and the holidays that stand on fixed days of the calendar.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import chinese_calendar  # type: ignore[import-untyped]
from chinese_calendar import constants

FIRST_YEAR: int = min(constants.holidays).year
LAST_YEAR: int = max(max(constants.holidays), max(constants.workdays)).year
_FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """The calendar of mainland China. Before ``FIRST_YEAR`` it knows no more than after ``LAST_YEAR``."""

    def works(self, day: date) -> bool:
        return _works(day)

    def published(self, day: date) -> bool:
        return FIRST_YEAR <= day.year <= LAST_YEAR

    def off(self, day: date) -> bool:
        if self.published(day):
            return day in constants.holidays or day in constants.in_lieu_days
        return (day.month, day.day) in _FIXED

    def swapped(self, day: date) -> bool:
        return self.published(day) and day in constants.workdays

    @property
    def known_until(self) -> date:
        return date(LAST_YEAR, 12, 31)


@lru_cache(maxsize=8192)
def _works(day: date) -> bool:
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5 and (day.month, day.day) not in _FIXED
