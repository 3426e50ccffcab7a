"""The audit trail: how fast it grows, alone and behind the log, and what a proof, a look at all and a receipt take."""

import os
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Any

import psycopg

from projections.follow import Follower
from services.database.database import Database, listening
from services.database.logins import Login
from services.tlog.checkpoint import Checkpoint
from services.tlog.tree import leaf_hash, verify_inclusion
from services.trail import reading
from services.trail.growing import grow, head_for_growing
from services.trail.whole import looked_at
from tests.bench.full_log import YEARS
from tests.bench.ground import Ground, Watch, best
from tests.bench.http import reporting
from tests.bench.lines import MeasureLine
from tests.bench.load import under
from tests.bench.station import RunningProduct, Station, a_station

SIZE = 550  # bytes of an entry, about
BATCH = 1_000
MARK = "bench"
PROOFS = 500


def trail_batched(ground: Ground) -> Iterator[MeasureLine]:
    """Ready leaves into the tree, a thousand in a transaction, beside one COPY of the same rows."""
    yield _grown(ground, "trail_batched", 1_000_000 if ground.full else 100_000, BATCH, "ratio >= 0.33")


def trail_single(ground: Ground) -> Iterator[MeasureLine]:
    """One leaf in a transaction, durable."""
    yield _grown(ground, "trail_single", 10_000 if ground.full else 2_000, 1, None)


def trail_follow(ground: Ground) -> Iterator[MeasureLine]:
    """From events of the log to leaves in the tree, salts and digests included: one follower, one core."""

    def once() -> dict[str, Any]:
        station = a_station(ground)
        with station.product() as product:
            product.follower.catch_up()
            before = product.log.last_position()
            station.fill(product, 200_000 if ground.full else 20_000, YEARS)
            alone = [each for each in product.follower.groups if each.name == "trail"]
            follower = _only(product, alone)
            watch, cpu, started = Watch(), time.process_time(), time.perf_counter()
            follower.catch_up()
            took, own = time.perf_counter() - started, time.process_time() - cpu
            events = product.log.last_position() - before
        return {"value": events / took, "events": events, "per_cpu_second": events / own, **watch.facts()}

    found = best(ground.rounds, once)
    yield MeasureLine("trail_follow", found.pop("value"), "events/s, one follower", facts=found)


def trail_proof(ground: Ground) -> Iterator[MeasureLine]:
    """A proof that an entry is in the tree, tiles in memory; and its verification."""
    station, size = _tree(ground)
    with psycopg.connect(station.url) as conn:
        root = reading.head(conn).root
        places = [index * 7_919 % size for index in range(PROOFS)]
        leaves = [leaf_hash(reading.entry(conn, index) or b"") for index in places]
        proofs = [reading.inclusion(conn, index, size) for index in places]  # brings the tiles into memory
        started = time.perf_counter()
        for index in places:
            reading.inclusion(conn, index, size)
        made = time.perf_counter()
        for leaf, index, proof in zip(leaves, places, proofs, strict=True):
            verify_inclusion(leaf, index, size, proof, root)
        verified = time.perf_counter()
    facts = {"leaves": size, "verify_ms": (verified - made) / PROOFS * 1000}
    yield MeasureLine("trail_proof", (made - started) / PROOFS * 1000, "ms", None, "value <= 0.5", facts)


def trail_verified(ground: Ground) -> Iterator[MeasureLine]:
    """Every entry hashed anew, tiles and head held against them."""
    station, size = _tree(ground)
    with psycopg.connect(station.url) as conn:
        started = time.perf_counter()
        looked = looked_at(conn)
        took = time.perf_counter() - started
    assert not looked.findings, looked.findings
    yield MeasureLine(
        "trail_verified", took * 1_000_000 / size, "s for a million leaves", None, "value <= 6", {"leaves": size}
    )


def receipt_p99(ground: Ground, product: RunningProduct) -> Iterator[MeasureLine]:
    """Reports whose answer names index and checkpoint: from the request to the answer, at a steady rate."""

    def once() -> dict[str, Any]:
        watch = Watch(product.pid)
        asked = replace(reporting(product, 4, ground.seconds, rate=40), paths=["/api/v1/issues?receipt=1"])
        counted = under(asked)
        assert counted.p99 is not None
        return {"value": counted.p99, "best": -counted.p99, "p50": counted.p50, "rate": counted.rate, **watch.facts()}

    found = best(ground.rounds, once, by="best")
    facts = {name: found[name] for name in ("p50", "rate", "cores", "others")}
    yield MeasureLine("receipt_p99", found["value"], "ms", None, "value <= 50", facts)


def _only(product: Any, groups: Any) -> Follower:
    """A follower of the trail alone."""
    listen = partial(listening, product.database.logins, Login.FOLLOWER)
    return Follower(product.database.follower.connection, listen, product.log, groups, product.metrics)


def _tree(ground: Ground) -> tuple[Station, int]:
    """A station whose tree has many leaves; made once."""
    size = 1_000_000 if ground.full else 100_000
    made: Station | None = ground.kept.get("tree")
    if made is None:
        made = ground.kept["tree"] = a_station(ground)
        with made.product() as product:
            _fill(product.database, size, 10_000)
    return made, size


def _entries(number: int) -> list[bytes]:
    return [os.urandom(SIZE // 2).hex().encode() for _ in range(number)]


def _fill(database: Database, number: int, batch: int) -> None:
    with database.follower.connection() as conn:
        for at in range(0, number, batch):
            with conn.transaction():
                grow(conn, head_for_growing(conn, MARK), _entries(min(batch, number - at)))


def _grown(ground: Ground, measure: str, number: int, batch: int, target: str | None) -> MeasureLine:
    def once() -> dict[str, Any]:
        station = a_station(ground)
        entries = _entries(number)
        with station.product() as product, closing(psycopg.connect(station.url)) as raw:
            with product.database.follower.connection() as conn:
                watch, started = Watch(), time.perf_counter()
                for at in range(0, number, batch):
                    with conn.transaction():
                        head = grow(conn, head_for_growing(conn, MARK), entries[at : at + batch])
                took = time.perf_counter() - started
            assert head.size == number and len(Checkpoint(MARK, number, head.root()).text()) > number.bit_length()
            limit = _copied(raw, entries)
        return {"value": number / took, "limit": limit, "leaves": number, "batch": batch, **watch.facts()}

    found = best(ground.rounds, once)
    return MeasureLine(measure, found.pop("value"), "leaves/s", found.pop("limit"), target, found)


def _copied(conn: "psycopg.Connection[Any]", entries: list[bytes]) -> float:
    """The same rows through one COPY from Python, durable, under the same index."""
    conn.execute("CREATE SCHEMA IF NOT EXISTS raw")
    conn.execute("CREATE TABLE raw.entry (idx bigint PRIMARY KEY, leaf bytea NOT NULL, entry bytea NOT NULL)")
    rows = [(index, leaf_hash(entry), entry) for index, entry in enumerate(entries)]
    started = time.perf_counter()
    with conn.cursor() as cursor, cursor.copy("COPY raw.entry FROM STDIN (FORMAT binary)") as copy:
        copy.set_types(["int8", "bytea", "bytea"])
        for row in rows:
            copy.write_row(row)
    conn.commit()
    return len(entries) / (time.perf_counter() - started)
