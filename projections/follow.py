"""The follower: reads the log after each view's own position, folds, and writes rows and position in one transaction.

One reader serves all views; a lock in the database lets only one follower work, another stands by. An event that a
view cannot take in halts that view alone, until somebody lets it go on (``skip.py``).
"""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any, Protocol

import psycopg

from domain.recorded import Recorded
from projections.projection import Connection, View, fold, keyed, keys_of, read_rows, write_rows
from projections.read_ahead import ReadAhead
from projections.skipped import passing, skips

BATCH = 2_000  # events taken in at once: few enough to be visible soon, and never more than these in memory
POLL_SECONDS = 1.0
CHANNEL = "jinlin_view"  # told what a batch did to all views: [{"view", "position", "estates" whose rows changed}]
EVERYWHERE = "*"  # instead of more estates than a notice holds
MOST_TOLD = 100
LONGEST_NOTICE = 7_900  # bytes; PostgreSQL takes less than 8,000
LOG_CHANNEL = "jinlin_log"
_LEADER = 0x6A6C666F6C6C6F77  # advisory lock of the one follower that works


class Log(Protocol):
    """What a follower needs of the event log."""

    def read(self, after: int, limit: int) -> list[Recorded[Any]]: ...

    def last_position(self) -> int: ...


class Alarm(Protocol):
    """Who hears that something is wrong, and how far behind a view is."""

    def halted(self, view: str, position: int, because: str) -> None: ...

    def disturbed(self, because: str) -> None: ...

    def stands_by(self) -> None: ...

    def leads(self) -> None: ...

    def standing(self, view: str, lag: int, halted: bool) -> None: ...


Lend = Callable[[], AbstractContextManager[Connection]]
Listen = Callable[[str], Connection]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a view stands: ``halted_at`` at the event it could not take in, ``shape`` of the rows it keeps."""

    position: int = 0
    halted_at: int | None = None
    shape: str | None = None

    def follows(self, view: View[Any]) -> bool:
        """Whether the view may take in what comes next."""
        return self.halted_at is None and self.shape in (None, view.shape)


class Follower:
    """Keeps ``views`` up to date in a thread of its own between ``start`` and ``stop``."""

    def __init__(self, lend: Lend, listen: Listen, log: Log, views: Sequence[View[Any]], alarm: Alarm) -> None:
        self._lend = lend
        self._listen = listen
        self._log = log
        self._reading = ReadAhead(log)
        self._all_views = self._views = tuple(views)
        self._alarm = alarm
        self._stopping = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        self._thread = Thread(target=self._run, name="follower", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread:
            self._thread.join(timeout=5)
        self._reading.close()

    def catch_up(self) -> None:
        """Follow to the end of the log, once, without a thread."""
        with self._lend() as conn:
            self._honour_skips(conn)
            while self._step(conn):
                pass

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._lead()
            except Exception as error:  # the database is away: stand by and try again
                self._alarm.disturbed(type(error).__name__)
                self._stopping.wait(POLL_SECONDS)

    def _lead(self) -> None:
        """Become the one that works, then work until stopped or until the connection goes."""
        with self._listen(LOG_CHANNEL) as wake:
            if not self._became_leader(wake):
                return
            self._alarm.leads()
            with self._lend() as conn:
                self._honour_skips(conn)
            while not self._stopping.is_set():
                with self._lend() as conn:
                    while self._step(conn) and not self._stopping.is_set():
                        pass
                for _ in wake.notifies(timeout=POLL_SECONDS, stop_after=1):
                    pass

    def _became_leader(self, wake: Connection) -> bool:
        """Wait until no other leads; ``False`` when stopped meanwhile. The lock goes with the process."""
        told = False
        while not self._stopping.is_set():
            leading = wake.execute("SELECT pg_try_advisory_lock(%s)", (_LEADER,)).fetchone()
            if leading and leading[0]:
                return True
            if not told:
                self._alarm.stands_by()
                told = True
            self._stopping.wait(POLL_SECONDS)
        return False

    def _honour_skips(self, conn: Connection) -> None:
        """What is skipped later lies behind: the view was moved past it."""
        self._views = passing(self._all_views, skips(conn))

    def _step(self, conn: Connection) -> bool:
        """Take one batch into every view that wants it; whether there may be more."""
        standings = standings_of(conn)
        following = [view for view in self._views if standings.get(view.name, _NEW).follows(view)]
        if not following:
            return False
        after = min(standings.get(view.name, _NEW).position for view in following)
        batch = self._reading.read(after, BATCH)
        parts = [
            Part(view, view.name, rest)
            for view in following
            if (rest := [each for each in batch if each.position > standings.get(view.name, _NEW).position])
        ]
        try:
            with conn.transaction():  # one commit for all of them
                _apply(conn, parts)
        except psycopg.OperationalError:
            raise
        except Exception:  # one of them cannot: each for itself, so that the others go on
            for part in parts:
                self._take(conn, part.view, part.batch)
        more = len(batch) == BATCH
        newest = self._log.last_position() if more or not batch else batch[-1].position
        for name, standing in standings_of(conn).items():
            self._alarm.standing(name, max(0, newest - standing.position), standing.halted_at is not None)
        return more

    def _take(self, conn: Connection, view: View[Any], batch: Sequence[Recorded[Any]]) -> None:
        """A batch into one view; the event that it cannot take in halts it."""
        try:
            take(conn, view, view.name, batch)
        except psycopg.OperationalError:
            raise
        except Exception as error:
            if len(batch) > 1:  # find the event that it is: the ones before it go in
                half = len(batch) // 2
                self._take(conn, view, batch[:half])
                if standings_of(conn)[view.name].halted_at is None:
                    self._take(conn, view, batch[half:])
                return
            conn.execute(
                "INSERT INTO view.positions (name, position, shape, halted_at, halted_because)"
                " VALUES (%s, %s, %s, %s, %s)"
                " ON CONFLICT (name) DO UPDATE"
                " SET halted_at = excluded.halted_at, halted_because = excluded.halted_because",
                (view.name, batch[0].position - 1, view.shape, batch[0].position, type(error).__name__),
            )
            self._alarm.halted(view.name, batch[0].position, type(error).__name__)


_NEW = Standing()


def standings_of(conn: Connection) -> dict[str, Standing]:
    rows = conn.execute("SELECT name, position, halted_at, shape FROM view.positions")
    return {name: Standing(position, halted, shape) for name, position, halted, shape in rows}


@dataclass(frozen=True, slots=True)
class Part:
    """What of a batch one view has still to take in, into ``table``."""

    view: View[Any]
    table: str
    batch: Sequence[Recorded[Any]]


def take(conn: Connection, view: View[Any], table: str, batch: Sequence[Recorded[Any]]) -> None:
    """Rows and position of one batch in one transaction."""
    with conn.transaction():
        _apply(conn, [Part(view, table, batch)])


def _apply(conn: Connection, parts: Sequence[Part]) -> None:
    """Rows and positions, in the caller's transaction; a part that another follower took changes nothing."""
    moved = _moved(conn, parts) if parts else set()
    news = []
    for part in parts:
        if part.table not in moved:
            continue
        touching = keyed(part.view, part.batch)
        keys = keys_of(touching)
        estates: set[str] = set()
        if keys:
            folded = fold(part.view, read_rows(conn, part.view, part.table, keys), touching)
            write_rows(conn, part.view, part.table, folded)
            estates = {estate for row, _ in folded.written.values() for estate in part.view.estates(row)}
        last = part.batch[-1].position
        told = sorted(estates) if len(estates) <= MOST_TOLD else [EVERYWHERE]
        news.append(_news(part.table, last, told))
    if news:
        _notify(conn, news)


