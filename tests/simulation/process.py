"""One process of the product in the simulation, and a request on its way through it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
from psycopg_pool import PoolTimeout

from domain.capacity import Capacity
from domain.recorded import Recorded
from domain.refusal import Refusal
from projections.catalogue import VIEWS
from projections.follow import Follower
from projections.views import together
from services.commands import handle
from services.commands.ask import Answer, Ask, Caller, Forbidden, Stale
from services.commands.handle import Handler
from services.commands.plan import Plan, Planned, Reach
from services.database.database import Database, listening
from services.database.logins import Login
from services.log.event_log import EventLog, Prepared
from services.log.group_commit import InThread
from services.log.not_found import NotFound
from services.log.numbers import Numbers
from services.log.photo_store import PhotoStore
from services.log.pseudonyms import Pseudonyms
from services.log.vault import Vault
from services.threads.try_later import TryLater
from tests.conftest import shanghai
from tests.simulation.faults import Cut

ESTATE = "350902002999-001"
SYSTEM = Ask(Caller(UUID(int=0), Capacity.SYSTEM, frozenset({ESTATE})))
MONDAY = shanghai("2026-11-23 08:40")
TURNED_AWAY = (Refusal, Forbidden, NotFound, Stale)
LOST = (TryLater, PoolTimeout, psycopg.OperationalError, psycopg.InterfaceError)  # said as 503: try again


class Broken(AssertionError):
    """Something that must never be; the story up to it is in ``story``."""


@dataclass
class Try:
    """One try at a command: what it saw, what it would have done, or when it was turned away.

    ``begun_at`` and ``turned_at`` are positions of the log.
    """

    recorded_at: datetime
    seen: dict[UUID, int]
    begun_at: int
    planned: Planned | None = None
    turned_at: int | None = None

    def stood(self, versions: dict[UUID, int]) -> bool:
        """Whether what it saw is so where streams stand at these versions."""
        return all(versions.get(stream, 0) == version for stream, version in self.seen.items())

    @property
    def events(self) -> list[tuple[UUID, int, str]]:
        return [
            (change.stream, version, type(event).__name__)
            for change in (self.planned.changes if self.planned else ())
            for version, event in enumerate(change.events, change.expected_version + 1)
        ]


@dataclass
class Request:
    """What somebody wants, however often it has to be said. ``answer`` is the first one heard."""

    number: int
    words: str
    ask: Ask
    plan: Callable[[], Plan]
    tries: list[Try] = field(default_factory=list)
    answer: Answer | None = None
    turned_away: bool = False  # the last time it was said

    @property
    def settled(self) -> bool:
        return self.answer is not None or self.turned_away


@dataclass
class Delivery:
    """A request on its way through one process."""

    request: Request
    process: "Process"
    course: Any
    step: Any = None
    done: Any = None
    wrong: Exception | None = None


class Process:
    """What one process of the product keeps in memory."""

    def __init__(self, database: Database, clock: Callable[[], datetime], name: str) -> None:
        self.name = name
        self.vault = Vault(database, b"k" * 32)
        self.log = EventLog(database.logins, self.vault, size=2)
        ticks = iter(range(0, 10**9, 10))  # nobody ever draws numbers fast
        self.numbers = Numbers(database, lambda: next(ticks))
        self.photos = PhotoStore(database, self.vault)
        pseudonyms = Pseudonyms(b"p" * 32)
        self.reach = Reach(database, self.log, self.vault, self.numbers, self.photos, pseudonyms)
        self.handler = Handler(self.reach, clock)
        self.follower = Follower(
            database.follower.connection,
            partial(listening, database.logins, Login.FOLLOWER),
            self.log,
            [together(VIEWS)],
            Nobody(),
        )


class Nobody:
    """Hears every alarm and says nothing; a halted view is found by ``check_views``."""

    def halted(self, following: str, position: int, because: str) -> None: ...
    def disturbed(self, group: str, because: str) -> None: ...
    def leads(self, group: str) -> None: ...
    def stands_by(self, group: str) -> None: ...
    def lags(self, following: str, events: int) -> None: ...


class AtOnce:
    """What would be done in the background, done here, as its moment must not be left to chance."""

    def __init__(self, name: str) -> None:
        self.name = name

    def soon(self, about: object, do: Callable[[], object]) -> None:
        with suppress(Exception):
            do()

    def close(self) -> None: ...


class Clock:
    """Jumps when told; never tells the same moment twice, so that a moment names an attempt."""

    def __init__(self) -> None:
        self.now = MONDAY
        self._told = 0

    def __call__(self) -> datetime:
        self._told += 1
        return self.now + timedelta(microseconds=self._told)


def settle_together(log: EventLog, asking: Sequence[Delivery]) -> None:
    """``EventLog.append`` of each, as when somebody else's commit is under way; the commits are real ones."""
    commits = log._commits
    with commits._changed:
        commits._leading = True
    waiting: list[tuple[Delivery, Prepared, InThread]] = []
    for delivery in asking:
        delivery.done, delivery.wrong = None, None
        assert isinstance(delivery.step, handle._Append)
        try:
            prepared = log.prepared(delivery.step.changes, delivery.step.answer, delivery.step.seen)
            outcome = InThread()
            commits._enqueue(prepared.group, outcome)
            waiting.append((delivery, prepared, outcome))
        except Exception as error:
            delivery.wrong = error
    commits._lead(None)
    for delivery, prepared, outcome in waiting:
        try:
            with log._told_apart(prepared.group):
                position = outcome.result(0)
            delivery.done = log._appended(prepared, position)
        except Exception as error:
            delivery.wrong = error


def done_now(delivery: Delivery) -> Any:
    match delivery.step:
        case handle._Read(read):
            return read()
        case handle._Append(changes, answer, seen):
            return delivery.process.log.append(changes, answer, seen)
    return None  # a pause


def versions_at(log: Sequence[Recorded[Any]]) -> list[dict[UUID, int]]:
    """The version of every stream after each position, from 0."""
    found: list[dict[UUID, int]] = [{}]
    for each in log:
        found.append({**found[-1], each.stream: each.version})
    return found


def reason_of(why: Exception) -> str:
    return f"{type(why).__name__} {getattr(why, 'code', '')}".strip()


def fault_in_words(fault: Cut) -> str:
    if not fault.happened:
        return "no fault met"
    return f"cut {fault.when.value} statement {fault.at}, {fault.whose.value}"
