"""WeChat Pay's trade bill (交易账单): backticks before values, commas inside names, sums in the last two lines."""

import csv
from collections.abc import Iterator, Mapping, Sequence

from domain.money.amount import yuan
from domain.reconciliation.line import Provider
from domain.refusal import Rejection, reject_if
from services.reconciliation.formats.cells import fee_fen, fen, moment, serial, text
from services.reconciliation.formats.currencies import is_ours
from services.reconciliation.formats.entry import MOST_LINES, Entry, Foreign, ProviderStatement, once
from services.reconciliation.formats.layouts import columns_of, heading, layouts, plain
from services.reconciliation.formats.opening import Opened
from services.reconciliation.formats.states import as_stated

_PAID, _REFUNDED, _REVOKED = "SUCCESS", "REFUND", "REVOKED"
_NO_REFUND = frozenset({"FAIL", "REFUNDCLOSE", "CLOSED"})
_NONE = frozenset({"", "0", "/"})


def read(found: Opened) -> ProviderStatement | None:
    """The statement, if it is one. Refuses rows that do not fit their heading and sums that do not agree."""
    layout = layouts()["wechat"]
    simple = [line.split(",") for line in found.lines[:100]] if found.lines is not None else found.rows
    at = heading(simple, layout["needs"])
    if at is None:
        return None
    head = [plain(cell) for cell in simple[at]]
    columns = columns_of(head, layout["columns"])
    reject_if("received" not in columns, "statement_column")
    free = [place for place, name in enumerate(head) if name in layout["free"]]
    entries: list[Entry] = []
    abroad: list[Foreign] = []
    void = rows = 0
    sums = {"received": 0, "refunded": 0}
    void_received = 0
    for number, row in _rows(found, at + 1, len(head), free):
        if plain(row[0]) == layout["summary"]:
            _check(found, number, layout["sums"], rows, sums, void_received)
            entries, doubled = once(entries)
            return ProviderStatement(Provider.WECHAT, entries, footed=True, doubled=doubled, void=void, foreign=abroad)
        if not any(row):
            continue
        rows += 1
        reject_if(rows > MOST_LINES, "statement_too_long", most=MOST_LINES)
        received, refunded = fen(_cell(row, columns, "received"), number), fen(_cell(row, columns, "refunded"), number)
        sums["received"] += received
        sums["refunded"] += refunded
        currency = _cell(row, columns, "currency")
        if currency and not is_ours(currency):
            abroad.append(Foreign(number, currency[:12], _cell(row, columns, "received")[:40]))
            void_received += received
            continue
        entry = _entry(row, columns, number, received, refunded)
        if entry is None:
            void += 1
            void_received += received
        else:
            entries.append(entry)
    raise Rejection("statement_cut", line=rows + at + 1)  # a bill without its last two lines was not downloaded whole


def _entry(row: Sequence[str], columns: Mapping[str, int], number: int, received: int, refunded: int) -> Entry | None:
    said = _cell(row, columns, "state")
    state = said.upper()
    order = serial(_cell(row, columns, "serial"), number)
    refund = serial(_cell(row, columns, "refund_serial"), number)
    reject_if(not order, "statement_serial", line=number)
    back = state == _REFUNDED
    if state == _REVOKED or (back and _cell(row, columns, "refund_state").upper() in _NO_REFUND):
        return None
    amount = -abs(refunded) if back else received
    reject_if(not back and amount < 0, "statement_sign", line=number)
    if amount == 0:
        return None
    words = [_cell(row, columns, "name"), _cell(row, columns, "attached")]
    entry = Entry(
        row=number,
        provider=Provider.WECHAT,
        serial=f"{order}/{'' if refund in _NONE or not back else refund}",
        at=moment(_cell(row, columns, "at"), number),
        amount=amount,
        fee=fee_fen(_cell(row, columns, "fee"), number),
        account=_cell(row, columns, "account") or None,
        remark=" ".join(part for part in words if part not in _NONE) or None,
        reference=_cell(row, columns, "reference") or None,
        refund_of=f"{order}/" if back else None,
    )
    if state in (_PAID, _REFUNDED):
        return entry
    stated = as_stated(entry, [said])
    return None if stated is None or not stated.net else stated


def _cell(row: Sequence[str], columns: Mapping[str, int], name: str) -> str:
    place = columns.get(name)
    return text(row[place]) if place is not None and place < len(row) else ""


def _rows(found: Opened, since: int, width: int, free: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    if found.lines is None:
        yield from ((place + 1, list(row)) for place, row in enumerate(found.rows) if place >= since)
        return
    for place in range(since, len(found.lines)):
        if found.lines[place].strip():
            yield place + 1, split(found.lines[place], width, free, place + 1)


def split(line: str, width: int, free: Sequence[int], number: int) -> list[str]:
    """The values of a row. Where one begins a backtick says; without them both ends are counted from outside."""
    line = line.strip()
    if line.startswith("`"):
        marked = line[1:].split(",`")
        if len(marked) in (width, width - 1):  # the remark at the end is left out in some copies
            return marked
    if '"' in line and len(quoted := next(csv.reader([line]))) == width:
        return quoted
    parts = line.split(",")
    if plain(parts[0]) == layouts()["wechat"]["summary"] or len(parts) in (width, width - 1):
        return parts
    reject_if(len(parts) < width or not free, "statement_row", line=number)
    after = width - free[-1] - 1
    middle = parts[free[0] : len(parts) - after]
    named = ",".join(middle).removesuffix("," * (len(free) - 1))  # the other free columns are empty, as a rule
    names = [named, *[""] * (len(free) - 1)]
    whole = [*parts[: free[0]], *names, *parts[len(parts) - after :]]
    reject_if(len(whole) != width, "statement_row", line=number)
    return whole


def _check(
    found: Opened, number: int, names: Mapping[str, Sequence[str]], rows: int, sums: Mapping[str, int], void: int
) -> None:
    """The file's own count and sums against its rows'."""
    if found.lines is not None:
        head = found.lines[number - 1].split(",")
        said = next((line for line in found.lines[number:] if line.strip()), "").strip()
        values = said[1:].split(",`") if said.startswith("`") else said.split(",")
    else:
        head = list(found.rows[number - 1])
        values = list(found.rows[number]) if number < len(found.rows) else []
    reject_if(not any(values), "statement_cut", line=number)
    places = columns_of(head, names)
    count = text(values[0])
    reject_if((count.lstrip("0") or "0") != str(rows), "statement_count", stated=count[:20], counted=rows)
    for name, place in places.items():
        stated = fen(values[place] if place < len(values) else "", number + 1)
        agrees = stated == sums[name] or (name == "received" and stated == sums[name] - void)
        reject_if(not agrees, "statement_sum", stated=yuan(stated), counted=yuan(sums[name]))
