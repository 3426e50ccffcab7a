"""Periods of a report: a month as ``2026-11``, a quarter as ``2026-Q4``; by when things were recorded, in Shanghai."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from domain.calendar import SHANGHAI
from domain.months import end_of, first_day, following, is_month, month_of
from projections.trail.lines import Span
from services.log.not_found import NotFound

_QUARTER = re.compile(r"(20\d\d)-Q([1-4])")


@dataclass(frozen=True, slots=True)
class Period:
    """``name`` as it stands in addresses; ``first`` and ``last`` are its months."""

    name: str
    first: str
    last: str

    @property
    def is_quarter(self) -> bool:
        return self.first != self.last

    @property
    def span(self) -> Span:
        return Span(_midnight(first_day(self.first)), _midnight(end_of(self.last)))

    @property
    def before(self) -> "Period":
        """The period of the same length before it."""
        months = 3 if self.is_quarter else 1
        return _of_months(following(self.first, -months), months)

    @property
    def after(self) -> "Period":
        months = 3 if self.is_quarter else 1
        return _of_months(following(self.first, months), months)

    def begun(self, today: date) -> bool:
        return first_day(self.first) <= today


def month(today: date) -> Period:
    """The month of a day."""
    return _of_months(month_of(today), 1)


def quarter(today: date) -> Period:
    """The quarter of a day."""
    return _of_months(f"{today.year}-{(today.month - 1) // 3 * 3 + 1:02d}", 3)


def period(said: str, today: date) -> Period:
    """What an address names; the present month where it names none. Raises ``NotFound``, also for one to come."""
    if not said:
        return month(today)
    found = _QUARTER.fullmatch(said)
    if found:
        named = _of_months(f"{found[1]}-{int(found[2]) * 3 - 2:02d}", 3)
    elif is_month(said) and said >= "2000-01":
        named = _of_months(said, 1)
    else:
        raise NotFound
    if not named.begun(today):
        raise NotFound
    return named


def _of_months(first: str, months: int) -> Period:
    if months == 1:
        return Period(first, first, first)
    year, number = first.split("-")
    return Period(f"{year}-Q{int(number) // 3 + 1}", first, following(first, months - 1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), SHANGHAI)
