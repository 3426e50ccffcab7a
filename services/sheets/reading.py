"""Sheets in, as people send them: CSV (UTF-8, UTF-16, GB18030), XLSX or XLS as rows of texts, within limits.

A cell is text and nothing else, also if it looks like a formula; of a formula counts what it showed last, and of one
that nobody has reckoned yet its own words. A workbook is unpacked and counted before anything reads it: neither what
it unpacks to nor how far apart its cells stand can fill the memory.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum, WorksheetNotFound

from domain.refusal import Rejection, reject_if
from services.sheets import older, separated
from services.sheets.damaged import Damaged, judged
from services.sheets.hidden import hidden_rows
from services.sheets.older import OlderSheet
from services.words.sentences import LANGUAGES, say

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an older workbook, or a newer one under a password
_NEEDED = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/[^/]+\.xml|xl/_rels/[^/]+\.rels|xl/worksheets/.+", re.I)
_MOST_PARTS = 2_000
_PIECE = 1 << 18
_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s/>])(?:[^>]{0,200}?\sr\s*=\s*[\"']([A-Za-z]{1,4})([0-9]{1,8})[\"'])?")
_ROW = re.compile(rb"<(?:\w+:)?row\s(?:[^>]{0,200}?\s)?r\s*=\s*[\"']([0-9]{1,8})[\"']")
_FORMULA = re.compile(
    rb"<((?:\w+:)?)c((?:\s[^<>]*)?)>\s*(<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>([^<]*)</(?:\w+:)?f>))\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ERROR = re.compile(rb"(<(?:\w+:)?c\s(?:[^<>]*\s)?)t\s*=\s*[\"']e[\"']")
_KIND = re.compile(rb"\st\s*=\s*[\"'](\w+)[\"']")
_DIGITS = 15  # of a number, as spreadsheets keep and show them
_BLANK = "\u200b\ufeff"  # invisible, and no blank to Python


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold at most: bytes as sent, bytes unpacked, rows, columns, and cells that say something."""

    size: int = 20_000_000
    unpacked: int = 200_000_000
    rows: int = 100_100
    columns: int = 100
    cells: int = 3_000_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells that were made one, from row and column to row and column, both included, counted from 0."""

    row: int
    column: int
    last_row: int
    last_column: int

    def holds(self, row: int, column: int) -> bool:
        return self.row <= row <= self.last_row and self.column <= column <= self.last_column


@dataclass(frozen=True, slots=True)
class SheetIn:
    """One sheet: texts by row and column, both from 0 and in the file's own count, without blanks around them.

    What was said in ``merged`` cells stands in the first of them; the others are empty. Rows may differ in length.
    """

    rows: Sequence[Sequence[str]]
    merged: Sequence[Merged] = ()
    name: str = ""
    hidden: frozenset[int] = frozenset()  # rows that the sheet does not show, hidden or filtered away


@dataclass(frozen=True, slots=True)
class Book:
    """All sheets that say something, and the names of those that are hidden and were not read."""

    sheets: Sequence[SheetIn]
    unread: Sequence[str] = ()


def is_workbook(file: bytes) -> bool:
    """Whether it is a workbook, of this kind or an older one, and no text."""
    return file.startswith((_ZIP, _OLE))


def read(file: bytes, limits: Limits = LIMITS) -> SheetIn:
    """The first sheet that says something.

    Refuses ``sheet_too_large``, ``sheet_older``, ``sheet_unreadable``, ``sheet_encoding``, ``sheet_quotes``,
    ``sheet_bomb``, ``sheet_too_long``, ``sheet_too_wide`` and ``sheet_empty``.
    """
    reject_if(len(file) > limits.size, "sheet_too_large", megabytes=limits.size // 1_000_000)
    sheet = _workbook(file, limits) if is_workbook(file) else _separated(file, limits)
    reject_if(not any(any(row) for row in sheet.rows), "sheet_empty")
    return sheet


def read_all(file: bytes, limits: Limits = LIMITS) -> Book:
    """Every sheet that says something. Refuses what ``read`` refuses; rows and cells are counted over all sheets."""
    reject_if(len(file) > limits.size, "sheet_too_large", megabytes=limits.size // 1_000_000)
    if not is_workbook(file):
        return Book([read(file, limits)])
    try:
        with judged():
            sheets, hidden = _all(file, limits)
    except Damaged:
        raise Rejection("sheet_unreadable") from None
    reject_if(sum(len(sheet.rows) for sheet, _ in sheets) > limits.rows, "sheet_too_long", most=limits.rows)
    seen = [replace(sheet, hidden=hidden.get(sheet.name, frozenset())) for sheet, visible in sheets if visible]
    reject_if(not seen, "sheet_empty")
    return Book(seen, [sheet.name for sheet, visible in sheets if not visible])


def _all(file: bytes, limits: Limits) -> tuple[list[tuple[SheetIn, bool]], Mapping[str, frozenset[int]]]:
    """Its sheets, and their hidden rows by name."""
    if file.startswith(_OLE):
        seen = older.looked_through(file, limits.cells)
        return _sheets(file, limits, seen), {name: frozenset(each.hidden) for name, each in seen.items()}
    unpacked = _unpacked(file, limits)
    return _sheets(unpacked, limits), hidden_rows(unpacked)


def _sheets(
    unpacked: bytes, limits: Limits, seen: Mapping[str, OlderSheet] | None = None
) -> list[tuple[SheetIn, bool]]:
    """The sheets that say something, each with whether the workbook shows it."""
    book, found = CalamineWorkbook.from_filelike(BytesIO(unpacked)), []
    for each in book.sheets_metadata:
        try:
            sheet = book.get_sheet_by_name(each.name)
        except WorksheetNotFound:  # a chart on a sheet of its own
            continue
        rows = _rows(sheet, limits, seen.get(each.name) if seen else None)
        if rows:
            merged = _merged(sheet.merged_cell_ranges or [])
            found.append((SheetIn(rows, merged, each.name), each.visible == SheetVisibleEnum.Visible))
    return found


def _rows(sheet: CalamineSheet, limits: Limits, seen: OlderSheet | None = None) -> list[list[str]]:
    rows = [list(map(_said, row)) for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), error in seen.errors.items() if seen else ():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = error
    return _without_end([_trimmed(row, limits) for row in rows])


def is_total(row: Sequence[str]) -> bool:
    """Whether a row adds up others: its first cell that says anything begins with a word for it."""
    first = "".join(next((cell for cell in row if cell), "").casefold().split())
    return first.startswith(_totals())


@cache
def _totals() -> tuple[str, ...]:
    said = [word for language in LANGUAGES for word in say(language, "sheet-totals").split("/")]
    return tuple("".join(word.casefold().split()) for word in said)


# -- separated values ----------------------------------------------------------------------------------------------


def _separated(file: bytes, limits: Limits) -> SheetIn:
    found: list[list[str]] = []
    cells = 0
    for count, row in enumerate(separated.rows(separated.decoded(file)), 1):
        found.append(_trimmed(row, limits))
        cells += len(found[-1])
        reject_if(count > limits.rows and bool(found[-1]), "sheet_too_long", most=limits.rows)
        reject_if(cells > limits.cells, "sheet_bomb")
        if count > limits.rows:
            found.pop()
    return SheetIn(_without_end(found))


# -- workbooks -------------------------------------------------------------------------------------------------------


def _workbook(file: bytes, limits: Limits) -> SheetIn:
    try:
        with judged():
            return _first_sheet(file, limits)
    except Damaged:
        raise Rejection("sheet_unreadable") from None


def _first_sheet(file: bytes, limits: Limits) -> SheetIn:
    if file.startswith(_OLE):
        shown = [sheet for sheet, visible in _all(file, limits)[0] if visible]
        reject_if(not shown, "sheet_empty")
        reject_if(len(shown[0].rows) > limits.rows, "sheet_too_long", most=limits.rows)
        return replace(shown[0], name="")
    book = CalamineWorkbook.from_filelike(BytesIO(_unpacked(file, limits)))
    names = [each.name for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
    for name in names:
        sheet = book.get_sheet_by_name(name)
        rows = _rows(sheet, limits)
        if rows:
            reject_if(len(rows) > limits.rows, "sheet_too_long", most=limits.rows)
            return SheetIn(rows, _merged(sheet.merged_cell_ranges or []))
    raise Rejection("sheet_empty")


def _merged(ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> list[Merged]:
    return [Merged(*first, *last) for first, last in ranges]


def _unpacked(file: bytes, limits: Limits) -> bytes:
    """The same workbook as it stands unpacked, with nothing in it but what was counted.

    What an archive says about its own sizes may be a lie; what comes out of it is not.
    """
    out = BytesIO()
    left = limits.unpacked
    with ZipFile(BytesIO(file)) as packed, ZipFile(out, "w", ZIP_STORED) as plain:
        parts = packed.infolist()
        reject_if(len(parts) > _MOST_PARTS, "sheet_bomb")
        reject_if(sum(part.file_size for part in parts) > limits.unpacked, "sheet_bomb")
        reject_if(not any(part.filename.lower() == "xl/workbook.xml" for part in parts), "sheet_unreadable")
        for part in parts:
            if part.is_dir() or not _NEEDED.fullmatch(part.filename):
                continue
            contents = _contents(packed, part, left)
            left -= len(contents)
            if part.filename.lower().startswith("xl/worksheets/") and part.filename.lower().endswith(".xml"):
                _check_extent(contents, limits)
                contents = _told(contents)
            plain.writestr(part.filename, contents)
    return out.getvalue()


def _contents(packed: ZipFile, part: ZipInfo, most: int) -> bytes:
    pieces, length = [], 0
    with packed.open(part) as opened:
        while piece := opened.read(_PIECE):
            length += len(piece)
            reject_if(length > most, "sheet_bomb")
            pieces.append(piece)
    return b"".join(pieces)


def _check_extent(sheet: bytes, limits: Limits) -> None:
    """Cells count by where they stand, too: two at opposite corners would be read as all that lies between."""
    reject_if(b"<!DOCTYPE" in sheet or b"<!ENTITY" in sheet, "sheet_unreadable")
    last_row = last_column = cells = unplaced = 0
    for found in _CELL.finditer(sheet):
        cells += 1
        if found[1] is None:
            unplaced += 1
        else:
            last_column = max(last_column, _number(found[1]))
            last_row = max(last_row, int(found[2]))
    if unplaced:  # they stand in the row that holds them, one after the other
        last_row = max((int(row[1]) for row in _ROW.finditer(sheet)), default=last_row)
        last_column = max(last_column, min(unplaced, 1 << 14))
    reject_if(cells > limits.cells or last_row * last_column > 2 * limits.cells, "sheet_bomb")


def _told(sheet: bytes) -> bytes:
    """Errors as the words that a cell shows, and a formula that was never reckoned as its own words: a number that is
    not there must not read as none.
    """
    return _FORMULA.sub(_formula, _ERROR.sub(rb'\1t="str"', sheet))


def _formula(cell: "re.Match[bytes]") -> bytes:
    prefix, attributes, formula, words = cell[1], cell[2], cell[3], cell[4] or b""
    kind = _KIND.search(attributes)
    if kind is not None and kind[1] == b"str":  # it shows nothing, and that is what it says
        return cell[0]
    plain = _KIND.sub(b"", attributes)
    return b'<%bc%b t="str">%b<%bv>=%b</%bv></%bc>' % (prefix, plain, formula, prefix, words, prefix, prefix)


def _number(letters: bytes) -> int:
    """A, B, …, Z, AA: 1, 2, …, 26, 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _said(cell: object) -> str:
    """What a cell shows: whole numbers without a point, days and times as ISO 8601 has them."""
    match cell:
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case int():
            return str(cell)
        case float():
            return _digits(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
    return ""


def _digits(number: float) -> str:
    """A number as a sheet shows it; one that is longer than it keeps digits for reads as 4.2E+27, not as an id."""
    if number.is_integer() and abs(number) < 10**_DIGITS:
        return str(int(number))
    text = f"{number:.{_DIGITS}g}"
    if "e-" in text:
        return f"{number:.20f}".rstrip("0").rstrip(".")
    return text.upper()


# -- both ------------------------------------------------------------------------------------------------------------


def _trimmed(cells: Iterable[str], limits: Limits) -> list[str]:
    row = [cell.strip().strip(_BLANK).strip() for cell in cells]
    while row and not row[-1]:
        row.pop()
    reject_if(len(row) > limits.columns, "sheet_too_wide", most=limits.columns)
    return row


def _without_end(rows: list[list[str]]) -> list[list[str]]:
    while rows and not rows[-1]:
        rows.pop()
    return rows
