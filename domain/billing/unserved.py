"""What a bill comes to where its contract ended before its last day: no day that is not served is paid for (SPC1 3)."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from domain.fees.fee_account import Basis
from domain.money.formula import half_up, line_amount, months_between


def served_part(basis: Basis, amount: int, since: date, until: date, end: date) -> tuple[int, Basis]:
    """Fen for the days from ``since`` to ``end`` (excluded) of a line that ran to ``until``, and how they come about.

    By the line's own formula, rounded once; a payer's share of a span keeps its days of the whole.
    """
    if basis.share_of:
        days = (end - since).days
        return half_up(Fraction(basis.whole * days, basis.share_of)), replace(basis, share_days=days)
    months = months_between(since, end)
    part = months - int(months)
    kept = replace(basis, months=int(months), days=part.numerator, of_days=part.denominator)
    if not basis.area:
        return half_up(amount * months / months_between(since, until)), basis
    return line_amount(basis.area * basis.quantity, basis.unit_price, months, basis.factor), kept
