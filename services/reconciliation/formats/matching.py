"""Whose money it is: what a line says that leads to a dwelling, in the order of its strength, and why.

Pure: the caller brings what is known of the estate (``Book``). Two candidates that are equally good are never chosen
between; a line that leads nowhere, or to a sum that is not open there, goes to a person with suggestions.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from uuid import UUID

from domain.fees.payment_reference import references_in
from domain.money.evidence import Evidence
from domain.reconciliation.line import Waiting
from services.reconciliation.formats.against import Around, said_of
from services.reconciliation.formats.entry import Entry
from services.reconciliation.formats.homes import Homes

SUGGESTIONS = 3
SHORTEST_NUMBER = 8  # signs of a bill's number; shorter words say too little
_NOT_PLAIN = re.compile(r"[^0-9A-Z]+")
_WORD = re.compile(r"[0-9A-Z][0-9A-Z\- ]*[0-9A-Z]")


@dataclass(frozen=True, slots=True)
class Traces:
    """What a line says that may lead somewhere. ``mark`` is the pseudonym of the payer's account."""

    references: Sequence[str] = ()
    words: Sequence[str] = ()
    said: str = ""  # where places are read


@dataclass(frozen=True, slots=True)
class Debts:
    """What is open on an account, in fen, the oldest first; ``room`` is what may be held beyond it."""

    bills: Sequence[tuple[UUID, int]] = ()
    room: int = 0

    @property
    def total(self) -> int:
        return sum(amount for _, amount in self.bills)

    def fits(self, amount: int) -> bool:
        """Whether somebody would pay just this: all, one bill, or the oldest few."""
        return amount in {*accumulate(open for _, open in self.bills), *(open for _, open in self.bills)}

    def bills_for(self, amount: int) -> Sequence[UUID]:
        """The one bill that is meant, where the amount is neither all nor the oldest few."""
        if amount in accumulate(open for _, open in self.bills):
            return ()
        meant = [bill for bill, open in self.bills if open == amount]
        return meant[:1]


@dataclass(frozen=True, slots=True)
class Book:
    """What is known: dwellings by reference, bill number, place and payer's mark, and what is open on each.

    ``around`` is what tells that a line means another estate or somebody else.
    """

    references: Mapping[str, UUID] = field(default_factory=dict)
    numbers: Mapping[str, tuple[UUID, UUID]] = field(default_factory=dict)  # plain number: dwelling, bill
    homes: Homes = field(default_factory=Homes)
    marks: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    debts: Mapping[UUID, Debts] = field(default_factory=dict)
    around: Around = field(default_factory=Around)


@dataclass(frozen=True, slots=True)
class Match:
    """A line belongs to a dwelling, for this reason; ``bills`` are those it names."""

    dwelling: UUID
    evidence: Evidence
    bills: Sequence[UUID] = ()


def traces_of(entry: Entry) -> Traces:
    """What is read out of reference, remark and payer's name."""
    said = unicodedata.normalize("NFKC", " ".join(part for part in (entry.reference, entry.remark) if part)).upper()
    words = _words(said)
    return Traces(references_in(words), words, said)


def match(entry: Entry, traces: Traces, mark: UUID | None, book: Book) -> Match | Waiting:
    """The dwelling whose money it is, or why a person has to say."""
    if entry.amount <= 0:
        return Waiting.REFUND if entry.refund_of is not None else Waiting.MONEY_OUT
    if entry.waits is not None:
        return entry.waits
    if entry.refunded:
        return Waiting.REFUNDED_PARTLY
    found = _led_to(entry, traces, mark, book)
    against = speaks_against(entry, traces, found.dwelling if isinstance(found, Match) else None, book)
    return found if against is None else against[0]


def speaks_against(entry: Entry, traces: Traces, dwelling: UUID | None, book: Book) -> tuple[Waiting, str] | None:
    """Why a line is perhaps not that dwelling's, or not this estate's at all, with the words that say so.

    Whoever pays from afar is asked for no name: only a text names people, and an owner's own name no estate.
    """
    owner = book.around.owners.get(dwelling) if dwelling else None
    payer = None if owner is not None and said_of(owner) == said_of(entry.payer) else entry.payer
    estate = book.around.estate_in(said_of(entry.reference, entry.remark, payer))
    estate = estate or book.around.stranger_in(entry.remark, entry.payer)
    if estate is not None:
        return Waiting.OTHER_ESTATE, estate
    if dwelling is None:
        return None
    place = book.homes.speaks_against(traces.said, dwelling)
    if place is not None:
        return Waiting.OTHER_HOME, place
    person = book.around.person_in(said_of(entry.remark), dwelling, entry.payer)
    return None if person is None else (Waiting.OTHER_PERSON, person)


