"""Calendar months as they are written in figures and addresses: ``2026-11``."""

import re
from calendar import monthrange
from datetime import date

_WRITTEN = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


def month_of(day: date) -> str:
    """The month that a day lies in."""
    return f"{day.year:04d}-{day.month:02d}"


def is_month(written: str) -> bool:
    """Whether it is a month of this century, as written here."""
    return _WRITTEN.fullmatch(written) is not None


def first_day(month: str) -> date:
    """Its first day."""
    return date(int(month[:4]), int(month[5:]), 1)


def end_of(month: str) -> date:
    """The day after its last one."""
    return first_day(following(month))


def following(month: str, by: int = 1) -> str:
    """The month ``by`` months later, or earlier where that is below zero."""
    count = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def months_later(day: date, months: int) -> date:
    """The corresponding day so many months later, or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def anniversary(day: date, years: int) -> date:
    """The corresponding day so many years later, or the end of the month where there is none (CC 202)."""
    return months_later(day, 12 * years)
