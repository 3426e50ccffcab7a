"""Lines of a file by column, from every sheet that has the heading; what else there is is named, never dropped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from domain.refusal import Refusal
from services.sheets.reading import Book, SheetIn

LINE, SHEET, HIDDEN, UNREAD = "line", "sheet", "hidden", "unread"  # beside the columns of a line

Rows = list[dict[str, str]]


@dataclass(slots=True)
class Aside:
    """What a person is told of a file beside its lines: sheets with their lines, sheets not read, rows not shown."""

    sheets: dict[str, int] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    hidden: int = 0


def rows_of_all(book: Book, rows_of: Callable[[SheetIn], Rows], no_heading: str, empty: str) -> Rows:
    """The lines of each sheet that has the heading, and the names of the others.

    ``rows_of`` refuses a sheet without the heading by the code ``no_heading``, one without a line by ``empty``; so is
    the book refused where no sheet has a line.
    """
    found: Rows = []
    unread, why = list(book.unread), list[Refusal]()
    for sheet in book.sheets:
        try:
            rows = rows_of(sheet)
        except Refusal as refused:
            if refused.code not in (no_heading, empty):
                raise
            if refused.code == no_heading and sheet.name:
                unread.append(sheet.name)
            why.append(refused)
        else:
            found += [_marked(row, sheet, len(book.sheets) > 1) for row in rows]
    if not found:
        raise next((each for each in why if each.code == empty), why[0])
    return [*found, {UNREAD: "\n".join(unread)}] if unread else found


def _marked(row: dict[str, str], sheet: SheetIn, several: bool) -> dict[str, str]:
    more = {SHEET: sheet.name} if several else {}
    return row | more | ({HIDDEN: "1"} if int(row.get(LINE, "0")) - 1 in sheet.hidden else {})


def aside(rows: Sequence[dict[str, str]]) -> Aside:
    """What is told beside the lines."""
    told = Aside()
    for row in rows:
        if UNREAD in row:
            told.unread += row[UNREAD].split("\n")
            continue
        told.hidden += HIDDEN in row
        if SHEET in row:
            told.sheets[row[SHEET]] = told.sheets.get(row[SHEET], 0) + 1
    return told


def lines_of(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The lines alone."""
    return [row for row in rows if UNREAD not in row]
