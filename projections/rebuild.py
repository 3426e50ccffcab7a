"""Build a view anew from the log in a table beside the one that serves, then switch: readers notice nothing."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from time import sleep
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from domain.recorded import Reading
from projections.batches import Ahead, ahead_of, take, take_or_halt
from projections.bookmarks import UNREAD, bookmarks, halt, outgrown
from projections.follow import Lend, Log
from projections.following import Following, is_away
from projections.news import EVERYWHERE, news, tell
from projections.projection import Connection, View, create_indexes, create_table
from projections.read_ahead import ReadAhead
from projections.skipped import positions_skipped, skips
from projections.views import as_following

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
        filling = _Filling(log, as_following(view, beside(view.name)), view.name, _skipped(conn, view.name), progress)
        with conn.transaction():  # a table and its position come and go together
            _make_ready(conn, view, filling.following)
        with lend() as following:
            filling.fill(following)
            _finish(conn, view)
            filling.fill(following)
            while not _switch(conn, filling):
                sleep(SWITCH_PAUSES)
                filling.fill(following)
            return filling.position


def fill_beside(
    lend: Lend, owner: Lend, log: Log, views: Iterable[View[Any]], progress: Progress = lambda done, total: None
) -> None:
    """Fill what stands beside several views in one reading of the log, where ``rebuild_view`` then goes on for each.

    A view that somebody else builds, or that cannot take in an event, is left to ``rebuild_view``, which says so.
    """
    with owner() as conn, ExitStack() as alone:
        fillings = []
        for view in views:
            with suppress(RebuildUnderWay):
                alone.enter_context(alone_beside(conn, view.name))
                with conn.transaction():
                    filling = _Filling(
                        log, as_following(view, beside(view.name)), view.name, _skipped(conn, view.name), progress
                    )
                    _make_ready(conn, view, filling.following)
                fillings.append(filling)
        with lend() as following:
            _fill_together(following, log, fillings, progress)


def _fill_together(conn: Connection, log: Log, fillings: list["_Filling"], progress: Progress) -> None:
    for filling in fillings:
        filling.look(conn)
    with closing(ReadAhead(log)) as reading_ahead:
        while fillings:
            after = min(filling.position for filling in fillings)
            reading = reading_ahead.read(after, BATCH)
            ahead = [(filling, filling.ahead(reading)) for filling in fillings]
            halted = {each.name for each in take_or_halt(conn, [each.part for _, each in ahead if each.part])}
            for filling in fillings:
                filling.look(conn)
            fillings = [each for each, its in ahead if its.halt is None and each.following.name not in halted]
            if reading.rows:
                progress(reading.last, max(reading.last, log.last_position()))
            if reading.rows < BATCH:
                return


def _skipped(conn: Connection, view: str) -> Collection[int]:
    return positions_skipped(skips(conn)).get(view, frozenset())


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


def _make_ready(conn: Connection, view: View[Any], following: Following) -> None:
    name = following.name
    if outgrown(conn, [following]):  # one that an older product left unfinished
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


class _Filling:
    """The table beside the view, and the position to which it is filled."""

    def __init__(self, log: Log, following: Following, view: str, skipped: Collection[int], progress: Progress) -> None:
        self.following = following
        self.view = view
        self.position = 0
        self._log = log
        self._skipped = skipped
        self._progress = progress

    def fill(self, conn: Connection) -> None:
        """Take in what the log has; ends also while it grows. Raises ``RebuildHalted``."""
        self.look(conn)
        with closing(ReadAhead(self._log)) as reading:
            while self._fill_on(conn, reading):
                pass

    def look(self, conn: Connection) -> None:
        """See how far it is filled."""
        self.position = _reached(conn, self.following.name)

    def ahead(self, reading: Reading) -> Ahead:
        """What there is to take in of a reading."""
        return ahead_of(self.following, reading, self.position, self._skipped)

    def _fill_on(self, conn: Connection, reading_ahead: ReadAhead) -> bool:
        """One batch; whether there may be more."""
        reading = reading_ahead.read(self.position, BATCH)
        ahead = self.ahead(reading)
        if ahead.part:
            for halted in take_or_halt(conn, [ahead.part]):
                raise RebuildHalted(self.view, halted.position, halted.because)
            self.look(conn)
        if ahead.halt:
            halt(conn, self.following, ahead.halt.position, ahead.halt.because)
            raise RebuildHalted(self.view, ahead.halt.position, ahead.halt.because)
        if reading.rows:
            self._progress(self.position, max(self.position, self._log.last_position()))
        return reading.rows == BATCH

    def take_the_rest(self, conn: Connection, until: int) -> bool:
        """As much as can be in a moment; ``False`` where it is more, or where it cannot be."""
        try:
            reading = self._log.reading(self.position, REST)
            ahead = self.ahead(reading)
            if reading.last < until or ahead.halt or ahead.part is None:
                return False
            take(conn, [ahead.part])
        except Exception as wrong:  # found and named where nobody waits
            if is_away(wrong):
                raise
            return False
        return True


def _reached(conn: Connection, name: str) -> int:
    return bookmarks(conn).get(name, UNREAD).position


def _switch(conn: Connection, filling: _Filling) -> bool:
    """Put the new table in the place of the old one; ``False`` where readers or a run of events are in the way."""
    view, built = filling.view, filling.following.name
    old = Identifier(view)
    try:
        with conn.transaction():
            # in the order in which a batch takes them: position first, then rows
            conn.execute(SQL("SET LOCAL lock_timeout = {}").format(SWITCH_WAITS))
            served = conn.execute(
                "SELECT position, halted_at FROM view.positions WHERE name = %s FOR UPDATE", (view,)
            ).fetchone()
            conn.execute(SQL("LOCK TABLE view.{} IN ACCESS EXCLUSIVE MODE").format(old))
            ran_on = served is not None and served[1] is None and served[0] > filling.position
            if served and ran_on and not filling.take_the_rest(conn, served[0]):
                return False
            _put_in_place(conn, view, built)
    except psycopg.errors.LockNotAvailable:
        return False
    return True


def _put_in_place(conn: Connection, view: str, built: str) -> None:
    """What was built serves from now on; in the transaction of whoever locked the table that served."""
    new, old = Identifier(built), Identifier(view)
    conn.execute(SQL("DROP TABLE view.{}").format(old))
    conn.execute(SQL("ALTER TABLE view.{} RENAME TO {}").format(new, old))
    conn.execute("DELETE FROM view.positions WHERE name = %s", (view,))
    conn.execute("DELETE FROM view.checked WHERE name = %s", (view,))  # these rows nobody has looked at
    conn.execute("UPDATE view.positions SET name = %s WHERE name = %s", (view, built))
    tell(conn, [news(view, _reached(conn, view), [EVERYWHERE])])


def serve_halted(owner: Lend, view: View[Any]) -> None:
    """Let what a rebuild could build before it halted take the place of rows that nobody can read any more.

    So the view stands halted like any other, and goes on once the event is skipped. Raises ``RebuildUnderWay``.
    """
    with owner() as conn, alone_beside(conn, view.name):
        _finish(conn, view)
        with conn.transaction():
            conn.execute(SQL("LOCK TABLE view.{} IN ACCESS EXCLUSIVE MODE").format(Identifier(view.name)))
            _put_in_place(conn, view.name, beside(view.name))
