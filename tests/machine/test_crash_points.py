"""A crash between any two statements: every single one is tried, none is left to chance.

Log, rows, positions and keys are whole after it, and saying the same again does it exactly once.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.capacity import Capacity
from domain.cases.issue import ISSUE, AdviceGiven, IssueNoted
from domain.recorded import Act
from projections import views
from projections.cases.notebook import NOTEBOOK
from projections.catalogue import VIEWS
from projections.follow import Follower
from projections.rebuild import rebuild_view
from projections.views import together
from services.database.database import Database, as_owner, listening
from services.database.logins import Login
from services.log.bulk_append import BulkAppend, run_of
from services.log.event_log import AnsweredBefore, Change, EventLog
from services.log.event_store import StoredAnswer
from services.log.vault import Vault
from services.running.checking.of_log import check_log
from services.running.checking.of_views import check_views
from services.threads.try_later import TryLater
from tests.postgres import logins_of
from tests.simulation.faults import EVERY_CUT, Crashed, When, Whose, cut
from tests.templates import Templates

ESTATE = "350902002999-001"
ACTOR = uuid4()
NOW = datetime(2026, 11, 23, 8, 40, tzinfo=UTC)
ACT = Act(ACTOR, Capacity.DISPATCHER, NOW, NOW)


LOST = (TryLater, psycopg.OperationalError)


class Silent:
    """An alarm nobody hears."""

    def halted(self, following: str, position: int, because: str) -> None: ...
    def disturbed(self, group: str, because: str) -> None: ...
    def leads(self, group: str) -> None: ...
    def stands_by(self, group: str) -> None: ...
    def lags(self, following: str, events: int) -> None: ...


@dataclass
class Ground:
    """A database and what runs over it; ``log`` is the present process's."""

    url: str
    database: Database
    log: EventLog

    def restarted(self, crashed: bool = False) -> None:
        """Another process takes over: nothing in memory is left. One that crashed closes nothing."""
        if not crashed:
            self.log.close()
        self.log = a_log(self.database)

    def follower(self) -> Follower:
        listen = partial(listening, self.database.logins, Login.FOLLOWER)
        return Follower(self.database.follower.connection, listen, self.log, [together(VIEWS)], Silent())

    def as_owner(self) -> "psycopg.Connection[Any]":
        return as_owner(self.database.logins)

    def command(self, key: str) -> tuple[list[Change], StoredAnswer]:
        """Two streams, one of them new with a key of its own; an answer."""
        old, new = uuid4(), uuid4()
        self.log.append([change(old, IssueNoted("IS-1", ESTATE, "门坏了"))])
        changes = [
            change(old, AdviceGiven("好"), at=1),
            change(new, IssueNoted("IS-2", ESTATE, "漏水"), AdviceGiven("好")),
        ]
        return changes, StoredAnswer(ACTOR, key, b"print", {"number": "IS-2"})

    def check_done_once_after(self, changes: list[Change], answer: StoredAnswer, lost: bool) -> None:
        """The log is whole and the command is in it wholly or not at all; said again, it is there once."""
        assert list(check_log(self.database)) == []
        wanted = [event for each in changes for event in each.events]
        found = [each.event for c in changes for each in self.log.history(c.stream)[c.expected_version :]]
        assert found == ([] if lost else wanted)
        assert (self.log.answered(ACTOR, answer.key) is None) is lost
        with self.database.vault.connection() as conn:
            keys = conn.execute("SELECT count(*) FROM vault.keys WHERE subject = %s", (changes[1].stream,)).fetchone()
        assert keys == (0 if lost else 1,)
        if lost:
            self.log.append(changes, answer)
        elsewhere = uuid4()  # whoever says it again begins a new stream
        again = [changes[0], replace(changes[1], stream=elsewhere, correlation=elsewhere)]
        with pytest.raises(AnsweredBefore):
            self.log.append(again, answer)
        assert self.log.history(elsewhere) == []
        found = [each.event for c in changes for each in self.log.history(c.stream)[c.expected_version :]]
        assert found == wanted
        assert list(check_log(self.database)) == []


def change(stream: UUID, *events: Any, at: int = 0) -> Change:
    return Change(stream, ISSUE.name, at, events, ACT, ESTATE, correlation=stream)


