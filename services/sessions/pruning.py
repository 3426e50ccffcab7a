"""What nobody needs any more of sessions, tries and browsers goes by itself, and a session that is over stays over."""

from datetime import datetime, timedelta

from psycopg.sql import SQL, Identifier

from services.database.database import Database
from services.sessions import devices, journal, throttle
from services.sessions.journal import AccountAct
from services.sessions.place import Place

ENDED_KEPT = timedelta(days=30)  # a session after its end
_AT_ONCE = 5_000  # rows, so that no statement lasts
_PAST_USE = (
    ("sessions", "ended_at", ENDED_KEPT),
    ("attempts", "last_at", throttle.REMEMBERED),
    ("devices", "seen_at", devices.KEPT),
    ("journal", "at", journal.KEPT),
)


def end_what_is_over(database: Database, at: datetime, now: datetime, idle: timedelta, absolute: timedelta) -> int:
    """Put on record that sessions have run out by ``now``, whatever the clock says later; how many.

    ``at`` is the clock's own time, for people to read.
    """
    with database.app.connection() as conn, conn.transaction():
        over = conn.execute(
            "UPDATE access.sessions SET ended_at = %s WHERE ended_at IS NULL AND (seen_at < %s OR made_at < %s)"
            " RETURNING username, address, agent",
            (now, now - idle, now - absolute),
        ).fetchall()
        for username, *place in over:
            journal.write(conn, at, AccountAct.RAN_OUT, username, place=Place(*place))
    return len(over)


def prune(database: Database, now: datetime) -> int:
    """Delete what is past use; how many rows."""
    return sum(_delete(database, table, column, now - kept) for table, column, kept in _PAST_USE)


def _delete(database: Database, table: str, column: str, before: datetime) -> int:
    statement = SQL(
        "DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE {column} < %s LIMIT {most}))"
    ).format(table=Identifier("access", table), column=Identifier(column), most=_AT_ONCE)
    gone = 0
    while True:
        with database.app.connection() as conn:
            done = conn.execute(statement, (before,)).rowcount
        gone += done
        if done < _AT_ONCE:
            return gone
