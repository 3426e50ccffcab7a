"""However commands are batched and interleaved, each stream gets the same log, and each command its due answer."""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import InfrastructureFactory, StoredEvent
from eventsourcing.utils import Environment
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.log.event_store import Group, JinlinFactory, LogRecorder, Outcome, StoredAnswer, Turned
from services.log.group_commit import GroupCommit
from tests.machine.test_event_store import environment
from tests.postgres import new_database

ACTOR = uuid4()
STREAMS = 4
LIVELY = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@dataclass(frozen=True)
class Asked:
    """One command, before it has ids: ``writes`` are streams with the number of their events.

    ``off`` says how far from the truth its versions are, stream by stream; ``key`` may be one that another used.
    """

    writes: dict[int, int]
    looks: dict[int, int]
    off: dict[int, int]
    key: int | None


commands = st.builds(
    Asked,
    writes=st.dictionaries(st.integers(0, STREAMS - 1), st.integers(1, 3), max_size=2),
    looks=st.dictionaries(st.integers(0, STREAMS - 1), st.just(0), max_size=2),
    off=st.dictionaries(st.integers(0, STREAMS - 1), st.sampled_from([-1, 1]), max_size=1),
    key=st.none() | st.integers(0, 4),
)


@dataclass
class SerialLog:
    """The log as it must be: written one command after the other."""

    versions: dict[UUID, int] = field(default_factory=dict)
    rows: list[tuple[UUID, int, str]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    def takes(self, group: Group) -> bool:
        """Whether the group may stand here."""
        return all(self.versions.get(stream, 0) == version for stream, version in group.standing.items())

    def append(self, group: Group) -> Outcome:
        if group.answer is not None and group.answer.key in self.keys:
            return Turned.ANSWERED
        if not self.takes(group):
            return Turned.CONFLICT
        for event in group.events:
            stream = _uuid(event.originator_id)
            self.versions[stream] = event.originator_version
            self.rows.append((stream, event.originator_version, event.topic))
        if group.answer is not None:
            self.keys.add(group.answer.key)
        return len(self.rows)


@dataclass(frozen=True)
class Store:
    """A recorder over a log of its own."""

    recorder: LogRecorder
    url: str

    def rows(self, after: int = 0) -> list[tuple[int, UUID, int, str]]:
        with psycopg.connect(self.url) as conn:
            return conn.execute(
                "SELECT notification_id, originator_id, originator_version, topic FROM stored_events"
                " WHERE notification_id > %s ORDER BY 1",
                (after,),
            ).fetchall()

    def last(self) -> int:
        return self.recorder.max_notification_id() or 0


@pytest.fixture(scope="module")
def store(server: str) -> Iterator[Store]:
    url = new_database(server)
    more = {"POSTGRES_POOL_SIZE": "2", "POSTGRES_MAX_OVERFLOW": "8"}
    factory = InfrastructureFactory.construct(Environment("", environment(url) | more))
    assert isinstance(factory, JinlinFactory)
    recorder = factory.application_recorder()
    assert isinstance(recorder, LogRecorder)
    yield Store(recorder, url)
    factory.close()


def _uuid(identity: UUID | str) -> UUID:
    assert isinstance(identity, UUID)
    return identity


def group(asked: Asked, name: str, streams: Sequence[UUID], versions: dict[UUID, int]) -> Group:
    """The command as somebody asks it who knows ``versions``, give or take what is ``off``."""
    knows = {
        streams[n]: max(0, versions.get(streams[n], 0) + asked.off.get(n, 0)) for n in (*asked.looks, *asked.writes)
    }
    events = [
        StoredEvent(streams[n], knows[streams[n]] + 1 + nth, name, b"{}")
        for n, how_many in asked.writes.items()
        for nth in range(how_many)
    ]
    key = None if asked.key is None else f"{streams[0]}-{asked.key}"
    answer = None if key is None else StoredAnswer(ACTOR, key, b"print", {"name": name})
    return Group(events, knows, answer)


def batches(groups: Sequence[Group], cuts: Sequence[int]) -> Iterator[list[Group]]:
    """In order, in batches of these sizes; as group commit does, none holds what one before it in the batch touches."""
    batch: list[Group] = []
    touched: set[Any] = set()
    size = iter(cuts)
    room = next(size, 1)
    for each in groups:
        touches = {event.originator_id for event in each.events} | {each.answer.key if each.answer else None} - {None}
        if batch and (len(batch) >= room or touched & (touches | each.standing.keys())):
            yield batch
            batch, touched, room = [], set(), next(size, 1)
        batch.append(each)
        touched |= touches
    if batch:
        yield batch


@settings(max_examples=150, deadline=None, suppress_health_check=LIVELY)
@given(st.lists(commands, min_size=1, max_size=30), st.lists(st.integers(1, 10), max_size=30))
def test_any_batch_boundary_gives_the_same_log(store: Store, asked: list[Asked], cuts: list[int]) -> None:
    """Given commands in one order, then batches of any sizes give the answers and the log of one after the other."""
    streams, wanted_log, before = [uuid4() for _ in range(STREAMS)], SerialLog(), store.last()
    wanted: list[Outcome] = []
    groups: list[Group] = []
    for n, each in enumerate(asked):
        groups.append(group(each, f"c{n}", streams, wanted_log.versions))
        wanted.append(wanted_log.append(groups[-1]))
    found = [outcome for batch in batches(groups, cuts) for outcome in store.recorder.append_groups(batch)]
    assert found == [before + each if isinstance(each, int) else each for each in wanted]
    rows = store.rows(before)
    assert [position for position, *_ in rows] == list(range(before + 1, before + 1 + len(wanted_log.rows)))
    assert [tuple(row) for _, *row in rows] == wanted_log.rows


@dataclass
class Client:
    """Somebody with streams that nobody else writes, asking one thing after the other."""

    streams: list[UUID]
    asked: list[Asked]
    wanted_log: SerialLog = field(default_factory=SerialLog)
    answers: list[tuple[Outcome, Outcome]] = field(default_factory=list)

    def next(self, n: int, each: Asked) -> tuple[Group, Outcome]:
        wanted = group(each, f"c{n}", self.streams, self.wanted_log.versions)
        return wanted, self.wanted_log.append(wanted)

    def check(self, rows: Sequence[tuple[int, UUID, int, str]]) -> None:
        """What stands in the log is what this client alone would have written."""
        mine = [(stream, version, name) for _, stream, version, name in rows if stream in self.streams]
        assert mine == self.wanted_log.rows
        for found, wanted in self.answers:
            assert isinstance(found, Turned) == isinstance(wanted, Turned)
            assert isinstance(found, int) or found is wanted


def a_crowd(asked: list[list[Asked]]) -> list[Client]:
    return [Client([uuid4() for _ in range(STREAMS)], each) for each in asked]


crowds = st.lists(st.lists(commands, min_size=1, max_size=8), min_size=2, max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=LIVELY)
@given(crowds)
def test_any_interleaving_of_threads_gives_each_stream_the_same_log(store: Store, asked: list[list[Asked]]) -> None:
    """Given clients with streams of their own, then however their threads meet, each finds what it wrote alone."""
    crowd, before = a_crowd(asked), store.last()
    commits = GroupCommit(store.recorder.append_groups, passing=())

    def work(client: Client) -> None:
        for n, each in enumerate(client.asked):
            wanted, outcome = client.next(n, each)
            client.answers.append((commits.commit(wanted), outcome))

    with ThreadPoolExecutor(len(crowd)) as pool:
        list(pool.map(work, crowd))
    commits.close()
    _check_whole(store, before, crowd)


@settings(max_examples=25, deadline=None, suppress_health_check=LIVELY)
@given(crowds)
def test_any_interleaving_of_tasks_gives_each_stream_the_same_log(store: Store, asked: list[list[Asked]]) -> None:
    crowd, before = a_crowd(asked), store.last()
    commits = GroupCommit(store.recorder.append_groups, passing=())

    async def work(client: Client) -> None:
        for n, each in enumerate(client.asked):
            wanted, outcome = client.next(n, each)
            client.answers.append((await commits.committing(wanted), outcome))

    async def all_of_them() -> None:
        await asyncio.gather(*map(work, crowd))

    with ThreadPoolExecutor(1) as elsewhere:  # where no loop runs yet
        elsewhere.submit(lambda: asyncio.run(all_of_them())).result(60)
    commits.close()
    _check_whole(store, before, crowd)


def _check_whole(store: Store, before: int, crowd: Sequence[Client]) -> None:
    rows = store.rows(before)
    assert [position for position, *_ in rows] == list(range(before + 1, before + 1 + len(rows)))
    for client in crowd:
        client.check(rows)


@dataclass
class Race:
    """A command on streams that many write: when it was asked, when it was answered (as positions of the log)."""

    group: Group
    asked_at: int
    outcome: Outcome
    answered_at: int


@settings(max_examples=20, deadline=None, suppress_health_check=LIVELY)
@given(st.lists(st.lists(commands, min_size=1, max_size=10), min_size=2, max_size=10))
def test_of_commands_that_race_each_is_answered_as_it_stood_then(store: Store, asked: list[list[Asked]]) -> None:
    """Given everybody writes the same streams, knowing what was last heard of them.

    Then who was let in stood where it said at its place in the log, and who was turned did not at some moment between
    asking and answer.
    """
    streams, before = [uuid4() for _ in range(STREAMS)], store.last()
    commits = GroupCommit(store.recorder.append_groups, passing=())
    heard: dict[UUID, int] = {}
    races: list[Race] = []

    def work(mine: tuple[int, list[Asked]]) -> None:
        client, asks = mine
        for n, each in enumerate(asks):
            one = group(each, f"c{client}-{n}", streams, dict(heard))
            asked_at = store.last()
            outcome = commits.commit(one)
            races.append(Race(one, asked_at, outcome, store.last()))
            if isinstance(outcome, int):
                heard.update({_uuid(event.originator_id): event.originator_version for event in one.events})

    with ThreadPoolExecutor(len(asked)) as pool:
        list(pool.map(work, enumerate(asked)))
    commits.close()
    rows = store.rows(before)
    assert [position for position, *_ in rows] == list(range(before + 1, before + 1 + len(rows)))
    for stream in streams:
        versions = [version for _, of, version, _ in rows if of == stream]
        assert all(after == version + 1 for version, after in pairwise([0, *versions]))
    stood = _stood_at(before, rows)
    first_of = {race.group.answer.key: race.group for race in races if race.group.answer and type(race.outcome) is int}
    for race in races:
        moments = range(race.asked_at, race.answered_at + 1)
        if isinstance(race.outcome, int):
            place = race.outcome - len(race.group.events)
            assert place in moments and _stands(race.group, stood[place])
        elif race.outcome is Turned.ANSWERED:
            assert race.group.answer is not None and race.group.answer.key in first_of
        else:
            assert not all(_stands(race.group, stood[moment]) for moment in moments)
    kept = [race.group.answer.key for race in races if race.group.answer and isinstance(race.outcome, int)]
    assert len(kept) == len(set(kept))


def _stood_at(before: int, rows: Sequence[tuple[int, UUID, int, str]]) -> dict[int, dict[UUID, int]]:
    """The version of every stream after each position."""
    now: dict[UUID, int] = {}
    found = {before: dict(now)}
    for position, stream, version, _ in rows:
        now[stream] = version
        found[position] = dict(now)
    return found


def _stands(group: Group, versions: dict[UUID, int]) -> bool:
    return all(versions.get(stream, 0) == version for stream, version in group.standing.items())
