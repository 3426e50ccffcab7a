"""The follower: reads the log after each following's own position and lets it take in what is there.

Every group of followings has a thread, a leader and a reading of the log of its own, so that a slow one delays no
other. A lock in the database lets only one process lead a group, others stand by. An event that a following cannot
take in halts that following alone, until somebody lets it go on (``skip.py``); one that nobody can read halts those
that may need it.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from threading import Event, Thread
from time import monotonic
from typing import Protocol

from domain.recorded import Reading, Unread
from projections.batches import Ahead, Halted, ahead_of, halted_at, take_or_halt
from projections.bell import Bell
from projections.bookmarks import UNREAD, Bookmark, bookmarks
from projections.following import Following, Group
from projections.news import LOG_CHANNEL
from projections.projection import Connection
from projections.read_ahead import ReadAhead
from projections.skipped import positions_skipped, skips

POLL_SECONDS = 1.0
STOP_SECONDS = 5.0  # for all groups together to end what they are about


class Log(Protocol):
    """What a follower needs of the event log."""

    def reading(self, after: int, limit: int) -> Reading: ...

    def last_position(self) -> int: ...


class Alarm(Protocol):
    """Who hears how the followings of this process are."""

    def leads(self, group: str) -> None: ...

    def stands_by(self, group: str) -> None: ...

    def disturbed(self, group: str, because: str) -> None: ...

    def halted(self, following: str, position: int, because: str) -> None: ...

    def lags(self, following: str, events: int) -> None: ...


Lend = Callable[[], AbstractContextManager[Connection]]
Listen = Callable[[str], Connection]


class Follower:
    """Keeps all ``groups`` up to date between ``start`` and ``stop``. Each has a connection of ``lend`` while it works.

    Raises ``ValueError`` where two followings go by one name: they would share a bookmark.
    """

    def __init__(self, lend: Lend, listen: Listen, log: Log, groups: Sequence[Group], alarm: Alarm) -> None:
        self.groups = tuple(groups)
        names = Counter(following.name for group in self.groups for following in group.followings)
        twice = [name for name, count in names.items() if count > 1]
        if twice:
            raise ValueError(f"several followings are called {', '.join(twice)}")
        self._workers = [_Worker(lend, listen, log, group, alarm) for group in self.groups]

    def start(self) -> None:
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        until = monotonic() + STOP_SECONDS
        for worker in self._workers:
            worker.ask_to_stop()
        for worker in self._workers:
            worker.join(max(0.0, until - monotonic()))

    def catch_up(self) -> None:
        """Follow to the end of the log, once, one group after the other, without a thread."""
        for worker in self._workers:
            worker.catch_up()


class _Worker:
    """Keeps one group up to date."""

    def __init__(self, lend: Lend, listen: Listen, log: Log, group: Group, alarm: Alarm) -> None:
        self._lend = lend
        self._listen = listen
        self._log = log
        self._reading = ReadAhead(log)
        self._group = group
        self._alarm = alarm
        self._stopping = Event()
        self._bell = Bell()
        self._thread: Thread | None = None

    def start(self) -> None:
        self._thread = Thread(target=self._run, name=f"follower of {self._group.name}", daemon=True)
        self._thread.start()

    def ask_to_stop(self) -> None:
        self._stopping.set()
        self._bell.ring()

    def join(self, seconds: float) -> None:
        if self._thread:
            self._thread.join(seconds)
        self._reading.close()

    def catch_up(self) -> None:
        with self._lend() as conn:
            while self._step(conn):
                pass

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._lead()
            except Exception as error:  # something is away: stand by and try again
                self._alarm.disturbed(self._group.name, type(error).__name__)
                self._stopping.wait(POLL_SECONDS)

    def _lead(self) -> None:
        """Become the one that works, then work until stopped or until the connection goes."""
        with self._listen(LOG_CHANNEL) as wake:
            if not self._became_leader(wake):
                return
            self._alarm.leads(self._group.name)
            while not self._stopping.is_set():
                with self._lend() as conn:
                    while self._step(conn) and not self._stopping.is_set():
                        pass
                if not self._bell.notices(wake, POLL_SECONDS):
                    wake.execute("SELECT 1")  # whether it still hears, and the lock is still held

    def _became_leader(self, wake: Connection) -> bool:
        """Wait until no other leads; ``False`` when stopped meanwhile. The lock goes with the process."""
        waits = False
        while not self._stopping.is_set():
            leading = wake.execute("SELECT pg_try_advisory_lock(%s)", (_lock(self._group.name),)).fetchone()
            if leading and leading[0]:
                return True
            if not waits:
                self._alarm.stands_by(self._group.name)
                waits = True
            self._stopping.wait(POLL_SECONDS)
        return False

    def _step(self, conn: Connection) -> bool:
        """One batch into every following that wants it; whether there may be more."""
        marks = bookmarks(conn)
        going_on = [each for each in self._group.followings if marks.get(each.name, UNREAD).lets(each)]
        if not going_on:
            self._tell_lags(self._log.last_position(), marks)
            return False
        after = min(marks.get(each.name, UNREAD).position for each in going_on)
        reading = self._reading.read(after, self._group.batch)
        ahead = self._ahead(conn, going_on, marks, reading)
        self._report(take_or_halt(conn, [each.part for each in ahead.values() if each.part]))
        marks = bookmarks(conn)
        stopped = [(following, each.halt) for following, each in ahead.items() if each.halt]
        if stopped:
            self._halt(conn, stopped, marks)
            marks = bookmarks(conn)
        more = reading.rows == self._group.batch
        self._tell_lags(self._log.last_position() if more or not reading.rows else reading.last, marks)
        return more

    def _ahead(
        self, conn: Connection, followings: Iterable[Following], marks: dict[str, Bookmark], reading: Reading
    ) -> dict[Following, Ahead]:
        """What each has still to take in of a reading."""
        skipped = positions_skipped(skips(conn)) if reading.rows else {}
        return {
            each: ahead_of(
                each, reading, marks.get(each.name, UNREAD).position, skipped.get(each.name, frozenset())
            )
            for each in followings
        }  # fmt: skip

    def _halt(self, conn: Connection, stopped: Iterable[tuple[Following, Unread]], marks: dict[str, Bookmark]) -> None:
        """Each that has come to what nobody can read, and may need it, halts there."""
        halts = []
        for each, unread in stopped:
            mark = marks.get(each.name, UNREAD)
            if mark.lets(each) and mark.position == unread.position - 1:
                halts.append(halted_at(conn, each, unread.position, unread.because))
        self._report([each for each in halts if each])

    def _tell_lags(self, newest: int, marks: dict[str, Bookmark]) -> None:
        for each in self._group.followings:
            self._alarm.lags(each.name, max(0, newest - marks.get(each.name, UNREAD).position))

    def _report(self, halts: Iterable[Halted]) -> None:
        for each in halts:
            self._alarm.halted(each.name, each.position, each.because)


def led(conn: Connection, groups: Iterable[str]) -> set[str]:
    """Which of the groups somebody leads, in whatever process."""
    locks = {_lock(group): group for group in groups}
    rows = conn.execute(
        "SELECT wanted FROM unnest(%s::bigint[]) AS wanted WHERE EXISTS (SELECT FROM pg_locks"
        " WHERE locktype = 'advisory' AND granted AND objsubid = 1"
        " AND classid = ((wanted >> 32) & 4294967295)::oid AND objid = (wanted & 4294967295)::oid"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
        (list(locks),),
    )
    return {locks[lock] for (lock,) in rows}


def _lock(group: str) -> int:
    """The advisory lock of whoever leads the group."""
    return int.from_bytes(hashlib.sha256(f"jinlin follows {group}".encode()).digest()[:8], "big", signed=True)
