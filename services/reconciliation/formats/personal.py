"""Exports of a person's own WeChat or Alipay: told apart from a firm's bills, and none of their money booked by itself.

What came there may be anybody's. Each line waits, and the page says which bill to download instead.
"""

from collections.abc import Sequence
from dataclasses import replace

from domain.reconciliation.line import Provider, Waiting
from services.reconciliation.formats.cells import serial
from services.reconciliation.formats.entry import Entry, ProviderStatement
from services.reconciliation.formats.layouts import layouts, plain


def told_apart(statement: ProviderStatement, rows: Sequence[Sequence[str]], head: int) -> ProviderStatement:
    """The statement as what it is, by its heading; any other one as it was."""
    named = [plain(cell) for cell in rows[head]] if head >= 0 else []
    of = next((Provider(each["is"]) for each in layouts()["personal"] if set(each["needs"]) <= set(named)), None)
    if of is None:
        return statement
    column = next((named.index(each) for each in layouts()["personal_serial"] if each in named), None)
    seen: set[str] = set()
    entries = []
    for entry in statement.entries:
        row = rows[entry.row - 1]
        said = serial(row[column], entry.row) if column is not None and column < len(row) else ""
        entries.append(_of_person(entry, of, said, seen))
    return replace(statement, provider=of, personal=True, entries=entries)


def _of_person(entry: Entry, of: Provider, said: str, seen: set[str]) -> Entry:
    """Its serial is the provider's, as in a firm's bill: money that both tell of is one line."""
    number = f"{said or entry.serial.partition('/')[2]}/"
    if number in seen:  # such as of a payment and what was given back of it
        number = f"{number}{entry.amount}@{entry.at.date()}.{entry.row}"
    seen.add(number)
    came = entry.amount > 0 and entry.waits is None and not entry.refunded
    return replace(entry, provider=of, serial=number, waits=Waiting.PERSONAL if came else entry.waits)
