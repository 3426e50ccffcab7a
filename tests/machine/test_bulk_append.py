"""Runs: whole chunks, each once, wherever a run was cut short, and nobody has to wait long for it."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from threading import Event
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.capacity import Capacity
from domain.cases.category import Category, Priority
from domain.cases.issue import ISSUE, AdviceGiven, IssueNoted, IssueTriaged
from domain.estates.place import Part, Responsibility
from domain.recorded import Act, Recorded
from services.database.database import Database
from services.log.bulk_append import BulkAppend, Run, RunDiffers, run_of
from services.log.event_log import Change, EventLog, Prepared, VersionConflict
from services.log.vault import Vault
from services.running.checking.of_log import check_log
from services.threads.try_later import TryLater
from tests.postgres import logins_of

ESTATE = "350902002999-001"
ACT = Act(uuid4(), Capacity.SYSTEM, datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC))
SECRET = b"s" * 32


class Interrupted(Exception):
    """Somebody pulled the plug between two chunks."""


@dataclass
class Ground:
    database: Database
    log: EventLog
    runs: BulkAppend

    def since(self, position: int) -> list[Recorded[Any]]:
        return self.log.read(position, 100_000)


@pytest.fixture(scope="module")
def ground(url: str) -> Iterator[Ground]:
    logins = logins_of(url)
    database = Database(logins)
    log = EventLog(logins, Vault(database, b"k" * 32))
    yield Ground(database, log, BulkAppend(log, SECRET))
    log.close()
    database.close()


def noted(stream: UUID, text: str = "路灯不亮") -> Change:
    return Change(stream, ISSUE.name, 0, [IssueNoted("IS-1", ESTATE, text, phone="13777770001")], ACT, ESTATE, stream)


def advised(stream: UUID, at: int, advice: str = "好") -> Change:
    return Change(stream, ISSUE.name, at, [AdviceGiven(advice)], ACT, ESTATE, stream)


def contents(events: Sequence[Recorded[Any]]) -> list[tuple[Any, ...]]:
    return [(each.stream, each.version, each.event) for each in events]


def test_a_run_is_appended_whole_in_order_and_says_how_far_it_is(ground: Ground) -> None:
    start, heard = ground.log.last_position(), []
    run = replace(run_of(uuid4(), [noted(uuid4(), str(n)) for n in range(25)]), chunk=10)
    position = ground.runs.append(run, lambda done, total: heard.append((done, total)))
    assert heard == [(10, 25), (20, 25), (25, 25)]
    assert [each.event.text for each in ground.since(start)] == [str(n) for n in range(25)]
    assert position == ground.log.last_position() == start + 25
    assert ground.runs.done(run.id) == 25


def test_a_run_that_is_begun_again_adds_nothing(ground: Ground) -> None:
    run = replace(run_of(uuid4(), [noted(uuid4()) for _ in range(25)]), chunk=10)
    position = ground.runs.append(run)
    heard: list[int] = []
    assert ground.runs.append(run, lambda done, total: heard.append(done)) == position
    assert (heard, ground.log.last_position()) == ([10, 20, 25], position)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.integers(1, 30), chunk=st.integers(1, 12), cuts=st.lists(st.integers(1, 30), max_size=5))
def test_wherever_it_is_cut_short_the_log_is_the_same(ground: Ground, items: int, chunk: int, cuts: list[int]) -> None:
    """New streams, existing ones and the same one twice; each cut is after so many chunks that were told durable."""
    old = uuid4()
    ground.log.append([noted(old)])
    streams = [uuid4() for _ in range(items)]
    changes = [noted(stream, str(n)) for n, stream in enumerate(streams)]
    for n in range(0, items, 3):
        changes.append(advised(streams[n], 1, f"advice {n}"))
        changes.append(advised(old, 1 + n // 3, f"old {n}"))
    run = replace(run_of(uuid4(), changes), chunk=chunk)
    start, left = ground.log.last_position(), list(cuts)
    while True:
        heard = count(1)

        def cut(done: int, total: int, heard: Iterator[int] = heard) -> None:
            if left and next(heard) == left[0]:
                left.pop(0)
                raise Interrupted

        try:
            last = ground.runs.append(run, cut)
        except Interrupted:
            continue
        break
    found = contents(ground.since(start))
    assert found == [(each.stream, each.expected_version + 1, each.events[0]) for each in changes]
    assert last == start + len(changes)


def test_a_run_with_other_items_under_its_id_is_refused(ground: Ground) -> None:
    stream = uuid4()
    run = run_of(uuid4(), [noted(stream), noted(uuid4())])
    position = ground.runs.append(run)
    for other in (
        [noted(stream), noted(uuid4())],
        [replace(run.items[0], events=[AdviceGiven("x")]), run.items[1]],
        [*run.items, noted(uuid4())],
        run.items[:1],
    ):
        with pytest.raises(RunDiffers):
            ground.runs.append(run_of(run.id, other))
    assert ground.log.last_position() == position


def test_only_what_is_missing_is_planned(ground: Ground) -> None:
    """So numbers are drawn once, and a plan sees streams as they stand when its turn comes."""
    planned: list[int] = []
    namespace = uuid4()

    def plan(items: Sequence[int]) -> list[Change]:
        planned.extend(items)
        return [noted(uuid5(namespace, str(n))) for n in items]

    def cut(done: int, total: int) -> None:
        raise Interrupted

    run = Run(uuid4(), list(range(10)), plan, chunk=4)
    with pytest.raises(Interrupted):
        ground.runs.append(run, cut)
    durable = ground.runs.done(run.id)
    planned.clear()
    ground.runs.append(run)
    assert planned == list(range(durable, 10))


def test_what_cannot_be_planned_stops_the_run_and_keeps_what_is_durable(ground: Ground) -> None:
    wrong = True

    def plan(items: Sequence[int]) -> list[Change]:
        if wrong and 7 in items:
            raise ZeroDivisionError
        return [noted(uuid4()) for _ in items]

    run, start = Run(uuid4(), list(range(12)), plan, chunk=3), ground.log.last_position()
    with pytest.raises(ZeroDivisionError):
        ground.runs.append(run)
    assert ground.log.last_position() == start + 6
    wrong = False
    ground.runs.append(run)
    assert ground.log.last_position() == start + 12


def test_a_stream_that_a_person_changes_meanwhile_is_planned_anew(ground: Ground) -> None:
    streams = [uuid4() for _ in range(4)]
    ground.log.append([noted(stream) for stream in streams])
    disturbed = False

    def plan(items: Sequence[int]) -> list[Change]:
        nonlocal disturbed
        found = [advised(streams[n], ground.log.remembered(ISSUE, streams[n]).version, "run") for n in items]
        if not disturbed:
            disturbed = True
            ground.log.append([advised(streams[1], 1, "person")])
        return found

    ground.runs.append(Run(uuid4(), list(range(4)), plan, chunk=2))
    assert [each.event.advice for each in ground.log.history(streams[1])[1:]] == ["person", "run"]
    assert [len(ground.log.history(stream)) for stream in streams] == [2, 3, 2, 2]


def test_a_stream_that_never_stands_as_planned_ends_the_run_aloud(ground: Ground) -> None:
    stream = uuid4()
    ground.log.append([noted(stream)])
    with pytest.raises(VersionConflict):
        ground.runs.append(run_of(uuid4(), [noted(stream)]))


def test_two_processes_at_one_run_do_it_once(ground: Ground) -> None:
    """Streams of the same ids or of new ones: the key of the chunk decides."""
    for streams in ([uuid4() for _ in range(40)], None):
        log = EventLog(ground.database.logins, Vault(ground.database, b"k" * 32))
        other = BulkAppend(log, SECRET)
        start = ground.log.last_position()

        def plan(items: Sequence[int], streams: list[UUID] | None = streams) -> list[Change]:
            return [noted(streams[n] if streams else uuid4(), str(n)) for n in items]

        run = Run(uuid4(), list(range(40)), plan, chunk=4)
        with ThreadPoolExecutor(2) as pool:
            ends = [pool.submit(each.append, run) for each in (ground.runs, other)]
            assert {end.result(60) for end in ends} == {start + 40}
        log.close()
        assert [each.event.text for each in ground.since(start)] == [str(n) for n in range(40)]


def test_an_answer_lost_with_the_connection_is_found_under_the_key(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, lost = ground.log.append_prepared, []

    def committed_but_lost(prepared: Prepared) -> Any:
        appended = real(prepared)
        if len(lost) < 2:
            lost.append(appended)
            raise TryLater
        return appended

    monkeypatch.setattr(ground.log, "append_prepared", committed_but_lost)
    start = ground.log.last_position()
    run = replace(run_of(uuid4(), [noted(uuid4(), str(n)) for n in range(9)]), chunk=3)
    assert ground.runs.append(run) == start + 9
    assert len(lost) == 2
    assert [each.event.text for each in ground.since(start)] == [str(n) for n in range(9)]


def test_chunks_stay_in_order_when_one_has_to_be_tried_again(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that were ready behind it wait for it."""
    real, tried = ground.log.append_prepared, count()

    def away_for_a_moment(prepared: Prepared) -> Any:
        if next(tried) in (2, 3, 5):
            raise TryLater
        return real(prepared)

    monkeypatch.setattr(ground.log, "append_prepared", away_for_a_moment)
    start = ground.log.last_position()
    run = replace(run_of(uuid4(), [noted(uuid4(), str(n)) for n in range(30)]), chunk=3)
    assert ground.runs.append(run) == start + 30
    assert [each.event.text for each in ground.since(start)] == [str(n) for n in range(30)]


