"""The follower: every event once into every view, a rebuild beside it, a poison event that stops one view alone."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import psycopg
import pytest

from domain.recorded import Recorded
from projections import rebuild
from projections.bookmarks import outgrown
from projections.cases.notebook import NOTEBOOK
from projections.catalogue import VIEWS
from projections.positions import ViewPositions
from projections.projection import View
from projections.rebuild import rebuild_view
from projections.views import as_following
from services.database.database import listening
from services.database.logins import Login
from tests.machine.ground import Ground


def test_two_followers_take_every_event_once(ground: Ground) -> None:
    before = ground.notes()
    one, two = ground.follower()[0], ground.follower()[0]
    one.start()
    two.start()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ground.note, range(120)))
    positions = ViewPositions(partial(listening, ground.database.logins, Login.WEB), ground.log.last_position)
    assert all(positions.wait(view.name, ground.log.last_position(), 10) for view in VIEWS)
    positions.stop()
    one.stop()
    two.stop()
    assert ground.notes() == before + 120
    assert ground.findings() == []


def test_the_one_that_stands_by_takes_over(ground: Ground) -> None:
    """The leader's connection is killed, as by kill -9 of its process."""
    one, two = ground.follower()[0], ground.follower()[0]
    one.start()
    ground.note()
    positions = ViewPositions(partial(listening, ground.database.logins, Login.WEB), ground.log.last_position)
    assert positions.wait("notebook", ground.log.last_position(), 10)
    two.start()
    with psycopg.connect(ground.url, autocommit=True) as conn:
        conn.execute(
            "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database()"
        )
    ground.note()
    assert positions.wait("notebook", ground.log.last_position(), 10)
    one.stop()
    two.stop()
    positions.stop()
    assert ground.findings() == []


def test_a_poison_event_stops_its_own_view_and_no_other(ground: Ground) -> None:
    poison = ground.note(666)

    def choke(line: Any, recorded: Recorded[Any]) -> Any:
        if recorded.stream == poison:
            raise ValueError("what it says stays here")
        return NOTEBOOK.evolve(line, recorded)

    ground.note(667)
    choking: View[Any] = replace(NOTEBOOK, evolve=choke, stands_for=NOTEBOOK)
    views = tuple(choking if view is NOTEBOOK else view for view in VIEWS)
    follower, heard = ground.follower(views)
    follower.catch_up()
    last = ground.log.last_position()
    assert heard.halts == [("notebook", last - 1, "ValueError")]
    with ground.database.follower.connection() as conn:
        stood = dict(conn.execute("SELECT name, position FROM view.positions").fetchall())
    assert stood["notebook"] == last - 2
    assert stood["orders"] == stood["history"] == last
    assert any("halted" in finding for finding in ground.findings())

    rebuild_view(ground.database.follower.connection, ground.owner, ground.log, NOTEBOOK)
    assert ground.findings() == []


def test_a_rebuild_serves_the_old_view_until_it_switches(ground: Ground) -> None:
    follower, _ = ground.follower()
    for number in range(300):
        ground.note(number)
    follower.catch_up()
    before, seen = ground.notes(), []

    def watch(done: int, total: int) -> None:
        seen.append((done <= total, ground.notes()))
        if len(seen) <= 5:  # people go on working while it runs
            ground.note()
            follower.catch_up()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rebuild, "BATCH", 50)
        rebuild_view(ground.database.follower.connection, ground.owner, ground.log, NOTEBOOK, watch)
    assert len(seen) > 5
    assert all(sensible and count >= before for sensible, count in seen)
    follower.catch_up()
    assert ground.notes() == before + 5
    assert ground.findings() == []


def test_an_interrupted_rebuild_goes_on(ground: Ground) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rebuild, "BATCH", 50)
        with pytest.raises(KeyboardInterrupt):
            rebuild_view(ground.database.follower.connection, ground.owner, ground.log, NOTEBOOK, stop)
        started: list[int] = []
        rebuild_view(
            ground.database.follower.connection,
            ground.owner,
            ground.log,
            NOTEBOOK,
            lambda done, _: started.append(done),
        )
    assert started[0] == 100
    assert ground.findings() == []


def test_rows_of_another_shape_are_not_touched_until_they_are_built_anew(ground: Ground) -> None:
    """As after an upgrade that gave the row a field more."""
    ground.follower()[0].catch_up()
    with ground.database.follower.connection() as conn:
        assert outgrown(conn, map(as_following, VIEWS)) == set()
        conn.execute("UPDATE view.positions SET shape = 'older' WHERE name = 'notebook'")
        conn.execute("UPDATE view.notebook SET body = body - 'me_too' - 'changed_at'")
        assert outgrown(conn, map(as_following, VIEWS)) == {"notebook"}
    before = ground.notes()
    ground.note()
    ground.follower()[0].catch_up()
    assert ground.notes() == before
    rebuild_view(ground.database.follower.connection, ground.owner, ground.log, NOTEBOOK)
    ground.follower()[0].catch_up()
    assert ground.notes() == before + 1
    assert ground.findings() == []


def test_check_tells_a_view_that_was_tampered_with(ground: Ground) -> None:
    ground.follower()[0].catch_up()
    with ground.database.follower.connection() as conn:
        conn.execute("UPDATE view.notebook SET body = jsonb_set(body, '{me_too}', '7') WHERE key = "
                     "(SELECT min(key) FROM view.notebook)")  # fmt: skip
    assert [finding for finding in ground.findings() if "differs from its rebuild" in finding]
    rebuild_view(ground.database.follower.connection, ground.owner, ground.log, NOTEBOOK)
    assert ground.findings() == []
