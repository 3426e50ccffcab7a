"""Value added tax on property services: rates with the days on which they hold, and how an amount splits.

Rates are data: a new rule is a new row, and what was invoiced keeps the rate that it was invoiced at.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from domain.refusal import reject_if

KEPT_YEARS = 5  # invoices stay on record for so long (INV-52)
NUMBER_LENGTH = 20  # of an all-digital invoice (数电票): year 2, province 2, channel 1, serial 15
_FIRST_YEAR = 21  # before that no invoice was all-digital
FUJIAN = "35"
_TAX_NUMBER_LENGTHS = (15, 17, 18, 20)  # the unified code has 18 signs; older numbers and those of persons others
_EMAIL = re.compile(r"[^\s@,;<>()]+@[^\s@,;<>().]+(\.[^\s@,;<>().]+)+")
_PROVINCES = frozenset(  # by their regions, as in the first two digits of every place's code
    f"{region}{place}"
    for region, places in {1: "12345", 2: "123", 3: "1234567", 4: "123456", 5: "01234", 6: "12345"}.items()
    for place in places
)


class Taxpayer(Enum):
    """How a firm is taxed."""

    GENERAL = "GENERAL"  # 一般纳税人
    SMALL_SCALE = "SMALL_SCALE"  # 小规模纳税人


@dataclass(frozen=True, slots=True)
class Rate:
    """``rate`` in basis points, in force from ``since`` to the day before ``until``.

    ``confirmed`` says whether the rule was read at its source; others are offered with a warning.
    """

    rate: int
    taxpayer: Taxpayer
    since: date
    until: date | None
    confirmed: bool
    rule: str


RATES: tuple[Rate, ...] = (
    Rate(600, Taxpayer.GENERAL, date(2016, 5, 1), None, True, "VAT-6"),
    Rate(300, Taxpayer.SMALL_SCALE, date(2016, 5, 1), None, True, "VAT-3"),
    Rate(100, Taxpayer.SMALL_SCALE, date(2023, 1, 1), date(2028, 1, 1), False, "VAT-1"),
)


def rates_on(day: date) -> tuple[Rate, ...]:
    """Rates in force on a day, highest first."""
    held = [each for each in RATES if each.since <= day and (each.until is None or day < each.until)]
    return tuple(sorted(held, key=lambda each: -each.rate))


def check_rate(rate: int, day: date) -> Rate:
    """The rate of so many basis points. Refuses ``tax_rate`` where none such is in force on that day."""
    found = [each for each in rates_on(day) if each.rate == rate]
    reject_if(not found, "tax_rate", field="rate", day=day)
    return found[0]


def split(gross: int, rate: int) -> tuple[int, int]:
    """Net and tax of an amount with tax, in fen: net is rounded half up once, tax is what is left."""
    whole, divisor = gross * 10_000, 10_000 + rate
    net = (2 * whole + divisor) // (2 * divisor)
    return net, gross - net


def check_number(number: str, issued_on: date, field: str = "number") -> str:
    """The number of an all-digital invoice without what people put between its digits.

    Refuses ``invoice_number_digits``, ``invoice_number_year`` and ``invoice_number_province``, about ``field``.
    """
    digits = "".join(sign for sign in number if sign != "-" and not sign.isspace())
    reject_if(
        len(digits) != NUMBER_LENGTH or not (digits.isascii() and digits.isdecimal()),
        "invoice_number_digits",
        field=field,
    )
    year = int(digits[:2])
    reject_if(
        year != issued_on.year % 100 or year < _FIRST_YEAR, "invoice_number_year", field=field, year=str(issued_on.year)
    )
    reject_if(digits[2:4] not in _PROVINCES, "invoice_number_province", field=field, province=digits[2:4])
    return digits


def check_tax_number(written: str | None) -> str | None:
    """A taxpayer's number in capitals and without blanks, ``None`` for none. Refuses ``tax_number``."""
    number = "".join((written or "").split()).upper()
    reject_if(
        bool(number) and not (len(number) in _TAX_NUMBER_LENGTHS and number.isascii() and number.isalnum()),
        "tax_number",
        field="tax_number",
    )
    return number or None


def check_email(written: str | None) -> str | None:
    """An address that an invoice can be sent to, ``None`` for none. Refuses ``email``."""
    address = (written or "").strip()
    reject_if(bool(address) and not _EMAIL.fullmatch(address), "email", field="email")
    return address or None


def from_elsewhere(number: str) -> bool:
    """Whether another province's tax office issued it, which is worth a second look."""
    return number[2:4] != FUJIAN
