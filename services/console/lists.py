"""Lists that are turned page by page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

SIZE = 40
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a list: ``rows``, and the numbers of the pages before and after it, if there are any."""

    rows: list[Any]
    before: int | None
    after: int | None


def sheet(found: list[Any], page: int) -> Sheet:
    """The page from ``SIZE + 1`` rows asked for: the one too many says that there is another page."""
    return Sheet(found[:SIZE], page - 1 if page > 1 else None, page + 1 if len(found) > SIZE else None)


def filled(page: int, rows_of: Callable[[int], list[T]]) -> tuple[int, list[T]]:
    """The page and its rows; where what was done on it has emptied it, the one before, else the first."""
    for number in dict.fromkeys((page, max(page - 1, 1))):
        if found := rows_of(number):
            return number, found
    return 1, rows_of(1)


def offset(page: int) -> int:
    """Rows before a page."""
    return (page - 1) * SIZE
