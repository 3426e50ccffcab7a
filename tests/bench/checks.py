"""``jinlin check``: all of a log that every view has taken in, and what is new since it was found good.

A line's ``value`` is events per second of CPU time, that of PostgreSQL and of every process together.
"""

import time
from collections.abc import Iterator
from typing import Any

from services.running.checking.check import check
from services.runtime.settings import Settings
from tests.bench import raw
from tests.bench.full_log import YEARS
from tests.bench.ground import Ground, cpu_now
from tests.bench.lines import MeasureLine
from tests.bench.station import Station, a_station

TARGET = "value >= 20000"


def check_whole(ground: Ground) -> Iterator[MeasureLine]:
    """Every event read and opened, every view folded anew and held against its rows, every link of the chain."""
    station = a_station(ground)
    events = _grown(station, 200_000 if ground.full else 30_000)
    yield _line(station, "check_whole", events, _timed(station, whole=True))


def check_new(ground: Ground) -> Iterator[MeasureLine]:
    """A tenth more than was found good."""
    station = a_station(ground)
    before = _grown(station, 200_000 if ground.full else 30_000)
    _timed(station, whole=False)
    yield _line(station, "check_new", _grown(station, before // 10) - before, _timed(station, whole=False))


def _grown(station: Station, events: int) -> int:
    """So many events more, taken in by every view; answers how many there are."""
    with station.product() as product:
        station.fill(product, events, YEARS)
        product.follower.catch_up()
        return product.log.last_position()


def _timed(station: Station, *, whole: bool) -> dict[str, Any]:
    cpu, started = cpu_now(), time.perf_counter()
    check(Settings(data=station.data, database_url=station.url), whole=whole)
    took, spent = time.perf_counter() - started, {name: now - cpu[name] for name, now in cpu_now().items()}
    return {"seconds": took, "cpu": spent}


def _line(station: Station, measure: str, events: int, found: dict[str, Any]) -> MeasureLine:
    spent = found["cpu"]
    facts = {
        "events": events,
        "per_second": events / found["seconds"],
        "per_cpu_second": {"python": events / spent["python"]},
        "cores": {name: each / found["seconds"] for name, each in spent.items()},
    }
    value = events / sum(spent.values())
    return MeasureLine(measure, value, "events/CPU s", raw.looked_at(station.url), TARGET, facts)