def test_commands_of_people_get_their_turn_during_a_run(ground: Ground) -> None:
    """They are durable long before the run is, in order within their stream, and the log stays gapless."""
    start, over = ground.log.last_position(), Event()
    run = run_of(uuid4(), [noted(uuid4(), "run") for _ in range(20_000)])
    waits: list[float] = []

    def person(_: int) -> UUID:
        stream, version = uuid4(), 0
        while not over.is_set() or version < 2:
            begun = time.perf_counter()
            ground.log.append([advised(stream, version, "x") if version else noted(stream, "person")])
            waits.append(time.perf_counter() - begun)
            version += 1
        return stream

    with ThreadPoolExecutor(4) as pool:
        people = [pool.submit(person, n) for n in range(3)]
        begun = time.perf_counter()
        try:
            ground.runs.append(run)
        finally:
            lasted = time.perf_counter() - begun
            over.set()
        streams = {each.result(60) for each in people}
    events = ground.since(start)
    texts = [each.event.text for each in events if isinstance(each.event, IssueNoted)]
    assert (texts.count("run"), texts.count("person")) == (20_000, 3)
    assert len(events) == ground.log.last_position() - start
    assert list(check_log(ground.database)) == []
    last_of_run = max(at for at, each in enumerate(events) if each.stream not in streams)
    between = sum(1 for each in events[:last_of_run] if each.stream in streams)
    assert between > 3 * 20_000 / 500  # more than once a chunk each
    median = sorted(waits)[len(waits) // 2]  # the slowest ones wait for whoever else is on a machine that runs tests
    print(f"{len(waits)} commands waited {median * 1000:.0f} ms while a run lasted {lasted:.1f} s")
    assert median < lasted / 20


def test_keys_are_made_only_for_what_is_personal(ground: Ground) -> None:
    plain, personal = uuid4(), uuid4()
    triaged = IssueTriaged(Category.PUBLIC_LIGHTING, Priority.P2, Part.COMMON, Responsibility.ESTATE_COMMON)
    ground.runs.append(run_of(uuid4(), [replace(noted(plain), events=[triaged]), noted(personal)]))
    with ground.database.vault.connection() as conn:
        found = conn.execute("SELECT subject FROM vault.keys WHERE subject = ANY(%s)", ([plain, personal],)).fetchall()
    assert found == [(personal,)]
    assert ground.log.history(plain)[0].event == triaged


def test_a_command_that_was_turned_keeps_no_key_and_may_come_again(ground: Ground) -> None:
    """Its new stream has a new key at every attempt."""
    looked_at, new = uuid4(), uuid4()
    ground.log.append([noted(looked_at)])
    with pytest.raises(VersionConflict):
        ground.log.append([noted(new)], standing={looked_at: 0})
    ground.log.append([noted(new, "again")], standing={looked_at: 1})
    assert ground.log.history(new)[0].event.text == "again"
