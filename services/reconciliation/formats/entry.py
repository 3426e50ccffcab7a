"""What every reader makes of a file: its entries, and what was noticed on the way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from domain.reconciliation.line import Provider, Waiting
from domain.refusal import reject_if

MOST_LINES = 100_000


class StatedSum(Enum):
    """What a file may say of its rows."""

    MONEY_IN = "MONEY_IN"
    MONEY_OUT = "MONEY_OUT"
    LINES = "LINES"
    LINES_IN = "LINES_IN"
    LINES_OUT = "LINES_OUT"
    CLOSING = "CLOSING"  # the balance at the end


@dataclass(frozen=True, slots=True)
class Difference:
    """A sum that the file states and its rows do not come to: in fen, or in lines."""

    of: StatedSum
    stated: int
    counted: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of money. ``row`` counts the file's lines from 1; ``amount`` in fen, below zero went out.

    ``serial`` is the provider's own; ``reference`` is what we gave it, ``refund_of`` the serial of what is given back.
    ``balance`` in fen, the firm's ``own`` account, what the column of serials is called (``numbering``) and the whole
    heading (``layout``) tell whether another download means the same line. Of ``amount`` the file's column of states
    says that ``refunded`` fen went back; ``state`` are its words where nobody knows them. ``waits`` is why a person has
    to look at it, whoever it leads to.
    """

    row: int
    provider: Provider
    serial: str
    at: datetime
    amount: int
    fee: int = 0
    payer: str | None = None
    account: str | None = None
    remark: str | None = None
    reference: str | None = None
    refund_of: str | None = None
    balance: int | None = None
    own: str | None = None
    numbering: str | None = None
    layout: str | None = None
    refunded: int = 0
    state: str | None = None
    waits: Waiting | None = None

    @property
    def net(self) -> int:
        """What is left of it, in fen; all of it where nobody says how much went back."""
        return self.amount if self.waits is not None else self.amount - self.refunded


@dataclass(frozen=True, slots=True)
class Break:
    """A line whose balance does not follow from the one before: in fen, what it should be and what it says."""

    row: int
    expected: int
    found: int


@dataclass(frozen=True, slots=True)
class Foreign:
    """A line in another currency, with its amount as it was written: it is told and not taken over."""

    row: int
    currency: str
    written: str


@dataclass(frozen=True, slots=True)
class ProviderStatement:
    """A file as it was read. ``doubled`` lines stood in it twice, ``void`` ones move no money.

    ``differences`` are sums that it states and its lines do not come to.
    """

    provider: Provider
    entries: Sequence[Entry]
    breaks: Sequence[Break] = ()
    footed: bool = False  # the file's own sums were there and agree
    doubled: int = 0
    void: int = 0
    personal: bool = False  # of a person's account, not of a firm's
    differences: Sequence[Difference] = ()
    foreign: Sequence[Foreign] = ()

    @property
    def money_in(self) -> int:
        return sum(entry.net for entry in self.entries if entry.amount > 0)

    @property
    def money_out(self) -> int:
        return -sum(entry.amount for entry in self.entries if entry.amount < 0)

    @property
    def fees(self) -> int:
        return sum(entry.fee for entry in self.entries)


def once(entries: Sequence[Entry], *, each_day: bool = False) -> tuple[list[Entry], int]:
    """Entries without those that stand there before, and how many those were.

    ``each_day``: serials begin anew every day. Refuses ``statement_serial_twice`` where two different lines bear one.
    """
    seen: dict[tuple[str, int, date | None], Entry] = {}
    for entry in entries:
        before = seen.setdefault((entry.serial, entry.amount, entry.at.date() if each_day else None), entry)
        same = before is entry or replace(entry, row=before.row) == before
        reject_if(not same, "statement_serial_twice", line=entry.row, other=before.row)
    return list(seen.values()), len(entries) - len(seen)
