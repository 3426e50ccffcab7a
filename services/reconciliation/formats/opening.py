"""From the bytes of a file to lines of text or rows of cells: archives, encodings, tables under a wrong suffix.

Nothing is unpacked before it is known to stay within limits, and no cell is anything but text.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from domain.refusal import Rejection, reject_if
from services.reconciliation.formats.cells import is_moment
from services.reconciliation.formats.layouts import layouts
from services.reconciliation.formats.limits import LARGEST_FILE, LIMITS, UNPACKED
from services.reconciliation.formats.pages import is_page, table
from services.sheets import reading as spreadsheet
from services.sheets.damaged import Damaged, judged
from services.sheets.separated import utf16

_ZIP, _GZIP, _OLE = b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_PAPER = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*")  # printed or photographed: no table is in it
_OTHER_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ")
_PIECE = 1 << 18
_MOST_PARTS = 200
_DAYS_IN_DIGITS = (8, 14)  # how long they are
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800
_SUFFIXES = (".csv", ".txt", ".xls", ".xlsx")
_MANGLED = tuple(map(chr, (0xFFFD, 0x951F, 0xE5E5, 0x70EB)))  # what text looks like that was decoded wrongly before


@dataclass(frozen=True, slots=True)
class Opened:
    """Either lines as they stand in a text, or rows of cells; the first is line 1 of the file."""

    lines: Sequence[str] | None
    rows: Sequence[Sequence[str]]


def opened(file: bytes) -> Opened:
    """What a file holds.

    Refuses ``statement_too_large``, ``statement_bomb``, ``statement_locked``, ``statement_archive``,
    ``statement_archive_cut``, ``statement_archive_kind``, ``statement_paper``, ``statement_encoding``,
    ``statement_sheets`` and what ``spreadsheet.read`` refuses.
    """
    reject_if(len(file) > LARGEST_FILE, "statement_too_large", megabytes=LARGEST_FILE // 1_000_000)
    content = _unpacked(file)
    reject_if(not content.strip(), "sheet_empty")
    reject_if(content.startswith(_PAPER), "statement_paper")
    if content.startswith((_ZIP, _OLE)):
        return Opened(None, _only_sheet(content).rows)
    text = decoded(content)
    if is_page(text):
        return Opened(None, table(text))
    return Opened(text.splitlines(), ())


def _only_sheet(content: bytes) -> spreadsheet.SheetIn:
    """The one sheet with lines. Refuses ``statement_sheets`` where there are several: none of them is passed over."""
    shown = spreadsheet.read_all(content, LIMITS).sheets
    lists = [each for each in shown if any(_is_line(row) for row in each.rows)]
    if len(lists) == 1:  # beside it stands a cover, or words about it
        return lists[0]
    reject_if(len(shown) > 1, "statement_sheets", names=", ".join(each.name for each in shown)[:200])
    return shown[0]


def cells_of(found: Opened) -> Sequence[Sequence[str]]:
    """Rows of cells, also of a text in which they are separated."""
    if found.lines is None:
        return found.rows
    return spreadsheet.read("\n".join(found.lines).encode(), LIMITS).rows


def _is_line(row: Sequence[str]) -> bool:
    """Whether it tells of something on a day."""
    days = [each for each in row if is_moment(each) and (not each.isdecimal() or len(each) in _DAYS_IN_DIGITS)]
    return bool(days) and len([each for each in row if each]) >= 2


# -- archives ------------------------------------------------------------------------------------------------------


def _unpacked(file: bytes) -> bytes:
    reject_if(file.startswith(_OTHER_ARCHIVES), "statement_archive_kind")
    if file.startswith(_GZIP):
        return _inflated(file)
    if not file.startswith(_ZIP):
        return file
    try:
        with judged(), ZipFile(BytesIO(file)) as archive:
            parts = archive.infolist()
            reject_if(len(parts) > _MOST_PARTS * 10, "statement_bomb")
            if any(part.filename == "[Content_Types].xml" for part in parts):
                return file  # a workbook
            return _part(archive, parts)
    except Damaged:
        raise Rejection("statement_archive_cut") from None


def _part(archive: ZipFile, parts: Sequence[ZipInfo]) -> bytes:
    """The statement among the files of an archive: not the one that only adds up."""
    wanted = [part for part in parts if not part.is_dir() and part.filename.lower().endswith(_SUFFIXES)]
    summary = tuple(layouts()["archive"]["summary"])
    lines = [part for part in wanted if not any(word in _name(part) for word in summary)]
    reject_if(not lines, "statement_archive")
    reject_if(len(lines) > 1, "statement_several", found=len(lines))
    part = lines[0]
    reject_if(bool(part.flag_bits & _ENCRYPTED), "statement_locked")
    reject_if(part.file_size > UNPACKED, "statement_bomb")
    pieces, length = [], 0
    with archive.open(part) as reading:
        while piece := reading.read(_PIECE):
            length += len(piece)
            reject_if(length > UNPACKED, "statement_bomb")
            pieces.append(piece)
    content = b"".join(pieces)
    inner = content.startswith(_GZIP) or (content.startswith(_ZIP) and b"[Content_Types].xml" not in content[:4096])
    reject_if(inner, "statement_archive")  # an archive in an archive
    return content


def _name(part: ZipInfo) -> str:
    if part.flag_bits & _UTF8_NAME:
        return part.filename
    try:
        return part.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return part.filename


def _inflated(file: bytes) -> bytes:
    unpacking = zlib.decompressobj(wbits=31)
    try:
        content = unpacking.decompress(file, UNPACKED + 1)
    except zlib.error:
        raise Rejection("statement_archive_cut") from None
    reject_if(len(content) > UNPACKED, "statement_bomb")
    reject_if(not unpacking.eof, "statement_archive_cut")
    reject_if(content.startswith((_GZIP, _ZIP)), "statement_archive")
    return content


# -- encodings -----------------------------------------------------------------------------------------------------


def decoded(content: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, or GB18030. Refuses ``statement_encoding`` with the line."""
    if content.startswith(_UTF16):
        return _read_as(content, "utf-16")
    if encoding := utf16(content):
        return _read_as(content, encoding)
    marked = content.startswith(b"\xef\xbb\xbf")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        if marked or _mostly_utf8(content):
            raise Rejection("statement_encoding", line=content.count(b"\n", 0, broken.start) + 1) from None
        text = _read_as(content, "gb18030")
    for sign in _MANGLED:
        at = text.find(sign * 2)
        reject_if(at >= 0, "statement_encoding", line=text.count("\n", 0, max(at, 0)) + 1)
    reject_if("\0" in text, "sheet_unreadable")
    return text


def _read_as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as broken:
        raise Rejection("statement_encoding", line=content.count(b"\n", 0, broken.start) + 1) from None


def _mostly_utf8(content: bytes) -> bool:
    """Whether a text that is no UTF-8 was meant to be: cut short in a sign, or with a few broken ones."""
    text = content[:1_000_000].decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return broken * 20 < sum(char > chr(0x2E80) and char != "\ufffd" for char in text)
