"""Workbooks of the older binary kind (.xls), looked through before a library reads them.

Banks still give their statements so. Such a file packs nothing, but two cells at opposite corners would be read as
all that lies between; and it may be locked. What its records say of where cells stand is counted, whatever it says of
its own size; sheets, hidden rows and cells that show an error are told besides, which the library leaves out.

Sources: [MS-CFB] for the file, [MS-XLS] for the records.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from struct import unpack_from

from domain.refusal import reject_if
from services.sheets.damaged import Damaged

_END = 0xFFFFFFFA  # a sector's number at or above this is none
_STREAMS = ("workbook", "book")
_LOCKED = frozenset({"encryptedpackage", "encryptioninfo"})
_BOF, _LOCK, _SHEET, _ROW, _BOOLERR, _FORMULA, _MULRK, _MULBLANK = (
    0x809, 0x2F, 0x85, 0x208, 0x205, 0x6, 0xBD, 0xBE,
)  # fmt: skip
_CELLS = frozenset({_FORMULA, _BOOLERR, _MULRK, _MULBLANK, 0x201, 0x203, 0x204, 0x27E, 0xFD, 0xD6})
_OLD_BOF = frozenset({0x9, 0x209, 0x409})  # before streams in a file
_HIDDEN = 0x20
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


@dataclass
class OlderSheet:
    """What the records of one sheet say: how far its cells stand, rows that are hidden, cells that show an error."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    hidden: set[int] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def extent(self) -> int:
        return self.rows * self.columns


def looked_through(file: bytes, most: int) -> Mapping[str, OlderSheet]:
    """Its sheets by name. Raises ``Damaged``; refuses ``sheet_older`` for what is locked, ``sheet_bomb`` for more than
    ``most`` cells, or twice as many places between them."""
    sheets: dict[int, OlderSheet] = {}
    named: list[tuple[int, str]] = []
    sheet: OlderSheet | None = None
    cells = 0
    for at, kind, body in _records(_workbook(file)):
        if kind == _BOF:
            sheet = sheets.setdefault(at, OlderSheet())
        elif kind == _LOCK:
            reject_if(True, "sheet_older")
        elif kind == _SHEET and len(body) > 8:
            wide = body[7] & 1
            length = body[6] * (2 if wide else 1)
            named.append((unpack_from("<I", body)[0], body[8 : 8 + length].decode("utf-16-le" if wide else "latin-1")))
        elif sheet is not None and kind == _ROW and len(body) >= 16:
            if unpack_from("<I", body, 12)[0] & _HIDDEN:
                sheet.hidden.add(unpack_from("<H", body)[0])
        elif sheet is not None and kind in _CELLS and len(body) >= 6:
            cells += _count(sheet, kind, body)
            reject_if(cells > most, "sheet_bomb")
    reject_if(sum(each.extent for each in sheets.values()) > 2 * most, "sheet_bomb")
    return {name: sheets[at] for at, name in named if at in sheets}


def _count(sheet: OlderSheet, kind: int, body: bytes) -> int:
    row: int
    column: int
    last: int
    row, column = unpack_from("<HH", body)
    last = max(unpack_from("<H", body, len(body) - 2)[0], column) if kind in (_MULRK, _MULBLANK) else column
    sheet.rows, sheet.columns = max(sheet.rows, row + 1), max(sheet.columns, last + 1)
    sheet.cells += last - column + 1
    code = None
    if kind == _BOOLERR and len(body) >= 8 and body[7]:
        code = body[6]
    elif kind == _FORMULA and len(body) >= 14 and body[6] == 2 and body[12:14] == b"\xff\xff":
        code = body[8]
    if code is not None:
        sheet.errors[row, column] = _ERRORS.get(code, "#N/A")
    return last - column + 1


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where each record stands, its kind, and what it holds."""
    at, end = 0, len(stream)
    while at + 4 <= end:
        kind, length = unpack_from("<HH", stream, at)
        if kind == 0 and length == 0:  # filled up
            return
        reject_if(kind in _OLD_BOF, "sheet_older")
        if at + 4 + length > end:
            raise Damaged
        yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _workbook(file: bytes) -> bytes:
    """The stream that holds the workbook."""
    if len(file) < 512:
        raise Damaged
    shift, small_shift = unpack_from("<HH", file, 30)
    if shift not in (9, 12) or small_shift != 6:
        raise Damaged
    size = 1 << shift
    table = _table(file, size)
    first, cutoff, small_first = (unpack_from("<I", file, place)[0] for place in (48, 56, 60))
    entries = list(_entries(b"".join(_chain(file, size, table, first))))
    reject_if(any(name in _LOCKED for name, _, _, _ in entries), "sheet_older")
    found = next((each for name in _STREAMS for each in entries if each[0] == name and each[1] == 2), None)
    if found is None:
        raise Damaged
    _, _, start, length = found
    if length >= cutoff:
        return b"".join(_chain(file, size, table, start))[:length]
    root = next((each for each in entries if each[1] == 5), None)
    if root is None:
        raise Damaged
    small = b"\0" * 512 + b"".join(_chain(file, size, table, root[2]))
    small_table = _numbers(b"".join(_chain(file, size, table, small_first)))
    pieces: list[bytes] = []
    at = start
    while at < _END:
        if at >= len(small_table) or len(pieces) > len(small_table):
            raise Damaged
        pieces.append(small[512 + at * 64 : 512 + (at + 1) * 64])
        at = small_table[at]
    return b"".join(pieces)[:length]


def _table(file: bytes, size: int) -> Sequence[int]:
    """Which sector follows on each."""
    sectors = [each for each in unpack_from("<109I", file, 76) if each < _END]
    at, seen = unpack_from("<I", file, 68)[0], 0
    while at < _END:
        more = _numbers(_sector(file, size, at))
        sectors += [each for each in more[:-1] if each < _END]
        at, seen = more[-1], seen + 1
        if seen > len(file) // size:
            raise Damaged
    if len(sectors) > len(file) // size + 1:
        raise Damaged
    return [number for each in sectors for number in _numbers(_sector(file, size, each))]


def _chain(file: bytes, size: int, table: Sequence[int], at: int) -> Iterator[bytes]:
    count = 0
    while at < _END:
        if at >= len(table) or count > len(file) // size:
            raise Damaged
        yield _sector(file, size, at)
        at, count = table[at], count + 1


def _sector(file: bytes, size: int, number: int) -> bytes:
    found = file[(number + 1) * size : (number + 2) * size]
    if not found:
        raise Damaged
    return found.ljust(size, b"\0")


def _numbers(said: bytes) -> Sequence[int]:
    return unpack_from(f"<{len(said) // 4}I", said)


def _entries(directory: bytes) -> Iterator[tuple[str, int, int, int]]:
    """Name, kind (2 a stream, 5 the root), first sector and length of what the file holds."""
    for at in range(0, len(directory) - 127, 128):
        length, kind = unpack_from("<H", directory, at + 64)[0], directory[at + 66]
        if kind and 2 <= length <= 64:
            name = directory[at : at + length - 2].decode("utf-16-le", "replace").casefold()
            yield name, kind, unpack_from("<I", directory, at + 116)[0], unpack_from("<I", directory, at + 120)[0]
