"""The write side: events through the recorder, whole commands through the handler, and what a long log costs them."""

import asyncio
import os
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import uvloop
from eventsourcing.persistence import InfrastructureFactory, StoredEvent
from eventsourcing.utils import Environment

from domain import work_order as orders
from domain.capacity import Capacity
from services import plan
from services.ask import Ask, Caller
from services.event_store import Group, LogRecorder
from services.group_commit import GroupCommit
from services.house import House
from tests.bench import raw
from tests.bench.full_log import YEARS, Staff
from tests.bench.ground import Ground, Watch, best, libpq
from tests.bench.lines import Line, percentile, progress
from tests.bench.station import Station, a_station, staff_of

STATE_BYTES = 480  # of an event's state, on average over the log of ``full_log``
ORDERS = 960  # that commands act on in turn; any number of clients in use divides it
COLD_ORDERS, COLD_ROUNDS = 240, 4  # that no process has in memory
MOST_AT_ONCE = 1_000_000  # events filled in at once: they are drawn in memory
BULK_EVENTS, BULK_GROUP = 50_000, 500
CONNECTIONS = 8  # of the recorder, as in the product

Once = Callable[[], Awaitable[object]]


def append(clients: int) -> Callable[[Ground], Iterator[Line]]:
    """Single events of new streams, one per commit asked for, through group commit and recorder."""

    def measure(ground: Ground) -> Iterator[Line]:
        station = a_station(ground)
        state = b"x" * STATE_BYTES

        def single() -> Once:
            return lambda: commits.committing(Group([StoredEvent(uuid4(), 1, "WorkOrderDispatched", state)]))

        def once() -> dict[str, Any]:
            limit = raw.commits(ground, station.url, clients, STATE_BYTES)
            return _best_ratio(limit, _driven([single() for _ in range(clients)], ground.seconds))

        with _recorder(station.url) as recorder:
            commits = GroupCommit(recorder.append_groups, passing=())
            found = best(ground.rounds, once, by="ratio")
            commits.close()
        yield _line(f"append_{clients}", found, "events/s", "ratio >= 0.6" if clients == 32 else None)

    return measure


def command(clients: int) -> Callable[[Ground], Iterator[Line]]:
    """Orders dispatched and recalled: each command loads, decides, appends one event and is durable when it answers."""

    def measure(ground: Ground) -> Iterator[Line]:
        station = a_station(ground)
        with station.house() as house:
            filled = station.fill(house, ORDERS * 7, {"accepted": 1})
            staff = staff_of(house)
            mine = filled.orders["accepted"][:ORDERS]
            desks = [_Desk(house, staff, mine[number::clients]) for number in range(clients)]

            def once() -> dict[str, Any]:
                limit = raw.commits(ground, station.url, clients, STATE_BYTES)
                return _best_ratio(limit, _driven([desk.act for desk in desks], ground.seconds))

            found = best(ground.rounds, once, by="ratio")
        yield _line(f"command_{clients}", found, "commands/s", "ratio >= 0.3" if clients == 32 else None)

    return measure


def bulk_append(ground: Ground) -> Iterator[Line]:
    """Many streams at once in large groups, against COPY of the same rows from Python."""
    station = a_station(ground)
    state = b"x" * STATE_BYTES

    def once() -> dict[str, Any]:
        rows: list[raw.Row] = [(uuid4(), 1, "WorkOrderDispatched", state, n) for n in range(1, BULK_EVENTS + 1)]
        limit = raw.copied(station.url, rows)
        events = [StoredEvent(stream, version, topic, state) for stream, version, topic, state, _ in rows]
        watch, started, longest = Watch(), time.perf_counter(), 0.0
        for at in range(0, len(events), BULK_GROUP):
            begun = time.perf_counter()
            recorder.append_groups([Group(events[at : at + BULK_GROUP])])
            longest = max(longest, time.perf_counter() - begun)
        rate = BULK_EVENTS / (time.perf_counter() - started)
        return _best_ratio(limit, {"value": rate, "longest_ms": longest * 1000, "rows": BULK_GROUP, **watch.facts()})

    with _recorder(station.url) as recorder:
        found = best(ground.rounds, once, by="ratio")
    yield _line("bulk_append", found, "events/s", "ratio >= 0.5")


