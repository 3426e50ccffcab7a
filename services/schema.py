"""The database as the product needs it: roles, schemas and tables, made in numbered steps that run once."""

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
        for step in STEPS:
            _once(conn, step)
    create_log(url, OWNER)
    with psycopg.connect(url, autocommit=True) as conn:
        _once(conn, "003_log_rights.sql")
        with conn.transaction():
            conn.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
            for view in VIEWS:
                create_table(conn, view)


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
        if conn.execute("SELECT 1 FROM jinlin.steps WHERE name = %s", (step,)).fetchone():
            return
        conn.execute((HERE / "schema_steps" / step).read_bytes())
        conn.execute("INSERT INTO jinlin.steps (name) VALUES (%s)", (step,))
