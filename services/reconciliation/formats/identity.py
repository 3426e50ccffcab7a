"""Which numbers of a bank's file are no serials: such as only count its rows, or stand on two lines of one day."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from domain.refusal import Refusal
from domain.written.days import DayOrder
from services.reconciliation.formats.cells import moment, text
from services.reconciliation.formats.layouts import plain

_LONGEST_COUNT = 6  # digits of a number that may count rows


def doubtful_serials(
    rows: Sequence[Sequence[str]], column: int | None, day: int | None, order: DayOrder | None = None
) -> frozenset[str]:
    """Those of a column that tell no line from another, in the rows below the heading; ``day`` is where days stand."""
    if column is None or day is None:
        return frozenset()
    seen: dict[str, set[tuple[str, ...]]] = {}
    days: dict[str, set[date]] = {}
    said_so: list[str] = []
    for row in rows:
        said = text(row[column]) if column < len(row) else ""
        at = text(row[day]) if day < len(row) else ""
        if not said or (on := _day(at, order)) is None:
            continue
        said_so.append(said)
        seen.setdefault(said, set()).add(tuple(plain(cell) for cell in row))
        days.setdefault(said, set()).add(on)
    if _counts(said_so):
        return frozenset(said_so)
    return frozenset(said for said, those in seen.items() if len(those) > len(days[said]))


def _day(at: str, order: DayOrder | None) -> date | None:
    try:
        return moment(at, 0, order).date()
    except Refusal:  # no day, or one in two readings: who reads the row tells of it
        return None


def _counts(said: Sequence[str]) -> bool:
    """1, 2, 3, or from the last to the first: where a row stands in one download says nothing about another."""
    if not all(each.isdecimal() and len(each) <= _LONGEST_COUNT for each in said) or not said:
        return False
    numbers = [int(each) for each in said]
    steps = {after - before for before, after in pairwise(numbers)}
    return steps in ({1}, {-1}) or (not steps and numbers[0] == 1)
