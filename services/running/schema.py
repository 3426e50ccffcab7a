"""The database as the product needs it: roles, schemas and tables, made in numbered steps that run once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection, sql

from projections.catalogue import VIEWS
from projections.projection import create_table
from services.database.database import APP, FOLLOWER, OWNER, VAULT
from services.log.event_store import create_log

ROOMS = Path(__file__).parents[1]
_OF_THE_LOG = "003"  # steps before this one come before the log's own tables, all others after them
_SETTING_UP = "setting up"  # the step that stands while a first start is under way
_LOCK = 0x6A696E6C696E  # "jinlin": two starts at once prepare one after the other


def steps() -> tuple[list[Path], list[Path]]:
    """The steps before and after the log's own tables, in the order of their numbers: ``<room>/schema/NNN_what.sql``.

    A database remembers a step by the name of its file, which therefore never changes; the room may.
    """
    found = sorted(ROOMS.glob("*/schema/*.sql"), key=lambda path: path.name)
    return [each for each in found if each.name < _OF_THE_LOG], [each for each in found if each.name >= _OF_THE_LOG]


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
        before, after = steps()
        for step in before:
            _once(conn, step)
        create_log(url, OWNER)  # under the same lock: two that create a function at once disturb each other
        for step in after:
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


def _once(conn: "Connection[Any]", step: Path) -> None:
    with conn.transaction():
        if _stands(conn, step.name):
            return
        conn.execute(step.read_bytes())
        conn.execute("INSERT INTO jinlin.steps (name) VALUES (%s)", (step.name,))
