"""Group commit: together in one transaction, each with its own outcome, in order within a stream."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import StoredEvent

from services.log.event_store import Group, Outcome, Turned
from services.log.group_commit import MOST_WAITING, GroupCommit, Overloaded
from tests.clock import PATIENCE


class Away(Exception):
    """The database is."""


class Table:
    """An append that can be held, and remembers its batches; a group at a taken version is turned."""

    def __init__(self) -> None:
        self.batches: list[list[Group]] = []
        self.versions: dict[UUID, int] = {}
        self.position = 0
        self.entered, self.go_on = Event(), Event()
        self.go_on.set()
        self.away = False
        self.ends: list[BaseException] = []

    def append(self, groups: Sequence[Group]) -> list[Outcome]:
        self.entered.set()
        assert self.go_on.wait(PATIENCE)
        if self.ends:
            raise self.ends.pop()
        if self.away:
            raise Away
        if any(event.topic == "broken" for group in groups for event in group.events):
            raise ValueError("broken")
        self.batches.append(list(groups))
        return [self._one(group) for group in groups]

    def _one(self, group: Group) -> Outcome:
        if any(self.versions.get(stream, 0) != version for stream, version in group.standing.items()):
            return Turned.CONFLICT
        for event in group.events:
            assert isinstance(event.originator_id, UUID)
            self.versions[event.originator_id] = event.originator_version
            self.position += 1
        return self.position


def group(stream: UUID, version: int = 1, topic: str = "Noted") -> Group:
    return Group([StoredEvent(stream, version, topic, b"{}")], {stream: version - 1})


class Held:
    """A commit that is under way, so that what comes now must wait; ``let_go`` ends it."""

    def __init__(self, commits: GroupCommit, table: Table, people: ThreadPoolExecutor) -> None:
        self._commits, self._table, self._people = commits, table, people
        table.go_on.clear()
        table.entered.clear()
        self.first = people.submit(commits.commit, group(uuid4()))
        assert table.entered.wait(PATIENCE)

    def ask(self, *groups: Group) -> "list[Future[Outcome]]":
        """Ask for these in this order."""
        futures = []
        for each in groups:
            waiting = self._commits.waiting()
            futures.append(self._people.submit(self._commits.commit, each))
            while self._commits.waiting() == waiting:
                pass
        return futures

    def let_go(self) -> None:
        self._table.go_on.set()
        self.first.result(10)


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def people() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(64)


@pytest.fixture
def commits(table: Table) -> GroupCommit:
    return GroupCommit(table.append, passing=(Away,), patience=PATIENCE)


def test_what_waits_together_goes_in_together(table: Table, commits: GroupCommit, people: ThreadPoolExecutor) -> None:
    held = Held(commits, table, people)
    asked = held.ask(*(group(uuid4()) for _ in range(20)))
    held.let_go()
    assert [future.result(10) for future in asked] == list(range(2, 22))
    assert [len(batch) for batch in table.batches] == [1, 20]


def test_a_command_for_which_the_log_is_to_be_quiet_goes_in_first_of_its_batch(
    table: Table, commits: GroupCommit, people: ThreadPoolExecutor
) -> None:
    """What an earlier one of the same batch writes is not there yet when that is looked at."""
    held = Held(commits, table, people)
    quiet = replace(group(uuid4()), quiet_since={"Noted": 1})
    asked = held.ask(group(uuid4()), quiet, group(uuid4()))
    held.let_go()
    for future in asked:
        future.result(10)
    assert [len(batch) for batch in table.batches] == [1, 2, 1]
    assert table.batches[-1] == [quiet]


def test_a_broken_command_sinks_no_neighbour(table: Table, commits: GroupCommit, people: ThreadPoolExecutor) -> None:
    held = Held(commits, table, people)
    before, broken, after = held.ask(group(uuid4()), group(uuid4(), topic="broken"), group(uuid4()))
    held.let_go()
    assert (before.result(10), after.result(10)) == (2, 3)
    with pytest.raises(ValueError, match="broken"):
        broken.result(10)


def test_a_thread_that_is_ended_in_the_midst_holds_up_nobody(
    table: Table, commits: GroupCommit, people: ThreadPoolExecutor
) -> None:
    held = Held(commits, table, people)
    [after] = held.ask(group(uuid4()))
    table.ends = [SystemExit()]
    with pytest.raises(SystemExit):
        held.let_go()
    assert after.result(10) == 1


def test_a_conflict_turns_only_its_own(table: Table, commits: GroupCommit, people: ThreadPoolExecutor) -> None:
    held = Held(commits, table, people)
    fine, conflicting = held.ask(group(uuid4()), group(uuid4(), version=5))
    held.let_go()
    assert fine.result(10) == 2
    assert conflicting.result(10) is Turned.CONFLICT


def test_order_within_a_stream_holds(table: Table, commits: GroupCommit, people: ThreadPoolExecutor) -> None:
    held, stream, other = Held(commits, table, people), uuid4(), uuid4()
    asked = held.ask(group(stream, 1), group(stream, 2), group(other), group(stream, 3))
    held.let_go()
    assert all(isinstance(future.result(10), int) for future in asked)
    assert [len(batch) for batch in table.batches] == [1, 2, 1, 1]  # one of the stream at a time, the other at once


def test_whoever_looked_at_a_stream_that_is_being_written_waits_for_it(
    table: Table, commits: GroupCommit, people: ThreadPoolExecutor
) -> None:
    held, person, case = Held(commits, table, people), uuid4(), uuid4()
    looked = Group([StoredEvent(case, 1, "Noted", b"{}")], {case: 0, person: 0})
    wrote, turned = held.ask(group(person), looked)
    held.let_go()
    assert isinstance(wrote.result(10), int)
    assert turned.result(10) is Turned.CONFLICT  # decided on what was no longer so


def test_a_database_that_is_away_is_said_to_all(table: Table, commits: GroupCommit, people: ThreadPoolExecutor) -> None:
    held = Held(commits, table, people)
    asked = held.ask(*(group(uuid4()) for _ in range(3)))
    table.away = True
    table.go_on.set()
    for future in [held.first, *asked]:
        with pytest.raises(Away):
            future.result(10)
    table.away = False
    assert commits.commit(group(uuid4())) == 1


def test_beyond_the_bound_it_is_said_at_once(table: Table, commits: GroupCommit, people: ThreadPoolExecutor) -> None:
    held = Held(commits, table, people)

    async def flood() -> list[int | Turned | BaseException]:
        asked = [asyncio.ensure_future(commits.committing(group(uuid4()))) for _ in range(MOST_WAITING + 1)]
        await asyncio.sleep(0)
        table.go_on.set()
        return await asyncio.gather(*asked, return_exceptions=True)

    outcomes = people.submit(lambda: asyncio.run(flood())).result(20)  # in a thread that runs no loop yet
    assert [type(each) for each in outcomes if not isinstance(each, int)] == [Overloaded]
    assert isinstance(held.first.result(10), int)


def test_closing_appends_what_waits_and_takes_no_more(
    table: Table, commits: GroupCommit, people: ThreadPoolExecutor
) -> None:
    held = Held(commits, table, people)
    asked = held.ask(group(uuid4()), group(uuid4()))
    closing = people.submit(commits.close)
    held.let_go()
    assert [future.result(10) for future in asked] == [2, 3]
    closing.result(10)
    with pytest.raises(Overloaded):
        commits.commit(group(uuid4()))


def test_what_a_stopped_event_loop_has_left_is_appended_at_the_end(
    table: Table, commits: GroupCommit, people: ThreadPoolExecutor
) -> None:
    async def ask_and_stop() -> None:
        asked = asyncio.ensure_future(commits.committing(group(uuid4())))
        asked.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.sleep(0)  # it has asked; the loop stops before it hands over

    people.submit(asyncio.run, ask_and_stop()).result(10)
    commits.close()
    assert commits.waiting() == 0
    assert [len(batch) for batch in table.batches] == [1]


def test_whoever_gives_up_on_an_event_loop_takes_nothing_from_the_others(
    table: Table, commits: GroupCommit, people: ThreadPoolExecutor
) -> None:
    Held(commits, table, people)

    async def ask_three_and_give_one_up() -> list[Outcome | BaseException]:
        asked = [asyncio.ensure_future(commits.committing(group(uuid4()))) for _ in range(2)]
        asked.append(asyncio.ensure_future(commits.committing(group(uuid4(), topic="broken"))))
        await asyncio.sleep(0)
        asked[0].cancel()
        table.go_on.set()
        return await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 10)

    given_up, other, broken = people.submit(lambda: asyncio.run(ask_three_and_give_one_up())).result(20)
    assert isinstance(given_up, asyncio.CancelledError)
    assert isinstance(other, int)
    assert isinstance(broken, ValueError)


def test_nobody_waits_longer_than_he_has_patience_and_what_he_gave_up_is_not_appended(
    table: Table, people: ThreadPoolExecutor
) -> None:
    commits = GroupCommit(table.append, passing=(Away,), patience=0.05)
    table.go_on.clear()
    leads = people.submit(commits.commit, group(uuid4()))
    assert table.entered.wait(PATIENCE)
    with pytest.raises(TimeoutError):
        people.submit(commits.commit, group(uuid4())).result(PATIENCE)
    with pytest.raises(TimeoutError):
        people.submit(lambda: asyncio.run(commits.committing(group(uuid4())))).result(PATIENCE)
    table.go_on.set()
    assert leads.result(PATIENCE) == 1  # it was at it, and hears what came of it
    commits.close()
    assert [len(batch) for batch in table.batches] == [1]


def test_an_event_loop_that_is_gone_holds_up_nobody(
    table: Table, commits: GroupCommit, people: ThreadPoolExecutor
) -> None:
    held = Held(commits, table, people)

    async def ask_and_leave() -> None:
        asked = asyncio.ensure_future(commits.committing(group(uuid4())))
        await asyncio.sleep(0)
        assert not asked.done()

    people.submit(lambda: asyncio.run(ask_and_leave())).result(20)
    held.let_go()
    assert isinstance(commits.commit(group(uuid4())), int)
