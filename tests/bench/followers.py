"""The read side being written: a view that follows the log, all of them together, and one built anew.

One follower is one process and folds on one core; PostgreSQL works beside it. So a line's ``value`` is events a second
by the clock, ``per_cpu_second`` what a second of CPU time gives: of the follower alone, and with PostgreSQL's added.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from projections.cases.orders import ORDERS
from projections.catalogue import VIEWS
from projections.follow import Follower
from projections.projection import View
from projections.views import together
from services.database.database import listening
from services.database.logins import Login
from services.running import upkeep
from services.runtime.settings import Settings
from tests.bench import raw
from tests.bench.full_log import YEARS
from tests.bench.ground import Ground, Watch, best, cpu_of
from tests.bench.lines import MeasureLine, progress
from tests.bench.station import Station, a_station

TARGET = "value >= 50000"
MILLION = 1_000_000


def follow_board(ground: Ground) -> Iterator[MeasureLine]:
    """The board's cards, kept up with a log that is ahead of them."""
    yield from _followed(ground, "follow_board", [ORDERS], TARGET)


def follow_all(ground: Ground) -> Iterator[MeasureLine]:
    """All views together, as the product follows."""
    yield from _followed(ground, "follow_all", VIEWS, None)


def rebuild_board(ground: Ground) -> Iterator[MeasureLine]:
    """The board's cards folded anew from the first event, beside those that serve, and switched."""
    events = _events(ground)
    station = _filled(ground, events)
    found = best(ground.rounds, partial(_timed, events, partial(_rebuild, station)))
    yield _line("rebuild_board", found, raw.moved(station.url, [ORDERS.name]), TARGET)


def rebuild_million(ground: Ground) -> Iterator[MeasureLine]:
    """Seconds for a million events."""
    if not ground.full:
        progress("rebuild_million is left out of the quick mode: nothing is extrapolated; FULL=1 takes it")
        return
    station = _filled(ground, MILLION)
    found = _timed(MILLION, partial(_rebuild, station))
    limit = MILLION / raw.moved(station.url, [ORDERS.name])
    facts = {name: each for name, each in found.items() if name != "value"}
    seconds = MILLION / found["value"]
    yield MeasureLine("rebuild_million", seconds, "s (less is better)", limit, "value <= 25", facts)


def _followed(ground: Ground, measure: str, views: Sequence[View[Any]], target: str | None) -> Iterator[MeasureLine]:
    def once() -> dict[str, Any]:
        station = a_station(ground)
        with station.product() as product:
            follower = Follower(
                product.database.follower.connection,
                partial(listening, product.database.logins, Login.FOLLOWER),
                product.log,
                [together(views)],
                product.metrics,
            )
            follower.catch_up()  # with the demo, so that only what follows counts
            before = product.log.last_position()
            station.fill(product, _events(ground), YEARS)
            found = _timed(product.log.last_position() - before, follower.catch_up)
        return {**found, "limit": raw.moved(station.url, [view.name for view in views]), "views": len(views)}

    found = best(ground.rounds, once)
    yield _line(measure, found, found.pop("limit"), target)


def _filled(ground: Ground, events: int) -> Station:
    """A station with so many events in its log and no view of them; made once."""
    made: Station | None = ground.kept.get(f"log of {events}")
    if made is None:
        made = a_station(ground)
        with made.product() as product:
            made.fill(product, events - product.log.last_position(), YEARS)
        ground.kept[f"log of {events}"] = made
    return made


def _rebuild(station: Station) -> None:
    failed = upkeep.rebuild(Settings(data=station.data, database_url=station.url), [ORDERS.name])
    assert not failed


def _events(ground: Ground) -> int:
    return 200_000 if ground.full else 30_000


def _timed(events: int, work: Callable[[], None]) -> dict[str, Any]:
    watch, cpu, postgres, started = Watch(), time.process_time(), _postgres(), time.perf_counter()
    work()
    took = time.perf_counter() - started
    own, others = time.process_time() - cpu, _postgres() - postgres
    return {
        "value": events / took,
        "events": events,
        "per_cpu_second": {"python": events / own, "with_postgres": events / (own + others)},
        "cores": {"python": own / took, "postgres": others / took},
        **watch.facts(),
    }


def _postgres() -> float:
    return cpu_of(os.getpid())["postgres"]


def _line(measure: str, found: dict[str, Any], limit: float, target: str | None) -> MeasureLine:
    facts = {name: each for name, each in found.items() if name != "value"}
    return MeasureLine(measure, found["value"], "events/s, one follower", limit, target, facts)
