"""Rates hold on their days, amounts split to the fen, and numbers of invoices are read before they are believed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money.tax import RATES, Rate, check_number, check_rate, from_elsewhere, rates_on, split
from domain.refusal import Refusal

TODAY = date(2026, 11, 24)


@given(st.integers(1, 10**12), st.sampled_from([each.rate for each in RATES]))
def test_a_split_adds_up_and_net_is_the_nearest_fen(gross: int, rate: int) -> None:
    net, tax = split(gross, rate)
    assert net + tax == gross and tax >= 0
    assert abs(2 * (net * (10_000 + rate) - gross * 10_000)) <= 10_000 + rate


def test_half_a_fen_is_rounded_up() -> None:
    assert split(3, 10_000) == (2, 1)  # 1.5


@pytest.mark.parametrize(
    ("day", "rates"),
    [
        (date(2016, 4, 30), []),
        (date(2016, 5, 1), [600, 300]),
        (date(2022, 12, 31), [600, 300]),
        (date(2023, 1, 1), [600, 300, 100]),
        (date(2027, 12, 31), [600, 300, 100]),
        (date(2028, 1, 1), [600, 300]),
    ],
)
def test_rates_hold_on_their_days(day: date, rates: list[int]) -> None:
    assert [each.rate for each in rates_on(day)] == rates


def test_only_the_reduced_rate_is_unconfirmed() -> None:
    assert [each.rate for each in RATES if not each.confirmed] == [100]
    assert check_rate(100, TODAY).confirmed is False


@pytest.mark.parametrize("rate", [0, -600, 500, 601, 1300])
def test_a_rate_that_nobody_set_is_refused(rate: int) -> None:
    with pytest.raises(Refusal, match="tax_rate"):
        check_rate(rate, TODAY)


def test_a_rate_that_has_ended_is_refused() -> None:
    with pytest.raises(Refusal, match="tax_rate"):
        check_rate(100, date(2028, 1, 1))


@given(st.dates(date(2016, 5, 1), date(2040, 1, 1)), st.sampled_from(RATES))
def test_the_day_before_the_end_still_counts(day: date, rate: Rate) -> None:
    held = rate in rates_on(day)
    assert held == (rate.since <= day <= (rate.until - timedelta(days=1) if rate.until else date.max))


@pytest.mark.parametrize("written", ["26352000000012345678", " 2635 2000 0000 1234 5678 ", "26-35-2-000000012345678"])
def test_a_number_is_read_as_people_copy_it(written: str) -> None:
    assert check_number(written, TODAY) == "26352000000012345678"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "invoice_number_digits"),
        ("2635200000001234567", "invoice_number_digits"),
        ("263520000000123456789", "invoice_number_digits"),
        ("２６352000000012345678", "invoice_number_digits"),
        ("2635200000001234567X", "invoice_number_digits"),
        ("25352000000012345678", "invoice_number_year"),
        ("27352000000012345678", "invoice_number_year"),
        ("26002000000012345678", "invoice_number_province"),
        ("26992000000012345678", "invoice_number_province"),
        ("26712000000012345678", "invoice_number_province"),
    ],
)
def test_a_number_that_cannot_be_one(written: str, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        check_number(written, TODAY)


def test_numbers_of_other_provinces_are_told_apart() -> None:
    assert not from_elsewhere("26352000000012345678")
    assert from_elsewhere("26442000000012345678")