def command_cost_growth(ground: Ground) -> Iterator[Line]:
    """Commands on orders that are not in memory, in a long log over a short one."""
    sizes = [10_000, 10**7 if ground.huge else 10**6 if ground.full else 10**5]
    station = a_station(ground)
    costs: list[float] = []
    known: list[UUID] = []
    fill_seconds, there = 0.0, 0
    for size in sizes:
        progress(f"filling the log to {size:,} events")
        started = time.perf_counter()
        with station.house() as house:
            for step in range(there, size, MOST_AT_ONCE):
                filled = station.fill(house, min(size - step, MOST_AT_ONCE), YEARS | {"accepted": 40})
                known += filled.orders["accepted"]
        there, fill_seconds = size, time.perf_counter() - started
        mine = random.Random(size).sample(known, COLD_ORDERS)  # from all over the log
        known = list(set(known) - set(mine))
        costs.append(min(_cold(station, mine[at::COLD_ROUNDS]) for at in range(COLD_ROUNDS)))
    yield Line(
        "command_cost_growth", costs[1] / costs[0], "times the cost in a log of 10^4 events",
        target="value <= 1.2",
        facts={
            "events": sizes, "milliseconds": [cost * 1000 for cost in costs],
            "fill_rate": (sizes[1] - sizes[0]) / fill_seconds,
        },
    )  # fmt: skip


def _cold(station: Station, mine: Sequence[UUID]) -> float:
    """Seconds per command of one client on streams that this house has never loaded."""
    with station.house() as house:
        desk = _Desk(house, staff_of(house), mine)

        async def each_once() -> float:
            await desk.act()  # what all commands share is warm: the people, the connections
            started = time.perf_counter()
            for _ in range(len(mine) - 1):
                await desk.act()
            return (time.perf_counter() - started) / (len(mine) - 1)

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(each_once())


class _Desk:
    """A dispatcher who goes through the orders again and again, sending a steward or calling the sending back."""

    def __init__(self, house: House, staff: Staff, mine: Sequence[UUID]) -> None:
        self._house = house
        self._staff = staff
        self._caller = Caller(staff.clerk, Capacity.DISPATCHER, frozenset({staff.estate}))
        self._orders = mine
        self._done = 0
        self._sent: set[UUID] = set()

    async def act(self) -> None:
        order = self._orders[self._done % len(self._orders)]
        self._done += 1
        ask = Ask(self._caller, datetime.now(UTC), None, uuid4().hex, b"bench")
        if order in self._sent:
            self._sent.remove(order)
            await self._house.handler.doing(ask, plan.on_work_order(order, orders.RecallDispatch()))
        else:
            self._sent.add(order)
            send = orders.DispatchSteward(self._staff.stewards[0])
            await self._house.handler.doing(ask, plan.on_work_order(order, send))


def _driven(clients: Sequence[Once], seconds: float) -> dict[str, Any]:
    """Every client does its act again and again on one event loop, as the web process would; warmed up before."""
    took: list[float] = []

    async def client(act: Once, since: float, until: float) -> None:
        while True:
            begun = time.perf_counter()
            await act()
            now = time.perf_counter()
            if now >= until:
                return
            if now >= since:
                took.append(now - begun)

    async def all_of_them() -> dict[str, Any]:
        since = time.perf_counter() + seconds / 10
        watch = Watch(os.getpid())
        await asyncio.gather(*(client(each, since, since + seconds) for each in clients))
        return watch.facts()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        facts = runner.run(all_of_them())
    took.sort()
    p50, p99 = percentile(took, 0.5) or 0.0, percentile(took, 0.99) or 0.0
    rate, cores = len(took) / seconds, facts["cores"]
    per_cpu = {"python": rate / cores["python"], "with_postgres": rate / (cores["python"] + cores["postgres"])}
    return {"value": rate, "p50": p50 * 1000, "p99": p99 * 1000, "per_cpu_second": per_cpu, **facts}


def _best_ratio(limit: float, found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "limit": limit, "ratio": found["value"] / limit}


def _line(measure: str, found: dict[str, Any], unit: str, target: str | None) -> Line:
    facts = {name: value for name, value in found.items() if name not in ("value", "limit", "ratio")}
    return Line(measure, found["value"], unit, found["limit"], target, facts)


@contextmanager
def _recorder(url: str) -> Iterator[LogRecorder]:
    """The recorder as any application of the library would get it."""
    parts = libpq(url)
    environment = {
        "PERSISTENCE_MODULE": "services.event_store",
        "POSTGRES_DBNAME": parts["PGDATABASE"],
        "POSTGRES_HOST": parts["PGHOST"],
        "POSTGRES_PORT": "5432",
        "POSTGRES_USER": parts["PGUSER"],
        "POSTGRES_PASSWORD": "",
        "POSTGRES_SCHEMA": "log",
        "POSTGRES_POOL_SIZE": "2",
        "POSTGRES_MAX_OVERFLOW": str(CONNECTIONS - 2),
        "POSTGRES_ROLE": "jinlin_app",
        "CREATE_TABLE": "n",
    }
    factory = InfrastructureFactory.construct(Environment("", environment))
    recorder = factory.application_recorder()
    assert isinstance(recorder, LogRecorder)
    try:
        yield recorder
    finally:
        factory.close()
