"""Pseudonyms by which lines are known: each line's own, and those of the payer, the firm's account and the balance."""

import unicodedata
from uuid import UUID

from domain.reconciliation.line import LineFacts, Provider
from services.fees.provider_numbers import number_mark
from services.log.pseudonyms import Pseudonyms
from services.reconciliation.formats.entry import Entry

BANKS = frozenset({Provider.CCB, Provider.ICBC, Provider.BANK})
_SHORTEST_ACCOUNT = 5


def line_of(pseudonyms: Pseudonyms, entry: Entry) -> UUID:
    """The identity of a line: what its provider calls it. A bank's serial counts with day and amount."""
    if entry.provider in BANKS:
        said = ("BANK", entry.serial, str(entry.amount), entry.at.date().isoformat())
        return pseudonyms.of("statement-line", *said)
    return pseudonyms.of("statement-line", entry.provider.value, entry.serial)


def mark_of(pseudonyms: Pseudonyms, entry: Entry) -> UUID | None:
    """The pseudonym of the payer's account; ``None`` where it is missing, or masked and so not one payer's alone."""
    account = "".join((entry.account or "").split())
    if len(account) < _SHORTEST_ACCOUNT or "*" in account:
        return None
    return pseudonyms.of("payer-account", "BANK" if entry.provider in BANKS else entry.provider.value, account)


def balance_mark(pseudonyms: Pseudonyms, entry: Entry) -> UUID | None:
    """The pseudonym of the balance after a line."""
    return None if entry.balance is None else pseudonyms.of("statement-balance", str(entry.balance))


def own_mark(pseudonyms: Pseudonyms, entry: Entry) -> UUID | None:
    """The pseudonym of the firm's account that a line is on."""
    return pseudonyms.of("statement-own", entry.own) if entry.own else None


def numbering_mark(pseudonyms: Pseudonyms, entry: Entry) -> UUID | None:
    """The pseudonym of what the column of its serial is called."""
    return pseudonyms.of("statement-numbering", entry.numbering) if entry.numbering else None


def layout_mark(pseudonyms: Pseudonyms, entry: Entry) -> UUID | None:
    """The pseudonym of the heading that it stands under."""
    return pseudonyms.of("statement-layout", entry.layout) if entry.layout else None


def numbers_said(entry: Entry) -> tuple[str, ...]:
    """The provider's numbers of a line; a bank's serial begins with the account that the money is on."""
    parts = entry.serial.split("/")
    return (*(parts[1:] if entry.provider in BANKS else parts), entry.reference or "")


def numbers_of(pseudonyms: Pseudonyms, entry: Entry) -> tuple[UUID, ...]:
    """The pseudonyms of its numbers, by which the desk finds money that is booked already."""
    marks = (number_mark(pseudonyms, said) for said in numbers_said(entry))
    return tuple(dict.fromkeys(mark for mark in marks if mark is not None))


def facts_of(pseudonyms: Pseudonyms, entry: Entry, estate: str, file: UUID, about: UUID | None) -> LineFacts:
    """What a file says of a line that is nobody's secret; ``about`` is the line that it gives money back of."""
    if about is None and entry.refund_of:
        about = pseudonyms.of("statement-line", entry.provider.value, entry.refund_of)
    return LineFacts(
        estate=estate,
        provider=entry.provider,
        amount=entry.net,
        at=entry.at,
        file=file,
        row=entry.row,
        fee=entry.fee,
        mark=mark_of(pseudonyms, entry),
        about=about,
        balance=balance_mark(pseudonyms, entry),
        own=own_mark(pseudonyms, entry),
        numbering=numbering_mark(pseudonyms, entry),
        layout=layout_mark(pseudonyms, entry),
        refunded=entry.amount - entry.net,
        numbers=numbers_of(pseudonyms, entry) if entry.amount > 0 else (),
    )


def said(text: str | None, most: int) -> str | None:
    """A text as an event takes it: no signs that cannot be shown, no longer than it may be."""
    plain = unicodedata.normalize("NFC", text or "")
    if not plain.isprintable():
        plain = "".join(char if char.isprintable() else " " for char in plain)
    return plain.strip()[:most].strip() or None
