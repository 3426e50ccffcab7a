"""Reports on A4: any number of tables that foot, under one heading, to be signed. The month's closing is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.calendar import SHANGHAI
from domain.money.amount import yuan
from services.paper.press import pressed, said_in
from services.words.figures import full_date
from services.words.sentences import say


@dataclass(frozen=True, slots=True)
class Column:
    """``kind``: ``text``, ``money`` (fen) or ``count``."""

    heading: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Cells are texts in text columns, whole numbers elsewhere, ``None`` where there is nothing to say.

    ``total`` is a last row that stands apart; every money column named in it must be the sum of those above.
    """

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str | int | None, ...], ...]
    total: tuple[str | int | None, ...] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReportPaper:
    """``facts`` are names and values under the heading; ``signs`` who signs below; ``source`` what it foots to."""

    firm: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    signs: tuple[str, ...]
    source: str
    made_at: datetime


def reports(papers: Sequence[ReportPaper], language: str) -> bytes:
    """All of them as one PDF. Raises ``ValueError`` for none, or a money column that is not the sum of its rows."""
    if not papers:
        raise ValueError("no report to print")
    facts = [_facts(paper, language) for paper in papers]
    return pressed(
        "paper/report.typ", facts, {name: say(language, f"report-{name}") for name in said_in("paper/report.typ")}
    )


def _facts(paper: ReportPaper, language: str) -> dict[str, Any]:
    made = paper.made_at.astimezone(SHANGHAI)
    return {
        "firm": paper.firm,
        "title": paper.title,
        "subtitle": paper.subtitle,
        "facts": paper.facts,
        "tables": [_table(table) for table in paper.tables],
        "signs": paper.signs,
        "source": paper.source,
        "made": f"{full_date(language, made.date())} {made:%H:%M}",
    }


def _table(table: Table) -> dict[str, Any]:
    for place, column in enumerate(table.columns):
        total = table.total[place] if table.total else None
        if column.kind == "money" and total is not None and total != sum(int(row[place] or 0) for row in table.rows):
            raise ValueError(f"{table.heading}: {column.heading} does not add up")
    return {
        "heading": table.heading,
        "columns": [{"heading": column.heading, "figures": column.kind != "text"} for column in table.columns],
        "rows": [_cells(table, row) for row in table.rows],
        "total": _cells(table, table.total) if table.total else None,
        "note": table.note,
    }


def _cells(table: Table, row: Sequence[str | int | None]) -> list[str]:
    return [_cell(column, value) for column, value in zip(table.columns, row, strict=True)]


def _cell(column: Column, value: str | int | None) -> str:
    if value is None:
        return ""
    if column.kind == "text" or isinstance(value, str):
        return str(value)
    return yuan(value) if column.kind == "money" else f"{value:,}"
