"""Readers notice nothing of a rebuild: no error, no missing row, no wait, whatever is under way."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from threading import Event, Thread
from time import monotonic
from uuid import UUID, uuid4

import pytest

from projections import rebuild
from projections.bookmarks import bookmarks
from projections.cases.notebook import NOTEBOOK, line
from projections.catalogue import VIEWS
from projections.news import EVERYWHERE
from projections.positions import ViewPositions
from projections.projection import select
from projections.rebuild import RebuildHalted, RebuildUnderWay, alone_beside, fill_beside, rebuild_view
from services.database.database import listening
from services.database.logins import Login
from tests.clock import PATIENCE
from tests.machine.ground import ESTATE, Ground


class Readers:
    """Three who look at the notebook again and again, as requests do."""

    def __init__(self, ground: Ground, wanted: UUID) -> None:
        self._ground = ground
        self._wanted = wanted
        self._stopping = Event()
        self._threads = [Thread(target=self._read) for _ in range(3)]
        self.wrong: list[str] = []
        self.looks = 0
        self.longest = 0.0  # seconds

    def _read(self) -> None:
        seen = 0
        while not self._stopping.is_set():
            began = monotonic()
            try:
                with self._ground.database.lend([ESTATE]) as conn:
                    rows = len(select(conn, NOTEBOOK, "estates @> ARRAY[%s]", (ESTATE,)))
                    there = line(conn, self._wanted)
            except Exception as error:
                self.wrong.append(repr(error))
                continue
            if rows < seen or there is None:
                self.wrong.append(f"{rows} rows after {seen}, {there}")
            seen = rows
            self.looks += 1
            self.longest = max(self.longest, monotonic() - began)

    def look_again(self, patience: float) -> bool:
        """Whether they come to another look from now on."""
        until, looks = monotonic() + patience, self.looks
        while self.looks == looks and monotonic() < until:
            self._stopping.wait(0.01)
        return self.looks > looks

    @contextmanager
    def reading(self) -> Iterator[None]:
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            for thread in self._threads:
                thread.join()


def test_readers_notice_nothing(ground: Ground) -> None:
    """While people write, a follower follows, and the view is built anew again and again."""
    wanted = ground.note()
    for number in range(300):
        ground.note(number)
    follower, heard = ground.follower()
    follower.catch_up()
    follower.start()
    readers, stopping = Readers(ground, wanted), Event()

    def write() -> None:
        while not stopping.is_set():
            ground.note()

    writing = Thread(target=write)
    with readers.reading():
        writing.start()
        for _ in range(8):
            rebuild_view(ground.database.follower.connection, ground.owner, ground.log, NOTEBOOK)
        stopping.set()
        writing.join()
    positions = ViewPositions(partial(listening, ground.database.logins, Login.WEB), ground.log.last_position)
    assert positions.wait("notebook", ground.log.last_position(), 10)
    positions.stop()
    follower.stop()
    print(f"{readers.looks} looks, the longest {readers.longest * 1000:.0f} ms")
    assert readers.wrong == []
    assert readers.looks > 50
    assert heard.halts == []
    assert ground.findings() == []


def test_a_reader_that_takes_its_time_holds_up_the_switch_and_nobody_else(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a switch that waits, others would wait too: it steps back for them and tries again."""
    wanted = ground.note()
    ground.follower()[0].catch_up()
    readers, tried = Readers(ground, wanted), Event()
    tries, switch = 0, rebuild._switch

    def counting(*given: object) -> bool:
        nonlocal tries
        tries += 1
        if tries == 4:
            tried.set()
        return switch(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(rebuild, "_switch", counting)
    rebuilding = Thread(
        target=rebuild_view, args=(ground.database.follower.connection, ground.owner, ground.log, NOTEBOOK)
    )
    with readers.reading():
        with ground.database.lend([ESTATE]) as slow:
            before = slow.execute("SELECT count(*) FROM view.notebook").fetchone()
            rebuilding.start()
            assert tried.wait(PATIENCE)
            assert readers.look_again(PATIENCE), "others wait as long as the one who takes his time"
            assert slow.execute("SELECT count(*) FROM view.notebook").fetchone() == before
        rebuilding.join(PATIENCE)
    print(f"{tries} tries, the longest look {readers.longest * 1000:.0f} ms")
    assert not rebuilding.is_alive()
    assert readers.wrong == []
    assert ground.findings() == []


def test_open_pages_hear_of_the_switch_and_of_nothing_before(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "BATCH", 20)
    for number in range(100):
        ground.note(number)
    ground.follower()[0].catch_up()
    last, heard, switched = ground.log.last_position(), list[tuple[str, int, list[str]]](), Event()

    def hear(view: str, position: int, estates: Sequence[str]) -> None:
        heard.append((view, position, list(estates)))
        switched.set()

    positions = ViewPositions(partial(listening, ground.database.logins, Login.WEB), ground.log.last_position)
    assert positions.wait("notebook", last, PATIENCE)
    with positions.subscribed(hear):
        rebuild_view(ground.database.follower.connection, ground.owner, ground.log, NOTEBOOK)
        assert switched.wait(PATIENCE)
    positions.stop()
    assert heard == [("notebook", last, [EVERYWHERE])]


def test_one_view_is_built_anew_by_one_at_a_time(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "LOCK_WAITS", "50ms")
    with ground.owner() as conn, alone_beside(conn, "notebook"):
        with pytest.raises(RebuildUnderWay, match="view notebook is being built anew already"):
            rebuild_view(ground.database.follower.connection, ground.owner, ground.log, NOTEBOOK)
        with ground.database.app.connection() as reader:
            assert rebuild.rebuilding(reader, ["notebook", "orders"]) == {"notebook"}
    rebuild_view(ground.database.follower.connection, ground.owner, ground.log, NOTEBOOK)
    with ground.database.app.connection() as reader:
        assert rebuild.rebuilding(reader, ["notebook", "orders"]) == set()


def test_a_table_made_for_a_rebuild_is_protected_like_the_one_that_serves(ground: Ground) -> None:
    ground.note()
    ground.follower()[0].catch_up()
    rebuild_view(ground.database.follower.connection, ground.owner, ground.log, NOTEBOOK)
    with ground.database.lend([str(uuid4())]) as conn:
        assert conn.execute("SELECT count(*) FROM view.notebook").fetchone() == (0,)
    with ground.database.lend([ESTATE]) as conn:
        assert conn.execute("SELECT count(*) > 0 FROM view.notebook").fetchone() == (True,)


def test_several_views_are_filled_in_one_reading_of_the_log(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4 - ground.log.last_position() % 2):  # so that the last reading finds nothing more
        ground.note()
    ground.follower()[0].catch_up()
    last = ground.log.last_position()
    assert last % 2 == 0
    monkeypatch.setattr(rebuild, "BATCH", 2)
    lend, asked = ground.database.follower.connection, []
    with ground.owner() as conn, alone_beside(conn, "people"):  # that one is left to whoever builds it
        monkeypatch.setattr(rebuild, "LOCK_WAITS", "50ms")
        fill_beside(lend, ground.owner, ground.log, VIEWS, lambda done, total: asked.append((done, total)))
    assert asked[-1] == (last, last) and len(asked) == len({done for done, _ in asked})
    with lend() as conn:
        reached = {name: mark.position for name, mark in bookmarks(conn).items() if name.endswith(rebuild.BESIDE)}
    assert reached == {rebuild.beside(view.name): last for view in VIEWS if view.name != "people"}
    with ground.database.lend([ESTATE]) as conn:
        rows = conn.execute("SELECT * FROM view.notebook ORDER BY 1").fetchall()
    for view in VIEWS:
        assert rebuild_view(lend, ground.owner, ground.log, view) == last
    with ground.database.lend([ESTATE]) as conn:
        assert conn.execute("SELECT * FROM view.notebook ORDER BY 1").fetchall() == rows != []


def test_a_view_that_halts_keeps_no_other_from_being_filled(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    ground.note()
    last, lend = ground.log.last_position(), ground.database.follower.connection
    broken = replace(NOTEBOOK, evolve=lambda row, recorded: 1 / 0)
    views = [broken if view.name == "notebook" else view for view in VIEWS]
    fill_beside(lend, ground.owner, ground.log, views)
    with lend() as conn:
        reached = {name: mark.position for name, mark in bookmarks(conn).items()}
    assert reached[rebuild.beside("orders")] == last > reached[rebuild.beside("notebook")]
    with pytest.raises(RebuildHalted, match="view notebook cannot take in the event at position"):
        rebuild_view(lend, ground.owner, ground.log, broken)
    for view in VIEWS:
        assert rebuild_view(lend, ground.owner, ground.log, view) == last
