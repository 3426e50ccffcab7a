"""How a line stands by what its file says of it: whether its money came, went back in part or whole, or may yet come.

The words are data (``states.toml``). Words that nobody knows are no yes: the line waits for a person.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any

from domain.reconciliation.line import Waiting
from domain.refusal import Refusal
from services.reconciliation.formats.cells import fen, text
from services.reconciliation.formats.entry import Entry, ProviderStatement
from services.reconciliation.formats.layouts import plain

Rows = Sequence[Sequence[str]]
_PIECES = re.compile(r"[/,;|+:()\[\]\u3001\u3002\u3010\u3011\u00b7-]+")
_UNSAID = frozenset({"", "/", "-", "--"})
_SOME_ROWS = 200  # among which a column of states is known by its words
_LONGEST = 20  # signs of a state


class Told(IntEnum):
    """What a state means, the later the more it matters."""

    CAME = 0
    PARTLY = 1  # so much went back
    UNKNOWN = 2
    BACK = 3  # some or all went back, nobody says how much
    NOT_YET = 4
    NOTHING = 5  # never came, or all went back


@dataclass(frozen=True, slots=True)
class State:
    """What is said of a line; ``refunded`` fen of it where that is told."""

    told: Told
    refunded: int = 0


@cache
def words() -> Mapping[str, Any]:
    """The file of words."""
    return tomllib.loads((Path(__file__).parent / "states.toml").read_text(encoding="utf-8"))


@cache
def _meanings() -> Mapping[str, Told]:
    kinds = {"came": Told.CAME, "back": Told.BACK, "not_yet": Told.NOT_YET, "nothing": Told.NOTHING}
    return {word.upper(): told for name, told in kinds.items() for word in words()[name]}


def state_of(said: str) -> State:
    """What a cell of a column of states means."""
    word = plain(said).upper()
    if word in _UNSAID:
        return State(Told.CAME)
    whole = _meanings().get(word)
    if whole is not None:
        return State(whole)
    amount = re.search(words()["amount_back"], word)
    if amount is not None:
        try:
            return State(Told.PARTLY, fen(amount[1], 0))
        except Refusal:
            return State(Told.UNKNOWN)
    pieces = [each for each in _PIECES.split(word) if each]
    known = [_meanings()[each] for each in pieces if each in _meanings()]
    strange = [each for each in pieces if each not in _meanings()]
    if not known or any(char in words()["doubt"] for each in strange for char in each):
        return State(max(*known, Told.UNKNOWN, Told.UNKNOWN))
    return State(max(known))


def columns_of_states(
    rows: Rows, head: int, taken: frozenset[int], chosen: int | None = None
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Columns that say how lines stand, and columns of what went back, by their headings or by their words.

    Those ``taken`` say something else: a remark may well speak of a refund. One may be ``chosen`` by a person.
    """
    known, heading = words(), rows[head] if head >= 0 else ()
    named = {place: plain(cell).lower() for place, cell in enumerate(heading) if place not in taken}
    states = {place for place, name in named.items() if name in known["columns"]}
    states |= set() if chosen is None else {chosen}
    refunds = tuple(place for place, name in named.items() if name in known["refunds"])
    below = rows[head + 1 : head + 1 + _SOME_ROWS]
    for place in range(max(map(len, below), default=0)):
        if place in taken or place in states or place in refunds:
            continue
        said = {plain(row[place]).upper() for row in below if place < len(row)} - _UNSAID
        meant = [_meanings()[each] for each in said if each in _meanings()]
        short = all(len(each) <= _LONGEST for each in said)
        if short and any(each is not Told.CAME for each in meant) and 2 * len(meant) >= len(said):
            states.add(place)
    return tuple(sorted(states)), refunds


def stated(
    statement: ProviderStatement, rows: Rows, head: int, taken: frozenset[int], chosen: int | None = None
) -> ProviderStatement:
    """The statement with each line as its row's states tell; what moved no money is counted and left out."""
    states, refunds = columns_of_states(rows, head, taken, chosen)
    if not states and not refunds:
        return statement
    entries: list[Entry] = []
    for entry in statement.entries:
        row = rows[entry.row - 1]
        said = [text(row[place]) for place in states if place < len(row)]
        back = max((_fen(row[place]) for place in refunds if place < len(row)), default=0)
        found = as_stated(entry, said, back)
        if found is not None:
            entries.append(found)
    void = statement.void + len(statement.entries) - len(entries)
    return replace(statement, entries=entries, void=void)


def _fen(cell: str) -> int:
    try:
        return abs(fen(cell, 0))
    except Refusal:
        return 0


def as_stated(entry: Entry, said: Sequence[str], refunded: int = 0) -> Entry | None:
    """A line as its states tell; ``None`` where no money moved. ``refunded`` fen went back by a column of refunds."""
    found = [state_of(each) for each in said]
    worst = max((each.told for each in found), default=Told.CAME)
    back = max([abs(refunded), *(each.refunded for each in found)])
    shown = " ".join(dict.fromkeys(each for each in said if plain(each) not in _UNSAID))[:100] or None
    if entry.amount < 0:
        if worst in (Told.NOTHING, Told.NOT_YET):
            return None
        given_back = any(each.told is Told.BACK for each in found) and entry.refund_of is None
        return replace(entry, refund_of="" if given_back else entry.refund_of)
    if worst is Told.NOT_YET:
        return None
    if worst is Told.NOTHING or 0 < entry.amount == back:
        return replace(entry, refunded=entry.amount)
    if 0 < back < entry.amount and worst <= Told.BACK:
        return replace(entry, refunded=back, state=shown)
    if worst in (Told.UNKNOWN, Told.BACK) or back > entry.amount:
        gone = entry.amount if worst is Told.BACK else 0
        return replace(entry, waits=Waiting.STATE, state=shown, refunded=gone)
    return entry
