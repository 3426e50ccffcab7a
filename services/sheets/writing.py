"""Sheets out, as XLSX or CSV: texts stay texts, whatever they begin with, and amounts are numbers to the fen."""

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from io import BytesIO, StringIO

import xlsxwriter  # type: ignore[import-untyped]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet may take a text for that begins so
_NO_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))

Cell = str | int | date | None


class Kind(Enum):
    """What stands in a column: ``MONEY`` takes fen and shows yuan."""

    TEXT = "TEXT"
    MONEY = "MONEY"
    COUNT = "COUNT"
    DATE = "DATE"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """``width`` in characters."""

    heading: str
    kind: Kind = Kind.TEXT
    width: int = 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows may be a generator; they are read once."""

    name: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[Cell]]
    total: Sequence[Cell] | None = None


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """An XLSX file with these sheets, written row by row; no cell of it is a formula or a link."""
    out = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        plain = {Kind.MONEY: {"num_format": "#,##0.00"}, Kind.COUNT: {"num_format": "#,##0"}}
        plain |= {Kind.DATE: {"num_format": "yyyy-mm-dd"}, Kind.TEXT: {"num_format": "@"}}
        formats = {kind: book.add_format(look) for kind, look in plain.items()}
        totals = {kind: book.add_format(look | {"bold": True, "top": 1}) for kind, look in plain.items()}
        for sheet in sheets:
            page = book.add_worksheet(sheet.name.translate(_NO_NAME)[:31])
            for place, column in enumerate(sheet.columns):
                page.set_column(place, place, column.width)
            page.freeze_panes(1, 0)
            for place, column in enumerate(sheet.columns):
                page.write_string(0, place, column.heading, bold)
            row = 0
            for row, cells in enumerate(sheet.rows, 1):
                _write(page, row, sheet.columns, cells, formats)
            if sheet.total is not None:
                _write(page, row + 1, sheet.columns, sheet.total, totals)
    return out.getvalue()


def _write(
    page: "xlsxwriter.worksheet.Worksheet",
    row: int,
    columns: Sequence[SheetColumn],
    cells: Sequence[Cell],
    formats: "dict[Kind, xlsxwriter.format.Format]",
) -> None:
    for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        look = formats[column.kind]
        match column.kind, cell:
            case _, None:
                page.write_blank(row, place, None, look)
            case Kind.MONEY, int():
                page.write_number(row, place, Decimal(cell) / 100, look)
            case Kind.COUNT, int():
                page.write_number(row, place, cell, look)
            case Kind.DATE, date():
                page.write_datetime(row, place, cell, look)
            case _:
                page.write_string(row, place, str(cell), look)


def csv_file(sheet: Sheet) -> bytes:
    """A CSV file in UTF-8 with the mark by which Excel knows it. Texts that would be formulas get a quote before."""
    out = StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow([_plain(column.heading) for column in sheet.columns])
    for cells in (*sheet.rows, *([sheet.total] if sheet.total is not None else [])):
        writer.writerow([_said(column.kind, cell) for column, cell in zip(sheet.columns, cells, strict=True)])
    return out.getvalue().encode("utf-8", "replace")


def _said(kind: Kind, cell: Cell) -> str:
    if cell is None:
        return ""
    if kind is Kind.MONEY and isinstance(cell, int):
        return f"{'-' if cell < 0 else ''}{abs(cell) // 100}.{abs(cell) % 100:02d}"
    return str(cell) if isinstance(cell, int | date) else _plain(cell)


def _plain(text: str) -> str:
    first = unicodedata.normalize("NFKC", text[:1])  # some take the full-width signs for the same
    return f"'{text}" if first.startswith(_FORMULA) else text
