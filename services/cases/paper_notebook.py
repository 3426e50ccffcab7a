"""A paper notebook that somebody typed off: CSV or XLSX in, lines of the notebook out, and what is wrong per line.

UTF-8 with or without a mark, or GB18030; commas, semicolons or tabs. A cell is text and nothing else, also if it looks
like a formula. What a column is called stands with the words of both languages.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from io import StringIO
from time import sleep

from domain.cases.issue import ISSUE, AdviceGiven, Channel, GiveAdvice, Issue, IssueNoted, NoteIssue
from domain.cases.line_promise import LinePromise
from domain.cases.notebook_import import MOST_LINES
from domain.estates.estate import Estate
from domain.recorded import Act
from domain.refusal import Refusal, Rejection, reject_if
from domain.typed import tidy
from domain.words import TEXT_LENGTH
from domain.written.days import moment
from domain.written.phones import phone
from services.cases import contacts
from services.cases.danger import danger_in
from services.cases.promising import kept_hours
from services.commands.findings import Findings, Wrong
from services.commands.plan import CLOCK_SKEW, EARLIEST
from services.sheets import reading as spreadsheet
from services.sheets.lines import LINE, SHEET, Aside, aside, lines_of, rows_of_all
from services.words.sentences import LANGUAGES, say

LARGEST_FILE = 5_000_000  # bytes
COLUMNS = ("date", "text", "building", "stairwell", "dwelling", "reporter", "phone", "channel", "result")
NEEDED = ("date", "text")
_HEADING_WITHIN = 20  # rows of a sheet: before it may stand a title
_BREATH = 32  # lines, then others get their turn

Rows = list[dict[str, str]]  # cells by column, empty ones left out


@dataclass(frozen=True, slots=True)
class NotebookLine:
    """One line of the notebook as it will be noted. ``number`` is the file's, the heading being 1."""

    number: int
    at: datetime
    note: NoteIssue
    result: str | None

    def events(self, number: str, act: Act) -> list[IssueNoted | AdviceGiven]:
        """What happened, under the number that was drawn; what came of it was said then, too."""
        noted = ISSUE.consider(replace(self.note, number=number), Issue(), act)
        if self.result is None:
            return [*noted]  # type: ignore[list-item]
        state = ISSUE.fold([(event, act) for event in noted])
        return [*noted, *ISSUE.consider(GiveAdvice(self.result), state, act)]  # type: ignore[list-item]


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was understood: lines in the order of the file, ``good`` of them, and what is wrong."""

    lines: Sequence[NotebookLine]
    good: int
    wrongs: Findings
    aside: Aside = field(default_factory=Aside)


def rows_of(file: bytes) -> Rows:
    """The cells by column. Refuses what is no such file as a whole: ``import_too_large``, ``import_unreadable``,
    ``import_columns``, ``import_unknown_column``, ``import_empty``, ``import_too_long``.
    """
    reject_if(len(file) > LARGEST_FILE, "import_too_large", megabytes=LARGEST_FILE // 1_000_000)
    if spreadsheet.is_workbook(file):
        rows = rows_of_all(spreadsheet.read_all(file), _rows_of_sheet, "import_columns", "import_empty")
        reject_if(len(rows) > MOST_LINES + 1, "import_too_long", most=MOST_LINES)
        return rows
    return _rows_of_text(file)


def _rows_of_sheet(sheet: spreadsheet.SheetIn) -> Rows:
    """The lines of one sheet of a workbook; before its heading may stand a title."""
    heading = next((at for at, cells in enumerate(sheet.rows[:_HEADING_WITHIN]) if _is_heading(cells)), None)
    if heading is None:
        raise Rejection("import_columns")
    columns = _columns(sheet.rows[heading])
    rows: Rows = []
    for place, cells in enumerate(sheet.rows[heading + 1 :], heading + 2):
        reject_if(any(cells[len(columns) :]), "import_too_many_cells", line=place)
        row = {name: said for name, cell in zip(columns, cells, strict=False) if (said := tidy(cell)).strip()}
        if row:
            rows.append(row | {LINE: str(place)})
    reject_if(not rows, "import_empty")
    return rows


def _is_heading(cells: Sequence[str]) -> bool:
    said = {_known_columns().get(cell.strip().casefold()) for cell in cells}
    return said.issuperset(NEEDED)


@cache
def _known_columns() -> dict[str, str]:
    return {name.casefold(): column for language in LANGUAGES for column in COLUMNS for name in names(language, column)}


def _rows_of_text(file: bytes) -> Rows:
    """The lines of a text file."""
    text = _decoded(file)
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    rows: Rows = []
    columns: list[str] | None = None
    count = 0
    try:
        for count, cells in enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            if columns is None:
                columns = _columns(cells)
                continue
            reject_if(len(rows) >= MOST_LINES and any(cells), "import_too_long", most=MOST_LINES)
            reject_if(any(cells[len(columns) :]), "import_too_many_cells", line=count)
            rows.append(
                {name: said for name, cell in zip(columns, cells, strict=False) if (said := tidy(cell)).strip()}
            )
    except csv.Error:  # a quotation mark that is not closed, most often
        raise Rejection("import_quotes", line=count + 1) from None
    while rows and not rows[-1]:
        rows.pop()
    reject_if(not any(rows), "import_empty")
    return rows


def read(rows: Rows, estate: str, grounds: Estate, act: Act) -> Reading:
    """Every line tried as it will be noted, by the rules of a line that is noted today."""
    lines: list[NotebookLine] = []
    wrongs = Findings()
    for count, row in enumerate(lines_of(rows), 2):
        if count % _BREATH == 0:
            sleep(0)
        if not row:
            continue
        number, sheet = int(row.get(LINE, count)), row.get(SHEET, "")
        if wrongs.note(replace(each, sheet=sheet) for each in _wrongs(number, row)):
            continue
        try:
            lines.append(_line(number, row, estate, grounds, act))
        except Refusal as refusal:
            wrongs.note([Wrong(number, _column_of(refusal), refusal, sheet)])
    return Reading(lines, len(lines), wrongs, aside(rows))


def names(language: str, column: str) -> list[str]:
    """What a column may be called in a language; the first is the usual one."""
    return [name.strip() for name in say(language, f"import-names-{column}").split("/")]


def sample(language: str) -> bytes:
    """An empty notebook with its heading and two lines, as spreadsheets open it."""
    heading = ",".join(names(language, column)[0] for column in COLUMNS)
    lines = [",".join(cell.strip() for cell in say(language, f"import-sample-{n}").split("/")) for n in (1, 2)]
    return ("\ufeff" + "\r\n".join([heading, *lines]) + "\r\n").encode()


def _decoded(file: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = file.decode(encoding)
        except UnicodeDecodeError:
            continue
        reject_if("\0" in text, "import_unreadable")
        return text
    raise Rejection("import_unreadable")


def _columns(cells: Sequence[str]) -> list[str]:
    known = _known_columns()
    found = []
    for place, cell in enumerate(cells, 1):
        column = known.get(cell.strip().casefold())
        reject_if(column is None and bool(cell.strip()), "import_unknown_column", place=place)
        reject_if(column is not None and column in found, "import_column_twice", place=place)
        found.append(column or "")
    reject_if(any(column not in found for column in NEEDED), "import_columns")
    return found


def _wrongs(number: int, row: dict[str, str]) -> Iterator[Wrong]:
    """What is missing or cannot be read, each by its column."""
    for column in NEEDED:
        if column not in row:
            yield Wrong(number, column, Rejection("blank_text", field=column))
    if "date" in row:
        try:
            moment(row["date"], "import_date")
        except Refusal as refusal:
            yield Wrong(number, "date", refusal)
    if "channel" in row and _channel(row["channel"]) is None:
        yield Wrong(number, "channel", Refusal("import_channel"))
    if "phone" in row:
        try:
            phone(row["phone"])
        except Refusal as refusal:
            yield Wrong(number, "phone", refusal)
    if "" in row:
        yield Wrong(number, "", Refusal("import_no_heading"))


def _line(number: int, row: dict[str, str], estate: str, grounds: Estate, act: Act) -> NotebookLine:
    at = moment(row["date"], "import_date").replace(second=0)  # a notebook has no seconds
    channel = _channel(row.get("channel", ""))
    reject_if(at > act.recorded_at + CLOCK_SKEW, "future")
    reject_if(at < EARLIEST, "too_long_ago")
    place = grounds.place(row.get("building"), row.get("stairwell"), row.get("dwelling"))
    said = contacts.phones_in(row["text"])
    reporter, number_to_call = contacts.placed(row.get("reporter"), row.get("phone"), said.phones)
    danger = danger_in(said.text[:TEXT_LENGTH])
    note = NoteIssue(
        number="-",
        estate=estate,
        text=said.text,
        channel=channel or Channel.DESK,
        building=place.building,
        stairwell=place.stairwell,
        dwelling=place.room,
        reporter=reporter,
        phone=number_to_call,
        danger=None if danger is None or danger.over or row.get("result") else danger.kind,
        promise=LinePromise(kept_hours(grounds, at)),
    )
    line = NotebookLine(number, at, note, row.get("result"))
    line.events("-", act._replace(occurred_at=at))
    return line


def _channel(text: str) -> Channel | None:
    """By its name in either language."""
    return _channels().get(text.strip().casefold())


@cache
def _channels() -> dict[str, Channel]:
    return {say(language, f"channel-{each.value}").casefold(): each for language in LANGUAGES for each in Channel}


def _column_of(refusal: Refusal) -> str:
    if refusal.code in ("future", "too_long_ago"):
        return "date"
    place = {"unknown_building": "building", "unknown_stairwell": "stairwell", "unknown_dwelling": "dwelling",
             "building_missing": "building"}.get(refusal.code)  # fmt: skip
    field = str(refusal.facts.get("field", ""))
    return place or ("result" if field == "advice" else field)
