"""What is told of a file before it is begun: its table, sums that do not agree, lines in another currency."""

from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from services.log.not_found import NotFound
from services.product import Product
from services.reconciliation.files import StatementImports
from services.reconciliation.formats.entry import ProviderStatement, StatedSum
from services.reconciliation.formats.mapping import SHOWN
from services.reconciliation.previews import Table

_WIDEST = 120  # signs of a cell that are shown
_TOLD = 50  # differences and lines of a kind that are told one by one


@dataclass(frozen=True, slots=True)
class TableShape:
    """A file in an unknown layout: its first rows, and the row (from 0) that seems to be its heading.

    ``guess`` is what its columns seem to be, as they would be chosen; ``wrong`` why they were not read so: the code of
    a refusal with its facts, such as the line.
    """

    rows: list[list[str]]
    head: int
    guess: dict[str, int | list[int] | str | None]
    wrong: dict[str, int | str] | None


@dataclass(frozen=True, slots=True)
class SumDifferenceShape:
    """A sum that the file states and its lines do not come to, in fen or in lines."""

    of: StatedSum
    stated: int
    counted: int


@dataclass(frozen=True, slots=True)
class ForeignShape:
    """A line in another currency, with its amount as it was written: it is not taken over."""

    row: int
    currency: str
    written: str


def table_of(product: Product, id: UUID, head: int | None = None) -> TableShape:
    """The table of a bank's file that is not begun. Raises ``NotFound`` where there is none."""
    table = product.part(StatementImports).table(id, head)
    if table is None:
        raise NotFound
    return shape_of_table(table)


def shape_of_table(table: Table) -> TableShape:
    """Its first rows."""
    rows = [[each[:_WIDEST] for each in row] for row in table.rows[: max(table.head, 0) + SHOWN]]
    guess = {name: value.value if isinstance(value, Enum) else value for name, value in table.guess.items()}
    return TableShape(rows, table.head, guess, dict(table.wrong) if table.wrong else None)


def differences_of(statement: ProviderStatement) -> list[SumDifferenceShape]:
    """Its sums that do not agree."""
    return [SumDifferenceShape(each.of, each.stated, each.counted) for each in statement.differences[:_TOLD]]


def foreign_of(statement: ProviderStatement) -> list[ForeignShape]:
    """Its lines in another currency."""
    return [ForeignShape(each.row, each.currency, each.written) for each in statement.foreign[:_TOLD]]
