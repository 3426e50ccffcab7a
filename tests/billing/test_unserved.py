"""Days that nobody serves are not paid for: a line shortened to the end of its contract, by its own formula."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from domain.billing.unserved import served_part
from domain.fees.fee_account import Basis
from domain.money.formula import by_days, half_up, line_amount, months_between

SINCE, UNTIL = date(2026, 1, 1), date(2027, 1, 1)
YEAR = Basis(area=8937, unit_price=6000, months=12)


def test_a_year_that_ends_after_nine_months_and_in_the_middle_of_one() -> None:
    assert served_part(YEAR, 64346, SINCE, UNTIL, date(2026, 10, 1)) == (48260, Basis(8937, 6000, 9))
    half = served_part(YEAR, 64346, SINCE, UNTIL, date(2026, 10, 16))
    assert half == (line_amount(8937, 6000, Fraction(9) + Fraction(15, 31)), Basis(8937, 6000, 9, 15, 31))
    assert served_part(YEAR, 64346, SINCE, UNTIL, UNTIL) == (64346, Basis(8937, 6000, 12, 0, 1))


def test_what_follows_no_formula_is_shortened_in_proportion() -> None:
    assert served_part(Basis(), 1200, SINCE, UNTIL, date(2026, 4, 1)) == (300, Basis())


def test_a_share_keeps_its_days_of_the_whole() -> None:
    share = Basis(8937, 6000, 12, whole=64346, share_days=100, share_of=365)
    last = SINCE + timedelta(days=100)
    assert served_part(share, by_days(64346, [100, 265])[0], SINCE, last, last)[0] == by_days(64346, [100, 265])[0]
    amount, basis = served_part(share, 17629, SINCE, last, SINCE + timedelta(days=31))
    assert (amount, basis.share_days, basis.share_of) == (half_up(Fraction(64346 * 31, 365)), 31, 365)


@given(st.integers(1, 50_000), st.integers(1, 99_999), st.integers(1, 364))
def test_no_more_than_was_billed_and_rounded_once(area: int, price: int, days: int) -> None:
    basis, end = Basis(area=area, unit_price=price, months=12), SINCE + timedelta(days=days)
    whole = line_amount(area, price, 12)
    kept, reckoned = served_part(basis, whole, SINCE, UNTIL, end)
    assert 0 <= kept <= whole
    months = reckoned.months + Fraction(reckoned.days, reckoned.of_days)
    assert months == months_between(SINCE, end) and kept == line_amount(area, price, months)
