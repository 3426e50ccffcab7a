"""The last day of a claim: three years, holidays, leap days, and what gives it three years anew (CC 188 to 203)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.limitation import LastDay, anniversary, counted_from, last_day


class Weekends:
    """A calendar of five working days a week, and of the holidays and swapped working days it is told."""

    def __init__(self, rest: frozenset[date] = frozenset(), swapped: frozenset[date] = frozenset()) -> None:
        self._rest = rest
        self._swapped = swapped

    def works(self, day: date) -> bool:
        return day in self._swapped or (day.weekday() < 5 and day not in self._rest)

    def published(self, day: date) -> bool:
        return day.year <= 2026


WEEKENDS = Weekends()


def test_the_worked_example() -> None:
    due, served = date(2022, 6, 30), date(2024, 5, 10)
    assert last_day(due, [], WEEKENDS) == LastDay(date(2025, 6, 30), provisional=False)
    assert last_day(due, [served], WEEKENDS) == LastDay(date(2027, 5, 10), provisional=True)


@pytest.mark.parametrize(
    ("day", "after_three_years"),
    [
        (date(2020, 2, 29), date(2023, 2, 28)),  # no corresponding day: the end of the month
        (date(2021, 2, 28), date(2024, 2, 28)),  # the corresponding day, though the month has one more
        (date(2021, 3, 1), date(2024, 3, 1)),
        (date(2022, 12, 31), date(2025, 12, 31)),
    ],
)
def test_it_ends_on_the_corresponding_day(day: date, after_three_years: date) -> None:
    assert anniversary(day) == after_three_years


def test_a_leap_day_of_a_leap_year_corresponds_to_the_next_one() -> None:
    assert anniversary(date(2020, 2, 29), 4) == date(2024, 2, 29)


def test_it_does_not_end_on_a_holiday() -> None:
    holidays = frozenset(date(2025, 10, day) for day in range(1, 9))
    assert last_day(date(2022, 10, 2), [], Weekends(holidays)).day == date(2025, 10, 9)
    assert last_day(date(2023, 2, 25), [], WEEKENDS).day == date(2026, 2, 25)
    assert last_day(date(2023, 2, 28), [], WEEKENDS).day == date(2026, 3, 2)  # a Saturday


def test_it_does_end_on_a_swapped_working_day() -> None:
    saturday = date(2026, 2, 28)
    assert last_day(date(2023, 2, 28), [], Weekends(swapped=frozenset({saturday}))).day == saturday


def test_what_comes_too_early_or_too_late_interrupts_nothing() -> None:
    due = date(2022, 6, 30)
    assert last_day(due, [date(2022, 6, 29)], WEEKENDS).day == date(2025, 6, 30)
    assert last_day(due, [due], WEEKENDS).day == date(2025, 6, 30)
    assert last_day(due, [date(2025, 7, 1)], WEEKENDS).day == date(2025, 6, 30)
    assert last_day(due, [date(2025, 6, 30)], WEEKENDS).day == date(2028, 6, 30)
    assert last_day(due, [date(2028, 6, 30), date(2025, 6, 30)], WEEKENDS).day == date(2031, 6, 30)


def test_several_interruptions_count_one_after_the_other() -> None:
    due, chain = date(2022, 6, 30), [date(2023, 2, 28), date(2024, 2, 29), date(2026, 12, 31)]
    assert counted_from(due, [], WEEKENDS) == due
    assert counted_from(due, reversed(chain), WEEKENDS) == chain[-1]
    assert last_day(due, chain, WEEKENDS).day == date(2029, 12, 31)
    assert last_day(due, chain[:2], WEEKENDS).day == date(2027, 3, 1)  # 28 February is a Sunday
    gap = [date(2024, 2, 29), date(2027, 3, 2)]  # the second comes a day too late
    assert counted_from(due, gap, WEEKENDS) == gap[0]
    assert last_day(due, gap, WEEKENDS).day == date(2027, 3, 1)


def test_nothing_leads_beyond_twenty_years() -> None:
    due = date(2004, 6, 30)
    chain = [date(year, 6, 1) for year in range(2005, 2025)]
    assert last_day(due, chain[:16], WEEKENDS).day == date(2023, 6, 1)
    assert last_day(due, chain[:18], WEEKENDS).day == date(2024, 7, 1)  # 30 June is a Sunday
    assert last_day(due, chain, WEEKENDS).day == date(2024, 7, 1)


def test_a_calendar_without_working_days_is_a_mistake() -> None:
    class Never(Weekends):
        def works(self, day: date) -> bool:
            return False

    with pytest.raises(ValueError, match="no working day"):
        last_day(date(2022, 6, 30), [], Never())


_DAYS = st.dates(date(2004, 1, 1), date(2090, 12, 31))


@given(_DAYS, st.lists(_DAYS, max_size=8), st.frozensets(_DAYS, max_size=20))
def test_it_never_comes_before_three_years_and_never_moves_back(
    due: date, interrupted: list[date], rest: frozenset[date]
) -> None:
    calendar = Weekends(rest)
    before = last_day(due, [], calendar)
    assert before.day >= anniversary(due)
    for count in range(1, len(interrupted) + 1):
        now = last_day(due, interrupted[:count], calendar)
        assert now.day >= before.day and calendar.works(now.day)
        before = now


@given(_DAYS)
def test_the_first_day_is_not_counted(due: date) -> None:
    """Three years have 1095 or 1096 days from the day after; a leap day at the end is not there to be reached."""
    assert (anniversary(due) - due).days in (1095, 1096)
    assert anniversary(due + timedelta(days=1)) >= anniversary(due)
