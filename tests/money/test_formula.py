"""The formula of a line (INV-41): the exact product rounded half up once, and parts that add up."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from domain.money.formula import by_days, half_up, line_amount, months_between
from domain.months import months_later


def test_the_middle_goes_up() -> None:
    assert [half_up(Fraction(n, 2)) for n in range(5)] == [0, 1, 1, 2, 2]


@given(st.integers(1, 10**7), st.integers(1, 10**6), st.fractions(0, 120, max_denominator=930), st.integers(0, 10**4))
def test_a_line_is_the_exact_product_rounded_once(area: int, price: int, months: Fraction, factor: int) -> None:
    exact = Fraction(area, 100) * Fraction(price, 10_000) * months * Fraction(factor, 10_000) * 100
    assert abs(line_amount(area, price, months, factor) - exact) <= Fraction(1, 2)


@given(st.integers(0, 10**9), st.lists(st.integers(1, 366), min_size=1, max_size=8))
def test_parts_by_days_add_up_and_are_within_a_fen(total: int, days: list[int]) -> None:
    parts = by_days(total, days)
    assert sum(parts) == total
    assert all(abs(part - Fraction(total * each, sum(days))) < 1 for part, each in zip(parts, days, strict=True))


def test_months_begun_count_by_their_own_days() -> None:
    assert months_between(date(2026, 1, 1), date(2027, 1, 1)) == 12
    assert months_between(date(2026, 1, 16), date(2026, 3, 11)) == Fraction(16, 31) + 1 + Fraction(10, 31)
    assert months_between(date(2026, 5, 1), date(2026, 5, 1)) == 0


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 900), st.integers(0, 900))
def test_months_of_neighbouring_spans_add_up(day: date, first: int, second: int) -> None:
    middle, end = date.fromordinal(day.toordinal() + first), date.fromordinal(day.toordinal() + first + second)
    assert months_between(day, middle) + months_between(middle, end) == months_between(day, end)


def test_a_shorter_month_ends_on_its_last_day() -> None:
    assert months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_later(date(2026, 10, 31), 4) == date(2027, 2, 28)
    assert months_later(date(2026, 12, 1), 1) == date(2027, 1, 1)
