"""One file of any provider, read: the layouts known, then those that somebody chose columns for.

A table that cannot be read as it stands is no dead end: it is shown with what was understood of it, and why not more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.refusal import Refusal, reject_if
from services.reconciliation.formats import alipay, bank, funds, mapping, wechat
from services.reconciliation.formats.columns import Rows
from services.reconciliation.formats.entry import ProviderStatement
from services.reconciliation.formats.headings import hides_sides, recognised
from services.reconciliation.formats.mapping import Mapping
from services.reconciliation.formats.opening import Opened, cells_of, opened

# what no other choice of columns mends
_OF_THE_FILE = frozenset({"statement_too_long", "statement_serial_rounded", "statement_serial_twice"})


@dataclass(frozen=True, slots=True)
class Unknown:
    """A table that nobody can read yet: its rows, where its heading seems to stand, what its columns seem to be.

    ``wrong`` is why it was not read as it seemed, as a code with its facts.
    """

    rows: Rows
    head: int
    guess: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """A table that was read, with the columns that it was read by: somebody may know better."""

    statement: ProviderStatement
    rows: Rows
    head: int
    guess: dict[str, Any]


def read(file: bytes, known: Callable[[Sequence[str]], dict[str, Mapping]]) -> ProviderStatement | Unknown:
    """What a file says. Refuses what cannot be opened, does not add up, or holds no line."""
    found = understand(file, known)
    return found.statement if isinstance(found, Understood) else found


def understand(
    file: bytes, known: Callable[[Sequence[str]], dict[str, Mapping]]
) -> ProviderStatement | Understood | Unknown:
    """What a file says, with the table where it was read by its columns. Refuses what ``read`` refuses."""
    found = of_table(opened(file), known)
    if not isinstance(found, Unknown):
        _check_not_empty(found.statement if isinstance(found, Understood) else found)
    return found


def of_table(
    found: Opened, known: Callable[[Sequence[str]], dict[str, Mapping]]
) -> ProviderStatement | Understood | Unknown:
    statement = wechat.read(found) or alipay.read(found) or funds.read(found)
    if statement is not None:
        return statement
    rows = cells_of(found)
    chosen = mapping.remembered(rows, known)
    columns = chosen or recognised(rows)
    if columns is None:
        return Unknown(rows, *mapping.guess(rows))
    try:
        reject_if(chosen is None and hides_sides(rows, columns), "statement_sides")
        return Understood(bank.read(rows, columns), rows, columns.head, mapping.as_chosen(columns))
    except Refusal as refused:
        if refused.code in _OF_THE_FILE and chosen is None:
            raise
        return Unknown(rows, columns.head, mapping.as_chosen(columns), {"code": refused.code} | refused.facts)


def read_as(file: bytes, head: int, chosen: Mapping) -> ProviderStatement:
    """What a file says where its columns are these."""
    return of_rows(cells_of(opened(file)), head, chosen)


def of_rows(rows: Rows, head: int, chosen: Mapping) -> ProviderStatement:
    """What rows say where their columns are these. Refuses columns that are none, and what ``bank.read`` refuses."""
    reject_if(not mapping.NO_HEADING <= head < len(rows), "mapping_column")
    chosen.check(len(rows[head]) if head >= 0 else max(map(len, rows)))
    statement = bank.read(rows, chosen.columns(head))
    _check_not_empty(statement)
    return statement


def _check_not_empty(statement: ProviderStatement) -> None:
    reject_if(not statement.entries and not statement.void, "statement_empty")
