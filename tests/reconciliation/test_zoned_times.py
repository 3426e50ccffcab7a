"""A time of a statement that names its zone is read in that zone; one that names none is Shanghai's."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import SHANGHAI
from domain.refusal import Refusal
from services.reconciliation.formats.cells import moment


@pytest.mark.parametrize(
    "said",
    [
        "2026-11-30T16:30:05Z",
        "2026-11-30t16:30:05z",
        "2026-11-30 16:30:05.123 Z",
        "2026-11-30 16:30:05 UTC",
        "2026-11-30T16:30:05+00:00",
        "2026-11-30T16:30:05-0000",
        "20261130T163005Z",
        "2026/11/30 17:30:05 (UTC+1)",
        "2026-11-30 11:30:05 GMT-05:00",
        "2026-12-01 00:30:05",
        "2026-12-01T00:30:05+08:00",
        "2026-12-01 00:30:05+08",
        "2026-12-01 00:30:05 (GMT+8)",
    ],
)
def test_however_the_zone_is_written_it_is_the_same_moment(said: str) -> None:
    assert moment(said, 1) == datetime(2026, 12, 1, 0, 30, 5, tzinfo=SHANGHAI)
    assert moment(said, 1).date().isoformat() == "2026-12-01"  # the day on which it was paid here


@pytest.mark.parametrize("said", ["2026-11-30", "2026/11/30", "20261130", "2026-11-30 "])
def test_a_day_has_no_zone(said: str) -> None:
    assert moment(said, 1) == datetime(2026, 11, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize("said", ["2026-11-30T16:30:05+15:00", "2026-11-30T16:30:05+99", "2026-13-30T16:30:05Z"])
def test_a_zone_that_is_none_is_no_time(said: str) -> None:
    with pytest.raises(Refusal):
        moment(said, 1)


@given(
    st.datetimes(datetime(2001, 1, 1), datetime(2098, 12, 30), timezones=st.just(UTC)),
    st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours))),
)
def test_any_moment_is_read_back_from_any_zone(at: datetime, zone: timezone) -> None:
    at = at.replace(microsecond=0)
    assert moment(at.astimezone(zone).isoformat(), 1) == at
    assert moment(at.strftime("%Y-%m-%dT%H:%M:%SZ"), 1) == at
    assert moment(at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"), 1) == at
