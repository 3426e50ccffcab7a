"""Lines that may be one: the same money as another download of the account writes it, with other columns or words.

A line that its provider numbers is known by its number, a line that reads the same by how it reads. Where neither is so
but nothing speaks against it (day, amount, balance, the firm's account, who paid, which home is named), a person says.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from domain.calendar import SHANGHAI
from domain.reconciliation.line import LineFacts, LineStage, Provider, SetAsideReason
from domain.typed import folded
from projections.projection import Connection
from projections.reconciliation import lines as statement_lines
from projections.reconciliation.lines import LineRow
from services.log.pseudonyms import Pseudonyms
from services.reconciliation.formats.entry import Entry
from services.reconciliation.formats.matching import Book, candidates_of, traces_of
from services.reconciliation.line_marks import BANKS, facts_of

MOST = 40  # twins of a line that are kept: of so many equal payments of a day each may be one
APART = timedelta(days=3)  # between the day on which a transfer was made and the one on which it was booked
_ENOUGH = 2 * MOST  # more are not compared
_NOWHERE = UUID(int=0)
_SHORTEST_SERIAL = 6
_SHORTEST_END = 4  # signs at the end of an account that others are masked but for
_NEVER = datetime(2000, 1, 1, tzinfo=SHANGHAI)


class Twins:
    """What was taken up before (``rows``), for the lines of one file. ``ids`` are the streams of its ``entries``."""

    def __init__(
        self, rows: Iterable[LineRow], pseudonyms: Pseudonyms, book: Book, estate: str, entries: Sequence[Entry],
        ids: Sequence[UUID],
    ) -> None:  # fmt: skip
        self._pseudonyms = pseudonyms
        self._book = book
        self._estate = estate
        self._repeated = _repeated(entries, ids)
        self._led: dict[str, set[UUID]] = {}  # homes by remark
        self._before: dict[tuple[bool | Provider, int, date], list[LineRow]] = {}
        own = frozenset(ids)
        for row in rows:
            if row.line in own or not self._may_be_ours(row):
                continue
            for amount in {row.told.amount, row.told.amount + row.told.refunded}:
                at = (_family(row.told.provider), amount, row.told.at.date())
                self._before.setdefault(at, []).append(row)

    def of(self, entry: Entry, line: UUID) -> tuple[UUID, ...]:
        """Earlier lines that a line may be, the likeliest first."""
        within = self._repeated.get(line)
        found: dict[UUID, int] = {} if within is None else {within: 0}
        marks = facts_of(self._pseudonyms, entry, self._estate, _NOWHERE, None)
        for amount in {entry.amount, entry.net}:
            for days in sorted(range(-APART.days, APART.days + 1), key=abs):
                at = (_family(entry.provider), amount, entry.at.date() + timedelta(days))
                for row in self._before.get(at, ()):
                    if len(found) == _ENOUGH:
                        break
                    if row.line != line and self._alike(entry, marks, row):
                        found[row.line] = _likeness(entry, row)
        return tuple(sorted(found, key=lambda each: found[each])[:MOST])

    def _may_be_ours(self, row: LineRow) -> bool:
        """Whether nobody gave it up for another estate's: that one may be the estate that asks."""
        return row.estate == self._estate or not (
            row.stage is LineStage.SET_ASIDE and row.reason is SetAsideReason.OTHER_ESTATE
        )

    def _alike(self, entry: Entry, mine: LineFacts, row: LineRow) -> bool:
        told, apart = row.told, abs(entry.at.date() - row.told.at.date())
        if mine.own and told.own and mine.own != told.own:
            return False
        if mine.balance is not None and told.balance is not None:
            return mine.balance == told.balance
        theirs, ours = _serial(row.serial), _serial(entry.serial)
        if ours and ours == theirs and (apart == timedelta() or len(ours) >= _SHORTEST_SERIAL):
            return True
        if apart or (row.estate != self._estate and (mine.own is None or mine.own != told.own)):
            return False
        one_column = mine.numbering == told.numbering and (mine.numbering or entry.provider not in BANKS)
        if ours and theirs and one_column:  # two numbers are two lines
            return False
        return not self._speaks_against(entry, mine, row)

    def _speaks_against(self, entry: Entry, mine: LineFacts, row: LineRow) -> bool:
        """Two payers, two homes; in one layout whatever differs."""
        names, accounts = _agree(entry.payer, row.payer), _agree(entry.account, row.account)
        if (names is False and accounts is not True) or (accounts is False and names is not True):
            return True
        if mine.layout == row.told.layout is not None:
            said = (entry.payer, entry.account, entry.remark), (row.payer, row.account, row.remark)
            return entry.at != row.told.at or [_plain(each) for each in said[0]] != [_plain(each) for each in said[1]]
        here, there = self._leads(entry.remark), self._leads(row.remark)
        return bool(here and there) and here.isdisjoint(there)

    def _leads(self, remark: str | None) -> set[UUID]:
        said = remark or ""
        if said not in self._led:
            traces = traces_of(Entry(0, Provider.BANK, "", _NEVER, 0, remark=said))
            self._led[said] = candidates_of(traces, None, self._book)
        return self._led[said]