def a_log(database: Database) -> EventLog:
    return EventLog(database.logins, Vault(database, b"k" * 32), size=2)


@contextmanager
def a_ground(url: str) -> Iterator[Ground]:
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(_DEATH)
    database = Database(logins_of(url))
    made = Ground(url, database, a_log(database))
    yield made
    made.log.close()
    database.close()


@pytest.fixture(scope="module")
def ground(url: str) -> Iterator[Ground]:
    with a_ground(url) as made:
        yield made


# -- inside the append -------------------------------------------------------------------------------------------

_DIES = "PERFORM public.die(); PERFORM pg_sleep(5);"
_DEATH = (
    "CREATE FUNCTION public.die() RETURNS void LANGUAGE sql SECURITY DEFINER AS"
    " 'SELECT pg_terminate_backend(pg_backend_pid())'"
)


def _with_a_death(source: str, at: int) -> str | None:
    """The function's source with its process dying before its ``at``-th line of work; ``None`` beyond the last."""
    head, work = source.split("BEGIN\n", 1)
    lines = work.splitlines()
    starts = [0, *(n + 1 for n, line in enumerate(lines) if line.split("--")[0].rstrip().endswith((";", "THEN")))]
    starts = [start for start in starts if start < len(lines) and not lines[start].startswith("END")]
    if at >= len(starts):
        return None
    lines.insert(starts[at], _DIES)
    return head + "BEGIN\n" + "\n".join(lines)


@contextmanager
def _function(ground: Ground, change_it: Callable[[str], str | None]) -> Iterator[bool]:
    """The append function in another form; whether there is such a form."""
    with ground.as_owner() as conn:
        row = conn.execute(
            "SELECT prosrc, pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'stored_events_append'"
        ).fetchone()
        assert row is not None
        source, definition = row
        other = change_it(source)
        if other is None:
            yield False
            return
        conn.execute(definition.replace(source, other).encode())
        yield True
        conn.execute(definition.encode())


def test_the_server_dies_between_any_two_statements_of_the_append(ground: Ground) -> None:
    spared = 0
    for at in count():
        ground.restarted()  # no plan of the function is kept
        changes, answer = ground.command(uuid4().hex)
        ground.restarted()
        with _function(ground, partial(_with_a_death, at=at)) as there:
            if not there:
                break
            with suppress(TryLater):
                ground.log.append(changes, answer)
                spared += 1
        ground.restarted()
        ground.check_done_once_after(changes, answer, lost=ground.log.answered(ACTOR, answer.key) is None)
    assert at > 10
    assert spared == 3  # those for a batch of which some groups are turned or must find the log quiet, as here none


@pytest.mark.parametrize("moment", ["AFTER INSERT ON log.stored_events", "AFTER INSERT ON log.stored_events_answers"])
def test_the_server_dies_when_it_was_about_to_commit(ground: Ground, moment: str) -> None:
    changes, answer = ground.command(uuid4().hex)
    with ground.as_owner() as conn:
        conn.execute(
            "CREATE FUNCTION log.dies() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{_DIES} RETURN NULL; END $$".encode()
        )
        conn.execute(
            f"CREATE CONSTRAINT TRIGGER dies {moment} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
            "EXECUTE FUNCTION log.dies()".encode()
        )
        with pytest.raises(TryLater):
            ground.log.append(changes, answer)
        conn.execute("DROP FUNCTION log.dies() CASCADE")
    ground.check_done_once_after(changes, answer, lost=True)


@pytest.mark.parametrize(("when", "whose"), EVERY_CUT)
def test_the_connection_dies_around_any_statement_of_the_append(
    ground: Ground, server: str, when: When, whose: Whose
) -> None:
    for at in count():
        changes, answer = ground.command(uuid4().hex)
        with cut(server, at, when, whose) as seen, suppress(*LOST, Crashed):
            ground.log.append(changes, answer)
        if not seen.happened:
            break
        if whose is Whose.PROCESS:
            ground.restarted(crashed=True)
        ground.check_done_once_after(changes, answer, lost=ground.log.answered(ACTOR, answer.key) is None)
    assert at > 0


