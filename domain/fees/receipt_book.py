"""A station's receipt book of one year: the number of a receipt is its place in the book, so no number is missing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, assert_never
from uuid import UUID, uuid5

from domain.capacity import MONEY, Capacity
from domain.decider import Decider
from domain.recorded import Act

_STREAMS = UUID("0d6b7c8e-3a55-4a0e-8e5f-0a5f3a0c9b11")  # namespace of receipt books


RECEIPT = re.compile(r"(?<![0-9])([0-9]{4})-?([0-9]{6})(?![0-9])")  # as people write a receipt's number


@lru_cache(4_096)
def receipt_book_stream(estate: str, year: int) -> UUID:
    """The book of an estate's station for a year."""
    return uuid5(_STREAMS, f"{estate}|{year}")


def receipt_number(year: int, version: int) -> str:
    """The number of the receipt that is the book's event of this version: ``2026-000123``."""
    return f"{year}-{version:06d}"


@dataclass(frozen=True, slots=True)
class IssueReceipt:
    estate: str
    payment: UUID
    dwelling: UUID
    amount: int


Command = IssueReceipt


@dataclass(frozen=True, slots=True)
class ReceiptIssued:
    """One event, one number: nothing else may ever stand in this stream."""

    estate: str
    payment: UUID
    dwelling: UUID
    amount: int


Event = ReceiptIssued


@dataclass(frozen=True, slots=True)
class ReceiptBook:
    estate: str | None = None


def decide(command: Command, book: ReceiptBook, act: Act) -> Sequence[Event]:
    match command:
        case IssueReceipt(estate, payment, dwelling, amount):
            return [ReceiptIssued(estate, payment, dwelling, amount)]
        case _:
            assert_never(command)


def evolve(book: ReceiptBook, event: Event, act: Act) -> ReceiptBook:
    return book if book.estate else ReceiptBook(event.estate)


POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    IssueReceipt: MONEY,
}

RECEIPT_BOOK: Decider[Command, ReceiptBook, Event] = Decider(
    name="ReceiptBook",
    initial=ReceiptBook(),
    decide=decide,
    evolve=evolve,
    commands=(IssueReceipt,),
    events=(ReceiptIssued,),
    powers=POWERS,
)
