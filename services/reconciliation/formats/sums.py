"""What a file says of its own sums, wherever: under its columns, above them, below them; and whether its rows agree.

A sum that does not agree is told with both figures; it is for a person to say whether the rows are whole.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from services.reconciliation.formats.cells import is_moment, text
from services.reconciliation.formats.columns import Columns, Rows, cell, fen_of_cell
from services.reconciliation.formats.entry import Difference, Entry, StatedSum
from services.reconciliation.formats.layouts import layouts, plain

_MOST_DIGITS = 9  # of a number of lines
_LONGEST = 200_000  # signs of words around a table that are looked at
_BEFORE = 6  # signs before a sum that say which time it is of


@dataclass(slots=True)
class Sums:
    """The sums of a file against its rows, as they are read one by one. ``amounts`` in fen by row."""

    columns: Columns
    amounts: list[int] = field(default_factory=list)
    checked: int = 0
    differences: list[Difference] = field(default_factory=list)
    _page: int = 0
    _words: list[list[str]] = field(default_factory=list)
    _above: list[Sequence[str]] = field(default_factory=list)

    def total(self, row: Sequence[str]) -> None:
        """A row that adds up those above it, or those of its page; of a time that may begin before the file, none."""
        words, called = layouts()["bank_words"], "".join(plain(each) for each in row)
        if not self.amounts:  # it stands above the rows that it adds up
            self._above.append(row)
            return
        page, self._page = self._page, len(self.amounts)
        if any(word in called[:20] for word in (*words["totals_of_time"], *words["totals_abroad"])):
            return
        amounts = self.amounts[page:] if called.startswith(tuple(words["totals_of_page"])) else self.amounts
        self._under(row, amounts)

    def _under(self, row: Sequence[str], amounts: Sequence[int]) -> None:
        """The figures of a row under the columns that they add up, or beside their names."""
        money_in, money_out = _in(amounts), _out(amounts)
        columns, before = self.columns, self.checked
        if columns.amount is None:
            self._agree(StatedSum.MONEY_IN, fen_of_cell(row, columns.money_in), {money_in})
            self._agree(StatedSum.MONEY_OUT, fen_of_cell(row, columns.money_out), {money_out})
        else:
            stated = fen_of_cell(row, columns.amount)
            either = {money_in - money_out, money_in, money_out, money_in + money_out}
            self._agree(StatedSum.MONEY_IN, stated, either, money_in - money_out)
        if self.checked == before:
            self._words.append([text(each) for each in row])

    def words(self, rows: Iterable[Sequence[str]]) -> None:
        """Rows that are none of the table."""
        self._words += [[text(each) for each in row] for row in rows]

    def check(self, entries: Sequence[Entry], came: Collection[int], abroad: int) -> None:
        """What the words around the table say of all of it, or of the rows alone whose money ``came``.

        So many rows ``abroad`` may be counted and are none of ours.
        """
        for row in self._above:
            self._under(row, self.amounts)
        all_of_it, told = self.amounts, _told(self._words)
        kept = [entry.amount for entry in entries if entry.row in came]
        for side, money, lines in (("in", StatedSum.MONEY_IN, StatedSum.LINES_IN),
                                   ("out", StatedSum.MONEY_OUT, StatedSum.LINES_OUT)):  # fmt: skip
            add = _in if side == "in" else _out
            for found in _search("amount", told, side):
                if found[1]:
                    self._agree(lines, _whole(found[1]), {_lines(side, kept), _lines(side, all_of_it)})
                self._agree(money, _sum(found[2]), {add(kept), add(all_of_it)})
            for found in _search("count", told, side):
                self._agree(lines, _whole(found[1]), {_lines(side, kept), _lines(side, all_of_it)})
        for found in _search("lines", told):
            self._agree(
                StatedSum.LINES, _whole(found[1] or found[2]), {len(kept), len(all_of_it), len(all_of_it) + abroad}
            )
        opening, closing = (next(iter(_search(name, told)), None) for name in ("opening", "closing"))
        began = _sum(opening[1]) if opening else None
        if began is not None and closing:
            self._agree(StatedSum.CLOSING, _sum(closing[1]), {began + sum(self.amounts)})

    def _agree(self, of: StatedSum, stated: int | None, may_be: set[int], counted: int | None = None) -> None:
        if stated is None:
            return
        self.checked += 1
        if abs(stated) not in {abs(each) for each in may_be}:
            usual = min(may_be, key=lambda each: abs(each - stated)) if counted is None else counted
            self.differences.append(Difference(of, stated, usual))


def is_total(row: Sequence[str], columns: Columns) -> bool:
    """Whether a row adds up others: its first words say so, or a word beside a day says nothing else."""
    words = layouts()["bank_words"]
    every = (*words["totals"], *words["totals_of_page"], *words["totals_of_time"])
    if is_moment(cell(row, columns.at)):
        said = [plain(cell(row, place)) for place in columns.remark]
        return any(_only_adds_up(each) for each in said if each)
    first = plain(next((each for each in row if each), ""))
    return first.startswith(tuple(every)) or any(word in first[:8] for word in words["totals_anywhere"])


def is_frame(row: Sequence[str]) -> bool:
    """Whether a row without a day has words about the file alone."""
    first = plain(next((each for each in row if each), "")).upper()
    return first.startswith(tuple(layouts()["bank_words"]["frame"])) or len([each for each in row if each]) <= 2


@cache
def _adding() -> "re.Pattern[str]":
    words = layouts()["bank_words"]
    kinds = ("totals_of_time", "totals_of_page", "totals", "totals_anywhere", "totals_behind")
    return re.compile(f"(?:{'|'.join(word for kind in kinds for word in words[kind])})+")


def _only_adds_up(word: str) -> bool:
    return _adding().fullmatch(word) is not None


def _whole(said: str) -> int | None:
    """A number of lines; ``None`` for one that no file can have."""
    return int(said) if len(said) <= _MOST_DIGITS else None


def _sum(said: str) -> int | None:
    """Fen of a sum in words; ``None`` where it cannot be read."""
    return fen_of_cell([said], 0)


def _in(amounts: Sequence[int]) -> int:
    return sum(amount for amount in amounts if amount > 0)


def _out(amounts: Sequence[int]) -> int:
    return -sum(amount for amount in amounts if amount < 0)


def _lines(side: str, amounts: Sequence[int]) -> int:
    return len([amount for amount in amounts if (amount > 0) == (side == "in")])


def _told(rows: Rows) -> str:
    """Words around the table in one text; names of sums in one row and sums in the next are put beside each other."""
    said: list[str] = []
    before: Sequence[str] = ()
    for row in rows:
        plain_row = [plain(each) for each in row]
        names = [each for each in before if each and not any(map(str.isdigit, each))]
        figures = [each for each in plain_row if any(map(str.isdigit, each))]
        if len(names) >= 2 and len(names) == len([each for each in before if each]) and len(figures) >= 2:
            pairs = zip(before, plain_row, strict=False)
            said.append(" ; ".join(f"{name} {figure}" for name, figure in pairs if name and figure))
        said.append(" ".join(each for each in plain_row if each))
        before = plain_row
    return "\n".join(said)[:_LONGEST]


def _search(name: str, told: str, side: str = "") -> list["re.Match[str]"]:
    """What a pattern finds, but for sums of another time and the lines of one side."""
    words = layouts()["bank_sums"]
    sides = tuple(f"{words['in']}|{words['out']}".split("|"))
    found = []
    for each in re.finditer(words[name].replace("{side}", words[side] if side else ""), told):
        before = told[max(0, each.start() - _BEFORE) : each.start()].rpartition("\n")[2].rpartition(";")[2]
        if any(word in before for word in words["not_of_this"]):
            continue
        if name == "lines" and before.rstrip().endswith(sides):
            continue
        found.append(each)
    return found
