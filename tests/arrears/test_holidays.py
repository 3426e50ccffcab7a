"""Public holidays as published, and what is expected of years that are not."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from domain.arrears.limitation import LastDay, Span, reckoned
from domain.months import months_later
from services.estates.holidays import FIRST_YEAR, LAST_YEAR, PublicHolidays

CALENDAR = PublicHolidays()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 1, 26), True),  # a Sunday swapped for the Spring Festival
        (date(2025, 1, 28), False),  # New Year's Eve, a Tuesday
        (date(2025, 10, 8), False),  # the last day of the long holiday
        (date(2025, 10, 9), True),
        (date(2025, 10, 11), True),  # a Saturday swapped for it
        (date(2025, 10, 12), False),
    ],
)
def test_published_years_know_their_swapped_days(day: date, works: bool) -> None:
    assert CALENDAR.works(day) is works
    assert CALENDAR.published(day)


def test_years_not_published_have_weekends_and_fixed_days() -> None:
    year = LAST_YEAR + 1
    assert not CALENDAR.published(date(year, 6, 1)) and not CALENDAR.published(date(FIRST_YEAR - 1, 6, 1))
    for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)):
        assert not CALENDAR.works(date(year, month, day))
    week = [date(2040, 6, day) for day in range(4, 11)]  # Monday to Sunday
    assert [CALENDAR.works(day) for day in week] == [True] * 5 + [False] * 2


def test_a_claim_ends_after_the_long_holiday() -> None:
    assert reckoned(date(2022, 10, 1), CALENDAR).last_day == LastDay(date(2025, 10, 9), provisional=False)
    assert reckoned(date(2022, 10, 11), CALENDAR).last_day == LastDay(date(2025, 10, 11), provisional=False)


def test_a_claim_ends_on_a_swapped_saturday_and_not_in_the_spring_festival() -> None:
    assert reckoned(date(2023, 2, 14), CALENDAR).last_day == LastDay(date(2026, 2, 14), provisional=False)
    assert reckoned(date(2023, 2, 15), CALENDAR).last_day == LastDay(date(2026, 2, 24), provisional=False)
    assert reckoned(date(2023, 2, 28), CALENDAR).last_day == LastDay(date(2026, 2, 28), provisional=False)
    assert reckoned(date(2022, 1, 5), CALENDAR, [date(2023, 2, 17)]).last_day.day == date(2026, 2, 24)


def test_the_six_months_after_a_hindrance_end_on_a_working_day_too() -> None:
    def last(ceased: date) -> LastDay:
        return reckoned(date(2022, 6, 30), CALENDAR, hindrances=[Span(date(2025, 3, 1), ceased)]).last_day

    assert last(date(2025, 8, 14)) == LastDay(date(2026, 2, 14), provisional=False)  # a Saturday on which people work
    assert last(date(2025, 8, 15)) == LastDay(date(2026, 2, 24), provisional=False)  # Spring Festival until the 23rd


def test_a_claim_that_ends_in_a_year_not_published_ends_on_the_corresponding_day_at_the_latest() -> None:
    first_of_may = reckoned(date(LAST_YEAR - 2, 5, 1), CALENDAR).last_day
    assert first_of_may == LastDay(date(LAST_YEAR + 1, 5, 1), provisional=True)  # nobody knows which Sunday is swapped
    for day in range(365):
        due = date(LAST_YEAR - 2, 1, 1) + timedelta(days=day)
        assert reckoned(due, CALENDAR).last_day == LastDay(months_later(due, 36), provisional=True)


@dataclass(frozen=True)
class KnownUntil:
    """The same calendar as it was known before the days off after ``year`` were published."""

    year: int

    def works(self, day: date) -> bool:
        return CALENDAR.works(day)

    def published(self, day: date) -> bool:
        return CALENDAR.published(day) and day.year <= self.year


@pytest.mark.parametrize("year", range(FIRST_YEAR, LAST_YEAR + 1))
def test_before_a_year_was_published_no_day_of_it_was_told_later_than_it_came_to_be(year: int) -> None:
    """Every claim that ends in one of the years of which the calendar is known, told the year before and now."""
    before, moved = KnownUntil(year - 1), 0
    for day in range(366):
        end = date(year, 1, 1) + timedelta(days=day)
        due = months_later(end, -36)
        told, law = reckoned(due, before).last_day, reckoned(due, CALENDAR).last_day
        assert told.day <= law.day
        assert told.day == months_later(due, 36) or told.day.year < year
        moved += told.day < law.day
    assert moved > 100  # weekends and holidays: those that the law moves on


@pytest.mark.parametrize("year", range(FIRST_YEAR, LAST_YEAR))
def test_days_off_that_lead_into_a_year_not_published_move_nothing(year: int) -> None:
    end = date(year, 12, 31)
    told = reckoned(months_later(end, -36), KnownUntil(year)).last_day
    assert told == LastDay(end, provisional=not CALENDAR.works(end))
    assert told.day <= reckoned(months_later(end, -36), CALENDAR).last_day.day
