"""Amounts and moments as statement files write them."""

import re
from datetime import datetime, timedelta

from domain.calendar import SHANGHAI
from domain.refusal import Refusal, Rejection, reject_if

_MONEY = re.compile(r"([-+]?)(\d{1,3}(?:,\d{3})+|\d{1,13})(?:\.(\d*))?")
_DATE = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})(?:\D+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?)?\D*")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[\sT]*(\d{2}):?(\d{2}):?(\d{2})(?:\.\d+)?)?")
_ZONED = re.compile(  # a time of day and how far its clock is from that of Greenwich
    r"(.*\d:\d{2}(?::\d{2})?(?:\.\d+)?|\d{8}[\sT]*\d{6}(?:\.\d+)?)\s*\(?"
    r"(?:(?:UTC|GMT)?\s*([-+])(\d{1,2})(?::?(\d{2}))?|Z|UTC|GMT)\)?",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"(\d{5})(?:\.(\d+))?")
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+\d+|\d{15}0{9,}", re.IGNORECASE)  # what a spreadsheet leaves of a long number
_NOTHING = frozenset({"", "-", "--", "/"})
_UNSAID = dict.fromkeys((0xFFE5, 0xA5, 0x20))  # the sign of the currency, and blanks
_EXCEL = datetime(1899, 12, 30, tzinfo=SHANGHAI)
_YEARS = range(2000, 2100)
_SHANGHAI_AHEAD = timedelta(hours=8)
_FARTHEST = timedelta(hours=14)  # that any clock is from that of Greenwich


def text(cell: str) -> str:
    """A cell without what only keeps a spreadsheet from misreading it: backtick, tabs, blanks."""
    return cell.strip().removeprefix("`").strip().strip("\ufeff")


def serial(cell: str, line: int) -> str:
    """A provider's number. Refuses ``statement_serial_rounded``: a spreadsheet made a number of it and lost its end."""
    said = text(cell)
    reject_if(_ROUNDED.fullmatch(said) is not None, "statement_serial_rounded", line=line, said=said)
    return said


def fen(cell: str, line: int) -> int:
    """Fen of an amount in yuan, also below zero or with thousands apart; 0 for none. Refuses ``statement_amount``."""
    said = text(cell).translate(_UNSAID)
    if said in _NOTHING:
        return 0
    found = _MONEY.fullmatch(said)
    if found is None:
        raise Rejection("statement_amount", line=line)
    sign, whole, rest = found.groups()
    rest = (rest or "").rstrip("0")
    reject_if(len(rest) > 2, "statement_amount", line=line)
    amount = int(whole.replace(",", "")) * 100 + int(rest.ljust(2, "0"))
    return -amount if sign == "-" else amount


def fee_fen(cell: str, line: int) -> int:
    """Fen of a provider's fee, which is told to five decimals; halves are rounded away from zero."""
    said = text(cell)
    if said in _NOTHING:
        return 0
    found = _MONEY.fullmatch(said)
    if found is None:
        raise Rejection("statement_amount", line=line)
    sign, whole, rest = found.groups()
    parts = int(whole.replace(",", "")) * 100_000 + int(((rest or "") + "00000")[:5])
    amount = (parts + 500) // 1000
    return -amount if sign == "-" else amount


def moment(cell: str, line: int) -> datetime:
    """A day or a moment in Shanghai, also as a spreadsheet counts days. Refuses ``statement_date``.

    A time that names its own zone, as ``Z`` does, is that of this zone: after four in the afternoon it is tomorrow.
    """
    said = text(cell)
    if zoned := _ZONED.fullmatch(said):
        return moment(zoned[1], line) - _ahead_of_greenwich(zoned, line) + _SHANGHAI_AHEAD
    found = _COMPACT.fullmatch(said) or _DATE.fullmatch(said)
    if found:
        try:
            year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
            at = datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)
        except ValueError:
            raise Rejection("statement_date", line=line) from None
    else:
        serial = _SERIAL.fullmatch(said)
        if serial is None:
            raise Rejection("statement_date", line=line)
        seconds = 86_400 * int((serial[2] or "0")[:9]) // 10 ** len((serial[2] or "0")[:9])
        at = _EXCEL + timedelta(days=int(serial[1]), seconds=seconds)
    reject_if(at.year not in _YEARS, "statement_date", line=line)
    return at


def _ahead_of_greenwich(zoned: re.Match[str], line: int) -> timedelta:
    ahead = timedelta(hours=int(zoned[3] or 0), minutes=int(zoned[4] or 0))
    reject_if(ahead > _FARTHEST, "statement_date", line=line)
    return -ahead if zoned[2] == "-" else ahead


def is_moment(cell: str) -> bool:
    """Whether a cell is a day or a moment."""
    try:
        moment(cell, 0)
    except Refusal:
        return False
    return True
