"""Build a view anew from the log in a table beside the one that serves, then switch: readers notice nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from time import sleep
from typing import Any, NoReturn

import psycopg
from psycopg.sql import SQL, Identifier

from domain.recorded import Recorded
from projections.follow import EVERYWHERE, Lend, Log, outgrown, take, tell
from projections.projection import Connection, View, create_indexes, create_table
from projections.read_ahead import ReadAhead
from projections.skipped import passing, skips

BATCH = 10_000  # events
REST = 2_000  # events that are taken in while readers wait
BESIDE = "__new"
LOCK_WAITS = "1s"
SWITCH_WAITS = "100ms"  # for readers that are under way; whoever comes meanwhile waits behind the switch
SWITCH_PAUSES = 0.2  # seconds, then it tries again

_LOCK = 0x6A6C5242  # advisory lock of whoever changes what stands beside a view, with the view's hash

Progress = Callable[[int, int], None]


class RebuildUnderWay(Exception):
    """Somebody else builds the view anew just now."""

    def __init__(self, view: str) -> None:
        super().__init__(f"view {view} is being built anew already")


class RebuildHalted(Exception):
    """The view cannot take in the event at ``position``; ``because`` is the error's type. The old view serves on."""

    def __init__(self, view: str, position: int, because: str) -> None:
        super().__init__(f"view {view} cannot take in the event at position {position} ({because})")
        self.view = view
        self.position = position
        self.because = because


def rebuild_view(
    lend: Lend, owner: Lend, log: Log, view: View[Any], progress: Progress = lambda done, total: None
) -> int:
    """Build ``view`` anew and switch in one transaction. Answers the position reached.

    ``owner`` lends connections that may create and drop tables; ``progress`` hears the position reached and the log's.
    Interrupted, the next call goes on where it stopped. Raises ``RebuildUnderWay``, ``RebuildHalted``.
    """
    with owner() as conn, alone_beside(conn, view.name):
        (folded,) = passing([view], skips(conn))
        with conn.transaction():  # a table and its position come and go together
            _make_ready(conn, view)
        with lend() as following:
            _fill(following, log, folded, progress)
            _finish(conn, view)
            position = _fill(following, log, folded, progress)
            while not _switch(conn, log, folded, position):
                sleep(SWITCH_PAUSES)
                position = _fill(following, log, folded, progress)
    return position


def beside(view: str) -> str:
    """The table, and the row of ``view.positions``, in which a view is built anew."""
    return view + BESIDE


@contextmanager
def alone_beside(conn: Connection, view: str) -> Iterator[None]:
    """Nobody else builds this view anew or changes what it skips. Raises ``RebuildUnderWay``."""
    try:
        with conn.transaction():  # one that was killed holds its lock for a moment longer
            conn.execute(SQL("SET LOCAL lock_timeout = {}").format(LOCK_WAITS))
            conn.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", (_LOCK, view))
    except psycopg.errors.LockNotAvailable:
        raise RebuildUnderWay(view) from None
    try:
        yield
    finally:
        with suppress(psycopg.OperationalError):  # the lock went with the connection
            conn.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", (_LOCK, view))


def rebuilding(conn: Connection, views: Iterable[str]) -> set[str]:
    """Which of the views somebody builds anew just now, in whatever process."""
    rows = conn.execute(
        "SELECT name FROM unnest(%s::text[]) AS v (name)"
        " JOIN pg_locks l ON l.objid = (hashtext(name)::bigint & 4294967295)::oid"
        " WHERE l.locktype = 'advisory' AND l.classid = %s::bigint::oid AND l.objsubid = 2 AND l.granted"
        " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        (list(views), _LOCK),
    )
    return {name for (name,) in rows}


def _make_ready(conn: Connection, view: View[Any]) -> None:
    name = beside(view.name)
    if outgrown(conn, [replace(view, name=name)]):  # one that an older product left unfinished
        conn.execute(SQL("DROP TABLE view.{}").format(Identifier(name)))
        conn.execute("DELETE FROM view.positions WHERE name = %s", (name,))
    conn.execute("UPDATE view.positions SET halted_at = NULL, halted_because = NULL WHERE name = %s", (name,))
    create_table(conn, view, name, indexed=False)


