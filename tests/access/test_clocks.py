"""Sessions and the clock: what is over stays over, what runs out is put on record, and a clock set back is said."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from services.access import CAPABILITY
from services.runtime.steady_clock import SteadyClock
from services.sessions.accounts import ABSOLUTE, IDLE, Accounts
from services.sessions.devices import KEPT
from services.sessions.member import WrongCredentials
from services.sessions.place import Place
from services.sessions.pruning import ENDED_KEPT
from tests.clock import StandingClock
from tests.conftest import Demo

HERE = Place("198.51.100.7", device=b"a browser")
ABOUT = timedelta(seconds=30)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def somebody(demo: Demo) -> Iterator[tuple[str, str]]:
    """A new account with its password; no session of an earlier test says how late it has been."""
    with demo.product.database.app.connection() as conn:
        conn.execute("DELETE FROM access.sessions")
        conn.execute("DELETE FROM access.attempts")
        conn.execute("DELETE FROM access.devices")
    username, accounts = f"u{uuid4().hex[:10]}", demo.product.part(Accounts)
    clerk = accounts.account("clerk")
    assert clerk is not None
    yield username, accounts.create(username, clerk.person)


def accounts(demo: Demo, clock: StandingClock) -> Accounts:
    """As a process that starts now has them."""
    return Accounts(demo.product.database, demo.product.log, clock, demo.product.secret)


def counted(demo: Demo, table: str) -> int:
    with demo.product.database.app.connection() as conn:
        row = conn.execute(f"SELECT count(*) FROM access.{table}").fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("back", [timedelta(minutes=30), timedelta(hours=3), timedelta(days=400)], ids=str)
def test_a_session_that_ran_out_does_not_live_again_when_the_clock_is_set_back(
    demo: Demo, clock: StandingClock, somebody: tuple[str, str], back: timedelta
) -> None:
    here = accounts(demo, clock)
    token = here.sign_in(*somebody, HERE).token
    clock.passes(IDLE + timedelta(minutes=5))
    assert here.member(token) is None
    clock.passes(-back)
    assert here.member(token) is None


def test_nor_when_the_product_was_started_again_meanwhile(
    demo: Demo, clock: StandingClock, somebody: tuple[str, str]
) -> None:
    before = accounts(demo, clock)
    token = before.sign_in(*somebody, HERE).token
    clock.passes(IDLE + timedelta(minutes=5))
    other = before.sign_in(*somebody, HERE).token  # somebody is at work: that it was so late is kept
    clock.passes(-timedelta(hours=6))
    after = accounts(demo, clock)
    assert after.member(token) is None
    assert after.member(other) is not None, "nobody is signed out by it either"


def test_a_clock_set_back_makes_no_session_last_longer(
    demo: Demo, clock: StandingClock, somebody: tuple[str, str]
) -> None:
    here = accounts(demo, clock)
    clock.passes(timedelta(days=300))
    token = here.sign_in(*somebody, HERE).token
    clock.passes(-timedelta(days=300))
    assert here.member(token) is not None
    clock.passes(timedelta(days=300) + IDLE + timedelta(minutes=5))
    assert here.member(token) is None


def test_what_has_run_out_is_put_on_record_and_what_is_past_use_is_deleted(
    demo: Demo, clock: StandingClock, somebody: tuple[str, str]
) -> None:
    here = accounts(demo, clock)
    used = here.sign_in(*somebody, HERE).token
    with pytest.raises(WrongCredentials):
        here.sign_in("nobody", "x", HERE)
    assert (counted(demo, "sessions"), counted(demo, "attempts"), counted(demo, "devices")) == (1, 2, 1)
    clock.passes(IDLE + timedelta(minutes=5))
    here.prune()
    assert (counted(demo, "sessions"), counted(demo, "attempts"), counted(demo, "devices")) == (1, 0, 1)
    clock.passes(-timedelta(hours=12))
    assert accounts(demo, clock).member(used) is None
    clock.passes(timedelta(hours=12) + ENDED_KEPT + ABOUT)
    here.prune()
    assert (counted(demo, "sessions"), counted(demo, "devices")) == (0, 1)
    clock.passes(KEPT)
    here.prune()
    assert counted(demo, "devices") == 0


def test_a_session_in_use_is_not_pruned(demo: Demo, clock: StandingClock, somebody: tuple[str, str]) -> None:
    here = accounts(demo, clock)
    token = here.sign_in(*somebody, HERE).token
    for _ in range(ABSOLUTE // timedelta(hours=10)):
        here.prune()
        assert here.member(token) is not None
        clock.passes(timedelta(hours=10))
    clock.passes(timedelta(hours=10))
    here.prune()
    assert here.member(token) is None


def test_it_is_looked_after_every_day(demo: Demo) -> None:
    for work in CAPABILITY.daily:
        work.do(demo.product, demo.now.date())


# -- the clock itself ------------------------------------------------------------------------------------------------


def test_a_steady_clock_is_the_clock_until_that_is_set_back(clock: StandingClock) -> None:
    steady, said = SteadyClock(clock), clock.now
    for passes in (timedelta(), timedelta(seconds=1), timedelta(days=3)):
        clock.passes(passes)
        assert steady() == clock.now and steady.behind() == 0
    clock.passes(-timedelta(seconds=20))  # corrected in passing: it waits
    assert steady() == clock.now + timedelta(seconds=20) and steady.notes() == []
    clock.passes(timedelta(seconds=20))
    with capture_logs() as lines:
        clock.passes(-timedelta(hours=5))
        late = said + timedelta(days=3, seconds=1)
        assert late <= steady() <= late + ABOUT
        assert 5 * 3600 <= steady.behind() <= 5 * 3600 + ABOUT.seconds
        assert ["set back" in note for note in steady.notes()] == [True]
    assert [(line["event"], line["count"] // 3600) for line in lines] == [("clock_ran_backwards", 5)]
    clock.passes(timedelta(hours=6))
    assert steady() == clock.now and steady.behind() == 0 and steady.notes() == []


def test_that_it_was_later_already_is_taken_in(clock: StandingClock) -> None:
    steady = SteadyClock(clock)
    steady.at_least(clock.now - timedelta(days=1))
    assert steady() == clock.now
    steady.at_least(clock.now + timedelta(hours=2))
    assert steady() >= clock.now + timedelta(hours=2) and steady.behind() >= 7200


def test_a_clock_that_was_set_back_is_a_note_of_ready_and_a_figure(demo: Demo) -> None:
    steady = demo.product.part(SteadyClock)
    client = demo.client()
    assert "jinlin_clock_behind_seconds 0.0" in client.get("/metrics").text
    steady.at_least(demo.product.clock() + timedelta(hours=1))
    found = client.get("/health/ready").json()
    assert found["ready"] and sum("set back" in note for note in found["notes"]) == 1
    assert "jinlin_clock_behind_seconds 36" in client.get("/metrics").text or "35" in client.get("/metrics").text
