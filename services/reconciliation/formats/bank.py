"""Banks' statements: recognised by the words of their heading wherever it stands, or by columns that a person chose."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from itertools import pairwise

from domain.money.amount import yuan
from domain.reconciliation.line import Provider
from domain.refusal import Refusal, reject_if
from services.reconciliation.formats.cells import fen, is_moment, moment, serial, text
from services.reconciliation.formats.entry import MOST_LINES, Break, Entry, ProviderStatement, once
from services.reconciliation.formats.identity import doubtful_serials
from services.reconciliation.formats.layouts import columns_of, heading, layouts, plain
from services.reconciliation.formats.personal import told_apart
from services.reconciliation.formats.states import stated

Rows = Sequence[Sequence[str]]
_TIME = re.compile(r"\d{5,6}")  # hours, minutes and seconds as a number: no day, where another column has the day


@dataclass(frozen=True, slots=True)
class Columns:
    """Where what stands, columns from 0, in the rows after ``head``. Money is in one column or in two."""

    provider: Provider
    head: int
    at: int
    money_in: int | None = None
    money_out: int | None = None
    amount: int | None = None
    direction: int | None = None
    balance: int | None = None
    payer: int | None = None
    account: int | None = None
    payer_account: int | None = None
    serial: int | None = None
    own: int | None = None
    remark: Sequence[int] = field(default_factory=tuple)


def recognised(rows: Rows) -> Columns | None:
    """The columns, if the heading is one of those known."""
    words = layouts()
    for known in words["bank"]:
        head = heading(rows, known["needs"])
        if head is not None:
            return _columns(rows, head, Provider(known["is"]))
    for head, row in enumerate(rows[:100]):
        if len([cell for cell in row if cell]) >= 3 and (found := _columns(rows, head, Provider.BANK)):
            return found
    return None


def _columns(rows: Rows, head: int, provider: Provider) -> Columns | None:
    names = layouts()["bank_columns"]
    found = columns_of([text(cell) for cell in rows[head]], names)
    remarks = [place for place, cell in enumerate(rows[head]) if plain(cell) in names["remark"]]
    money = "money_in" in found or "amount" in found
    if "at" not in found or not money:
        return None
    if "day" in found and not _says_days(rows, head, found["at"]):
        found["at"] = found["day"]  # the other column has the time of day alone
    return Columns(
        provider=provider,
        head=head,
        at=found["at"],
        money_in=found.get("money_in"),
        money_out=found.get("money_out"),
        amount=None if "money_in" in found else found.get("amount"),
        direction=found.get("direction"),
        balance=found.get("balance"),
        payer=found.get("payer"),
        account=found.get("account"),
        payer_account=found.get("payer_account"),
        serial=found.get("serial"),
        own=found.get("own"),
        remark=tuple(remarks),
    )


def _says_days(rows: Rows, head: int, column: int) -> bool:
    first = next((row for row in rows[head + 1 :] if column < len(row) and row[column]), None)
    return first is not None and is_moment(first[column]) and not _TIME.fullmatch(text(first[column]))


def read(rows: Rows, columns: Columns) -> ProviderStatement:
    """The statement. Refuses amounts and days that are none, and totals that do not agree, each with its line."""
    entries: list[Entry] = []
    balances: list[tuple[Entry, int]] = []
    seen: Counter[str] = Counter()
    footed, void, ended, page = False, 0, False, 0
    layout = " ".join(plain(cell) for cell in rows[columns.head])
    doubtful = doubtful_serials(rows[columns.head + 1 :], columns.serial, columns.at)
    for place in range(columns.head + 1, len(rows)):
        row, number = rows[place], place + 1
        if not any(row):
            continue
        if _is_total(row, columns):
            footed = _check_total(row, columns, entries, page, number) or footed
            ended, page = True, len(entries)
            continue
        if [plain(cell) for cell in row] == [plain(cell) for cell in rows[columns.head]]:
            continue  # the heading once more, as at the top of each printed page
        at = _cell(row, columns.at)
        if not is_moment(at):
            few = len([cell for cell in row if cell]) <= 2
            reject_if(not few and not ended, "statement_date", line=number)
            continue  # words below the rows
        entry = replace(_entry(row, columns, number, moment(at, number), seen, doubtful), layout=layout)
        reject_if(len(entries) >= MOST_LINES, "statement_too_long", most=MOST_LINES)
        if columns.balance is not None and _cell(row, columns.balance):
            entry = replace(entry, balance=fen(_cell(row, columns.balance), number))
            balances.append((entry, entry.balance or 0))
        if entry.amount:
            entries.append(entry)
        else:
            void += 1
    called = plain(rows[columns.head][columns.serial]) if columns.serial is not None else None
    unique, doubled = once([_numbered(entry, called) for entry in entries], each_day=True)
    found = ProviderStatement(columns.provider, unique, breaks_of(balances), footed, doubled, void)
    return told_apart(stated(found, rows, columns.head, _taken(columns)), rows, columns.head)


def _taken(columns: Columns) -> frozenset[int]:
    """The columns that say something else than how a line stands."""
    said = [getattr(columns, each.name) for each in fields(columns) if each.name not in ("provider", "head", "state")]
    several = [place for each in said if isinstance(each, list | tuple) for place in each]
    return frozenset(place for place in (*said, *several) if type(place) is int)


def breaks_of(balances: Sequence[tuple[Entry, int]]) -> list[Break]:
    """Lines whose balance does not follow from the line before, read in the direction in which fewer break."""
    rising = [
        Break(entry.row, before + entry.amount, balance)
        for (_, before), (entry, balance) in pairwise(balances)
        if before + entry.amount != balance
    ]
    falling = [
        Break(entry.row, after + entry.amount, balance)
        for (entry, balance), (_, after) in pairwise(balances)
        if after + entry.amount != balance
    ]
    return rising if len(rising) <= len(falling) else falling


def _cell(row: Sequence[str], place: int | None) -> str:
    return text(row[place]) if place is not None and place < len(row) else ""


def _numbered(entry: Entry, called: str | None) -> Entry:
    return entry if "/=" in entry.serial else replace(entry, numbering=called)


def _entry(
    row: Sequence[str], columns: Columns, number: int, at: datetime, seen: Counter[str], doubtful: frozenset[str]
) -> Entry:
    amount = _amount(row, columns, number)
    payer, account = _cell(row, columns.payer), _cell(row, columns.account)
    if columns.payer_account is not None:
        payer, account = _apart(_cell(row, columns.payer_account))
    remark = " ".join(dict.fromkeys(part for place in columns.remark if (part := _cell(row, place))))
    said = serial(_cell(row, columns.serial), number)
    own = _cell(row, columns.own)
    if not said or said in doubtful:
        content = "|".join((own, at.isoformat(), str(amount), _cell(row, columns.balance), payer, account, remark))
        digest = hashlib.sha256(content.encode()).hexdigest()[:32]
        seen[digest] += 1
        said = f"={digest}.{seen[digest]}"
    returned = amount < 0 and any(word in remark for word in layouts()["bank_words"]["returned"])
    return Entry(
        row=number,
        provider=columns.provider,
        serial=f"{own}/{said}",
        at=at,
        amount=amount,
        payer=payer[:100] or None,
        account=account[:100] or None,
        remark=remark or None,
        refund_of="" if returned else None,
        own="".join(own.split()) or None,
    )


def _amount(row: Sequence[str], columns: Columns, number: int) -> int:
    if columns.amount is None:
        money_in, money_out = fen(_cell(row, columns.money_in), number), fen(_cell(row, columns.money_out), number)
        reject_if(bool(money_in) and bool(money_out), "statement_both", line=number)
        return money_in - money_out
    amount = fen(_cell(row, columns.amount), number)
    said = plain(_cell(row, columns.direction)).upper()
    words = layouts()["bank_words"]
    if columns.direction is None or not said:
        return amount
    if said in words["out"]:
        return -abs(amount)
    reject_if(said not in words["in"], "statement_state", line=number)
    return amount


def _apart(cell: str) -> tuple[str, str]:
    """Name and account that share a cell: the account is what has the digits."""
    parts = [part for part in re.split(r"[\s/,;|:()\uff08\uff09]+", cell) if part]
    account = next((part for part in parts if sum(char.isdigit() for char in part) >= 6 or "*" in part), "")
    return " ".join(part for part in parts if part != account), account


def _is_total(row: Sequence[str], columns: Columns) -> bool:
    first = plain(next(cell for cell in row if cell))
    words = layouts()["bank_words"]
    called = (*words["totals"], *words["totals_of_page"], *words["totals_of_time"])
    return first.startswith(called) and not is_moment(_cell(row, columns.at))


def _check_total(row: Sequence[str], columns: Columns, entries: Sequence[Entry], page: int, number: int) -> bool:
    """A total's figures against the rows': under its column, or beside its name. Whether there was one.

    Those of a page count the rows since ``page``, the number of entries at the total before; those of a time may begin
    before the file and count nothing.
    """
    words, said, checked = layouts()["bank_words"], "".join(plain(cell) for cell in row), False
    if said.startswith(tuple(words["totals_of_time"])):
        return False
    if said.startswith(tuple(words["totals_of_page"])):
        entries = entries[page:]
    money_in = sum(entry.amount for entry in entries if entry.amount > 0)
    money_out = -sum(entry.amount for entry in entries if entry.amount < 0)
    under = ((columns.money_in, money_in), (columns.money_out, money_out), (columns.amount, money_in - money_out))
    for place, counted in under:
        cell = _cell(row, place)
        try:
            stated = fen(cell, number) if place is not None and any(char.isdigit() for char in cell) else None
        except Refusal:  # words beside the figure
            continue
        if stated is not None:
            reject_if(stated != counted, "statement_sum", stated=yuan(stated), counted=yuan(counted))
            checked = True
    for pattern, counted in ((words["total_in"], money_in), (words["total_out"], money_out)):
        beside = re.search(pattern, said)
        if beside is not None:
            stated = fen(beside[1], number)
            reject_if(stated != counted, "statement_sum", stated=yuan(stated), counted=yuan(counted))
            checked = True
    return checked
