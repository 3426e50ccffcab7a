"""The product as people reach it: reports through the real web process, how soon they are seen, and what it weighs."""

import json
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any
from uuid import uuid4

from projections.cases.notebook import NOTEBOOK
from projections.positions import ViewPositions
from services.database.database import listening
from services.database.logins import Login
from services.demo.cast import FIRST
from services.running import schema
from tests.bench import raw
from tests.bench.ground import Ground, Watch, best, memory_of
from tests.bench.lines import MeasureLine, percentile, progress
from tests.bench.load import Load, under
from tests.bench.station import RunningProduct, running

STEADY = 250  # reports a second
TARGETS = {8: "value >= 1000, p99 <= 25", 32: "value >= 1500, p99 <= 60"}

REPORTS = [
    json.dumps({"estate": FIRST, "text": text, "building": building, "stairwell": "1"}, ensure_ascii=False)
    for text in ("单元门口路灯不亮，晚上看不清台阶", "水管接头漏水，地面一直是湿的，怕老人滑倒")
    for building in ("1", "3", "5", "7")
]


def report(clients: int, how: str = "") -> Callable[[Ground, RunningProduct], Iterator[MeasureLine]]:
    """Issues reported over HTTP, signed in, each with a key of its own; ``how`` is part of the line's name."""

    def measure(ground: Ground, product: RunningProduct) -> Iterator[MeasureLine]:
        def once() -> dict[str, Any]:
            watch = Watch(product.pid)
            counted = under(reporting(product, clients, ground.seconds))
            facts = watch.facts()
            facts["cores"]["load"] = counted.cpu / (ground.seconds + 0.3)
            return {"value": counted.rate, "p50": counted.p50, "p99": counted.p99, "size": counted.size, **facts}

        found = best(ground.rounds, once)
        limit = max(raw.echoes(ground, clients, found["size"], REPORTS[0]) for _ in range(ground.rounds))
        facts = {name: found[name] for name in ("p50", "p99", "cores", "others")}
        yield MeasureLine(
            f"http_report_{clients}{how}", found["value"], "requests/s", limit, TARGETS.get(clients), facts
        )

    return measure


def report_apart(clients: int) -> Callable[[Ground], Iterator[MeasureLine]]:
    """The same where the follower has a process of its own, which is not counted among the web's ``cores``."""

    def measure(ground: Ground) -> Iterator[MeasureLine]:
        with running(ground, apart=True) as product:
            yield from report(clients, "_apart")(ground, product)

    return measure


def reporting(product: RunningProduct, clients: int, seconds: float, rate: float = 0, positions: bool = False) -> Load:
    """The load of people who report issues."""
    return Load(
        product.port, "POST", ["/api/v1/issues"], clients, seconds, headers=product.headers, bodies=REPORTS,
        keys=uuid4().hex, rate=rate, positions=positions,
    )  # fmt: skip


def visible_p99(ground: Ground, product: RunningProduct) -> Iterator[MeasureLine]:
    """From the acknowledgement of a report to its line on the board, while as many come in as can."""
    yield _seen(ground, product, "visible_p99", 0)


def visible_p99_steady(ground: Ground, product: RunningProduct) -> Iterator[MeasureLine]:
    """The same at a steady rate that leaves the machine room to breathe."""
    yield _seen(ground, product, "visible_p99_steady", STEADY)


def _seen(ground: Ground, product: RunningProduct, measure: str, rate: float) -> MeasureLine:
    def once() -> dict[str, Any]:
        moved: list[tuple[float, int]] = []  # moments at which the board's inbox reached a position

        def hear(view: str, position: int, _estates: Sequence[str]) -> None:
            if view == NOTEBOOK.name:
                moved.append((time.monotonic(), position))

        logins = schema.standing(product.url, product.data)
        assert logins is not None
        positions = ViewPositions(partial(listening, logins, Login.WEB), lambda: 0)
        try:
            with positions.subscribed(hear):
                watch = Watch(product.pid)
                counted = under(reporting(product, 8, ground.seconds, rate, positions=True))
                facts = watch.facts()
                newest = max(position for _, position in counted.acknowledged)
                followed = positions.wait(NOTEBOOK.name, newest, 30)
        finally:
            positions.stop()
        assert followed, "the board does not follow"
        waits = sorted(_waits(counted.acknowledged, moved))
        p50, p99 = percentile(waits, 0.5), percentile(waits, 0.99)
        assert p50 is not None and p99 is not None
        return {"value": p99 * 1000, "best": -p99, "p50": p50 * 1000, "rate": counted.rate, **facts}

    found = best(ground.rounds, once, by="best")
    facts = {name: found[name] for name in ("p50", "rate", "cores", "others")}
    return MeasureLine(measure, found["value"], "ms", target="value <= 30", facts=facts)


def _waits(acknowledged: Sequence[tuple[float, int]], moved: Sequence[tuple[float, int]]) -> Iterator[float]:
    """Seconds from each acknowledgement until a view had reached its position; none where it was there before."""
    reached = [position for _, position in moved]
    for moment, position in acknowledged:
        yield max(0.0, moved[bisect_left(reached, position)][0] - moment)


def memory(ground: Ground, product: RunningProduct, at_rest: dict[str, Any]) -> Iterator[MeasureLine]:
    """What the processes weigh before and after all the load of this run."""
    progress("weighing the processes")
    after = memory_of(product.pid)
    yield MeasureLine(
        "memory", sum(each["pss"] for each in after.values()), "MB (PSS, all processes, after the load)",
        facts={"at_rest": at_rest, "after_load": after},
    )  # fmt: skip
