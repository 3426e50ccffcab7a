"""Amounts, days and periods as they are written: alike on pages and on papers, one form for each kind.

A day in a list or beside a figure is ``2026-12-30``, in a sentence on paper it has the words of its language; what a
bill is for is told by its months, ``2026.01–2026.12``.
"""

from datetime import date, timedelta
from functools import lru_cache

from services.words.sentences import say

_SIGN = chr(0xA5)  # the yuan sign
_MINUS = chr(0x2212)


def shown(fen: int) -> str:
    """The amount as it is read: ``¥1,234.56``, below zero with a minus before it."""
    return f"{_MINUS if fen < 0 else ''}{_SIGN}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def day(on: date) -> str:
    """A day as it stands in a list or beside a figure, whatever the language."""
    return f"{on:%Y-%m-%d}"


def period(since: date, until: date) -> str:
    """The days before ``until``: whole months as ``2026.01–2026.12``, else first and last day, one day alone."""
    last = until - timedelta(days=1)
    if since >= last:
        return day(since)
    if since.day == 1 and until.day == 1:
        months = (f"{since:%Y.%m}", f"{last:%Y.%m}")
        return "–".join(dict.fromkeys(months))
    return f"{day(since)} – {day(last)}"


@lru_cache(maxsize=4096)
def full_date(language: str, on: date) -> str:
    """A day with its year in words, as a sentence on paper has it: ``24 Nov 2026``."""
    month = say(language, f"month-{on.month}")
    return say(language, "date-other-year", year=str(on.year), month=month, day=str(on.day))


def decimal(number: int, places: int) -> str:
    """An integer of so many decimal places, with two of them at the least."""
    whole, rest = divmod(number, 10**places)
    return f"{whole}.{f'{rest:0{places}d}'.rstrip('0').ljust(2, '0')}"
