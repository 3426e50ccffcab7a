"""Which column is what: by the words of the heading, wherever it stands and in however many rows, and by what is below.

Banks change their words from year to year, write them in two languages, put units behind them, or one word over two
columns. What the words leave open the cells may say: a column of days, or one that only says which way money went.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from domain.reconciliation.line import Provider
from services.reconciliation.formats.cells import is_moment, said, text
from services.reconciliation.formats.columns import Columns, Rows, fen_of_cell
from services.reconciliation.formats.layouts import SOUGHT, heading, layouts, plain
from services.reconciliation.formats.sides import is_side

_LOOKED_AT = 200  # rows below the heading
_TIME = re.compile(r"\d{5,6}")  # hours, minutes and seconds as a number: no day, where another column has the day
_HAN = f"{chr(0x4E00)}-{chr(0x9FFF)}"
_LATIN_BEHIND = re.compile(rf"(?<=[{_HAN})])[A-Za-z.,'/& ()\[\]-]+$")
_UNITS = ("yuan", "cny", "rmb", "+", "-", "\xa5")
_BRACKET = re.compile(r"[(\[\u3010]([^()\[\]\u3010\u3011]*)[)\]\u3011]$")
_SEVERAL = ("payer", "payer_in", "payer_out", "account", "account_in", "account_out", "remark")


@dataclass(frozen=True, slots=True)
class Heading:
    """Where it ends, and what its columns are called."""

    row: int
    names: Sequence[str]


def recognised(rows: Rows) -> Columns | None:
    """The columns, if the heading is one of those known."""
    for known in layouts()["bank"]:
        head = heading(rows, known["needs"])
        if head is not None:
            return columns_under(rows, Heading(head, rows[head]), Provider(known["is"]))
    read = [columns for each in headings(rows) if (columns := columns_under(rows, each, Provider.BANK))]
    return max(read, key=lambda columns: (told(columns), -columns.head), default=None)


def told(columns: Columns) -> int:
    """How many columns are known."""
    return len([name for name in Columns.__slots__ if getattr(columns, name) not in (None, ())])


def headings(rows: Rows) -> Iterator[Heading]:
    """Rows that may be a heading, alone or together with the one below."""
    for place, row in enumerate(rows[:SOUGHT]):
        if len([cell for cell in row if cell]) >= 3:
            yield Heading(place, row)
            below = rows[place + 1] if place + 1 < len(rows) else ()
            if any(below) and not any(is_moment(cell) or any(map(str.isdigit, cell)) for cell in below if cell):
                yield Heading(place + 1, _joined(row, below))


def columns_under(rows: Rows, head: Heading, provider: Provider) -> Columns | None:
    """The columns, where there are days and money among them."""
    columns = understood(rows, head, provider)
    return None if columns.at is None or (columns.money_in is None and columns.amount is None) else columns


def understood(rows: Rows, head: Heading, provider: Provider = Provider.BANK, *, guessing: bool = False) -> Columns:
    """As many columns as can be told; where somebody looks at it (``guessing``), money that no word tells, too."""
    found: dict[str, list[Any]] = dict(_places(head.names))
    below = rows[head.row + 1 : head.row + 1 + _LOOKED_AT]
    at = found.get("at", [None])[0]
    if "day" in found and at is not None and not _says_days(below, at):
        at = found["day"][0]  # the other column has the time of day alone
    if at is None:
        at = _first(below, lambda cell: is_moment(cell) and not _TIME.fullmatch(cell))
    money_in = found.get("money_in", [None])[0]
    amount = None if money_in is not None else found.get("amount", [None])[0]
    taken = {place for places in found.values() for place in places} | {at}
    if guessing and money_in is None and amount is None:
        amount = _first(below, _is_money, taken)
    direction = found.get("direction", [None])[0]
    if direction is None and amount is not None:
        free = _first(below, is_side, taken - set(found.get("remark", ())))
        direction = free if free is not None and free != at else None
    several: dict[str, Any] = {name: tuple(found.get(name, ())) for name in _SEVERAL}
    several["remark"] = tuple(place for place in several["remark"] if place not in (at, direction))
    one = ("balance", "payer_account", "serial", "own", "currency", "state", "fee", "reference")
    return Columns(
        provider=provider,
        head=head.row,
        at=at,
        money_in=money_in,
        money_out=found.get("money_out", [None])[0] if money_in is not None else None,
        amount=amount,
        direction=direction,
        **{name: found[name][0] for name in one if name in found},
        **several,
    )


def words_of(cell: str) -> list[str]:
    """What a heading may be called: as it stands, without its unit, in Chinese alone, in its first line."""
    whole = plain(cell)
    found = [whole]
    if (unit := _BRACKET.search(whole)) and _is_unit(unit[1]):
        found.append(whole[: unit.start()])
    found += [plain(line) for line in cell.split("\n")[:1]]
    found += [_LATIN_BEHIND.sub("", each) for each in found]
    return [each.casefold().strip("*:#") for each in dict.fromkeys(found) if each]


def _is_unit(word: str) -> bool:
    words = layouts()["bank_words"]
    return word.casefold() in _UNITS or any(
        each in word.upper() for each in (*words["our_currency"], *words["our_currency_codes"][:3])
    )


@cache
def _known() -> dict[str, dict[str, int]]:
    """By its word what a column may be, with the place of the word among those of that kind."""
    known: dict[str, dict[str, int]] = {}
    for kind, names in layouts()["bank_columns"].items():
        for order, name in enumerate(names):
            known.setdefault(plain(name).casefold(), {})[kind] = order
    return known


def _places(names: Sequence[str]) -> dict[str, list[int]]:
    """By kind the columns that are called so: the best word first; texts as they stand."""
    found: dict[str, list[tuple[int, int]]] = {}
    for place, cell in enumerate(names):
        for word in words_of(cell):
            if kinds := _known().get(word):
                for kind, order in kinds.items():
                    found.setdefault(kind, []).append((0 if kind in _SEVERAL else order, place))
                break
    return {kind: [place for _, place in sorted(places)] for kind, places in found.items()}


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Names of columns in two rows: the lower word, with the one over it where it says too little alone."""
    names, over = [], ""
    for place in range(max(len(upper), len(lower))):
        above = upper[place] if place < len(upper) else ""
        below = lower[place] if place < len(lower) else ""
        over = above or over
        tried = (f"{over}{below}", below, f"{over}({below})", f"{below}{over}") if below else (above,)
        names.append(next((each for each in tried if set(words_of(each)) & _known().keys()), below or above))
    return names


