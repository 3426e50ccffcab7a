"""Banks' statements, row by row: what their columns are, a heading or a person said."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from itertools import pairwise

from domain.refusal import reject_if
from services.reconciliation.formats.cells import fee_fen, is_moment, moment, serial
from services.reconciliation.formats.columns import Columns, Rows, cell, cells, fen_of_cell
from services.reconciliation.formats.currencies import currency_above, foreign
from services.reconciliation.formats.entry import MOST_LINES, Break, Entry, Foreign, ProviderStatement, once
from services.reconciliation.formats.identity import doubtful_serials
from services.reconciliation.formats.layouts import layouts, plain
from services.reconciliation.formats.personal import told_apart
from services.reconciliation.formats.sides import amount_of, signs_of
from services.reconciliation.formats.states import stated
from services.reconciliation.formats.sums import Sums, is_frame, is_total

_NAME, _REMARK, _WRITTEN = 100, 500, 40  # signs that are kept
_BEHIND_NAME = re.compile(r"(.*?[^\d*])[\s(/:,]*([\d*]{6,})\)?")


def read(rows: Rows, columns: Columns) -> ProviderStatement:
    """The statement. Refuses amounts and days that are none, each with its line; sums that differ are told."""
    entries: list[Entry] = []
    balances: list[tuple[Entry, int]] = []
    abroad: list[Foreign] = []
    seen: Counter[str] = Counter()
    ended, void = False, 0
    head = [plain(each) for each in rows[columns.head]] if columns.head >= 0 else []
    layout = " ".join(head)
    signs, above, sums = signs_of(rows, columns), currency_above(rows, columns.head), Sums(columns)
    sums.words(rows[: max(columns.head, 0)])
    doubtful = doubtful_serials(rows[columns.head + 1 :], columns.serial, columns.at, columns.order)
    _check_unit(head, columns)
    first, last = _dated(rows, columns)
    for place in range(columns.head + 1, len(rows)):
        row, number = rows[place], place + 1
        if not any(row):
            continue
        if is_total(row, columns):
            sums.total(row)
            ended = True
            continue
        if [plain(each) for each in row] == head:
            continue  # the heading once more, as at the top of each printed page
        at = cell(row, columns.at)
        if not is_moment(at, columns.order):
            words = is_frame(row) or (not first <= place <= last and not _has_money(row, columns))
            reject_if(not ended and not words, "statement_date", line=number)
            sums.words([row])
            continue  # words below the rows
        currency = foreign(row, columns, above)
        if currency is not None:
            abroad.append(Foreign(number, currency, _written(row, columns)))
            continue
        amount = amount_of(row, columns, signs, number)
        entry = _entry(row, columns, amount, moment(at, number, columns.order), number, seen, doubtful)
        reject_if(len(entries) >= MOST_LINES, "statement_too_long", most=MOST_LINES)
        if not amount:
            void += 1
            continue
        balance = fen_of_cell(row, columns.balance)
        if balance is not None:
            balances.append((entry, balance))
        entries.append(replace(entry, layout=layout, balance=balance, numbering=_numbering(entry, head, columns)))
        sums.amounts.append(amount)
    reject_if(not entries and bool(abroad), "statement_foreign", lines=len(abroad))
    unique, doubled = once(entries, each_day=True)
    read_so = ProviderStatement(
        columns.provider, unique, breaks_of(balances), doubled=doubled, void=void, foreign=abroad
    )
    found = told_apart(stated(read_so, rows, columns.head, _taken(columns), columns.state), rows, columns.head)
    came = {entry.row for entry in found.entries if entry.net}
    sums.check(entries, came, len(abroad))
    return replace(found, footed=bool(sums.checked) and not sums.differences, differences=sums.differences)


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


def _check_unit(head: Sequence[str], columns: Columns) -> None:
    """Amounts are in yuan, or nobody takes them for it."""
    for place in (columns.amount, columns.money_in, columns.money_out):
        named = head[place] if place is not None and place < len(head) else ""
        reject_if(any(word in named for word in layouts()["bank_words"]["large_units"]), "statement_unit")


def _dated(rows: Rows, columns: Columns) -> tuple[int, int]:
    """The first and the last row with a day: outside of them stand words."""
    below = range(columns.head + 1, len(rows))
    dated = [place for place in below if is_moment(cell(rows[place], columns.at), columns.order)]
    return (dated[0], dated[-1]) if dated else (len(rows), len(rows))


def _has_money(row: Sequence[str], columns: Columns) -> bool:
    places = (columns.amount, columns.money_in, columns.money_out)
    return any(fen_of_cell(row, place) is not None for place in places)


def _numbering(entry: Entry, head: Sequence[str], columns: Columns) -> str | None:
    """What the column of its serial is called, if it has one."""
    return head[columns.serial] if columns.serial is not None and head and "/=" not in entry.serial else None


def _entry(
    row: Sequence[str],
    columns: Columns,
    amount: int,
    at: datetime,
    number: int,
    seen: Counter[str],
    doubtful: frozenset[str],
) -> Entry:
    payer, account = _other_side(row, columns, amount)
    remark = cells(row, columns.remark)[:_REMARK].rstrip()
    said = serial(cell(row, columns.serial), number)
    own = cell(row, columns.own)
    if not said or said in doubtful:
        content = "|".join((own, at.isoformat(), str(amount), cell(row, columns.balance), payer, account, remark))
        digest = hashlib.sha256(content.encode()).hexdigest()[:32]
        seen[digest] += 1
        said = f"={digest}.{seen[digest]}"
    returned = amount < 0 and any(word in remark for word in layouts()["bank_words"]["returned"])
    return Entry(
        row=number,
        provider=columns.provider,
        serial=f"{own}/{said}"[:200],
        at=at,
        amount=amount,
        fee=abs(fee_fen(cell(row, columns.fee), number)),
        payer=payer[:_NAME] or None,
        account=account[:_NAME] or None,
        remark=remark or None,
        reference=cell(row, columns.reference)[:_NAME] or None,
        refund_of="" if returned else None,
        own="".join(own.split()) or None,
    )


def _other_side(row: Sequence[str], columns: Columns, amount: int) -> tuple[str, str]:
    """Name and account of whoever paid, or was paid."""
    payer = cells(row, columns.payer) or cells(row, columns.payer_in if amount >= 0 else columns.payer_out)
    account = cells(row, columns.account) or cells(row, columns.account_in if amount >= 0 else columns.account_out)
    if columns.payer_account is not None:
        name, number = _apart(cell(row, columns.payer_account))
        payer, account = payer or name, account or number
    return payer, account


def _apart(said: str) -> tuple[str, str]:
    """Name and account that share a cell: the account is what has the digits."""
    if glued := _BEHIND_NAME.fullmatch(said):
        return glued[1].strip(" (/:,-"), glued[2]
    parts = [part for part in re.split(r"[\s/,;|:()\uff08\uff09]+", said) if part]
    account = next((part for part in parts if sum(char.isdigit() for char in part) >= 6 or "*" in part), "")
    return " ".join(part for part in parts if part != account), account


def _written(row: Sequence[str], columns: Columns) -> str:
    places = (columns.amount, columns.money_in, columns.money_out)
    return next((said for place in places if (said := cell(row, place))), "")[:_WRITTEN]
