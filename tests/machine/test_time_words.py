"""Moments and spans as people say them: today has no date, this year no year, and a day of service is a station's."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.calendar import ROUND_THE_CLOCK, ServiceHours
from services.words.time_words import TimeWords
from tests.conftest import shanghai

NOW = shanghai("2026-11-25 10:20")
HOURS = ServiceHours(8 * 60, 20 * 60)


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        ("2026-11-25 08:05", "08:05", "08:05"),
        ("2026-11-25 00:00", "00:00", "00:00"),
        ("2026-11-24 23:59", "昨 23:59", "Yest. 23:59"),
        ("2026-11-26 00:00", "明 00:00", "Tomorrow 00:00"),
        ("2026-11-23 16:10", "11月23日 16:10", "23 Nov 16:10"),
        ("2026-01-01 07:30", "1月1日 07:30", "1 Jan 07:30"),
        ("2025-12-31 18:00", "2025年12月31日 18:00", "31 Dec 2025 18:00"),
        ("2027-01-02 09:00", "2027年1月2日 09:00", "2 Jan 2027 09:00"),
    ],
)
def test_a_moment_has_no_more_date_than_it_needs(moment: str, zh: str, en: str) -> None:
    assert TimeWords("zh", NOW).when(shanghai(moment)) == zh
    assert TimeWords("en", NOW).when(shanghai(moment)) == en


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        ("2026-11-25 23:00", "今天 11月25日 周三", "Today Wed 25 Nov"),
        ("2026-11-24 01:00", "昨天 11月24日 周二", "Yesterday Tue 24 Nov"),
        ("2026-11-26 01:00", "明天 11月26日 周四", "Tomorrow Thu 26 Nov"),
        ("2026-11-22 01:00", "11月22日 周日", "Sun 22 Nov"),
        ("2025-11-25 10:20", "2025年11月25日 周二", "Tue 25 Nov 2025"),
    ],
)
def test_a_day_is_a_heading(moment: str, zh: str, en: str) -> None:
    assert TimeWords("zh", NOW).day(shanghai(moment)) == zh
    assert TimeWords("en", NOW).day(shanghai(moment)) == en


def test_wall_clocks_are_those_of_shanghai_wherever_the_moment_was_taken() -> None:
    late = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)  # half past midnight of the 25th there
    assert TimeWords("zh", NOW).when(late) == "00:30"
    assert TimeWords("zh", datetime(2026, 11, 24, 15, 59, tzinfo=UTC)).when(late) == "明 00:30"


def test_every_month_and_day_of_the_week_has_its_name() -> None:
    said = TimeWords("en", NOW)
    days = [shanghai("2026-01-01 12:00") + timedelta(days=day) for day in range(365)]
    assert len({said.date(day) for day in days}) == 365
    assert len({said.weekday(day) for day in days}) == 7
    assert len({TimeWords("zh", NOW).date(day) for day in days}) == 365


@pytest.mark.parametrize(
    ("minutes", "zh", "en"),
    [
        (0, "0分", "0m"),
        (59, "59分", "59m"),
        (60, "1时00分", "1h 00m"),
        (228, "3时48分", "3h 48m"),
        (719, "11时59分", "11h 59m"),
        (720, "1天", "1d"),
        (779, "1天", "1d"),
        (780, "1天1时", "1d 1h"),
        (1500, "2天1时", "2d 1h"),
    ],
)
def test_a_span_of_service_time(minutes: int, zh: str, en: str) -> None:
    span = timedelta(minutes=minutes, seconds=59)
    assert TimeWords("zh", NOW).span(span, HOURS) == zh
    assert TimeWords("en", NOW).span(span, HOURS) == en


def test_round_the_clock_a_day_has_24_hours() -> None:
    assert TimeWords("zh", NOW).span(timedelta(hours=23, minutes=59), ROUND_THE_CLOCK) == "23时59分"
    assert TimeWords("zh", NOW).span(timedelta(hours=26), ROUND_THE_CLOCK) == "1天2时"
