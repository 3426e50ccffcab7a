"""A following beside the views: a leader, a position, a halt and a skip of its own, and no view ever waits for it."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from queue import Queue
from threading import Thread
from uuid import uuid4

import psycopg
import pytest

from domain.recorded import Unreadable
from projections.as_of import set_back
from projections.bookmarks import bookmarks
from projections.cases.notebook import NOTEBOOK, line
from projections.catalogue import VIEWS
from projections.follow import led
from projections.following import Batch, Following, NotNow, alone
from projections.positions import ViewPositions
from projections.projection import Connection
from projections.rebuild import RebuildHalted, rebuild_view
from projections.skip import skip
from projections.standings import Overview, overview
from projections.views import GROUP, together
from services.__main__ import main
from services.database.database import listening
from services.database.installation import Belonging, Stage, say_belonging
from services.database.logins import Login
from services.running.upkeep import renew
from services.runtime.metrics import Metrics
from tests.forked import Forked, Nursery
from tests.machine import tally
from tests.machine.ground import ESTATE, Ground, a_ground
from tests.machine.tally import TALLY
from tests.postgres import keep_logins
from tests.templates import Templates

PATIENCE = 40.0  # seconds after which something that should happen is missing; the machine may be busy
WHY = "nobody can take it in; repaired with the next version"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ground(templates: Templates) -> Iterator[Ground]:
    with a_ground(templates.empty()) as made:
        tally.create_table(made.url)
        yield made


@pytest.fixture
def positions(ground: Ground) -> Iterator[ViewPositions]:
    heard = ViewPositions(partial(listening, ground.database.logins, Login.WEB), ground.log.last_position)
    yield heard
    heard.stop()


def tallied(ground: Ground) -> list[int]:
    """The positions of the events that the tally has taken in."""
    with ground.database.follower.connection() as conn:
        return [position for (position,) in conn.execute("SELECT position FROM tally.events ORDER BY position")]


def stand(ground: Ground, following: Following = TALLY) -> Overview:
    with ground.database.app.connection() as conn:
        return overview(conn, [together(VIEWS), alone(following)], ground.log.last_position())


def choking_on(position: int) -> Following:
    def take(conn: Connection, batch: Batch) -> None:
        tally.take(conn, batch)
        if any(each.position == position for each in batch):
            raise ValueError("what it says stays here")

    return replace(TALLY, take=take)


def test_a_view_shows_what_a_slow_following_has_not_yet_taken_in(ground: Ground, positions: ViewPositions) -> None:
    """It goes on only once the view has shown what it is about: if the view waited for it, neither ever would."""
    shown = list[bool]()

    def take(conn: Connection, batch: Batch) -> None:
        shown.append(positions.wait("notebook", batch[-1].position, PATIENCE))
        tally.take(conn, batch)

    follower, _ = ground.follower(followings=[replace(TALLY, take=take)])
    follower.start()
    for number in range(3):
        ground.note(number)
        assert positions.wait("notebook", ground.log.last_position(), PATIENCE)
    assert positions.wait("tally", ground.log.last_position(), PATIENCE)
    follower.stop()
    assert all(shown) and shown
    assert tallied(ground) == [1, 2, 3]
    assert ground.findings() == []


def test_it_takes_in_what_was_there_before_it_in_batches_of_its_own(ground: Ground) -> None:
    for number in range(20):
        ground.note(number)
    ground.follower()[0].catch_up()
    sizes = []

    def take(conn: Connection, batch: Batch) -> None:
        sizes.append(len(batch))
        tally.take(conn, batch)

    ground.follower(followings=[replace(TALLY, take=take)])[0].catch_up()
    assert sizes == [7, 7, 6]
    assert tallied(ground) == list(range(1, 21))


def test_it_halts_alone_at_the_one_event_and_goes_on_past_it(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for number in range(12):
        ground.note(number)
    following = choking_on(5)
    follower, heard = ground.follower(followings=[following])
    follower.catch_up()
    assert heard.halts == [("tally", 5, "ValueError")]
    assert tallied(ground) == [1, 2, 3, 4]
    assert (heard.behind["tally"], heard.behind["notebook"]) == (8, 0)
    found = stand(ground)
    assert found.problems() == []  # pages are whole
    assert "tally is halted at position 5" in found.notes()
    assert [each.position for each in found.views.views] == [12] * len(VIEWS)
    metrics = Metrics()
    metrics.show(found)
    figures = metrics.text().decode()
    assert 'jinlin_follower_halted{view="tally"} 1.0' in figures
    assert 'jinlin_follower_lag_events{view="tally"} 8.0' in figures
    assert 'jinlin_following_led{following="tally"} 0.0' in figures

    (tmp_path / "vault.key").write_bytes(b"k" * 32)
    monkeypatch.setenv("JINLIN_DATA", str(tmp_path))
    monkeypatch.setenv("JINLIN_DATABASE_URL", ground.url)
    keep_logins(ground.url, tmp_path)
    assert main(["check"]) == 1
    assert "tally: halted at position 5" in capsys.readouterr().out
    assert main(["skip", "tally", "4", "--because", WHY]) == 2
    assert "tally is halted at position 5, not at 4" in capsys.readouterr().err
    assert main(["skip", "tally", "5", "--because", WHY]) == 0
    assert "tally: goes on past position 5" in capsys.readouterr().out
    follower.catch_up()
    assert tallied(ground) == [1, 2, 3, 4, *range(6, 13)]
    assert main(["check"]) == 0
    assert "\ntally: skips position 5 since " in "\n" + capsys.readouterr().out
    assert main(["skip", "tally", "5", "--withdraw"]) == 2  # there is nothing to build anew


def test_what_is_away_for_a_moment_halts_nothing(ground: Ground, positions: ViewPositions) -> None:
    away = iter([NotNow("the broker"), psycopg.OperationalError("a lock")])

    def take(conn: Connection, batch: Batch) -> None:
        tally.take(conn, batch)
        if wrong := next(away, None):
            raise wrong

    follower, heard = ground.follower(followings=[replace(TALLY, take=take)])
    ground.note()
    follower.start()
    assert positions.wait("tally", 1, PATIENCE)
    follower.stop()
    assert heard.halts == []
    assert tallied(ground) == [1]


def test_pages_hear_of_the_estates_that_it_names(ground: Ground, positions: ViewPositions) -> None:
    news: Queue[tuple[str, int, Sequence[str]]] = Queue()

    def take(conn: Connection, batch: Batch) -> set[str]:
        tally.take(conn, batch)
        return {each.estate for each in batch if each.estate}

    def hear(name: str, position: int, estates: Sequence[str]) -> None:
        if name == "tally" and estates != ("*",):
            news.put((name, position, estates))

    with positions.subscribed(hear):
        ground.note()
        ground.follower(followings=[replace(TALLY, take=take)])[0].catch_up()
        assert news.get(timeout=PATIENCE) == ("tally", 1, [ESTATE])


def test_two_of_one_name_would_share_a_bookmark(ground: Ground) -> None:
    with pytest.raises(ValueError, match="several followings are called notebook"):
        ground.follower(followings=[replace(TALLY, name="notebook")])


@contextmanager
def a_process(nursery: Nursery, ground: Ground, data: Path) -> Iterator[tuple[Forked, Queue[str]]]:
    """A follower in a process of its own, and the lines that it says."""
    keep_logins(ground.url, data)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JINLIN_")}
    near, far = os.pipe()
    environment = clean | {"JINLIN_DATA": str(data), "JINLIN_DATABASE_URL": ground.url}
    process = nursery.start("tests.machine.tally", [], environment, far)
    os.close(far)
    lines: Queue[str] = Queue()

    def hear() -> None:
        with os.fdopen(near, encoding="utf-8") as said:
            for line in said:
                lines.put(line)

    hearing = Thread(target=hear)
    hearing.start()
    try:
        yield process, lines
    finally:
        process.kill()
        process.wait(PATIENCE)
        hearing.join(PATIENCE)


def says(lines: Queue[str], event: str) -> None:
    """Wait until it says so of the tally."""
    while True:
        said = json.loads(lines.get(timeout=PATIENCE))
        if (said["event"], said.get("following")) == (event, "tally"):
            return


@pytest.mark.slow
def test_a_second_process_takes_over_from_one_that_was_killed(
    nursery: Nursery, ground: Ground, positions: ViewPositions, tmp_path: Path
) -> None:
    (tmp_path / "vault.key").write_bytes(b"k" * 32)
    say_belonging(tmp_path, Belonging(uuid4(), Stage.BEGUN))
    with a_process(nursery, ground, tmp_path) as (first, heard_of_first):
        says(heard_of_first, "follower_leads")
        with a_process(nursery, ground, tmp_path) as (_, heard_of_second):
            says(heard_of_second, "follower_stands_by")
            for number in range(30):
                ground.note(number)
            assert positions.wait("tally", 1, PATIENCE)
            first.kill()
            for number in range(30):
                ground.note(number)
            says(heard_of_second, "follower_leads")
            assert positions.wait("tally", 60, PATIENCE)
            assert positions.wait("notebook", 60, PATIENCE)
            with ground.database.app.connection() as conn:
                assert led(conn, [GROUP, "tally", "nobody's"]) == {GROUP, "tally"}
    assert tallied(ground) == list(range(1, 61))


# -- an event that nobody can read -----------------------------------------------------------------------------------


def spoil(ground: Ground, name: str = "NeverHeardOf", state: bytes = b"{}") -> int:
    """An event that this product cannot read, at the end of the log: its position."""
    with psycopg.connect(ground.url, autocommit=True) as conn:
        position = ground.log.last_position() + 1
        conn.execute(
            "INSERT INTO log.stored_events (originator_id, originator_version, topic, state, notification_id)"
            " VALUES (%s, 1, %s, %s, %s)",
            (uuid4(), name, state, position),
        )
    return position


def skip_everywhere(ground: Ground, position: int) -> None:
    with ground.owner() as conn:
        for name, mark in bookmarks(conn).items():
            if mark.halted_at == position:
                skip(conn, name, position, WHY, "anna")


@pytest.mark.parametrize(
    ("name", "state", "because", "halts"),
    [
        (
            "NeverHeardOf",
            None,
            "UnknownName",
            {"history", "notebook", "orders", "case_words", "trail_lines"},
        ),  # its envelope says: an issue
        ("NeverHeardOf", b"not even JSON", "DecodeError", {view.name for view in VIEWS}),
        ("IssueNoted", b"not even JSON", "DecodeError", {"history", "notebook", "case_words", "trail_lines"}),
    ],
)
def test_an_event_that_cannot_be_read_halts_by_name_and_is_skipped(
    ground: Ground, name: str, state: bytes | None, because: str, halts: set[str]
) -> None:
    stream = ground.note(1)
    with psycopg.connect(ground.url) as conn:
        whole = conn.execute("SELECT state FROM log.stored_events WHERE notification_id = 1").fetchone()
    assert whole
    position = spoil(ground, name, state or whole[0])
    ground.note(2)
    with pytest.raises(Unreadable):
        ground.log.read(1, 10)
    follower, heard = ground.follower(followings=[TALLY])
    follower.catch_up()
    assert sorted(heard.halts) == sorted((each, position, because) for each in [*halts, "tally"])
    with ground.database.app.connection() as conn:
        reached = {name: mark.position for name, mark in bookmarks(conn).items() if name not in {*halts, "tally"}}
    assert set(reached.values()) <= {3}
    assert (ground.notes(), tallied(ground)) == (1, [1])
    assert f"view notebook is halted at position {position}" in stand(ground).problems()
    assert [(each.position, each.because) for each in ground.log.reading(0, 10).unread] == [(position, because)]

    skip_everywhere(ground, position)
    follower.catch_up()
    assert (ground.notes(), tallied(ground)) == (2, [1, 3])
    assert ground.findings() == []
    assert rebuild_view(ground.database.follower.connection, ground.owner, ground.log, NOTEBOOK) == 3
    assert (ground.notes(), ground.findings()) == (2, [])
    with ground.database.lend_still([ESTATE]) as conn:
        set_back(conn, ground.log, ESTATE, 3, [NOTEBOOK])
        assert line(conn, stream)
    with ground.database.follower.connection() as conn:  # as after a restore that brings the log and no views
        for view in VIEWS:
            conn.execute(f"DELETE FROM view.{view.name}".encode())
        conn.execute("DELETE FROM view.positions WHERE name <> 'tally'")
    follower, heard = ground.follower()
    follower.catch_up()
    assert (heard.halts, ground.notes(), ground.findings()) == ([], 2, [])


def test_a_rebuild_halts_at_it_by_name(ground: Ground) -> None:
    ground.note(1)
    position = spoil(ground)
    ground.note(2)
    with pytest.raises(RebuildHalted) as found:
        rebuild_view(ground.database.follower.connection, ground.owner, ground.log, NOTEBOOK)
    assert (found.value.view, found.value.position) == ("notebook", position)
    with ground.owner() as conn:
        skip(conn, "notebook", position, WHY, "anna")
    assert rebuild_view(ground.database.follower.connection, ground.owner, ground.log, NOTEBOOK) == 3
    assert ground.notes() == 2


def test_after_an_upgrade_it_halts_its_views_and_nobody_starts_in_vain(
    ground: Ground, capsys: pytest.CaptureFixture[str]
) -> None:
    """As when the rows of a view are of another shape and an event of old cannot be read any more."""
    ground.note(1)
    ground.follower()[0].catch_up()
    position = spoil(ground, "IssueNoted")
    with ground.database.follower.connection() as conn:
        conn.execute("UPDATE view.positions SET shape = 'older'")
    renew(ground.database, ground.log)
    said = capsys.readouterr().err
    assert f"view notebook cannot take in the event at position {position} (ValidationError), and shows" in said
    assert said.count("jinlin skip ") == 4
    found = stand(ground).problems()
    assert found == [
        f"view {name} is halted at position {position}" for name in ("history", "notebook", "case_words", "trail_lines")
    ]
    ground.note(2)
    skip_everywhere(ground, position)
    ground.follower()[0].catch_up()
    assert (ground.notes(), stand(ground).problems(), ground.findings()) == (2, [], [])


def test_a_database_that_is_away_makes_no_event_unreadable(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    ground.note()

    def away(subjects: object) -> None:
        raise psycopg.OperationalError

    monkeypatch.setattr(ground.log._vault, "openers", away)
    with pytest.raises(psycopg.OperationalError), closing(ground.log):
        ground.log.read(0, 10)
