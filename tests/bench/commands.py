"""The write side: events through the recorder, whole commands through the handler, and what a long log costs them."""

import asyncio
import os
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import uvloop
from eventsourcing.persistence import StoredEvent

from domain.capacity import Capacity
from domain.cases import issue as issues
from domain.cases import work_order as orders
from domain.cases.issue import ISSUE
from domain.cases.work_order import WORK_ORDER
from domain.recorded import Act
from services.cases import plans as case_plans
from services.commands.ask import Ask, Caller
from services.database.logins import Login, Logins
from services.log.bulk_append import CHUNK, BulkAppend, run_of
from services.log.event_log import Change
from services.log.event_store import Group, LogRecorder, log_factory
from services.log.group_commit import GroupCommit
from services.product import Product
from tests.bench import raw
from tests.bench.full_log import YEARS, Staff
from tests.bench.ground import Ground, Watch, best
from tests.bench.lines import MeasureLine, percentile, progress
from tests.bench.station import Station, a_station, staff_of

STATE_BYTES = 480  # of an event's state, on average over the log of ``full_log``
ORDERS = 960  # that commands act on in turn; any number of clients in use divides it
SHORT = 10_000  # events
COLD_ORDERS, COLD_ROUNDS = 180, 6  # that no process has in memory
MOST_AT_ONCE = 1_000_000  # events filled in at once: they are drawn in memory
BULK_EVENTS = 50_000
CONNECTIONS = 8  # of the recorder, as in the product

Once = Callable[[], Awaitable[object]]


def append(clients: int) -> Callable[[Ground], Iterator[MeasureLine]]:
    """Single events of new streams, one per commit asked for, through group commit and recorder."""

    def measure(ground: Ground) -> Iterator[MeasureLine]:
        station = a_station(ground)
        state = b"x" * STATE_BYTES

        def single() -> Once:
            return lambda: commits.committing(Group([StoredEvent(uuid4(), 1, "WorkOrderDispatched", state)]))

        def once() -> dict[str, Any]:
            limit = raw.commits(ground, station.url, clients, STATE_BYTES)
            return {**_driven([single() for _ in range(clients)], ground.seconds), "limit": limit}

        with station.product() as product, _recorder(product.database.logins) as recorder:
            commits = GroupCommit(recorder.append_groups, passing=())
            found = best(ground.rounds, once)
            commits.close()
        yield _line(f"append_{clients}", found, "events/s", "ratio >= 0.6" if clients == 32 else None)

    return measure


def command(clients: int) -> Callable[[Ground], Iterator[MeasureLine]]:
    """Orders dispatched and recalled: each command loads, decides, appends one event and is durable when it answers."""

    def measure(ground: Ground) -> Iterator[MeasureLine]:
        station = a_station(ground)
        with station.product() as product:
            filled = station.fill(product, ORDERS * 7, {"accepted": 1})
            staff = staff_of(product)
            mine = filled.orders["accepted"][:ORDERS]
            desks = [_Desk(product, staff, mine[number::clients]) for number in range(clients)]

            def once() -> dict[str, Any]:
                limit = raw.commits(ground, station.url, clients, STATE_BYTES)
                return {**_driven([desk.act for desk in desks], ground.seconds), "limit": limit}

            found = best(ground.rounds, once)
        yield _line(f"command_{clients}", found, "commands/s", "ratio >= 0.3" if clients == 32 else None)

    return measure


def bulk_append(ground: Ground) -> Iterator[MeasureLine]:
    """A run as of bills: an event each for very many new streams, nothing personal in them."""

    def bill(stream: UUID, staff: Staff, act: Act) -> Change:
        event = orders.WorkOrderDispatched(staff.stewards[0])
        return Change(stream, WORK_ORDER.name, 0, [event], act, staff.estate, stream)

    yield from _run_through(ground, "bulk_append", bill, "ratio >= 0.5")


def bulk_sealed(ground: Ground) -> Iterator[MeasureLine]:
    """A run as of an old notebook: cases that come into being, each sealed under a key of its own."""

    def line(stream: UUID, staff: Staff, act: Act) -> Change:
        event = issues.IssueNoted(
            "IS-1", staff.estate, "水管接头漏水，地面一直是湿的", phone="13900000999", building="3"
        )
        return Change(stream, ISSUE.name, 0, [event], act, staff.estate, stream)

    yield from _run_through(ground, "bulk_sealed", line, None)


def _run_through(
    ground: Ground, measure: str, change: Callable[[UUID, Staff, Act], Change], target: str | None
) -> Iterator[MeasureLine]:
    """The whole call, with encoding and fingerprints, against COPY from Python of the very rows that it wrote."""
    station = a_station(ground)

    def once() -> dict[str, Any]:
        now = product.clock()
        act = Act(staff.clerk, Capacity.SYSTEM, now, now)
        run = run_of(uuid4(), [change(uuid4(), staff, act) for _ in range(BULK_EVENTS)])
        before = product.log.last_position()
        watch, started = Watch(os.getpid()), time.perf_counter()
        BulkAppend(product.log, product.secret).append(run)
        rate = BULK_EVENTS / (time.perf_counter() - started)
        facts = watch.facts()
        rows = raw.rows_after(station.url, before)
        limit = raw.copied(station.url, rows)
        facts["ready_rows"] = _ready(recorder, rows)
        return {"value": rate, "limit": limit, "events": BULK_EVENTS, **_per_cpu(rate, facts), **facts}

    with station.product() as product, _recorder(product.database.logins) as recorder:
        staff = staff_of(product)
        found = best(ground.rounds, once)
    yield _line(measure, found, "events/s", target)


