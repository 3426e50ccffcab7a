"""Layouts that nobody knew: a person says which column is which, and their heading is remembered by its fingerprint."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from domain.reconciliation.line import Provider
from domain.refusal import reject_if
from domain.written.days import DayOrder
from services.reconciliation.formats.cells import is_moment
from services.reconciliation.formats.columns import Columns, Rows
from services.reconciliation.formats.headings import Heading, headings, told, understood
from services.reconciliation.formats.layouts import SOUGHT, plain

SHOWN = 12  # rows that a person looks at to choose
NO_HEADING = -1  # where the first row is a line already
ONE = ("at", "money_in", "money_out", "amount", "direction", "balance", "account", "serial", "state", "currency")
SEVERAL = ("payer", "remark")
_MOST = 20  # columns of one kind
_SOME = 5  # columns that are known, provider and heading among them: then it is a heading


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column is what, from 0. Money stands in one column with a sign or a side, or in two.

    Several columns may say who pays, or what for. ``order`` is that of the days, where they may be read in several.
    """

    at: int
    money_in: int | None = None
    money_out: int | None = None
    amount: int | None = None
    direction: int | None = None
    balance: int | None = None
    payer: tuple[int, ...] = ()
    account: int | None = None
    remark: tuple[int, ...] = ()
    serial: int | None = None
    state: int | None = None
    currency: int | None = None
    order: DayOrder | None = None

    def check(self, width: int) -> None:
        """Refuses ``mapping_money`` or ``mapping_twice``, and columns that are not there."""
        chosen = [place for name in ONE if (place := getattr(self, name)) is not None]
        chosen += [*self.payer, *self.remark]
        reject_if(any(not 0 <= place < width for place in chosen) or len(chosen) > _MOST, "mapping_column")
        reject_if(len(set(chosen)) < len(chosen), "mapping_twice")
        one, two = self.amount is not None, self.money_in is not None
        reject_if(one == two, "mapping_money")

    def columns(self, head: int) -> Columns:
        """The columns in rows whose heading is row ``head``, from 0."""
        return Columns(
            provider=Provider.BANK,
            head=head,
            account=() if self.account is None else (self.account,),
            payer=self.payer,
            remark=self.remark,
            order=self.order,
            **{name: getattr(self, name) for name in ONE if name != "account"},
        )


def mapping_of(said: dict[str, Any]) -> Mapping:
    """What was remembered of a choice, also before several columns could be chosen for one thing."""
    one = {name: said.get(name) for name in ONE}
    several = {name: _places(said.get(name)) for name in SEVERAL}
    return msgspec.convert({**one, **several, "order": said.get("order")}, Mapping)


def _places(said: Any) -> list[int]:
    return [said] if isinstance(said, int) else list(said or ())


def fingerprint(head: Sequence[str]) -> str:
    """The same for the same heading."""
    return hashlib.sha256("\n".join(plain(cell) for cell in head).encode()).hexdigest()


def guessed_heading(rows: Rows) -> int:
    """The row before the first that holds a day; the fullest of the first rows where none does."""
    for place, row in enumerate(rows[:SOUGHT]):
        filled = [cell for cell in row if cell]
        if len(filled) >= 3 and any(is_moment(cell) and not cell.isdecimal() for cell in filled):
            return place - 1
    return max(range(min(len(rows), SHOWN)), key=lambda place: (len([cell for cell in rows[place] if cell]), -place))


def guess(rows: Rows) -> tuple[int, dict[str, Any]]:
    """The heading of a table in no known layout, and as many of its columns as can be told."""
    named = ((understood(rows, each, guessing=True), each) for each in headings(rows))
    best = max(named, key=lambda pair: (told(pair[0]), -pair[1].row), default=None)
    if best is not None and told(best[0]) >= _SOME:
        return best[1].row, as_chosen(best[0])
    head = guessed_heading(rows)
    return head, guess_under(rows, head)


def guess_under(rows: Rows, head: int) -> dict[str, Any]:
    """What the columns under a heading seem to be, as they would be chosen."""
    return as_chosen(understood(rows, Heading(head, rows[head] if head >= 0 else ()), guessing=True))


def as_chosen(columns: Columns) -> dict[str, Any]:
    """Columns as a person would have chosen them."""
    payers = (*columns.payer, *columns.payer_in, *columns.payer_out)
    payers = payers or (() if columns.payer_account is None else (columns.payer_account,))
    accounts = (*columns.account, *columns.account_in, *columns.account_out)
    found: dict[str, Any] = {name: getattr(columns, name) for name in ONE if name != "account"}
    found["account"] = accounts[0] if accounts else None
    return found | {"payer": list(payers), "remark": list(columns.remark), "order": columns.order}


def remembered(rows: Rows, known: Callable[[Sequence[str]], "dict[str, Mapping]"]) -> Columns | None:
    """The columns that somebody chose for this heading before; ``known`` finds mappings by fingerprints."""
    prints = {fingerprint(row): place for place, row in reversed(list(enumerate(rows[:SOUGHT]))) if any(row)}
    found = known(list(prints))
    place = min((prints[each] for each in found), default=None)
    return None if place is None else found[fingerprint(rows[place])].columns(place)
