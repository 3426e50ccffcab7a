"""Workbooks of the older binary kind, as banks' programs write them: texts in a table of their own, days as numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from struct import pack

Cell = str | float | date | datetime | None
SECTOR, FREE, END, TABLE = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


@dataclass(frozen=True)
class Error:
    """A cell that shows an error."""

    code: int = 0x2A


def record(kind: int, body: bytes = b"") -> bytes:
    return pack("<HH", kind, len(body)) + body


def text(said: str, length: str = "<H") -> bytes:
    return pack(length, len(said)) + b"\1" + said.encode("utf-16-le")


def stream(
    sheets: Mapping[str, Sequence[Sequence[Cell | Error]]], hidden: frozenset[int] = frozenset(), locked: bool = False
) -> bytes:
    """The records of a workbook; ``hidden`` rows are hidden in every sheet."""
    texts: dict[str, int] = {}
    bodies = [_sheet(rows, texts, hidden) for rows in sheets.values()]
    begin = record(0x809, pack("<HHHHII", 0x600, 5, 0x1F, 0x7CC, 0, 0)) + (
        record(0x2F, b"\1\0" + b"\7" * 52) if locked else b""
    )
    begin += record(0x42, pack("<H", 1200)) + record(0x22, pack("<H", 0))
    begin += b"".join(record(0xE0, pack("<HH", 0, kind) + b"\0" * 16) for kind in (0, 14, 22))
    table = record(0xFC, pack("<II", len(texts), len(texts)) + b"".join(map(text, texts))) + record(0xA)
    length = len(begin) + len(table) + sum(4 + 6 + len(text(name, "<B")) for name in sheets)
    named = b""
    for name, body in zip(sheets, bodies, strict=True):
        named += record(0x85, pack("<IBB", length, 0, 0) + text(name, "<B"))
        length += len(body)
    return begin + named + table + b"".join(bodies)


def _sheet(rows: Sequence[Sequence[Cell | Error]], texts: dict[str, int], hidden: frozenset[int]) -> bytes:
    out = [record(0x809, pack("<HHHHII", 0x600, 0x10, 0x1F, 0x7CC, 0, 0))]
    out += [
        record(0x208, pack("<HHHHHHI", row, 0, 9, 255, 0, 0, 0x20 if row in hidden else 0)) for row in range(len(rows))
    ]
    out += [_cell(row, column, cell, texts) for row, cells in enumerate(rows) for column, cell in enumerate(cells)]
    return b"".join([*out, record(0xA)])


def _cell(row: int, column: int, cell: Cell | Error, texts: dict[str, int]) -> bytes:
    match cell:
        case None:
            return b""
        case Error(code):
            return record(0x205, pack("<HHHBB", row, column, 0, code, 1))
        case str():
            return record(0xFD, pack("<HHHI", row, column, 0, texts.setdefault(cell, len(texts))))
        case datetime() | date():
            moment = cell if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day)
            days = (moment - datetime(1899, 12, 30)).total_seconds() / 86400
            return record(0x203, pack("<HHHd", row, column, 2 if isinstance(cell, datetime) else 1, days))
    return record(0x203, pack("<HHHd", row, column, 0, cell))


def older(records: bytes, name: str = "Workbook") -> bytes:
    """A file that holds these records, and nothing else."""
    body = records.ljust(max(4096, -(-len(records) // SECTOR) * SECTOR), b"\0")
    sectors = len(body) // SECTOR
    tables = -(-(sectors + 1) // 127)  # each tells of itself, too
    chain = [*range(1, sectors), END, END, *([TABLE] * tables)]
    chain += [FREE] * (tables * 128 - len(chain))
    entries = _entry("Root Entry", 5, END, 0, 1) + _entry(name, 2, 0, len(body), FREE) + b"\0" * 256
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += pack("<IIIIIIIII", 0, tables, sectors, 0, 4096, END, 0, END, 0)
    header += b"".join(pack("<I", sectors + 1 + each if each < tables else FREE) for each in range(109))
    return header + body + entries + b"".join(pack("<I", each) for each in chain)


def _entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
    said = name.encode("utf-16-le")
    told = said.ljust(64, b"\0") + pack("<HBB", len(said) + 2, kind, 1) + pack("<III", FREE, FREE, child)
    return told + b"\0" * 36 + pack("<III", start, size, 0)


def workbook(*rows: Sequence[Cell | Error], **more: frozenset[int]) -> bytes:
    """A file of one sheet."""
    return older(stream({"明细": rows}, **more))
