"""``jinlin check``: what is new since the last good check, all of it on demand."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from projections.catalogue import VIEWS
from services.__main__ import main
from services.running.checking import of_log, work
from services.running.checking.of_views import shares
from tests.machine.damage import Damaged
from tests.machine.ground import Ground, a_ground
from tests.templates import Templates

Jinlin = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def ground(templates: Templates, tmp_path: Path) -> Iterator[Ground]:
    """The demo's week, taken in by every view."""
    with a_ground(templates.week(tmp_path), (tmp_path / "vault.key").read_bytes()) as made:
        yield made


@pytest.fixture
def jinlin(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Jinlin:
    monkeypatch.setenv("JINLIN_DATA", str(tmp_path))
    monkeypatch.setenv("JINLIN_DATABASE_URL", ground.url)

    def call(*arguments: str) -> tuple[int, list[str]]:
        status = main(arguments)
        return status, capsys.readouterr().out.splitlines()

    return call


def change(ground: Ground, statement: str, *values: object) -> None:
    """As a hand with all rights does."""
    with psycopg.connect(ground.url) as conn:
        conn.execute("SET session_replication_role = replica")
        assert conn.execute(statement.encode(), values).rowcount


def test_only_what_is_new_is_looked_at_and_the_rest_on_demand(ground: Ground, jinlin: Jinlin) -> None:
    last = ground.log.last_position()
    assert jinlin("check") == (0, [f"checked {last} events: all is whole"])
    assert jinlin("check") == (0, [f"checked {last} events, 0 of them new since the last check: all is whole"])
    ground.note(1)
    ground.follower()[0].catch_up()
    assert jinlin("check") == (0, [f"checked {last + 1} events, 1 of them new since the last check: all is whole"])
    change(ground, "UPDATE view.notebook SET body = jsonb_set(body, '{me_too}', '7') WHERE position <= %s", last)
    assert jinlin("check")[0] == 0  # what was found good is not looked at
    status, said = jinlin("check", "--whole")
    assert status == 1
    assert {line.partition(": row")[0] for line in said[:-1]} == {"view notebook"}
    assert jinlin("check", "orders", "--whole")[0] == 0
    assert jinlin("check", "notebook", "--whole")[0] == 1
    assert jinlin("check", "nobody")[0] == 2


def test_a_row_that_changed_since_is_held_against_its_streams(ground: Ground, jinlin: Jinlin) -> None:
    jinlin("check")
    line = ground.note(1)
    ground.follower()[0].catch_up()
    change(ground, "UPDATE view.notebook SET body = jsonb_set(body, '{me_too}', '7') WHERE key = %s", str(line))
    assert jinlin("check")[1][0] == f"view notebook: row {line} differs from its rebuild"
    assert jinlin("check")[0] == 1  # nothing was found good that was not
    change(ground, "DELETE FROM view.notebook WHERE key = %s", str(line))
    assert jinlin("check")[1][0] == f"view notebook: row {line} differs from its rebuild"
    change(ground, "DELETE FROM view.history WHERE key = %s", str(line))
    assert len(jinlin("check")[1]) == 2  # that row was good when it was last looked at
    assert len(jinlin("check", "--whole")[1]) == 3


def test_what_was_changed_below_is_found_by_the_chain(
    ground: Ground, jinlin: Jinlin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_log, "RANGE", 100)
    assert jinlin("check")[0] == 0
    # a name that reads as well as the old one, and another order of what happened: all is well-formed
    damaged = Damaged(ground.url)
    first = next(each for each in ground.log.reading(100, 100).events if type(each.event).__name__ == "PersonRegistered"
                 or each.act.actor)  # fmt: skip
    with psycopg.connect(ground.url) as conn:
        row = conn.execute(
            "SELECT topic, state FROM log.stored_events WHERE notification_id = %s", (first.position,)
        ).fetchone()
    assert row
    damaged.write(first.position, row[0], bytes(row[1]) + b" ")  # the same JSON
    assert jinlin("check")[0] == 0
    status, said = jinlin("check", "--whole")
    assert status == 1
    assert said[0] == "log: positions 101 to 200 are not what they were when they were found good: they were changed"
    assert jinlin("check", "--whole")[0] == 1
    with psycopg.connect(ground.url) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("DELETE FROM log.checked")


def test_it_names_what_cannot_be_read_and_goes_on(ground: Ground, jinlin: Jinlin) -> None:
    jinlin("check")
    stream = ground.note(1)
    position = ground.log.last_position()
    Damaged(ground.url).write(position, "NeverHeardOf", b"not even JSON")
    ground.note(2)
    ground.follower()[0].catch_up()
    status, said = jinlin("check")
    assert status == 1
    where = f"log: position {position} (unknown name, version 1 of stream {stream}) cannot be read: its body is broken"
    assert said[0].startswith(where)
    halted = [view.name for view in VIEWS]
    assert said[0].endswith(f"halts {', '.join(halted)}")
    for name in halted:
        assert jinlin("skip", name, str(position), "--because", "broken on purpose")[0] == 0
    ground.follower()[0].catch_up()
    for _ in range(2):  # it is told again, though the log was looked at up to there
        status, said = jinlin("check")
        assert (status, said[0]) == (1, f"{where}: it is no JSON; skipped by {', '.join(halted)}")
        assert sum("skips position" in line for line in said) == len(halted)


def test_a_skip_may_come_before_the_halt(ground: Ground, jinlin: Jinlin) -> None:
    ground.note(1)
    position = ground.log.last_position()
    assert jinlin("skip", "notebook", str(position), "--because", "why not")[0] == 2  # it can be read
    Damaged(ground.url).write(position, "IssueNoted", b"not even JSON")
    assert jinlin("skip", "orders", str(position), "--because", "no need")[0] == 2  # nothing to it
    assert jinlin("skip", "notebook", str(position), "--because", "damaged")[0] == 0
    follower, heard = ground.follower()
    follower.catch_up()
    assert heard.halts == [("history", position, "DecodeError")]
    assert jinlin("skip", "notebook", str(position), "--because", "again")[0] == 2  # it is past it
    assert jinlin("skip", "notebook", str(10**30), "--because", "far away")[0] == 2


def test_how_the_last_check_ended_is_kept(ground: Ground, jinlin: Jinlin, tmp_path: Path) -> None:
    jinlin("check", "orders")
    assert not (tmp_path / "check.json").exists()  # that was not all
    jinlin("check")
    said = json.loads((tmp_path / "check.json").read_text(encoding="utf-8"))
    assert datetime.fromisoformat(said["checked_at"]).tzinfo
    assert (said["position"], said["findings"]) == (ground.log.last_position(), 0)
    assert said["seconds"] > 0
    change(ground, "UPDATE view.orders SET estates = '{999}'")
    jinlin("check", "--whole")
    assert json.loads((tmp_path / "check.json").read_text(encoding="utf-8"))["findings"] == 1 * orders(ground)


def orders(ground: Ground) -> int:
    with psycopg.connect(ground.url) as conn:
        row = conn.execute("SELECT count(*) FROM view.orders").fetchone()
    return row[0] if row else 0


@pytest.mark.slow
@pytest.mark.drill
def test_processes_find_what_one_finds(ground: Ground, jinlin: Jinlin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MUCH", 1)
    change(ground, "UPDATE view.people SET body = jsonb_set(body, '{version}', '77')")
    status, said = jinlin("check", "people", "orders", "--whole")
    assert status == 1
    assert {line.partition(": row")[0] for line in said[:-1]} == {"view people"}


def test_every_event_is_in_one_share() -> None:
    names = [name for share in shares() for name in share.names]
    assert len(names) == len(set(names))
    assert sorted(name for share in shares() for name in share.views) == sorted(view.name for view in VIEWS)