@pytest.mark.parametrize(("when", "whose"), EVERY_CUT)
def test_a_run_dies_around_any_statement(ground: Ground, server: str, when: When, whose: Whose) -> None:
    """Whole chunks are durable then; begun again, everything is there once and in order."""
    for at in count():
        items = [change(uuid4(), IssueNoted(f"IS-{n}", ESTATE, "漏水"), AdviceGiven("好")) for n in range(5)]
        run = replace(run_of(uuid4(), items), chunk=2)
        start = ground.log.last_position()
        with cut(server, at, when, whose, everywhere=True) as seen, suppress(*LOST, Crashed):
            BulkAppend(ground.log, b"s" * 32).append(run)
        if whose is Whose.PROCESS:
            ground.restarted(crashed=seen.happened)
        done = BulkAppend(ground.log, b"s" * 32).done(run.id)
        assert done in (0, 2, 4, 5)
        assert ground.log.last_position() == start + 2 * done
        BulkAppend(ground.log, b"s" * 32).append(run)
        found = [(each.stream, each.version, each.event) for each in ground.log.read(start, 100)]
        assert found == [
            (each.stream, version, event) for each in items for version, event in enumerate(each.events, 1)
        ]
        assert list(check_log(ground.database)) == []
        if not seen.happened:
            break
    assert at >= 4


# -- the follower and the rebuild --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def followed(templates: Templates) -> Iterator[Ground]:
    """A log of a few events, as everything over it is done once for each statement."""
    with a_ground(templates.empty()) as made:
        for _ in range(4):
            stream = uuid4()
            made.log.append([change(stream, IssueNoted("IS-1", ESTATE, "门坏了"), AdviceGiven("好"))])
        yield made


@pytest.fixture
def in_small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two, so that there is something before and after."""
    monkeypatch.setattr(views, "BATCH", 4)


def _empty_views(ground: Ground) -> None:
    with ground.database.follower.connection() as conn:
        for view in VIEWS:
            conn.execute(f"DELETE FROM view.{view.name}".encode())
        conn.execute("DELETE FROM view.positions")


@pytest.mark.usefixtures("in_small_batches")
@pytest.mark.parametrize(("when", "whose"), [(When.BEFORE, Whose.CONNECTION), (When.AFTER, Whose.PROCESS)])
def test_the_follower_dies_around_any_statement(followed: Ground, server: str, when: When, whose: Whose) -> None:
    for at in count():
        _empty_views(followed)
        with cut(server, at, when, whose) as seen, suppress(*LOST, Crashed):
            followed.follower().catch_up()
        if not seen.happened:
            break
        assert list(check_views(followed.database, followed.log)) == []  # at whatever positions they stand
        followed.follower().catch_up()
        assert list(check_views(followed.database, followed.log)) == []
        with followed.database.follower.connection() as conn:
            positions = {position for (position,) in conn.execute("SELECT position FROM view.positions")}
        assert positions == {followed.log.last_position()}
    assert at > 20  # a read and a write of every view that the events touch, positions, commits


@pytest.mark.usefixtures("in_small_batches")
@pytest.mark.parametrize(("when", "whose"), [(When.BEFORE, Whose.CONNECTION), (When.AFTER, Whose.PROCESS)])
def test_a_rebuild_dies_around_any_statement(followed: Ground, server: str, when: When, whose: Whose) -> None:
    """Also one that finds what an older product left unfinished."""
    followed.follower().catch_up()
    for at in count():
        _left_unfinished_by_an_older_product(followed)
        with cut(server, at, when, whose) as seen, suppress(*LOST, Crashed):
            rebuild_view(followed.database.follower.connection, followed.as_owner, followed.log, NOTEBOOK)
        assert list(check_views(followed.database, followed.log)) == []
        rebuild_view(followed.database.follower.connection, followed.as_owner, followed.log, NOTEBOOK)
        assert list(check_views(followed.database, followed.log)) == []
        if not seen.happened:
            break
    assert at > 10


def _left_unfinished_by_an_older_product(ground: Ground) -> None:
    def stop(done: int, total: int) -> None:
        raise Crashed

    with suppress(Crashed):
        rebuild_view(ground.database.follower.connection, ground.as_owner, ground.log, NOTEBOOK, stop)
    with ground.database.follower.connection() as conn:
        conn.execute("UPDATE view.positions SET shape = 'older' WHERE name = 'notebook__new'")
