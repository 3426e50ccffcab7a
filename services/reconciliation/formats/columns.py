"""Where what stands in a bank's rows, and how a cell of them is read."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.reconciliation.line import Provider
from domain.refusal import Refusal
from domain.written.days import DayOrder
from services.reconciliation.formats.cells import fen, said

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns from 0 in the rows after ``head``. Money is in one column or in two.

    Whoever is on the other side stands in ``payer``, or in columns of their own for money that came and money that
    went; ``payer_account`` has name and account in one cell. ``order`` is that of the days, where a person said it.
    """

    provider: Provider
    head: int
    at: int | None = None
    money_in: int | None = None
    money_out: int | None = None
    amount: int | None = None
    direction: int | None = None
    balance: int | None = None
    payer: Sequence[int] = ()
    payer_in: Sequence[int] = ()
    payer_out: Sequence[int] = ()
    account: Sequence[int] = ()
    account_in: Sequence[int] = ()
    account_out: Sequence[int] = ()
    payer_account: int | None = None
    serial: int | None = None
    own: int | None = None
    remark: Sequence[int] = ()
    currency: int | None = None
    state: int | None = None
    fee: int | None = None
    reference: int | None = None
    order: DayOrder | None = None


def cell(row: Sequence[str], place: int | None) -> str:
    """What a cell says; nothing where it is not there, or only says that there is nothing."""
    return said(row[place]) if place is not None and place < len(row) else ""


def cells(row: Sequence[str], places: Sequence[int]) -> str:
    """What several cells say, each once."""
    return " ".join(dict.fromkeys(part for place in places if (part := cell(row, place))))


def fen_of_cell(row: Sequence[str], place: int | None) -> int | None:
    """Fen of an amount; ``None`` where there is none, or nobody can read it."""
    if not cell(row, place):
        return None
    try:
        return fen(cell(row, place), 0)
    except Refusal:
        return None
