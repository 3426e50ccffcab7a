"""Lists that are turned page by page."""

from dataclasses import dataclass
from typing import Any

SIZE = 40


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a list: ``rows``, and the numbers of the pages before and after it, if there are any."""

    rows: list[Any]
    before: int | None
    after: int | None


def sheet(found: list[Any], page: int) -> Sheet:
    """The page from ``SIZE + 1`` rows asked for: the one too many says that there is another page."""
    return Sheet(found[:SIZE], page - 1 if page > 1 else None, page + 1 if len(found) > SIZE else None)


def offset(page: int) -> int:
    """Rows before a page."""
    return (page - 1) * SIZE
