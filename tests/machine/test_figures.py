"""Amounts, days and periods are written in one way on every page and paper."""

from datetime import date

import pytest

from services.words.figures import day, full_date, period, shown


@pytest.mark.parametrize(("fen", "text"), [(0, "¥0.00"), (5, "¥0.05"), (123456, "¥1,234.56"), (-5, "−¥0.05")])
def test_an_amount_has_its_sign_before_the_yuan(fen: int, text: str) -> None:
    assert shown(fen) == text


@pytest.mark.parametrize(
    ("since", "until", "text"),
    [
        (date(2026, 2, 1), date(2026, 3, 1), "2026.02"),
        (date(2026, 12, 1), date(2027, 1, 1), "2026.12"),
        (date(2026, 1, 1), date(2026, 3, 1), "2026.01–2026.02"),
        (date(2026, 12, 1), date(2027, 3, 1), "2026.12–2027.02"),
        (date(2026, 2, 2), date(2026, 3, 1), "2026-02-02 – 2026-02-28"),
        (date(2026, 2, 1), date(2026, 2, 2), "2026-02-01"),
        (date(2026, 2, 1), date(2026, 2, 1), "2026-02-01"),
    ],
)
def test_whole_months_are_told_by_the_month_and_else_by_the_day(since: date, until: date, text: str) -> None:
    assert period(since, until) == text


def test_a_day_has_words_only_in_a_sentence() -> None:
    text = date(2026, 12, 3)
    assert day(text) == "2026-12-03"
    assert (full_date("zh", text), full_date("en", text)) == ("2026年12月3日", "3 Dec 2026")
