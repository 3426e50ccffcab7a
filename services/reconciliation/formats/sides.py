"""Which way the money of a row went: by its column, by a word beside it, or by its sign.

A minus in the column of money out says that it went out where all of them have one, and that it came back where most
have none; the same goes for amounts beside a word.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from domain.refusal import reject_if
from services.reconciliation.formats.cells import fen
from services.reconciliation.formats.columns import Columns, Rows, cell, fen_of_cell
from services.reconciliation.formats.layouts import layouts, plain

_PARTS = re.compile(rf"[A-Z]+|[{chr(0x4E00)}-{chr(0x9FFF)}]+|[0-9]+")

_BEHIND = re.compile(r"(.*\d)\s*(cr|dr|CR|DR|Cr|Dr|\u8d37|\u501f)")  # the side behind the amount


class Side(Enum):
    """Which way it went; ``NEITHER`` where it moved inside."""

    IN = 1
    OUT = -1
    NEITHER = 0


@dataclass(frozen=True, slots=True)
class Signs:
    """What a minus means in a file: whether all that went out has one, and whether any amount has."""

    all_out: bool
    any: bool


def side_of(word: str) -> Side | None:
    """The side that a word tells, in either language or both: ``贷 Cr``; ``None`` where it tells none."""
    parts = _PARTS.findall(plain(word).upper())
    if not parts:
        return Side.NEITHER if plain(word).strip("-/\\.") == "" and plain(word) else None
    found = {_sides().get(part) for part in (parts if "".join(parts) not in _sides() else ["".join(parts)])}
    return found.pop() if len(found) == 1 else None


def is_side(word: str) -> bool:
    """Whether a cell says nothing but which way money went."""
    return side_of(word) in (Side.IN, Side.OUT)


def signs_of(rows: Rows, columns: Columns) -> Signs:
    """What a minus means in these rows."""
    minus = plus = False
    signed = False
    out = columns.money_out if columns.amount is None else columns.amount
    for row in rows[columns.head + 1 :] if out is not None else ():
        amount = fen_of_cell(row, out)
        if not amount:
            continue
        signed = signed or amount < 0
        if columns.amount is None or side_of(cell(row, columns.direction)) is Side.OUT:
            minus, plus = minus or amount < 0, plus or amount > 0
    return Signs(minus and not plus, signed)


def amount_of(row: Sequence[str], columns: Columns, signs: Signs, line: int) -> int:
    """Fen that came, below zero what went; 0 for a row that moves no money.

    Refuses ``statement_amount``, ``statement_readings``, ``statement_both`` and ``statement_direction``.
    """
    if columns.amount is None:
        money_in, money_out = fen(cell(row, columns.money_in), line), fen(cell(row, columns.money_out), line)
        reject_if(bool(money_in) and bool(money_out), "statement_both", line=line)
        return money_in - (abs(money_out) if signs.all_out else money_out)
    said = cell(row, columns.amount)
    if columns.direction is None and (behind := _BEHIND.fullmatch(said)):
        side = side_of(behind[2])
        amount = fen(behind[1], line)
        return -abs(amount) if side is Side.OUT else amount
    amount = fen(said, line)
    if columns.direction is None or not amount:
        return amount
    word = row[columns.direction] if columns.direction < len(row) else ""
    if not word.strip():
        reject_if(not signs.any, "statement_direction", line=line)
        return amount
    side = side_of(word)
    reject_if(side is None, "statement_direction", line=line)
    if side is Side.OUT:
        return -abs(amount) if signs.all_out else -amount
    return amount if side is Side.IN else 0


@cache
def _sides() -> dict[str, Side]:
    words = layouts()["bank_words"]
    return (
        dict.fromkeys(words["neither"], Side.NEITHER)
        | dict.fromkeys(words["in"], Side.IN)
        | dict.fromkeys(words["out"], Side.OUT)
    )
