"""Bills of the money that payment services moved (资金账单, 账务明细): rows as banks have them, numbers of trades."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from domain.reconciliation.line import Provider
from services.reconciliation.formats import bank, wechat
from services.reconciliation.formats.cells import text
from services.reconciliation.formats.columns import Rows
from services.reconciliation.formats.entry import Entry, ProviderStatement, once
from services.reconciliation.formats.headings import Heading, understood
from services.reconciliation.formats.layouts import heading, layouts, plain
from services.reconciliation.formats.opening import Opened, cells_of


def read(found: Opened) -> ProviderStatement | None:
    """The statement, if it is one: a trade has the same number here as in the bill of trades, and is the same line."""
    simple = [line.split(",") for line in found.lines[:100]] if found.lines is not None else found.rows
    for layout in layouts()["fund"]:
        head = heading(simple, layout["needs"])
        if head is not None:
            rows = _rows(found, head, [plain(cell) for cell in simple[head]], layout)
            columns = understood(rows, Heading(head, rows[head]), Provider(layout["is"]))
            statement = bank.read(rows, columns)
            names = [plain(cell) for cell in rows[head]]
            places = names.index(layout["order"]), names.index(layout["kind"])
            entries = _traded(statement.entries, rows, places, layout)
            unique, doubled = once(entries)
            return replace(statement, entries=unique, doubled=statement.doubled + doubled)
    return None


def _rows(found: Opened, head: int, names: Sequence[str], layout: Mapping[str, Any]) -> Rows:
    """Rows of cells; a remark may hold commas of its own where backticks say what begins where."""
    if found.lines is None:
        return found.rows
    free = [place for place, name in enumerate(names) if name in layout["free"]]
    if not any(line.startswith("`") for line in found.lines[head + 1 : head + 3]):
        return cells_of(found)
    rows: list[list[str]] = []
    for number, line in enumerate(found.lines, 1):
        ticked = line.startswith("`") and line.count(",`") >= len(names) - 2
        cells = wechat.split(line, len(names), free, number) if ticked and number > head + 1 else line.split(",")
        rows.append([text(cell) for cell in cells])
    return rows


def _traded(entries: Sequence[Entry], rows: Rows, places: tuple[int, int], layout: Mapping[str, Any]) -> list[Entry]:
    """Lines by the numbers of their trades; what a trade cost the firm is no line of its own."""
    fees: dict[str, int] = {}
    told: list[tuple[Entry, str, str]] = []
    for entry in entries:
        row = rows[entry.row - 1]
        order, kind = (text(row[place]) if place < len(row) else "" for place in places)
        if kind in layout["fee"]:
            fees[order] = fees.get(order, 0) - entry.amount
        else:
            told.append((entry, order, kind))
    found: list[Entry] = []
    for entry, order, kind in told:
        traded = kind in layout["paid"] and entry.amount > 0
        back = kind in layout["back"] and entry.amount < 0
        serial = f"{order}/" if traded else f"{order}/{entry.serial.strip('/')}"
        fee = fees.pop(order, 0) if traded else entry.fee
        found.append(replace(entry, serial=serial[:200], fee=fee, refund_of="" if back else entry.refund_of))
    return found
