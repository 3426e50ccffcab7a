"""Service time: what counts, what stands still, and that counting there and back leads home."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import ROUND_THE_CLOCK, SHANGHAI, ServiceHours, after, between, end_of_next_day, is_before
from domain.calendar import local_date as day_of
from domain.cases.category import Priority
from domain.cases.service_level import Deadlines, deadlines, hours_counted

STATION = ServiceHours(8 * 60, 20 * 60)


def sh(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (sh(23, 9), 2, sh(23, 11)),
        (sh(23, 19), 2, sh(24, 9)),  # an hour today, an hour tomorrow
        (sh(23, 3), 2, sh(23, 10)),  # reported at night: from the opening
        (sh(23, 22), 2, sh(24, 10)),
        (sh(23, 18), 2, sh(23, 20)),  # closing time itself is in time
        (sh(23, 20), 1, sh(24, 9)),
        (sh(23, 8), 48, sh(26, 20)),
        (sh(23, 9), 0, sh(23, 9)),
        (sh(23, 20), 0, sh(24, 8)),  # at closing time the next moment of service is tomorrow's first
    ],
)
def test_after_some_hours_of_service(start: datetime, hours: int, end: datetime) -> None:
    assert after(start, timedelta(hours=hours), STATION) == end


def test_round_the_clock_is_the_clock() -> None:
    assert after(sh(23, 23), timedelta(hours=26), ROUND_THE_CLOCK) == sh(25, 1)
    assert between(sh(23, 23), sh(25, 1), ROUND_THE_CLOCK) == timedelta(hours=26)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (sh(23, 9), sh(23, 11), 2),
        (sh(23, 19), sh(24, 9), 2),
        (sh(23, 21), sh(24, 7), 0),
        (sh(23, 9), sh(26, 9), 36),
        (sh(23, 11), sh(23, 9), 0),
        (sh(23, 9), sh(23, 9), 0),
    ],
)
def test_hours_of_service_between(start: datetime, end: datetime, hours: int) -> None:
    assert between(start, end, STATION) == timedelta(hours=hours)


def test_the_next_day_ends_when_the_station_closes() -> None:
    assert end_of_next_day(sh(23, 8, 40), STATION) == sh(24, 20)
    assert end_of_next_day(datetime(2026, 11, 23, 17, tzinfo=UTC), STATION) == sh(25, 20)  # past midnight here


def test_the_day_is_the_day_in_shanghai() -> None:
    assert day_of(datetime(2026, 11, 23, 15, 59, tzinfo=UTC)).day == 23
    assert day_of(datetime(2026, 11, 23, 16, 0, tzinfo=UTC)).day == 24


def test_before_means_in_an_earlier_minute() -> None:
    noted = sh(23, 9).replace(second=40)
    assert not is_before(sh(23, 9), noted)
    assert is_before(sh(23, 8, 59).replace(second=59), noted)
    assert not is_before(sh(23, 9).astimezone(UTC), noted)


minutes = st.integers(0, 24 * 60)
stations = (  # open for half an hour at least, so that a count does not go through years of closed doors
    st.tuples(minutes, minutes).filter(lambda pair: pair[0] + 30 <= pair[1]).map(lambda pair: ServiceHours(*pair))
)
moments = st.integers(0, 14 * 24 * 3600).map(lambda seconds: sh(2, 0) + timedelta(seconds=seconds))
spans = st.integers(0, 20 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@settings(max_examples=200, deadline=None)
@given(moments, spans, stations)
def test_between_is_the_inverse_of_after(start: datetime, span: timedelta, hours: ServiceHours) -> None:
    assert between(start, after(start, span, hours), hours) == span


@settings(max_examples=200, deadline=None)
@given(moments, moments, stations)
def test_after_is_the_inverse_of_between(one: datetime, other: datetime, hours: ServiceHours) -> None:
    """Going as far as there is service time leads to ``end``, or to a moment with only closed doors in between."""
    start, end = min(one, other), max(one, other)
    reached = after(start, between(start, end, hours), hours)
    assert between(min(reached, end), max(reached, end), hours) == timedelta(0)


@settings(max_examples=200, deadline=None)
@given(st.lists(moments, min_size=3, max_size=3).map(sorted), stations)
def test_time_in_parts_is_time_as_a_whole(three: list[datetime], hours: ServiceHours) -> None:
    start, middle, end = three
    assert between(start, middle, hours) + between(middle, end, hours) == between(start, end, hours)


@settings(max_examples=100, deadline=None)
@given(moments, spans, spans, stations)
def test_more_service_time_ends_no_earlier(start: datetime, a: timedelta, b: timedelta, hours: ServiceHours) -> None:
    assert after(start, min(a, b), hours) <= after(start, max(a, b), hours)


@settings(max_examples=100, deadline=None)
@given(moments, spans, stations)
def test_the_same_moment_elsewhere_counts_the_same(start: datetime, span: timedelta, hours: ServiceHours) -> None:
    assert after(start.astimezone(UTC), span, hours) == after(start, span, hours)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(Priority), moments, stations)
def test_promises_come_in_their_order(priority: Priority, since: datetime, station: ServiceHours) -> None:
    promised = deadlines(priority, since, station)
    moments = [promised.accept_by, promised.dispatch_by, promised.fix_by]
    given_at = [moment for moment in moments if moment is not None]
    assert given_at == sorted(given_at) and all(moment >= since for moment in given_at)
    assert promised.arrive_by is None or promised.arrive_by > since


def test_emergencies_do_not_wait_for_the_morning() -> None:
    assert [p for p in Priority if hours_counted(p, STATION) == ROUND_THE_CLOCK] == [Priority.P0, Priority.P1]


def test_planned_work_promises_only_to_be_looked_at() -> None:
    assert deadlines(Priority.P4, sh(23, 9), STATION) == Deadlines(accept_by=sh(23, 17))