def _led_to(entry: Entry, traces: Traces, mark: UUID | None, book: Book) -> Match | Waiting:
    named = _one({book.references[each] for each in traces.references if each in book.references})
    if named is not None:
        return named if isinstance(named, Waiting) else _within(entry, Match(named, Evidence.OWN_REFERENCE), book)
    billed = {book.numbers[each] for each in traces.words if each in book.numbers}
    by_bill = _one({dwelling for dwelling, _ in billed})
    if by_bill is not None:
        if isinstance(by_bill, Waiting):
            return by_bill
        still = {bill for bill, _ in _debts(book, by_bill).bills}
        bills = tuple(sorted(bill for _, bill in billed if bill in still))
        return _within(entry, Match(by_bill, Evidence.BILL_NUMBER, bills), book)
    led_somewhere = False
    if book.homes.several(traces.said):
        return Waiting.SEVERAL
    for candidates, evidence in (
        (book.homes.named_in(traces.said), Evidence.DWELLING_AND_AMOUNT),
        (book.marks.get(mark, frozenset()) if mark else frozenset(), Evidence.PAYER_AND_AMOUNT),
    ):
        led_somewhere = led_somewhere or bool(candidates)
        fitting = {each for each in candidates if _fits(entry.amount, _debts(book, each), evidence)}
        found = _one(fitting)
        if isinstance(found, Waiting):
            return found
        if found is not None:
            return Match(found, evidence, tuple(_debts(book, found).bills_for(entry.amount)))
        if candidates:  # the stronger word named somebody else's home, or another sum: no weaker one overrules it
            break
    return Waiting.OTHER_AMOUNT if led_somewhere else Waiting.NO_TRACE


def candidates_of(traces: Traces, mark: UUID | None, book: Book) -> set[UUID]:
    """Every dwelling that a line may lead to, before amounts are looked at."""
    found = {book.references[each] for each in traces.references if each in book.references}
    found |= {book.numbers[each][0] for each in traces.words if each in book.numbers}
    found |= book.homes.named_in(traces.said)
    return found | (book.marks.get(mark, frozenset()) if mark else frozenset())


def suggestions(
    entry: Entry, traces: Traces, mark: UUID | None, book: Book, same_amount: Sequence[UUID] = ()
) -> list[tuple[UUID, Evidence | None]]:
    """Up to three dwellings with what speaks for each, the strongest first; ``None`` is the amount alone.

    None where the line names another estate: rooms are called alike everywhere.
    """
    found: dict[UUID, Evidence | None] = {}
    if speaks_against(entry, traces, None, book) is not None:
        return []
    for each in traces.references:
        if each in book.references:
            found.setdefault(book.references[each], Evidence.OWN_REFERENCE)
    for each in traces.words:
        if each in book.numbers:
            found.setdefault(book.numbers[each][0], Evidence.BILL_NUMBER)
    for dwellings, evidence in (
        (book.homes.named_in(traces.said), Evidence.DWELLING_AND_AMOUNT),
        (book.marks.get(mark, frozenset()) if mark else frozenset(), Evidence.PAYER_AND_AMOUNT),
    ):
        for dwelling in sorted(dwellings, key=lambda each: (not _debts(book, each).fits(entry.amount), each)):
            found.setdefault(dwelling, evidence)
    for dwelling in same_amount:
        found.setdefault(dwelling, None)
    return list(found.items())[:SUGGESTIONS]


def plain_number(number: str) -> str:
    """A bill's number as it is compared: letters and digits alone."""
    return _NOT_PLAIN.sub("", unicodedata.normalize("NFKC", number).upper())


def _words(said: str) -> list[str]:
    """Runs of letters and digits with hyphens and blanks taken out, whole and piece by piece."""
    found: dict[str, None] = {}
    for run in _WORD.findall(said):
        for piece in (run, *run.split(" ")):
            word = piece.replace("-", "").replace(" ", "")
            if len(word) >= SHORTEST_NUMBER:
                found[word] = None
    return list(found)


def _one(found: set[UUID]) -> UUID | Waiting | None:
    if len(found) > 1:
        return Waiting.SEVERAL
    return next(iter(found), None)


def _debts(book: Book, dwelling: UUID) -> Debts:
    return book.debts.get(dwelling, Debts())


def _fits(amount: int, debts: Debts, evidence: Evidence) -> bool:
    return amount == debts.total if evidence is Evidence.PAYER_AND_AMOUNT else debts.fits(amount)


def _within(entry: Entry, found: Match, book: Book) -> Match | Waiting:
    debts = _debts(book, found.dwelling)
    return found if entry.amount <= debts.total + debts.room else Waiting.EXCESS
