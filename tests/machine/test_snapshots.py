"""Long streams: the first look after a start begins at a kept state, which is never anything but what the log says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.capacity import Capacity
from domain.cases.issue import ISSUE, ContactDataViewed, IssueNoted, ReporterAnswered
from domain.decider import Decider
from domain.recorded import Act
from services.database.database import Database
from services.log import snapshots
from services.log.event_log import Change, EventLog
from services.log.snapshots import LONG, says
from services.log.vault import Vault
from services.running.checking.check import check_snapshots
from services.running.own_keys import OwnKeys, belong_together
from services.running.upkeep import rebuild
from services.runtime.settings import Settings
from tests.ids import without_ids
from tests.postgres import keep_logins, logins_of

ESTATE = "350902002999-001"
NOW = datetime(2026, 11, 23, 8, 40, tzinfo=UTC)
ACT = Act(uuid4(), Capacity.DISPATCHER, NOW, NOW)
NOTED = IssueNoted("IS-1", ESTATE, "三栋路灯不亮", dwelling="602", reporter="欧阳逐月", phone="13777770001")
LOOKED = ContactDataViewed("回访要用")


class Ground:
    """A database; ``start`` gives a process that remembers nothing."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.database = Database(logins_of(url))
        self.started: list[EventLog] = []

    def start(self) -> EventLog:
        log = EventLog(self.database.logins, Vault(self.database, b"k" * 32), size=2)
        self.started.append(log)
        return log

    def a_stream(self, length: int) -> UUID:
        stream, log = uuid4(), self.start()
        log.append([change(stream, NOTED, *[LOOKED] * (length - 1))])
        log.close()
        return stream

    def kept(self, stream: UUID) -> list[tuple[Any, ...]]:
        """Version and state of the snapshot, as they lie in the database."""
        with psycopg.connect(self.url) as conn:
            return conn.execute("SELECT version, state FROM log.snapshots WHERE stream = %s", (stream,)).fetchall()

    def looked_at(self, stream: UUID) -> Any:
        """By a process that has just started and ends then; what it does in the background is done."""
        log = self.start()
        loaded = log.load(ISSUE, stream)
        log._background._threads.submit(lambda: None).result(10)
        log.close()
        return loaded


@pytest.fixture(scope="module")
def ground(url: str) -> Iterator[Ground]:
    made = Ground(url)
    yield made
    for log in made.started:
        log.close()
    made.database.close()


def change(stream: UUID, *events: Any, at: int = 0) -> Change:
    return Change(stream, ISSUE.name, at, events, ACT, ESTATE, correlation=stream)


def test_ten_thousand_events_cost_no_more_than_a_few(ground: Ground) -> None:
    stream, short = ground.a_stream(10_000), ground.a_stream(10)
    log = ground.start()
    first, seconds = _timed(log, stream)
    log._background._threads.submit(lambda: None).result(10)
    later = [_timed(ground.start(), stream) for _ in range(5)]
    of_ten = min(_timed(ground.start(), short)[1] for _ in range(5))
    assert all(loaded == first for loaded, _ in later)
    fast = min(each for _, each in later)
    print(f"first {seconds * 1000:.1f} ms, then {fast * 1000:.1f} ms; of ten events {of_ten * 1000:.1f} ms")
    assert fast < seconds / 10
    assert first.version == 10_000


def _timed(log: EventLog, stream: UUID) -> tuple[Any, float]:
    log.last_position()  # connected
    begun = perf_counter()
    loaded = log.load(ISSUE, stream)
    return loaded, perf_counter() - begun


def test_what_came_after_the_snapshot_is_folded_onto_it(ground: Ground) -> None:
    stream = ground.a_stream(LONG)
    ground.looked_at(stream)
    log = ground.start()
    log.append([change(stream, ReporterAnswered("已修好"), at=LONG)])
    log.close()
    loaded = ground.looked_at(stream)
    assert (loaded.version, loaded.state.answered) == (LONG + 1, True)
    assert ground.kept(stream)[0][0] == LONG  # it need not be kept anew for so little
    assert list(check_snapshots(ground.start())) == []


