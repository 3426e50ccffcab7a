"""Which column is what, as a page asks it: with what was understood, and what somebody chose before it was refused."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from domain.refusal import Refusal, Rejection, reject_if
from domain.written.days import DayOrder
from services.console.visit import Visit
from services.http.problems import detail, problem_of
from services.reconciliation.formats.mapping import NO_HEADING, ONE, SEVERAL, mapping_of
from services.reconciliation.formats.mapping import Mapping as Columns
from services.reconciliation.table_shapes import TableShape, table_of

HEADINGS = 20  # rows that may be chosen as the heading
_LONGEST = 40  # signs of a row that say which one it is


def chosen_columns(form: Mapping[str, str]) -> tuple[int, Columns]:
    """What a form says: the row of the heading, and the columns. Refuses ``mapping_column`` and ``mapping_day``."""
    reject_if(not form.get("at"), "mapping_day")
    said: dict[str, Any] = {name: _place(form.get(name, "")) for name in ONE}
    for name in SEVERAL:
        said[name] = sorted(_place(key.partition("-")[2]) or 0 for key in form if key.startswith(f"{name}-"))
    order = form.get("order", "")
    reject_if(bool(order) and order not in DayOrder.__members__, "body", field="order")
    return _head(form), mapping_of(said | {"order": order or None})


def under_heading(here: Visit, id: UUID, form: Mapping[str, str]) -> TableShape | None:
    """The table once more, under the heading that somebody chose."""
    try:
        return table_of(here.product, id, _head(form))
    except Refusal:
        return None


def asking(here: Visit, table: TableShape | None, typed: Mapping[str, str] | None) -> dict[str, Any]:
    """What the page needs: names of columns, what is chosen, and why the table was not read as it seems."""
    if table is None:
        return {}
    wide = max((len(row) for row in table.rows), default=0)
    named = table.rows[table.head] if table.head >= 0 else []
    return {
        "names": [(place, _name(here, named, table.rows, place)) for place in range(wide)],
        "one": ONE,
        "several": SEVERAL,
        "orders": list(DayOrder),
        "picked": _typed(typed) if typed else _guessed(table.guess),
        "headings": [(place, _shown(row)) for place, row in enumerate(table.rows[:HEADINGS]) if any(row)],
        "no_heading": NO_HEADING,
        "wrong_days": _is_day(table.wrong),
        "wrong": _told(here, table.wrong) if table.wrong and not typed else "",
    }


def _is_day(wrong: Mapping[str, Any] | None) -> bool:
    """Whether a day has two readings: which one is meant may be said for the whole file."""
    return bool(wrong) and str((wrong or {}).get("one", "")).count("-") > 1


def _told(here: Visit, wrong: Mapping[str, Any]) -> str:
    facts = {name: value for name, value in wrong.items() if name != "code"}
    return detail(here.viewer.language, problem_of(Rejection(str(wrong["code"]), **facts)))


def _name(here: Visit, named: Sequence[str], rows: Sequence[Sequence[str]], place: int) -> str:
    """A column by its heading; by its number and what stands in it first where it has none."""
    if place < len(named) and named[place]:
        return named[place]
    first = next((row[place] for row in rows if place < len(row) and row[place]), "")
    return here.voice.say("statement-column-nth", n=place + 1, first=first[:_LONGEST])


def _shown(row: Sequence[str]) -> str:
    return " ".join(cell for cell in row if cell)[:_LONGEST]


def _typed(form: Mapping[str, str]) -> set[tuple[str, str]]:
    one = {(name, form.get(name, "")) for name in (*ONE, "order")}
    several = {(name, key.partition("-")[2]) for name in SEVERAL for key in form if key.startswith(f"{name}-")}
    return one | several


def _guessed(guess: Mapping[str, Any]) -> set[tuple[str, str]]:
    one = {(name, str(guess[name])) for name in (*ONE, "order") if guess.get(name) is not None}
    return one | {(name, str(place)) for name in SEVERAL for place in guess.get(name) or ()}


def _place(said: str) -> int | None:
    reject_if(bool(said) and not (said.isascii() and said.isdecimal() and len(said) < 6), "mapping_column")
    return int(said) if said else None


def _head(form: Mapping[str, str]) -> int:
    return NO_HEADING if form.get("head") == str(NO_HEADING) else _place(form.get("head", "")) or 0
