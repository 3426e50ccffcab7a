"""The product as people reach it: reports through the real web process, how soon they are seen, and what it weighs."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

from services.demo.stories import FIRST
from tests.bench import raw
from tests.bench.ground import Ground, Watch, best, memory_of
from tests.bench.lines import Line, progress
from tests.bench.load import Load, under
from tests.bench.station import Product

TARGETS = {8: "value >= 1000, p99 <= 25", 32: "value >= 1500, p99 <= 60"}

REPORTS = [
    json.dumps({"estate": FIRST, "text": text, "building": building, "stairwell": "1"}, ensure_ascii=False)
    for text in ("单元门口路灯不亮，晚上看不清台阶", "水管接头漏水，地面一直是湿的，怕老人滑倒")
    for building in ("1", "3", "5", "7")
]


def report(clients: int) -> Callable[[Ground, Product], Iterator[Line]]:
    """Issues reported over HTTP, signed in, each with a key of its own."""

    def measure(ground: Ground, product: Product) -> Iterator[Line]:
        def once() -> dict[str, Any]:
            watch = Watch(product.pid)
            counted = under(reporting(product, clients, ground.seconds))
            facts = watch.facts()
            facts["cores"]["load"] = counted.cpu / (ground.seconds + 0.3)
            return {"value": counted.rate, "p50": counted.p50, "p99": counted.p99, "size": counted.size, **facts}

        found = best(ground.rounds, once)
        limit = max(raw.echoes(ground, clients, found["size"], REPORTS[0]) for _ in range(ground.rounds))
        facts = {name: found[name] for name in ("p50", "p99", "cores", "others")}
        yield Line(f"http_report_{clients}", found["value"], "requests/s", limit, TARGETS.get(clients), facts)

    return measure


def reporting(product: Product, clients: int, seconds: float, rate: float = 0, positions: bool = False) -> Load:
    """The load of people who report issues."""
    return Load(
        product.port, "POST", ["/api/v1/issues"], clients, seconds, headers=product.headers, bodies=REPORTS,
        keys=uuid4().hex, rate=rate, positions=positions,
    )  # fmt: skip


def memory(ground: Ground, product: Product, at_rest: dict[str, Any]) -> Iterator[Line]:
    """What the processes weigh before and after all the load of this run."""
    progress("weighing the processes")
    after = memory_of(product.pid)
    yield Line(
        "memory", sum(each["pss"] for each in after.values()), "MB (PSS, all processes, after the load)",
        facts={"at_rest": at_rest, "after_load": after},
    )  # fmt: skip
