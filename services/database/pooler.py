"""Sees whether a session is a session: behind a pooler that lends servers by transaction, none of ours would be."""

import psycopg

from services.database.pulse import bounded
from services.database.unsafe_server import UnsafeServer

_LENT = (
    "a connection pooler lends its servers by transaction there (as PgBouncer with pool_mode=transaction does), so"
    " notifications are not heard and locks are not held; let JINLIN_DATABASE_URL lead to PostgreSQL itself, or to a"
    " pool with pool_mode=session"
)


def check_direct(conninfo: str) -> None:
    """Raise ``UnsafeServer`` where two sessions share one server process, or one session has several in turn."""
    with (
        psycopg.connect(bounded(conninfo), autocommit=True) as ours,
        psycopg.connect(bounded(conninfo), autocommit=True) as another,
    ):
        before = _served_by(ours)
        with another.transaction():
            if _served_by(another) == before or _served_by(ours) != before:
                raise UnsafeServer(_LENT)


def check_settings_pass(refused: Exception) -> None:
    """Raise ``UnsafeServer`` where a connection was refused because it brought settings of its session along."""
    if "startup parameter" in str(refused):
        raise UnsafeServer(
            f"a connection pooler refuses the settings of a session ({str(refused).strip().splitlines()[0]}); let"
            " JINLIN_DATABASE_URL lead to PostgreSQL itself"
        ) from refused


def _served_by(conn: "psycopg.Connection[tuple[object, ...]]") -> object:
    row = conn.execute("SELECT pg_backend_pid()").fetchone()
    return row[0] if row else None
