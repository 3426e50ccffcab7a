"""The database as the product needs it: roles, schemas and tables, made in numbered steps that run once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection, sql

from projections.catalogue import VIEWS
from projections.projection import create_table
from services.database import APP, FOLLOWER, OWNER, VAULT
from services.event_log import create_log

HERE = Path(__file__).parent
STEPS = ("001_ground.sql", "002_access.sql")
LOG_STEPS = (  # once the log's own tables are there
    "003_log_rights.sql",
    "004_new_keys.sql",
    "005_snapshots.sql",
    "006_skipped.sql",
    "007_notebook_imports.sql",
    "008_register.sql",
    "009_statements.sql",
    "010_bill_runs.sql",
    "011_register_imports.sql",
    "020_register_search.sql",
)
_SETTING_UP = "setting up"  # the step that stands while a first start is under way
_LOCK = 0x6A696E6C696E  # "jinlin": two starts at once prepare one after the other


def prepare(url: str) -> None:
    """Bring the database up to date; does nothing where all is there. ``url`` must be allowed to create roles."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        _roles(conn)
        conn.execute("CREATE SCHEMA IF NOT EXISTS jinlin")
        conn.execute(
            "CREATE TABLE IF NOT EXISTS jinlin.steps (name text PRIMARY KEY, done_at timestamptz DEFAULT now())"
        )
        if _stands(conn, _SETTING_UP):
            _start_over(conn)
        for step in STEPS:
            _once(conn, step)
        create_log(url, OWNER)  # under the same lock: two that create a function at once disturb each other
        for step in LOG_STEPS:
            _once(conn, step)
        with conn.transaction():
            conn.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
            for view in VIEWS:
                create_table(conn, view)


@contextmanager
def setting_up(url: str) -> Iterator[None]:
    """What a first start puts in here is there whole; if it is cut short, the next ``prepare`` begins anew.

    The mark is in the database, so that nothing told after its end can become durable before it is gone.
    """
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        conn.execute("INSERT INTO jinlin.steps (name) VALUES (%s)", (_SETTING_UP,))
        yield
        conn.execute("DELETE FROM jinlin.steps WHERE name = %s", (_SETTING_UP,))


def _start_over(conn: "Connection[Any]") -> None:
    with conn.transaction():
        conn.execute("DROP SCHEMA IF EXISTS log, view, vault, access CASCADE")
        conn.execute("DELETE FROM jinlin.steps")


def _stands(conn: "Connection[Any]", step: str) -> bool:
    return conn.execute("SELECT 1 FROM jinlin.steps WHERE name = %s", (step,)).fetchone() is not None


def _roles(conn: "Connection[Any]") -> None:
    for role in (OWNER, APP, FOLLOWER, VAULT):
        found = conn.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
        if found is None:
            conn.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
        member = conn.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        if member and not member[0]:
            conn.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))


def _once(conn: "Connection[Any]", step: str) -> None:
    with conn.transaction():
        if _stands(conn, step):
            return
        conn.execute((HERE / "schema_steps" / step).read_bytes())
        conn.execute("INSERT INTO jinlin.steps (name) VALUES (%s)", (step,))
