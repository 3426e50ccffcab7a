"""The books of an estate: months close in order and whole, and nothing is dated in a closed one."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.books.books import (
    BOOKS,
    Books,
    ClosedMonth,
    CloseMonth,
    LockMonth,
    MonthClosed,
    MonthFigures,
    MonthLocked,
    books_stream,
)
from domain.months import end_of, first_day, following, is_month, month_of
from domain.refusal import Refusal
from tests.books.examples import ESTATE as ESTATE_CODE
from tests.books.examples import FIGURES
from tests.scenario import MONDAY, Scenario, at


def untouched() -> Scenario[Books]:
    return Scenario(BOOKS, BOOKS.initial)


def closed(month: str = "2026-09", figures: MonthFigures = FIGURES) -> Scenario[Books]:
    return untouched().when(LockMonth(ESTATE_CODE, month), CloseMonth(month, 7, figures))


def test_a_month_is_locked_and_then_closed_with_its_figures() -> None:
    untouched().when(LockMonth(ESTATE_CODE, "2026-09")).then(MonthLocked(ESTATE_CODE, "2026-09"))
    closed().then(MonthClosed("2026-09", 7, FIGURES)).holds(
        lambda books: books.closed["2026-09"] == ClosedMonth(FIGURES, 7, at(MONDAY))
    )


def test_a_month_is_closed_by_one_person() -> None:
    closed().refused(LockMonth(ESTATE_CODE, "2026-09"), "month_closed")
    closed().refused(CloseMonth("2026-09", 9, MonthFigures()), "month_closed", month="2026-09")


def test_a_month_that_is_not_over_stays_open() -> None:
    untouched().refused(LockMonth(ESTATE_CODE, "2026-11"), "month_not_over", month="2026-11")
    untouched().when(LockMonth(ESTATE_CODE, "2026-10")).then(MonthLocked)


def test_months_close_in_order() -> None:
    closed().refused(LockMonth(ESTATE_CODE, "2026-11"), "month_order", month="2026-10")
    locked = untouched().when(LockMonth(ESTATE_CODE, "2026-09"))
    locked.refused(LockMonth(ESTATE_CODE, "2026-10"), "month_not_closed")
    locked.refused(CloseMonth("2026-10", 7, FIGURES), "month_not_locked")
    untouched().refused(CloseMonth("2026-09", 7, FIGURES), "month_not_locked")


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "26-11", "2026-9", "1999-12", "２０２６-09"])
def test_what_is_no_month_is_refused(month: str) -> None:
    untouched().refused(LockMonth(ESTATE_CODE, month), "month", field="month")


def test_a_month_begins_with_what_the_one_before_ended_with() -> None:
    october = closed().when(LockMonth(ESTATE_CODE, "2026-10"))
    carried = MonthFigures(receivable_begin=85000, receivable_end=85000, held_begin=12000, held_end=12000)
    october.when(CloseMonth("2026-10", 9, carried)).then(MonthClosed)
    other = replace(carried, held_begin=0, held_end=0)
    october.refused(CloseMonth("2026-10", 9, other), "figures_do_not_foot")


@given(
    name=st.sampled_from(
        [
            "receivable_begin",
            "billed",
            "voided",
            "waived",
            "unwaived",
            "settled",
            "unsettled",
            "receivable_end",
            "held_begin",
            "received",
            "reversed",
            "refunded",
            "held_end",
        ]
    ),
    by=st.integers(1, 10**9),
)
def test_figures_that_do_not_foot_close_nothing(name: str, by: int) -> None:
    wrong = replace(FIGURES, **{name: getattr(FIGURES, name) + by})
    locked = untouched().when(LockMonth(ESTATE_CODE, "2026-09"))
    locked.refused(CloseMonth("2026-09", 7, wrong), "figures_do_not_foot")


def test_nothing_is_dated_in_a_closed_month() -> None:
    BOOKS.initial.check_open(date(2020, 1, 1))
    for books in (closed().state, untouched().when(LockMonth(ESTATE_CODE, "2026-09")).state):
        books.check_open(date(2026, 10, 1))
        with pytest.raises(Refusal) as refused:
            books.check_open(date(2026, 9, 30))
        assert (refused.value.code, refused.value.facts) == ("period_closed", {"month": "2026-09"})


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.integers(-100, 100))
def test_months_are_counted_over_the_years(day: date, by: int) -> None:
    month = month_of(day)
    assert is_month(month) and first_day(month) <= day < end_of(month)
    assert following(following(month, by), -by) == month and (following(month, by) > month) == (by > 0)


def test_every_estate_has_books_of_its_own() -> None:
    assert books_stream("a") == books_stream("a") != books_stream("b")
