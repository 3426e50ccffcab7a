"""Layouts that nobody knew: a person says which column is which, and their heading is remembered by its fingerprint."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.reconciliation.line import Provider
from domain.refusal import reject_if
from services.reconciliation.formats.bank import Columns, Rows
from services.reconciliation.formats.cells import is_moment
from services.reconciliation.formats.layouts import SOUGHT, plain

SHOWN = 12  # rows that a person looks at to choose


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column is what, from 0. Money stands in one column with a sign, or in two."""

    at: int
    money_in: int | None = None
    money_out: int | None = None
    amount: int | None = None
    direction: int | None = None
    balance: int | None = None
    payer: int | None = None
    account: int | None = None
    remark: int | None = None
    serial: int | None = None

    def check(self, width: int) -> None:
        """Refuses ``mapping_money`` or ``mapping_twice``, and columns that are not there."""
        chosen = [place for name in self.__slots__ if (place := getattr(self, name)) is not None]
        reject_if(any(not 0 <= place < width for place in chosen), "mapping_column")
        reject_if(len(set(chosen)) < len(chosen), "mapping_twice")
        one, two = self.amount is not None, self.money_in is not None
        reject_if(one == two, "mapping_money")

    def columns(self, head: int) -> Columns:
        """The columns in rows whose heading is row ``head``, from 0."""
        return Columns(
            provider=Provider.BANK,
            head=head,
            at=self.at,
            money_in=self.money_in,
            money_out=self.money_out,
            amount=self.amount,
            direction=self.direction,
            balance=self.balance,
            payer=self.payer,
            account=self.account,
            serial=self.serial,
            remark=() if self.remark is None else (self.remark,),
        )


def fingerprint(head: Sequence[str]) -> str:
    """The same for the same heading."""
    return hashlib.sha256("\n".join(plain(cell) for cell in head).encode()).hexdigest()


def guessed_heading(rows: Rows) -> int:
    """The row before the first that holds a day; the fullest of the first rows where none does."""
    for place, row in enumerate(rows[1:SOUGHT], 1):
        filled = [cell for cell in row if cell]
        if len(filled) >= 3 and any(is_moment(cell) and not cell.isdecimal() for cell in filled):
            return place - 1
    return max(range(min(len(rows), SHOWN)), key=lambda place: (len([cell for cell in rows[place] if cell]), -place))


def remembered(rows: Rows, known: Callable[[Sequence[str]], "dict[str, Mapping]"]) -> Columns | None:
    """The columns that somebody chose for this heading before; ``known`` finds mappings by fingerprints."""
    prints = {fingerprint(row): place for place, row in reversed(list(enumerate(rows[:SOUGHT]))) if any(row)}
    found = known(list(prints))
    place = min((prints[each] for each in found), default=None)
    return None if place is None else found[fingerprint(rows[place])].columns(place)
