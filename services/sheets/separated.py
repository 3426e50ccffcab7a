"""Text in which cells are separated, as programs and people save it: its encoding, its separator, its quotes."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO

from domain.refusal import Rejection, reject_if

SEPARATORS = (",", "\t", "|", ";", chr(0xFF0C))  # the last one as a Chinese keyboard writes it
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT = 100  # lines, and so many signs of each
_LONGEST = 2_000
_QUOTED = re.compile(r'"[^"]*"')
_TAB_AS_BLANK = re.compile(r"\t+(?=[,|;])|(?<=[,|;])\t+")  # after a number, so that no spreadsheet rounds it
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?:\.|,[0-9]{3}\.))")
_BLANKS = re.compile(r"\s{2,}")
_SAID = re.compile(r"sep=(.)", re.IGNORECASE)  # how Excel is told


def decoded(file: bytes) -> str:
    """The text. Refuses ``sheet_encoding`` and ``sheet_unreadable``."""
    encodings = ("utf-16",) if file.startswith(_UTF16) else (utf16(file) or "utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = file.decode(encoding)
        except UnicodeDecodeError:
            continue
        reject_if("\0" in text, "sheet_unreadable")
        return text
    raise Rejection("sheet_encoding")


def utf16(file: bytes) -> str | None:
    """Which kind of UTF-16 it is that has no mark; a text of any other kind has no zero bytes."""
    beginning = file[:4096]
    if b"\0" not in beginning or len(file) % 2:
        return None
    even, odd = beginning[::2].count(0), beginning[1::2].count(0)
    return "utf-16-le" if odd > even else "utf-16-be" if even > odd else None


def separator(text: str) -> str | None:
    """What stands between cells: what cuts most lines into as many pieces; ``None`` where nothing does.

    Commas between thousands, in names and in titles cut lines unlike; what is quoted cuts none.
    """
    lines = [line[:_LONGEST] for line in text[: _LOOKED_AT * _LONGEST].splitlines() if line.strip()][:_LOOKED_AT]
    if lines and (said := _SAID.fullmatch(lines[0].strip())):
        return said[1]
    best: tuple[int, int] = (0, 0)
    found = None
    for each in SEPARATORS:
        counts = Counter(_count(line, each) for line in lines)
        del counts[0]
        if not counts:
            continue
        pieces, alike = max(counts.items(), key=lambda pair: (pair[1] * min(pair[0], 4), pair[0]))
        weight = (alike * min(pieces, 4), pieces)
        if weight > best:
            best, found = weight, each
    return found


def rows(text: str) -> Iterator[list[str]]:
    """The cells row by row. Refuses ``sheet_quotes`` with the line, where a quotation mark is not closed."""
    between = separator(text)
    if _SAID.fullmatch(text.partition("\n")[0].strip()):
        text = "\n" + text.partition("\n")[2]
    if between is None:
        return (list(_BLANKS.split(line.strip())) for line in text.splitlines())
    if _parses(text, between) is None:
        return _parsed(text, between)
    blank = " " if between == "\t" else r"[ \t]"
    mended = re.sub(rf'"{blank}+(?={re.escape(between)}|\r?$)', '"', text, flags=re.MULTILINE)
    wrong = _parses(mended, between)
    if wrong is None:
        return _parsed(mended, between)
    if '"' in text and _even(text, between):  # marks of a text that nobody quoted
        return csv.reader(text.splitlines(), delimiter=between, quoting=csv.QUOTE_NONE)
    raise Rejection("sheet_quotes", line=wrong)


def _count(line: str, each: str) -> int:
    plain = _QUOTED.sub("x", line) if '"' in line else line
    left_out = {"\t": _TAB_AS_BLANK, ",": _THOUSANDS}.get(each)
    return (left_out.sub("", plain) if left_out else plain).count(each)


def _parsed(text: str, between: str) -> Iterator[list[str]]:
    return csv.reader(StringIO(text, newline=""), delimiter=between, strict=True, skipinitialspace=True)


def _parses(text: str, between: str) -> int | None:
    """The line at which it does not."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=between, strict=True, skipinitialspace=True)
    try:
        for _ in reader:
            pass
    except csv.Error:
        return int(reader.line_num)
    return None


def _even(text: str, between: str) -> bool:
    """Whether every line with cells has as many as most have, when no mark quotes anything."""
    counts = Counter(line.count(between) for line in text.splitlines() if line.count(between) > 1)
    return bool(counts) and counts.most_common(1)[0][1] * 10 >= 9 * sum(counts.values())
