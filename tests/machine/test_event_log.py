"""The log: gapless in commit order, whole or not at all, one answer per key, sealed, and never rewritten."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier, Event
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.capacity import Capacity
from domain.cases.issue import ISSUE, AdviceGiven, IssueDropped, IssueNoted
from domain.people.person import PERSON
from domain.recorded import Act
from services.database.database import Database
from services.log import envelope
from services.log.event_log import AnsweredBefore, Change, EventLog, VersionConflict
from services.log.event_store import StoredAnswer
from services.log.not_found import NotFound
from services.log.seen import Seen
from services.log.vault import Tampered, Vault, WrongKey
from services.threads.try_later import TryLater
from tests.postgres import logins_of

NOW = datetime(2026, 11, 23, 8, 40, tzinfo=UTC)
ACTOR = uuid4()
ACT = Act(ACTOR, Capacity.DISPATCHER, NOW, NOW)
ESTATE = "350902002999-001"
NOTED = IssueNoted("IS-1", ESTATE, "三栋路灯不亮", dwelling="602", reporter="欧阳逐月", phone="13777770001")


@pytest.fixture(scope="module")
def database(url: str) -> Iterator[Database]:
    found = Database(logins_of(url))
    yield found
    found.close()


@pytest.fixture(scope="module")
def vault(database: Database) -> Vault:
    return Vault(database, b"k" * 32)


@pytest.fixture(scope="module")
def log(database: Database, vault: Vault) -> Iterator[EventLog]:
    found = EventLog(database.logins, vault, size=20)
    yield found
    found.close()


def change(stream: UUID, *events: Any, at: int = 0) -> Change:
    return Change(stream, ISSUE.name, at, events, ACT, ESTATE, correlation=stream)


def answer(key: str, **body: Any) -> StoredAnswer:
    return StoredAnswer(ACTOR, key, b"print", body)


def rows(url: str, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as conn:
        return conn.execute(query, parameters).fetchall()


def test_what_was_appended_is_read_back_whole(log: EventLog) -> None:
    stream = uuid4()
    before = log.last_position()
    appended = log.append([change(stream, NOTED, IssueDropped("看错了"))])
    assert appended.position == before + 2 == log.last_position()
    first, second = log.read(before, 10)
    assert (first.event, second.event) == (NOTED, IssueDropped("看错了"))
    assert (first.stream, first.version, first.position) == (stream, 1, before + 1)
    assert (first.act, first.estate, first.correlation, first.causation) == (ACT, ESTATE, stream, None)
    assert first.event_id != second.event_id


def test_a_stream_loads_without_opening_what_is_personal(log: EventLog) -> None:
    stream = uuid4()
    log.append([change(stream, NOTED, IssueDropped("看错了"))])
    loaded = log.load(ISSUE, stream)
    assert (loaded.version, loaded.state.status.value, loaded.state.estate) == (2, "DROPPED", ESTATE)
    assert [each.event for each in log.history(stream)] == [NOTED, IssueDropped("看错了")]
    assert log.load(ISSUE, uuid4()).version == 0


@pytest.mark.parametrize("known", [False, True])
def test_a_stream_of_another_kind_is_not_found(log: EventLog, known: bool) -> None:
    stream = uuid4()
    log.append([change(stream, NOTED)])
    if known:
        log.load(ISSUE, stream)
    for look in (log.load, log.remembered):
        with pytest.raises(NotFound):
            look(PERSON, stream)
    assert log.load(ISSUE, stream).version == 1


def test_several_streams_are_appended_together_or_not_at_all(log: EventLog) -> None:
    one, two = uuid4(), uuid4()
    log.append([change(one, NOTED)])
    end = log.last_position()
    with pytest.raises(VersionConflict):
        log.append([change(two, NOTED), change(one, NOTED)])
    assert (log.last_position(), log.load(ISSUE, two).version) == (end, 0)


def test_of_eight_at_once_on_one_version_one_wins(log: EventLog) -> None:
    stream, start = uuid4(), Barrier(8)
    log.append([change(stream, NOTED)])

    def race(number: int) -> bool:
        start.wait()
        try:
            log.append([change(stream, AdviceGiven(str(number)), at=1)])
        except VersionConflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(race, range(8))) == [False] * 7 + [True]
    assert log.load(ISSUE, stream).version == 2


def test_what_was_to_be_quiet_and_was_not_turns_a_command_away(log: EventLog) -> None:
    """What is known of all streams together holds when the command is appended, or it is decided anew."""
    seen, stream = Seen(), uuid4()
    seen.quiet_since = {"IssueDropped": log.last_position()}
    log.append([change(stream, NOTED)])
    log.append([change(uuid4(), NOTED)], None, seen)  # others may have come
    end = log.append([change(stream, IssueDropped("看错了"), at=1)]).position
    with pytest.raises(VersionConflict):
        log.append([change(uuid4(), NOTED)], None, seen)
    assert log.last_position() == end
    assert log.told(IssueDropped, "none", seen.quiet_since["IssueDropped"], end) == [(stream, None)]
    assert log.told(IssueDropped, "none", end, end) == []
    seen.quiet_since["IssueDropped"] = end
    assert log.append([change(uuid4(), NOTED)], None, seen).position == end + 1


def test_a_reader_that_tails_the_log_misses_nothing(log: EventLog, database: Database) -> None:
    """Positions become visible in order and without gaps, also around refused appends."""
    start, done = log.last_position(), Event()
    seen: list[int] = []

    def tail() -> None:
        while True:
            finished = done.is_set()
            batch = log.read(seen[-1] if seen else start, 200)
            seen.extend(each.position for each in batch)
            if finished and not batch:
                return

    def write(_: int) -> None:
        stream = uuid4()
        log.append([change(stream, NOTED)])
        with pytest.raises(VersionConflict):
            log.append([change(uuid4(), NOTED, NOTED), change(stream, NOTED)])
        log.append([change(stream, AdviceGiven("好"), AdviceGiven("好"), at=1)])

    with ThreadPoolExecutor(9) as pool:
        tailing = pool.submit(tail)
        list(pool.map(write, range(60)))
        done.set()
        tailing.result(30)
    assert seen == list(range(start + 1, start + 181))


def test_a_large_append_over_the_socket_does_not_hang(log: EventLog) -> None:
    end = log.last_position()
    text = "字" * 200
    log.append([change(uuid4(), NOTED, *[AdviceGiven(text)] * 20_000)])
    assert log.last_position() == end + 20_001
    log.append([change(uuid4(), replace(NOTED, text="大" * 700_000))])  # one event of two megabytes
    assert len(log.read(end + 20_001, 5)[0].event.text) == 700_000


def test_a_repeated_key_gets_the_first_answer_and_appends_nothing(log: EventLog) -> None:
    key = uuid4().hex
    appended = log.append([change(uuid4(), NOTED)], answer(key, number="IS-1"))
    again = answer(key, number="IS-2")
    with pytest.raises(AnsweredBefore):
        log.append([change(uuid4(), NOTED)], again)
    first = log.answered(again.actor, key)
    assert first is not None
    assert first.answer == {"number": "IS-1", "position": appended.position}
    assert log.last_position() == appended.position


def test_of_two_with_one_key_at_once_one_is_done(log: EventLog) -> None:
    for _ in range(10):
        key, start, end = uuid4().hex, Barrier(4), log.last_position()

        def ask(number: int, key: str = key, start: Barrier = start) -> dict[str, Any]:
            start.wait()
            try:
                position = log.append([change(uuid4(), NOTED)], answer(key, number=number)).position
            except AnsweredBefore:
                first = log.answered(ACTOR, key)
                assert first is not None
                return first.answer
            return {"number": number, "position": position}

        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(ask, range(4)))
        assert answers == [answers[0]] * 4
        assert log.last_position() == end + 1


def test_answers_outlive_the_process(log: EventLog, database: Database, vault: Vault) -> None:
    key = uuid4().hex
    log.append([change(uuid4(), NOTED)], answer(key, number="IS-7"))
    again = EventLog(database.logins, vault)
    found = again.answered(ACTOR, key)
    again.close()
    assert found is not None
    assert found.answer["number"] == "IS-7"
    assert log.answered(uuid4(), key) is None  # a key belongs to its actor


def test_a_connection_lost_in_the_middle_is_answered_by_the_key(log: EventLog, url: str) -> None:
    """Whether it was committed or not: with the key nobody has to guess, and nothing is doubled."""
    key, stream = uuid4().hex, uuid4()
    locked = psycopg.connect(url)
    locked.execute("LOCK TABLE log.stored_events IN ACCESS EXCLUSIVE MODE")
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(log.append, [change(stream, NOTED)], answer(key, number=1))
        waiting = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%%_append%%'"
        with psycopg.connect(url, autocommit=True) as watch:
            while not (found := watch.execute(waiting).fetchall()):
                assert not asked.done()
            watch.execute("SELECT pg_terminate_backend(%s)", found[0])
        locked.rollback()
        with pytest.raises(TryLater):
            asked.result(30)
    log.append([change(stream, NOTED)], answer(key, number=1))
    assert log.load(ISSUE, stream).version == 1


def test_the_log_refuses_to_be_rewritten(log: EventLog, database: Database, url: str) -> None:
    log.append([change(uuid4(), NOTED)])
    for statement in ("UPDATE log.stored_events SET topic = 'x'", "DELETE FROM log.stored_events",
                      "TRUNCATE log.stored_events", "UPDATE log.stored_events_answers SET key = 'x'"):  # fmt: skip
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            rows(url, statement)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), database.app.connection() as conn:
            conn.execute(statement)


def test_personal_fields_are_sealed_and_bound_to_their_place(log: EventLog, url: str, vault: Vault) -> None:
    stream = uuid4()
    log.append([change(stream, NOTED)])
    (state,) = rows(url, "SELECT state FROM log.stored_events WHERE originator_id = %s", stream)[0]
    stored = json.loads(state)
    assert set(stored["sealed"]) == {"text", "dwelling", "reporter", "phone"}
    assert stored["data"] == {"number": "IS-1", "estate": ESTATE, "channel": "DESK", "building": None,
                              "stairwell": None, "photos": [], "follows": None, "danger": None,
                              "promise": None}  # fmt: skip
    assert {key: stored[key] for key in ("v", "category", "actingAs", "estate")} == {
        "v": 3, "category": "Issue", "actingAs": "DISPATCHER", "estate": ESTATE,
    }  # fmt: skip
    stored["sealed"]["text"] = stored["sealed"]["phone"]
    moved = envelope.Stored(1, stream, 1, "IssueNoted", json.dumps(stored).encode())
    with pytest.raises(Tampered):
        envelope.recorded(moved, envelope.envelope_of(moved), vault.openers({stream})[stream])


def test_a_destroyed_key_forgets_for_good(log: EventLog, database: Database, url: str, vault: Vault) -> None:
    stream = uuid4()
    log.append([change(stream, NOTED)])
    vault.destroy(stream)
    vault.destroy(stream)
    log.append([change(stream, AdviceGiven("新的话"), at=1)])
    first, second = log.history(stream)
    assert (first.event.text, first.event.phone, second.event.advice) == (None, None, None)
    assert first.event.number == "IS-1"
    fresh = Vault(database, b"k" * 32)
    assert fresh.sealer(stream) is None
    assert fresh.openers({stream}) == {}
    assert rows(url, "SELECT wrapped FROM vault.keys WHERE subject = %s", stream) == [(None,)]


def test_the_web_cannot_read_the_vault(database: Database) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.app.connection() as conn:
        conn.execute("SELECT * FROM vault.keys")


def test_keys_are_worth_nothing_without_the_key_outside(database: Database, log: EventLog) -> None:
    stream = uuid4()
    log.append([change(stream, NOTED)])
    Vault(database, b"k" * 32).check()
    with pytest.raises(WrongKey):
        Vault(database, b"x" * 32).check()


def test_an_older_shape_of_an_event_is_read_as_the_newest(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if ``IssueNoted`` once had no channel and called its number ``no``."""
    monkeypatch.setattr(envelope, "VERSIONS", {"IssueNoted": 3})
    monkeypatch.setattr(
        envelope,
        "UPCASTERS",
        {
            ("IssueNoted", 1): lambda data: {**data, "channel": "PHONE"},
            ("IssueNoted", 2): lambda data: {key if key != "no" else "number": value for key, value in data.items()},
        },
    )
    assert envelope.upcast("IssueNoted", 1, {"no": "7"}) == {"number": "7", "channel": "PHONE"}
    assert envelope.upcast("IssueNoted", 2, {"no": "7", "channel": "DESK"}) == {"number": "7", "channel": "DESK"}
    stream = uuid4()
    state = json.dumps(
        {"id": str(uuid4()), "v": 1, "category": "Issue", "occurredAt": "2026-11-23T08:40:00+08:00",
         "recordedAt": "2026-11-23T08:41:00+08:00", "actor": str(ACTOR), "actingAs": "DISPATCHER",
         "correlation": str(stream), "data": {"no": "IS-7", "estate": ESTATE}}
    ).encode()  # fmt: skip
    stored = envelope.Stored(1, stream, 1, "IssueNoted", state)
    event = envelope.recorded(stored, envelope.envelope_of(stored), None).event
    assert (event.number, event.channel.value, event.text) == ("IS-7", "PHONE", None)
