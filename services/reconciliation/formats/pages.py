"""Tables of pages and of the older XML workbooks, as banks send them under the suffix of a workbook."""

from collections.abc import Sequence
from html.parser import HTMLParser

from domain.refusal import Rejection, reject_if
from services.reconciliation.formats.limits import LIMITS
from services.sheets.damaged import Damaged, judged

_WORKBOOK = "urn:schemas-microsoft-com:office:spreadsheet"
_LOOKED_AT = 200_000  # signs in which a table begins


def is_page(text: str) -> bool:
    """Whether it is a page with a table, or a workbook in XML."""
    beginning = text[:_LOOKED_AT].lower()
    return "<table" in beginning and "<t" in beginning


def table(text: str) -> Sequence[Sequence[str]]:
    """Its rows. A cell over several rows says the same in each; one over several columns stands in the first."""
    reading = _Reading(_WORKBOOK in text[:_LOOKED_AT].lower())
    try:
        with judged():
            reading.feed(text)
            reading.close()
    except Damaged:
        raise Rejection("sheet_unreadable") from None
    reject_if(not any(any(row) for row in reading.rows), "sheet_empty")
    return reading.rows


class _Reading(HTMLParser):
    def __init__(self, workbook: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._row = "row" if workbook else "tr"
        self._cells_of: tuple[str, ...] = ("cell",) if workbook else ("td", "th")
        self._cell: list[str] | None = None
        self._wide = self._high = 1
        self._below: dict[int, tuple[int, str]] = {}  # by column, what a cell says in so many rows below it
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == self._row:
            self._end_row()
            self.rows.append([])
            reject_if(len(self.rows) > LIMITS.rows, "sheet_too_long", most=LIMITS.rows)
        elif tag in self._cells_of:
            self._end()
            self._cell, said = [], dict(attrs)
            self._wide = _number(said.get("colspan"), 1) + _number(said.get("ss:mergeacross"), 0)
            self._high = _number(said.get("rowspan"), 1) + _number(said.get("ss:mergedown"), 0)
            if self.rows and (place := _number(said.get("ss:index"), 0)):
                self._add([""] * (place - 1 - len(self.rows[-1])))
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in (*self._cells_of, self._row, "table"):
            self._end()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def close(self) -> None:
        super().close()
        self._end_row()

    def _end(self) -> None:
        if self._cell is None:
            return
        if not self.rows:
            self.rows.append([])
        said = "".join(self._cell).replace("\xa0", " ").strip()
        self._carry()
        if self._high > 1:
            self._below[len(self.rows[-1])] = (self._high, said)
        self._add([said, *[""] * (self._wide - 1)])
        self._cell = None

    def _carry(self) -> None:
        """What cells above say here."""
        row = self.rows[-1]
        while (above := self._below.get(len(row))) is not None and above[0] > 1:
            self._below[len(row)] = (above[0] - 1, above[1])
            self._add([above[1]])

    def _end_row(self) -> None:
        self._end()
        if self.rows and self.rows[-1]:
            self._carry()

    def _add(self, cells: list[str]) -> None:
        self.rows[-1] += cells
        self._cells += len(cells)
        reject_if(len(self.rows[-1]) > LIMITS.columns, "sheet_too_wide", most=LIMITS.columns)
        reject_if(self._cells > LIMITS.cells, "statement_bomb")


def _number(said: str | None, usual: int) -> int:
    return int(said) if said and said.isascii() and said.isdecimal() and len(said) < 4 else usual