def rows_around(conn: Connection, entries: Sequence[Entry]) -> list[LineRow]:
    """Earlier lines of the same amounts and days, as far as the connection may see them."""
    days = [entry.at.date() for entry in entries]
    amounts = {amount for entry in entries for amount in (entry.amount, entry.net)}
    return statement_lines.of_amounts(conn, amounts, min(days) - APART, max(days) + APART) if days else []


def is_free(doubles: Sequence[LineRow], row: LineRow) -> bool:
    """Whether an earlier line with these doubles may be this line too: of one file each is another."""
    return all(each.line == row.line or each.told.file != row.told.file for each in doubles)


def _repeated(entries: Sequence[Entry], ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Lines of one file with day, amount and balance of one before them, which numbers do not tell apart."""
    first: dict[tuple[object, ...], tuple[UUID, Entry]] = {}
    found: dict[UUID, UUID] = {}
    for entry, line in zip(entries, ids, strict=True):
        if entry.balance is None:
            continue
        before, other = first.setdefault((entry.own, entry.at.date(), entry.amount, entry.balance), (line, entry))
        if before != line and not (entry.numbering and other.numbering):
            found[line] = before
    return found


def _likeness(entry: Entry, row: LineRow) -> int:
    """Less for what agrees more: one that is no double itself, the moment, the payer, the words."""
    agreed = (
        not row.twins,
        not row.twins,
        entry.at == row.told.at,
        _agree(entry.payer, row.payer),
        _plain(entry.remark) == _plain(row.remark),
    )
    return -sum(each is True for each in agreed)


def _family(provider: Provider) -> bool | Provider:
    return True if provider in BANKS else provider


def _serial(serial: str | None) -> str:
    """A provider's number without the account before it; nothing where it is only a digest of the line."""
    said = (serial or "").partition("/")
    number = said[2] if said[2] else said[0]
    return "" if number.startswith("=") else number


@lru_cache(4096)
def _plain(said: str | None) -> str:
    return "".join(char for char in folded(said or "") if char.isalnum() or char == "*")


def _agree(one: str | None, other: str | None) -> bool | None:
    """Whether two names or accounts may be one, also where signs of one are masked or left out; ``None``: unsaid."""
    here, there = _plain(one), _plain(other)
    if not here or not there:
        return None
    if here in there or there in here:
        return True
    if "*" not in here + there:
        return False
    pieces = (here if "*" in here else there).split("*")
    whole = there if "*" in here else here
    first, last = pieces[0], pieces[-1]
    return "*" in whole or (whole.startswith(first) and (whole.endswith(last) or len(last) < _SHORTEST_END))
