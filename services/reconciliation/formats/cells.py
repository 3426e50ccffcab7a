"""Amounts, moments and texts as statement files write them."""

import re
from datetime import datetime

from domain.refusal import Refusal, Rejection, reject_if
from domain.typed import one_line
from domain.written import days
from domain.written.days import DayOrder
from domain.written.numbers import money, number

_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+\d+|\d{15}0{9,}", re.IGNORECASE)  # what a spreadsheet leaves of a long number
_AS_TEXT = re.compile(r'="([^"]*)"')  # how a number is written that a spreadsheet is not to count with
_NOTHING = re.compile(r"[-\u2010-\u2015\u2212/\\_.*\u3000 ]*|null|none|n/a|\u65e0", re.IGNORECASE)
_YEARS = range(2000, 2100)
_FEE_PLACES = 5  # to which a provider tells its fee


def text(cell: str) -> str:
    """A cell as it was meant, without what only keeps a spreadsheet from misreading it: backtick, quote, tabs."""
    said = one_line(cell)
    if quoted := _AS_TEXT.fullmatch(said):
        said = quoted[1]
    return said.lstrip("`").removeprefix("'").strip()


def said(cell: str) -> str:
    """A cell as words: nothing where it only says that there is nothing."""
    words = text(cell)
    return "" if _NOTHING.fullmatch(words) else words


def serial(cell: str, line: int) -> str:
    """A provider's number. Refuses ``statement_serial_rounded``: a spreadsheet made a number of it and lost its end."""
    written = said(cell)
    reject_if(_ROUNDED.fullmatch(written) is not None, "statement_serial_rounded", line=line, said=written)
    return written


def fen(cell: str, line: int) -> int:
    """Fen of an amount in yuan, also below zero; 0 for none. Refuses ``statement_amount``, ``statement_readings``."""
    written = said(cell)
    try:
        return money(written, "statement_amount", line=line) if written else 0
    except Refusal as refused:
        raise _of_line(refused) from None


def fee_fen(cell: str, line: int) -> int:
    """Fen of a provider's fee, which is told to five decimals; halves are rounded away from zero."""
    written = said(cell)
    try:
        parts = number(written, _FEE_PLACES, "statement_amount", {"line": line}) if written else 0
    except Refusal as refused:
        raise _of_line(refused) from None
    amount = (abs(parts) + 500) // 1000
    return -amount if parts < 0 else amount


def moment(cell: str, line: int, order: DayOrder | None = None) -> datetime:
    """A day or a moment in Shanghai. Refuses ``statement_date`` and ``statement_readings``."""
    try:
        at = days.moment(text(cell), "statement_date", order=order, line=line)
    except Refusal as refused:
        raise _of_line(refused) from None
    reject_if(at.year not in _YEARS, "statement_date", line=line)
    return at


def is_moment(cell: str, order: DayOrder | None = None) -> bool:
    """Whether a cell is a day or a moment, in one reading or in several."""
    try:
        moment(cell, 0, order)
    except Refusal as refused:
        return refused.code == "statement_readings"
    return True


def _of_line(refused: Refusal) -> Refusal:
    """Two readings, told with the line that has them."""
    return Rejection("statement_readings", **refused.facts) if refused.code == "two_readings" else refused
