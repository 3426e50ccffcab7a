"""What a line of a bill comes to: area x price x months x factor, rounded half up to the fen once, never in floats.

Areas are integers of 0.01 m², prices of 0.0001 yuan per m² (or piece) and month, factors of 0.0001, amounts fen.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

WHOLE = 10_000  # the factor 1.00
ONE_UNIT = 100  # the "area" of one piece: a parking space, a key card
_PER_FEN = 100 * 10_000 * WHOLE // 100  # 0.01 m² x 0.0001 yuan x 0.0001 in a fen


def line_amount(area: int, unit_price: int, months: Fraction | int, factor: int = WHOLE) -> int:
    """Fen for one line. ``months`` may be a fraction: days of months begun."""
    return half_up(Fraction(area * unit_price * factor, _PER_FEN) * months)


def half_up(amount: Fraction) -> int:
    """The nearest integer; what lies in the middle goes up. ``amount`` is not negative."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def by_days(total: int, days: Sequence[int]) -> list[int]:
    """``total`` shared out over parts of so many days each: the parts add up to it, each within a fen of its share."""
    whole, before, passed = sum(days), 0, 0
    shares = []
    for part in days:
        passed += part
        upto = half_up(Fraction(total * passed, whole))
        shares.append(upto - before)
        before = upto
    return shares


def months_between(since: date, until: date) -> Fraction:
    """Months from ``since`` to ``until`` (excluded); a month begun or broken off counts by its own days."""
    months, day = Fraction(0), since
    while day < until:
        first, length = day.replace(day=1), monthrange(day.year, day.month)[1]
        following = first + timedelta(days=length)
        months += Fraction((min(following, until) - day).days, length)
        day = following
    return months