def _is_money(cell: str) -> bool:
    return "." in cell and fen_of_cell([cell], 0) is not None


def _says_days(below: Rows, column: int) -> bool:
    first = next((row for row in below if column < len(row) and row[column]), None)
    return first is not None and is_moment(first[column]) and not _TIME.fullmatch(text(first[column]))


def _first(below: Rows, is_one: Callable[[str], bool], but: Collection[int | None] = ()) -> int | None:
    """The first column whose cells are all such, as far as they say anything, but for a few of words below."""
    width = max((len(row) for row in below), default=0)
    for place in range(width):
        if place in but:
            continue
        cells = [cell for row in below if place < len(row) and (cell := said(row[place]))]
        such = [cell for cell in cells if is_one(cell)]
        if such and len(such) * 10 >= len(cells) * 8:
            return place
    return None


def hides_sides(rows: Rows, columns: Columns) -> bool:
    """Whether all sums are without a sign and a side, and yet the balances say that some went out."""
    if columns.amount is None or columns.direction is not None or columns.balance is None:
        return False
    sums: list[tuple[int, int]] = []
    for row in rows[columns.head + 1 : columns.head + 1 + _LOOKED_AT]:
        amount, balance = fen_of_cell(row, columns.amount), fen_of_cell(row, columns.balance)
        if amount and balance is not None:
            sums.append((amount, balance))
    if len(sums) < 2 or any(amount < 0 for amount, _ in sums):
        return False
    pairs = list(pairwise(sums))
    rising = all(after - before == amount for (_, before), (amount, after) in pairs)
    falling = all(before - after == amount for (amount, before), (_, after) in pairs)
    either = all(abs(after - before) == amount for (_, before), (amount, after) in pairs)
    other = all(abs(before - after) == amount for (amount, before), (_, after) in pairs)
    return not rising and not falling and (either or other)
