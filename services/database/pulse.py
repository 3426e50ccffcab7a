"""The pulse of the database: whether it answers, and an end to every wait for one that has fallen silent.

A server that is stopped, or a network that swallows what is sent, says nothing: no error comes, and the driver waits
for ever. So a thread asks the server for a sign of life twice a second, on a connection of its own. When none came for
``SILENCE`` seconds, it shuts the sockets of all connections: whoever waits on one hears at once that it is lost, and
nobody begins a new wait until the server answers again. A single connection whose question or answer got lost on the
way, while the server lives, is found by asking the server what it is doing.
"""

import select
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from os import dup
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any, TypeVar
from weakref import WeakSet

import psycopg
import structlog
from psycopg import Connection
from psycopg.abc import PQGen
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool

log = structlog.get_logger()

RV = TypeVar("RV")
Row = tuple[Any, ...]

EVERY = 0.5  # seconds between two signs of life
SILENCE = 2.0  # seconds without one after which nobody waits any longer
LOST_AFTER = 3.0  # seconds that somebody waits before the server is asked whether it is at it at all
CONNECT_SECONDS = 2  # for a server to take a connection; the driver knows no shorter time
UNACKNOWLEDGED = 4_000  # milliseconds after which a network is gone that does not acknowledge what was sent
_GLANCE = 0.1  # seconds; what a look took longer was this machine's own delay, and no silence of the server

_DONE = (
    "SELECT pid FROM pg_stat_activity WHERE pid IN ({pids}) AND state LIKE 'idle%'"
    " AND state_change < statement_timestamp() - interval '1 second'"
)


class Silent(psycopg.OperationalError):
    """The database has not answered for some seconds; nothing was asked of it."""


class Watched(Connection[Any]):
    """A connection that says since when somebody waits for its answer. It costs the one who waits next to nothing."""

    waits_since: float | None = None

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        if timeout is not None:  # who waits for news may well hear none
            return super().wait(gen, interval, timeout)
        self.waits_since = monotonic()
        try:
            return super().wait(gen, interval)
        finally:
            self.waits_since = None


