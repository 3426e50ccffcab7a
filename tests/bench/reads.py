"""Pages as browsers fetch them: the board of a very busy estate, and one work order."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import psycopg

from services.demo.cast import FIRST
from tests.bench import raw
from tests.bench.full_log import OPEN_ORDERS, Filled
from tests.bench.ground import Ground, Watch, best
from tests.bench.http import reporting
from tests.bench.lines import MeasureLine, progress
from tests.bench.load import Load, under
from tests.bench.station import RunningProduct, Station

CLIENTS = 8
OPEN = 10_000  # orders on the board
EVENTS_PER_ORDER = 8.1  # on average over ``OPEN_ORDERS``
LOOKED_AT = 200  # orders whose pages take turns
CATCH_UP_SECONDS = 240
LEAST_SECONDS = 3.0  # of looking: a page may be slow
CHANGES = 10  # reports a second while the board is looked at


def board_page(ground: Ground, product: RunningProduct) -> Iterator[MeasureLine]:
    """The whole page of the board, while nothing changes on it."""
    _many_orders(ground, product)
    yield from _page(ground, product, "board_page", [f"/board/{FIRST}"], "value >= 500")


def board_page_packed(ground: Ground, product: RunningProduct) -> Iterator[MeasureLine]:
    """The same as browsers take it."""
    _many_orders(ground, product)
    yield from _page(ground, product, "board_page_packed", [f"/board/{FIRST}"], "value >= 500", packed=True)


def board_page_changing(ground: Ground, product: RunningProduct) -> Iterator[MeasureLine]:
    """The same while reports come in."""
    _many_orders(ground, product)
    yield from _page(ground, product, "board_page_changing", [f"/board/{FIRST}"], None, CHANGES)


def order_page(ground: Ground, product: RunningProduct) -> Iterator[MeasureLine]:
    """Pages of work orders, one after another."""
    known = [order for orders in _many_orders(ground, product).orders.values() for order in orders]
    yield from _page(ground, product, "order_page", [f"/orders/{order}" for order in known[:LOOKED_AT]], None)


def _page(
    ground: Ground,
    product: RunningProduct,
    measure: str,
    paths: Sequence[str],
    target: str | None,
    changes: float = 0,
    packed: bool = False,
) -> Iterator[MeasureLine]:
    status, body = product.get(paths[0])
    assert status == 200 and body.rstrip().endswith(b"</html>"), f"{paths[0]} answers {status} {body[-200:]!r}"
    seconds = max(ground.seconds, LEAST_SECONDS)
    headers = product.headers | ({"Accept-Encoding": "gzip"} if packed else {})
    load = Load(product.port, "GET", list(paths), CLIENTS, seconds, headers=headers)

    def once() -> dict[str, Any]:
        with ThreadPoolExecutor(1) if changes else nullcontext() as beside:
            if beside is not None:
                beside.submit(under, reporting(product, 1, seconds + 1, rate=changes))
            watch = Watch(product.pid)
            counted = under(load)
            facts = watch.facts()
        per_cpu = {
            "python": counted.rate / facts["cores"]["python"],
            "with_postgres": counted.rate / (facts["cores"]["python"] + facts["cores"]["postgres"]),
        }
        return {
            "value": counted.rate, "p50": counted.p50, "p99": counted.p99, "kilobytes": counted.size / 1024,
            "per_cpu_second": per_cpu, **({"changes": changes} if changes else {}), **facts,
        }  # fmt: skip

    found = best(ground.rounds, once)
    limit = raw.selects(ground, product.url, CLIENTS, body)
    facts = {name: each for name, each in found.items() if name != "value"}
    yield MeasureLine(measure, found["value"], "pages/s, one web process", limit, target, facts)


def _many_orders(ground: Ground, product: RunningProduct) -> Filled:
    """Ten thousand open orders on the board of one estate; made once, and followed before this returns."""
    filled: Filled | None = ground.kept.get("open orders")
    if filled is None:
        progress(f"opening {OPEN:,} orders")
        station = Station(product.url, product.data)
        with station.product() as parts:
            filled = station.fill(parts, round(OPEN * EVENTS_PER_ORDER), OPEN_ORDERS)
            wait_until_followed(product.url, parts.log.last_position())
        ground.kept["open orders"] = filled
    return filled


def wait_until_followed(url: str, position: int) -> None:
    """Wait until every view has taken in the position. Raises ``TimeoutError``."""
    until = time.monotonic() + CATCH_UP_SECONDS
    with psycopg.connect(url, autocommit=True) as conn:
        while time.monotonic() < until:
            found = conn.execute("SELECT min(position) FROM view.positions").fetchone()
            if found and found[0] and found[0] >= position:
                return
            time.sleep(0.1)
    raise TimeoutError(f"the views did not follow to {position} within {CATCH_UP_SECONDS} s")
