"""One file of any provider, read: the layouts known, then those that somebody chose columns for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.refusal import reject_if
from services.reconciliation.formats import alipay, bank, mapping, wechat
from services.reconciliation.formats.bank import Rows
from services.reconciliation.formats.entry import ProviderStatement
from services.reconciliation.formats.mapping import Mapping
from services.reconciliation.formats.opening import Opened, cells_of, opened


@dataclass(frozen=True, slots=True)
class Unknown:
    """A table in no known layout: its first rows, and where its heading seems to stand."""

    rows: Rows
    head: int


def read(file: bytes, known: Callable[[Sequence[str]], dict[str, Mapping]]) -> ProviderStatement | Unknown:
    """What a file says. Refuses what cannot be opened, does not add up, or holds no line."""
    return _not_empty(of_table(opened(file), known))


def of_table(found: Opened, known: Callable[[Sequence[str]], dict[str, Mapping]]) -> ProviderStatement | Unknown:
    statement = wechat.read(found) or alipay.read(found)
    if statement is not None:
        return statement
    rows = cells_of(found)
    columns = mapping.remembered(rows, known) or bank.recognised(rows)
    return bank.read(rows, columns) if columns is not None else Unknown(rows, mapping.guessed_heading(rows))


def read_as(file: bytes, head: int, chosen: Mapping) -> ProviderStatement:
    """What a file says where its columns are these."""
    rows = cells_of(opened(file))
    reject_if(not 0 <= head < len(rows), "mapping_column")
    chosen.check(len(rows[head]))
    statement = _not_empty(bank.read(rows, chosen.columns(head)))
    assert isinstance(statement, ProviderStatement)
    return statement


def _not_empty(found: ProviderStatement | Unknown) -> ProviderStatement | Unknown:
    reject_if(isinstance(found, ProviderStatement) and not found.entries and not found.void, "statement_empty")
    return found