class Pulse:
    """``silent`` says that nobody should wait for the server of ``url``."""

    def __init__(self, url: str) -> None:
        self.silent = False
        self.latency = 0.0  # seconds of the last sign of life
        self._url = make_conninfo(
            url, application_name="jinlin pulse", connect_timeout=CONNECT_SECONDS, tcp_user_timeout=UNACKNOWLEDGED
        )
        self._watched: WeakSet[Connection[Any]] = WeakSet()
        self._lock = Lock()
        self._pools: list[ConnectionPool[Any]] = []
        self._waited = 0.0
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="pulse", daemon=True)
        self._thread.start()

    @property
    def beats(self) -> bool:
        """Whether the server has just given a sign of life."""
        return not self.silent and self._waited < EVERY

    def pools(self) -> list[ConnectionPool[Any]]:
        """Those over which it watches."""
        with self._lock:
            return list(self._pools)

    def must_beat(self) -> None:
        """Raises ``Silent`` where waiting would be in vain."""
        if self.silent:
            raise Silent("the database does not answer")

    def watching(self) -> type[Connection[Any]]:
        """The class of connections over which this pulse watches."""
        pulse = self

        class OfThisPulse(Watched):
            @classmethod
            def connect(cls, conninfo: str = "", **how: Any) -> Any:
                conn = super().connect(conninfo, **how)
                pulse.watch(conn)
                return conn

        return OfThisPulse

    def watch(self, conn: Connection[Any]) -> None:
        """End the waits on this connection when the server falls silent."""
        with self._lock:
            self._watched.add(conn)

    def watch_pool(self, pool: ConnectionPool[Any]) -> None:
        """Throw its connections away when the server falls silent: they lead nowhere, and each would be tried."""
        with self._lock:
            self._pools.append(pool)

    def close(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=SILENCE)

    # -- the thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._connected()
            except Exception as broken:  # the thread must not end: what it said last would hold for ever
                log.error("pulse_disturbed", exc_info=broken)
                self._stopping.wait(EVERY)

    def _connected(self) -> None:
        """Connect and ask until the connection is gone, or find out that nobody is there."""
        began = monotonic()
        try:
            conn = psycopg.connect(self._url, autocommit=True)
        except (psycopg.Error, OSError):
            self._waits(min(monotonic() - began, CONNECT_SECONDS))
            self._stopping.wait(EVERY if self.silent else _GLANCE)
        else:
            with closing(conn):
                self._beat(conn)

    def _beat(self, conn: Connection[Any]) -> None:
        """Ask on this connection until it is gone."""
        with suppress(psycopg.Error, OSError):
            while not self._stopping.is_set():
                self._ask(conn, b"SELECT 1")
                self._look_after(conn)
                self._stopping.wait(EVERY)
        self._stopping.wait(_GLANCE)

    def _ask(self, conn: Connection[Any], question: bytes) -> list[bytes]:
        """The first column of the answer. Raises what says that the connection is gone, ``Silent`` if nothing does."""
        pgconn, began, waited = conn.pgconn, monotonic(), 0.0
        found: list[bytes] = []
        pgconn.send_query(question)
        while True:
            while pgconn.is_busy():
                looked, unsent = monotonic(), pgconn.flush()
                if _is_ready(pgconn.socket, select.POLLIN | (select.POLLOUT if unsent else 0), _GLANCE):
                    pgconn.consume_input()
                    continue
                glance = min(monotonic() - looked, 3 * _GLANCE)
                waited += glance
                self._waits(glance)
                if waited >= SILENCE or self._stopping.is_set():
                    raise Silent("the database does not answer")
            result = pgconn.get_result()
            if result is None:
                break
            found += [result.get_value(row, 0) or b"" for row in range(result.ntuples)]
        self.latency, self._waited = monotonic() - began, 0.0
        self._turns(False)
        return found

    def _waits(self, seconds: float) -> None:
        self._waited += seconds
        if self._waited >= SILENCE:
            self._turns(True)

    def _turns(self, silent: bool) -> None:
        if self.silent is silent:
            return
        self.silent = silent
        if not silent:
            return
        self._abandon(self._all())
        for pool in self._pools:
            if not pool.closed:
                pool.drain()

    # -- whoever waits in vain -----------------------------------------------------------------------------------

    def _all(self) -> list[Connection[Any]]:
        with self._lock:
            return [conn for conn in self._watched if not conn.closed]

    def _look_after(self, conn: Connection[Any]) -> None:
        """Shut the connections on which somebody waits while the server is done with them: the answer got lost."""
        now = monotonic()
        waits = {
            each.info.backend_pid: each
            for each in self._all()
            if isinstance(each, Watched) and each.waits_since is not None and now - each.waits_since > LOST_AFTER
        }
        if not waits:
            return
        since = {pid: each.waits_since for pid, each in waits.items()}
        idle = map(int, self._ask(conn, _DONE.format(pids=",".join(map(str, waits))).encode()))
        self._abandon([waits[pid] for pid in idle if waits[pid].waits_since == since[pid] and _is_dry(waits[pid])])

    def _abandon(self, connections: list[Connection[Any]]) -> None:
        for conn in connections:
            with suppress(psycopg.Error, OSError):
                fd = conn.pgconn.socket
                with socket.socket(fileno=dup(fd)) as its:
                    if conn.pgconn.socket == fd:  # it was this connection's all the while, and no other file's
                        its.shutdown(socket.SHUT_RDWR)


def _is_ready(socket: int, what: int, seconds: float) -> bool:
    """Whether the socket is ready for ``what`` within so many seconds, or broken; of however many there are."""
    waiting = select.poll()
    waiting.register(socket, what)
    return bool(waiting.poll(seconds * 1000))


def _is_dry(conn: Connection[Any]) -> bool:
    """Whether nothing has come on it that whoever waits had no time yet to read."""
    with suppress(psycopg.Error, OSError):
        return not _is_ready(conn.pgconn.socket, select.POLLIN, 0)
    return False


def bounded(address: str) -> str:
    """That nobody answers there is heard within a bound."""
    return make_conninfo(address, connect_timeout=CONNECT_SECONDS, tcp_user_timeout=UNACKNOWLEDGED)


@contextmanager
def alone(address: str) -> Iterator[Connection[Any]]:
    """A connection that belongs to no pool, for as long as this lasts; no wait on it outlasts the server's silence."""
    with closing(Pulse(address)) as pulse, pulse.watching().connect(bounded(address), autocommit=True) as conn:
        yield conn