def _finish(conn: Connection, view: View[Any]) -> None:
    """Indexes over all rows at once cost far less than row by row; with figures on them plans are as good as before."""
    name = beside(view.name)
    indexes = conn.execute("SELECT count(*) FROM pg_indexes WHERE schemaname = 'view' AND tablename = %s", (name,))
    if indexes.fetchone() == (1,):  # that of the keys
        with conn.transaction():
            create_indexes(conn, view, name)
    conn.execute(SQL("ANALYZE view.{}").format(Identifier(name)))


def _fill(conn: Connection, log: Log, view: View[Any], progress: Progress) -> int:
    """Take in what the log has; ends also while it grows."""
    name = beside(view.name)
    position = _reached(conn, name)
    with closing(ReadAhead(log)) as reading:
        while batch := reading.read(position, BATCH):
            try:
                take(conn, view, name, batch)
                position = batch[-1].position
            except psycopg.OperationalError:
                raise
            except Exception:
                _halt_where_it_must(conn, view, batch)
                position = _reached(conn, name)
            progress(position, max(position, log.last_position()))
            if len(batch) < BATCH:
                break
    return position


def _reached(conn: Connection, name: str) -> int:
    row = conn.execute("SELECT position FROM view.positions WHERE name = %s", (name,)).fetchone()
    return int(row[0]) if row else 0


def _halt_where_it_must(conn: Connection, view: View[Any], batch: Sequence[Recorded[Any]]) -> None:
    """One of them cannot be taken in: up to there it goes, and there the rebuild halts."""
    name = beside(view.name)
    while batch:
        half = batch[: (len(batch) + 1) // 2]
        try:
            take(conn, view, name, half)
        except psycopg.OperationalError:
            raise
        except Exception as error:
            if len(half) == 1:
                _halt(conn, view, half[0].position, type(error).__name__)
            batch = half
        else:
            batch = batch[len(half) :]


def _halt(conn: Connection, view: View[Any], position: int, because: str) -> NoReturn:
    conn.execute(
        "INSERT INTO view.positions (name, position, shape, halted_at, halted_because) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (name) DO UPDATE SET halted_at = excluded.halted_at, halted_because = excluded.halted_because",
        (beside(view.name), position - 1, view.shape, position, because),
    )
    raise RebuildHalted(view.name, position, because)


def _switch(conn: Connection, log: Log, view: View[Any], position: int) -> bool:
    """Put the new table in the place of the old one; ``False`` where readers or a run of events are in the way."""
    new, old = Identifier(beside(view.name)), Identifier(view.name)
    try:
        with conn.transaction():
            # in the order in which a batch takes them: position first, then rows
            conn.execute(SQL("SET LOCAL lock_timeout = {}").format(SWITCH_WAITS))
            served = conn.execute(
                "SELECT position, halted_at FROM view.positions WHERE name = %s FOR UPDATE", (view.name,)
            ).fetchone()
            conn.execute(SQL("LOCK TABLE view.{} IN ACCESS EXCLUSIVE MODE").format(old))
            ran_on = served is not None and served[1] is None and served[0] > position
            if served and ran_on and not _take_the_rest(conn, log, view, position, served[0]):
                return False
            conn.execute(SQL("DROP TABLE view.{}").format(old))
            conn.execute(SQL("ALTER TABLE view.{} RENAME TO {}").format(new, old))
            conn.execute("DELETE FROM view.positions WHERE name = %s", (view.name,))
            conn.execute("UPDATE view.positions SET name = %s WHERE name = %s", (view.name, beside(view.name)))
            tell(conn, view.name, _reached(conn, view.name), [EVERYWHERE])
    except psycopg.errors.LockNotAvailable:
        return False
    return True


def _take_the_rest(conn: Connection, log: Log, view: View[Any], position: int, until: int) -> bool:
    """As much as can be in a moment; ``False`` where it is more."""
    rest = log.read(position, REST)
    if rest[-1].position < until:
        return False
    conn.execute("SET LOCAL ROLE jinlin_follower")
    try:
        take(conn, view, beside(view.name), rest)
    except psycopg.OperationalError:
        raise
    except Exception:  # found and named where nobody waits
        return False
    conn.execute("SET LOCAL ROLE jinlin_owner")
    return True