def test_of_a_short_stream_nothing_is_kept(ground: Ground) -> None:
    stream = ground.a_stream(LONG - 1)
    assert ground.looked_at(stream).version == LONG - 1
    assert ground.kept(stream) == []


def test_a_snapshot_of_another_fold_is_passed_over(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after an upgrade that folds events another way."""
    stream = ground.a_stream(LONG + 5)
    with monkeypatch.context() as older:
        older.setattr(snapshots, "_fold", lambda decider: "older")
        ground.looked_at(stream)
    with psycopg.connect(ground.url) as conn:
        conn.execute("UPDATE log.snapshots SET state = 'of another shape' WHERE stream = %s", (stream,))
    assert list(check_snapshots(ground.start())) == []
    assert ground.looked_at(stream).version == LONG + 5
    assert ground.kept(stream)[0][1] != b"of another shape"
    assert ground.looked_at(stream) == ground.looked_at(stream)


def test_an_older_state_never_takes_the_place_of_a_newer_one(ground: Ground) -> None:
    stream = ground.a_stream(LONG)
    newer = ground.looked_at(stream)
    ground.start().snapshots.keep(ISSUE, stream, ISSUE.initial, 3)
    assert ground.kept(stream)[0][0] == newer.version == LONG


def test_nothing_personal_is_in_a_snapshot(ground: Ground) -> None:
    stream = ground.a_stream(LONG)
    log = ground.start()
    log.load(ISSUE, stream)
    log.append([change(stream, *[ReporterAnswered("欧阳逐月您好")] * LONG, at=LONG)])  # learnt, not read
    ground.looked_at(stream)
    [(version, state)] = ground.kept(stream)
    assert version == 2 * LONG
    kept = without_ids(state.decode())
    for said in (NOTED.text, NOTED.dwelling, NOTED.reporter, NOTED.phone, LOOKED.reason, "您好"):
        assert said is not None and said not in kept


def test_a_snapshot_that_was_tampered_with_is_told_and_thrown_away(ground: Ground, tmp_path: Path) -> None:
    stream = ground.a_stream(LONG)
    ground.looked_at(stream)
    with psycopg.connect(ground.url) as conn:
        conn.execute(
            "UPDATE log.snapshots SET state = convert_to(replace(convert_from(state, 'UTF8'), '-001', '-002'), 'UTF8')"
            " WHERE stream = %s",
            (stream,),
        )
    assert [finding for finding in check_snapshots(ground.start()) if str(stream) in finding]
    keep_logins(ground.url, tmp_path)
    keys = OwnKeys(b"k" * 32, b"p" * 32)
    (tmp_path / "vault.key").write_bytes(keys.vault)
    (tmp_path / "product.key").write_bytes(keys.product)
    belong_together(tmp_path, ground.url, keys, ground.start())
    assert rebuild(Settings(data=tmp_path, database_url=ground.url), ["snapshots"]) == 0
    assert ground.kept(stream) == []
    assert ground.looked_at(stream).state.estate == ESTATE
    assert list(check_snapshots(ground.start())) == []


@dataclass(frozen=True)
class Numbered:
    """A state that holds things by their ids, in the order in which they came."""

    things: Mapping[UUID, int] = field(default_factory=dict)
    names: frozenset[str] = frozenset()


NUMBERED: Decider[Any, Numbered, Any] = Decider(
    "Numbered", Numbered(), lambda command, state, act: [], lambda state, event, act: state, (), (), {}
)


def test_what_is_held_by_ids_comes_back_in_the_order_of_coming(ground: Ground) -> None:
    stream, snapshots = uuid4(), ground.start().snapshots
    ids = sorted((uuid4() for _ in range(20)), reverse=True)
    state = Numbered({id: number for number, id in enumerate(ids)}, frozenset({"a", "b", "c"}))
    snapshots.keep(NUMBERED, stream, state, LONG)
    found = snapshots.newest(NUMBERED, stream, 0)
    assert found == (state, LONG)
    assert list(found[0].things) == ids
    [(_, kept)] = ground.kept(stream)
    assert says(NUMBERED, kept, state)
    assert not says(NUMBERED, kept, Numbered(dict(sorted(state.things.items())), state.names))
    assert not says(NUMBERED, kept, Numbered(state.things))