def _ready(recorder: LogRecorder, rows: Sequence[raw.Row]) -> float:
    """Events a second of the same rows through the recorder alone, in chunks like a run's, nothing left to encode."""
    events = [StoredEvent(uuid4(), version, topic, state) for _, version, topic, state, _ in rows]
    started = time.perf_counter()
    for at in range(0, len(events), CHUNK):
        recorder.append_groups([Group(events[at : at + CHUNK])])
    return len(events) / (time.perf_counter() - started)


def bulk_holds_up(ground: Ground) -> Iterator[MeasureLine]:
    """The longest that a command of somebody else took while a run went through in the same process."""
    station = a_station(ground)
    with station.product() as product:
        staff = staff_of(product)
        filled = station.fill(product, ORDERS * 7, {"accepted": 1})
        desk = _Desk(product, staff, filled.orders["accepted"][:ORDERS])
        act = Act(staff.clerk, Capacity.SYSTEM, product.clock(), product.clock())
        event = orders.WorkOrderDispatched(staff.stewards[0])
        changes = [
            Change(stream, WORK_ORDER.name, 0, [event], act, staff.estate, stream)
            for stream in (uuid4() for _ in range(BULK_EVENTS))
        ]
        took: list[float] = []

        async def beside() -> dict[str, Any]:
            await desk.act()  # warm
            watch = Watch(os.getpid())
            run = asyncio.create_task(
                asyncio.to_thread(BulkAppend(product.log, product.secret).append, run_of(uuid4(), changes))
            )
            while not run.done():
                begun = time.perf_counter()
                await desk.act()
                took.append(time.perf_counter() - begun)
            await run
            return watch.facts()

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            facts = runner.run(beside())
    took.sort()
    p50, p99 = percentile(took, 0.5) or 0.0, percentile(took, 0.99) or 0.0
    said = {"p50": p50 * 1000, "p99": p99 * 1000, "commands": len(took), "events": BULK_EVENTS, **facts}
    yield MeasureLine("bulk_holds_up", took[-1] * 1000, "ms at most", target="value <= 100", facts=said)


def command_cost_growth(ground: Ground) -> Iterator[MeasureLine]:
    """Commands on orders that are not in memory, in a long log over a short one, turn by turn."""
    sizes = [SHORT, 10**7 if ground.huge else 10**6 if ground.full else 10**5]
    logs = [_long_log(ground, size) for size in sizes]
    chance = random.Random(20261123)
    mine = [chance.sample(known, COLD_ORDERS) for _, known in logs]  # from all over the log
    costs = [
        [_cold(station, mine[which][turn::COLD_ROUNDS]) for which, (station, _) in enumerate(logs)]
        for turn in range(COLD_ROUNDS)
    ]
    short, long = (min(cost) for cost in zip(*costs, strict=True))
    facts = {"events": sizes, "milliseconds": [short * 1000, long * 1000]}
    unit = "times the cost in a log of 10^4 events"
    yield MeasureLine("command_cost_growth", long / short, unit, target="value <= 1.2", facts=facts)


def _long_log(ground: Ground, size: int) -> tuple[Station, list[UUID]]:
    """A station with so many events in its log, and its orders that wait to be sent."""
    progress(f"filling a log with {size:,} events")
    station = a_station(ground)
    known: list[UUID] = []
    with station.product() as product:
        for there in range(0, size, MOST_AT_ONCE):
            filled = station.fill(product, min(size - there, MOST_AT_ONCE), YEARS | {"accepted": 40})
            known += filled.orders["accepted"]
    return station, known


def _cold(station: Station, mine: Sequence[UUID]) -> float:
    """Seconds per command of one client on streams that this product has never loaded."""
    with station.product() as product:
        desk = _Desk(product, staff_of(product), mine)

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

    def __init__(self, product: Product, staff: Staff, mine: Sequence[UUID]) -> None:
        self._product = product
        self._staff = staff
        self._caller = Caller(staff.clerk, Capacity.DISPATCHER, frozenset({staff.estate}))
        self._orders = mine
        self._done = 0
        self._sent: set[UUID] = set()

    async def act(self) -> None:
        order = self._orders[self._done % len(self._orders)]
        self._done += 1
        ask = Ask(self._caller, self._product.clock(), None, uuid4().hex, b"bench")
        if order in self._sent:
            self._sent.remove(order)
            await self._product.handler.doing(ask, case_plans.on_work_order(order, orders.RecallDispatch()))
        else:
            self._sent.add(order)
            send = orders.DispatchSteward(self._staff.stewards[0])
            await self._product.handler.doing(ask, case_plans.on_work_order(order, send))


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
    rate = len(took) / seconds
    return {"value": rate, "p50": p50 * 1000, "p99": p99 * 1000, **_per_cpu(rate, facts), **facts}


def _per_cpu(rate: float, facts: dict[str, Any]) -> dict[str, Any]:
    """What a second of CPU time gives; nothing is told of a moment too short for the kernel to have counted any."""
    python, postgres = facts["cores"]["python"], facts["cores"]["postgres"]
    if not python:
        return {}
    return {"per_cpu_second": {"python": rate / python, "with_postgres": rate / (python + postgres)}}


def _line(measure: str, found: dict[str, Any], unit: str, target: str | None) -> MeasureLine:
    facts = {name: value for name, value in found.items() if name not in ("value", "limit")}
    return MeasureLine(measure, found["value"], unit, found["limit"], target, facts)


@contextmanager
def _recorder(logins: Logins) -> Iterator[LogRecorder]:
    """The recorder as any application of the library would get it."""
    factory = log_factory(logins, Login.WEB, CONNECTIONS, create=False)
    recorder = factory.application_recorder()
    assert isinstance(recorder, LogRecorder)
    try:
        yield recorder
    finally:
        factory.close()
