"""What the machine gives without the product: the limits that the other measures are held against."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import msgspec
import psycopg

from services.log.event_store import SCHEMA
from tests.bench.ground import Ground, cpu_now, libpq, pgbench
from tests.bench.load import ROOT, Load, under

Row = tuple[UUID, int, str, bytes, int]
COLUMNS = "originator_id, originator_version, topic, state, notification_id"

_TPS = re.compile(r"^tps = ([\d.]+) \(without", re.MULTILINE)
_READ = f"SELECT {COLUMNS} FROM {SCHEMA}.stored_events WHERE notification_id > %s ORDER BY notification_id LIMIT 2000"
_INSERT = """\
INSERT INTO raw.events ({columns})
VALUES (gen_random_uuid(), 1, 'WorkOrderDispatched', convert_to(repeat('x', {size}), 'UTF8'), nextval('raw.position'));
"""


def commits(ground: Ground, url: str, connections: int, size: int) -> float:
    """INSERT+COMMIT a second: rows with a state of ``size`` bytes under the log's own indexes."""
    _table(url)
    return _pgbench(ground, url, connections, _INSERT.format(columns=COLUMNS, size=size))


def copied(url: str, rows: Sequence[Row]) -> float:
    """Rows a second through one COPY from Python, durable, under the log's own indexes."""
    _table(url)
    with psycopg.connect(url) as conn:
        started = time.perf_counter()
        with conn.cursor() as cursor, cursor.copy(f"COPY raw.events ({COLUMNS}) FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(["uuid", "int8", "text", "bytea", "int8"])
            for row in rows:
                copy.write_row(row)
        conn.commit()
        return len(rows) / (time.perf_counter() - started)


def rows_after(url: str, position: int) -> list[Row]:
    """The rows of the log after a position, ready to be written again."""
    with psycopg.connect(url) as conn:
        query = f"SELECT {COLUMNS} FROM {SCHEMA}.stored_events WHERE notification_id > %s ORDER BY notification_id"
        return conn.execute(query, (position,), binary=True).fetchall()


def selects(ground: Ground, url: str, connections: int, body: bytes) -> float:
    """SELECTs a second of one ready page by its key."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("CREATE SCHEMA IF NOT EXISTS raw")
        conn.execute("CREATE TABLE IF NOT EXISTS raw.pages (key integer PRIMARY KEY, body bytea STORAGE EXTERNAL)")
        conn.execute("TRUNCATE raw.pages")
        conn.execute("INSERT INTO raw.pages SELECT n, %s FROM generate_series(1, 100) AS n", (body,))
        conn.execute("VACUUM ANALYZE raw.pages")
    return _pgbench(ground, url, connections, "\\set k random(1, 100)\nSELECT body FROM raw.pages WHERE key = :k;\n")


def moved(url: str, views: Sequence[str]) -> float:
    """Events a second to read the whole log as it is and write the views' finished rows: a follower without a fold."""
    with psycopg.connect(url) as conn:
        conn.execute("DROP SCHEMA IF EXISTS raw CASCADE")
        conn.execute("CREATE SCHEMA raw")
        rows = {}
        for view in views:
            conn.execute(f"CREATE TABLE raw.{view} (LIKE view.{view} INCLUDING ALL)")
            with conn.cursor() as cursor, cursor.copy(f"COPY view.{view} TO STDOUT (FORMAT binary)") as copy:
                rows[view] = [bytes(piece) for piece in copy]
        conn.commit()
        started, position, events = time.perf_counter(), 0, 0
        while batch := conn.execute(_READ, (position,), binary=True).fetchall():
            position, events = batch[-1][4], events + len(batch)
        for view, pieces in rows.items():
            with conn.cursor() as cursor, cursor.copy(f"COPY raw.{view} FROM STDIN (FORMAT binary)") as copy:
                for piece in pieces:
                    copy.write(piece)
        conn.commit()
        return events / (time.perf_counter() - started)


def looked_at(url: str) -> float:
    """Events per CPU second to read the whole log as it is and see that each body is JSON: a check without a fold."""
    with psycopg.connect(url) as conn:
        before, position, events = sum(cpu_now().values()), 0, 0
        while batch := conn.execute(_READ, (position,), binary=True).fetchall():
            position, events = batch[-1][4], events + len(batch)
            for row in batch:
                msgspec.json.decode(row[3])
        return events / (sum(cpu_now().values()) - before)


def echoes(ground: Ground, clients: int, size: int, request: str) -> float:
    """Requests a second of a bare asynchronous route in uvicorn that reads a body and answers ``size`` bytes."""
    with echoing(size) as port:
        load = Load(
            port, "POST" if request else "GET", ["/"], clients, ground.seconds, bodies=[request] * bool(request)
        )
        return under(load).rate


def _table(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("DROP SCHEMA IF EXISTS raw CASCADE")
        conn.execute("CREATE SCHEMA raw")
        conn.execute(f"CREATE TABLE raw.events (LIKE {SCHEMA}.stored_events INCLUDING ALL)")
        conn.execute("CREATE SEQUENCE raw.position")
        conn.execute("CHECKPOINT")


def _pgbench(ground: Ground, url: str, connections: int, script: str) -> float:
    file = ground.new_folder() / "script.sql"
    file.write_text(script, encoding="utf-8")
    seconds = max(1, round(ground.seconds))
    command = [
        pgbench(), "--no-vacuum", "--protocol=prepared", f"--client={connections}", f"--jobs={min(connections, 2)}",
        f"--time={seconds}", f"--file={file}",
    ]  # fmt: skip
    done = subprocess.run(command, env=libpq(url), capture_output=True, text=True, check=False, cwd="/")
    found = _TPS.search(done.stdout)
    if done.returncode or found is None:
        raise RuntimeError(f"pgbench: {done.stderr[-400:]}")
    return float(found[1])


@contextmanager
def echoing(size: int, status: int = 200) -> Iterator[int]:
    """The port of an echo server that lives as long as this lasts."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    child = subprocess.Popen([sys.executable, "-m", "tests.bench.echo", str(port), str(size), str(status)], cwd=ROOT)
    try:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.02)
        yield port
    finally:
        child.terminate()
        child.wait()
