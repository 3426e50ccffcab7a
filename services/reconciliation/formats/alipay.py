"""Alipay's business detail (业务明细): a frame of lines that begin with #, tabs after long numbers, refunds by kind."""

import csv
import re
from collections.abc import Mapping, Sequence
from typing import Any

from domain.money.amount import yuan
from domain.reconciliation.line import Provider, Waiting
from domain.refusal import reject_if
from services.reconciliation.formats.cells import fen, is_moment, moment, serial, text
from services.reconciliation.formats.entry import MOST_LINES, Entry, ProviderStatement, once
from services.reconciliation.formats.layouts import columns_of, heading, layouts, plain
from services.reconciliation.formats.opening import Opened


def read(found: Opened) -> ProviderStatement | None:
    """The statement, if it is one. Refuses rows that do not fit their heading and sums that do not agree."""
    layout = layouts()["alipay"]
    simple = [line.split(",") for line in found.lines[:100]] if found.lines is not None else found.rows
    at = heading(simple, layout["needs"])
    if at is None:
        return None
    head = [plain(cell) for cell in simple[at]]
    columns = columns_of(head, layout["columns"])
    reject_if("received" not in columns, "statement_column")
    entries: list[Entry] = []
    frame: list[str] = []
    for place in range(at + 1, len(found.lines if found.lines is not None else found.rows)):
        row = _row(found, place, len(head), columns)
        if row and row[0].startswith("#"):
            frame.append("".join(plain(cell) for cell in row))
        elif any(row):
            entries.append(_entry(row, columns, layout, place + 1))
            reject_if(len(entries) > MOST_LINES, "statement_too_long", most=MOST_LINES)
    reject_if(not frame, "statement_cut", line=at + len(entries) + 1)
    footed = _check("".join(frame), layout, entries)
    moved = [entry for entry in entries if entry.amount]
    unique, doubled = once(moved)
    return ProviderStatement(Provider.ALIPAY, unique, footed=footed, doubled=doubled, void=len(entries) - len(moved))


def _row(found: Opened, place: int, width: int, columns: Mapping[str, int]) -> list[str]:
    if found.lines is None:
        return list(found.rows[place])
    line = found.lines[place]
    if line.startswith("#") or not line.strip():
        return [line]
    parts = next(csv.reader([line])) if '"' in line else line.split(",")
    surplus = len(parts) - width
    if surplus <= 0:
        reject_if(surplus < -1, "statement_row", line=place + 1)
        return parts
    name, created, at = columns.get("name", 3), columns.get("created", 4), columns["at"]
    for inside in range(surplus, -1, -1):  # the name's commas move the two moments after it
        if is_moment(parts[created + inside]) and is_moment(parts[at + inside]):
            named = ",".join(parts[name : name + inside + 1])
            row = [*parts[:name], named, *parts[name + inside + 1 :]]
            return [*row[: width - 1], ",".join(row[width - 1 :])]
    reject_if(True, "statement_row", line=place + 1)
    return []


def _entry(row: Sequence[str], columns: Mapping[str, int], layout: Mapping[str, Any], number: int) -> Entry:
    def cell(name: str) -> str:
        place = columns.get(name)
        return text(row[place]) if place is not None and place < len(row) else ""

    back = cell("kind") in layout["refund"]
    trade = cell("kind") in layout["trade"]
    received, ordered = fen(cell("received"), number), fen(cell("ordered"), number)
    reject_if(trade and received < 0, "statement_sign", line=number)
    reject_if(back and received > 0 and ordered < 0, "statement_sign", line=number)
    order, request = serial(cell("serial"), number), serial(cell("refund_serial"), number)
    reject_if(not order, "statement_serial", line=number)
    said = [cell("name"), cell("remark")]
    return Entry(
        row=number,
        provider=Provider.ALIPAY,
        serial=f"{order}/{request if back else ''}",
        at=moment(cell("at"), number),
        amount=-abs(received) if back else received,
        fee=abs(fen(cell("fee"), number)) * (-1 if back else 1),
        account=cell("account") or None,
        remark=" ".join(part for part in said if part) or None,
        reference=cell("reference") or None,
        refund_of=f"{order}/" if back else None,
        waits=None if back or trade else Waiting.STATE,
        state=None if back or trade else cell("kind") or None,
    )


def _check(frame: str, layout: Mapping[str, Any], entries: Sequence[Entry]) -> bool:
    """The file's own counts and sums against its rows'."""
    trades = [entry.amount for entry in entries if entry.refund_of is None and entry.waits is None]
    refunds = [entry.amount for entry in entries if entry.refund_of is not None]
    footed = False
    for pattern, amounts in ((layout["summary_trade"], trades), (layout["summary_refund"], refunds)):
        said = re.search(pattern, frame)
        if said is None:
            continue
        stated, counted = fen(said[2], 0), sum(amounts)
        differs = (said[1].lstrip("0") or "0") != str(len(amounts))
        reject_if(differs, "statement_count", stated=said[1][:20], counted=len(amounts))
        reject_if(abs(stated) != abs(counted), "statement_sum", stated=yuan(stated), counted=yuan(counted))
        footed = True
    return footed