def _moved(conn: Connection, parts: Sequence[Part]) -> set[str]:
    """Move the positions to the ends of the parts; answers the tables whose rows stood where their part begins."""
    rows = conn.execute(
        "INSERT INTO view.positions AS p (name, position, shape)"
        " SELECT * FROM unnest(%b::text[], %b::bigint[], %b::text[])"
        " ON CONFLICT (name) DO UPDATE SET position = excluded.position"
        " WHERE p.shape = excluded.shape AND p.position < (SELECT first"
        " FROM unnest(%b::text[], %b::bigint[]) AS begins (name, first) WHERE begins.name = excluded.name)"
        " RETURNING name",
        (
            [part.table for part in parts],
            [part.batch[-1].position for part in parts],
            [part.view.shape for part in parts],
            [part.table for part in parts],
            [part.batch[0].position for part in parts],
        ),
    )
    return {name for (name,) in rows}


def somebody_leads(conn: Connection) -> bool:
    """Whether a follower works on this database, in whatever process."""
    row = conn.execute(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
        " AND classid = (%(key)s::bigint >> 32)::oid AND objid = (%(key)s::bigint & 4294967295)::oid"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
        {"key": _LEADER},
    ).fetchone()
    return bool(row and row[0])


def outgrown(conn: Connection, views: Sequence[View[Any]]) -> list[View[Any]]:
    """Views whose kept rows have another shape than the product's: an upgrade changed their fields."""
    standings = standings_of(conn)
    return [view for view in views if standings.get(view.name, _NEW).shape not in (None, view.shape)]


def tell(conn: Connection, view: str, position: int, estates: Sequence[str]) -> None:
    """Say that a view has reached ``position``, to those who wait for it and to pages that show ``estates``."""
    _notify(conn, [_news(view, position, estates)])


def _news(view: str, position: int, estates: Sequence[str]) -> str:
    return json.dumps({"view": view, "position": position, "estates": list(estates)})


def _notify(conn: Connection, news: Sequence[str]) -> None:
    """As few notices as hold it all: who listens is woken by each."""
    notices = [news[0]]
    for each in news[1:]:
        together = f"{notices[-1]},{each}"
        if len(together) <= LONGEST_NOTICE:
            notices[-1] = together
        else:
            notices.append(each)
    said = [f"[{notice}]" for notice in notices]
    conn.execute("SELECT pg_notify(%s, said) FROM unnest(%s::text[]) AS said", (CHANNEL, said))
