"""The one owner of connections: which login they are, how long they may take, and whose estates they may see."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Literal
from psycopg_pool import ConnectionPool

from projections.projection import seen_from_outside
from services.database.logins import Login, Logins
from services.database.pulse import Pulse, alone, bounded
from services.threads.waiting import about_to_wait

Row = tuple[Any, ...]

SEARCH_PATH = "view,pg_temp"  # tables that a transaction makes for itself never stand before the views
SETTINGS = f"-c search_path={SEARCH_PATH}"
_TIMEOUTS = "-c statement_timeout=15s -c lock_timeout=4s"
ANY_ESTATE = ("*",)  # no estate is called so
LEND_SECONDS = 3.0  # to wait for a connection that is free
RECONNECT_SECONDS = 1.0  # of trying again in the background; then whoever wants a connection tries
IDLE_SECONDS = 15.0  # for so long a transaction may stand still before the server ends its session
# a machine that is gone says no goodbye: both sides find out within seconds, and the leader's lock goes with it
_NOTICED_SOON = "-c tcp_keepalives_idle=3 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3"
_NOTICING_SOON: dict[str, Any] = {"keepalives_idle": 3, "keepalives_interval": 1, "keepalives_count": 3}

RUNNING = (Login.WEB, Login.FOLLOWER, Login.VAULT)  # what a process needs that serves people
WEB_SIZE, VAULT_SIZE, VIEWS_SIZE = 12, 3, 3


class Database:
    """Pools of the logins ``among``, each connection one login's for as long as it lives.

    ``followings`` is how many follow the log beside the views, each with a connection that no other waits for.
    """

    def __init__(
        self,
        logins: Logins,
        size: int = WEB_SIZE,
        idle: float = IDLE_SECONDS,
        followings: int = 0,
        among: Collection[Login] = RUNNING,
    ) -> None:
        self.logins = logins
        # one for each login, since nobody is told what another one's sessions are doing
        self.pulses = {login: Pulse(logins.conninfo(login)) for login in among}
        sizes = {Login.WEB: size, Login.FOLLOWER: VIEWS_SIZE + followings, Login.VAULT: VAULT_SIZE}
        self._pools = {login: _pool(logins, login, sizes[login], idle, self.pulses[login]) for login in among}

    @property
    def app(self) -> "_Pool":
        """What serves people: it sees rows of the estates that a transaction names, and of the log what it asks for."""
        return self._pools[Login.WEB]

    @property
    def follower(self) -> "_Pool":
        """What reads the whole log and writes the views; also for what the product itself does for all estates."""
        return self._pools[Login.FOLLOWER]

    @property
    def at_hand(self) -> "_Pool":
        """What a process has whatever it does, for a look at how things stand."""
        return self._pools.get(Login.WEB) or self.follower

    @property
    def vault(self) -> "_Pool":
        """The only one that sees wrapped keys."""
        return self._pools[Login.VAULT]

    @property
    def pulse(self) -> Pulse:
        """What says whether the server answers."""
        return next(iter(self.pulses.values()))

    @contextmanager
    def lend(self, estates: Iterable[str]) -> Iterator[Connection[Row]]:
        """A connection in one transaction that sees rows of ``estates`` and nothing else."""
        with self.app.connection() as conn, conn.transaction():
            conn.execute("SELECT set_config('jinlin.estates', %s, true)", (",".join(sorted(estates)),))
            yield conn

    @contextmanager
    def lend_outside(self, estates: Iterable[str]) -> Iterator[Connection[Row]]:
        """As ``lend`` for whoever reads from outside the station: of every view without what is personal."""
        with self.lend(estates) as conn, seen_from_outside(conn):
            yield conn

    @contextmanager
    def lend_by_id(self) -> Iterator[Connection[Row]]:
        """As ``lend`` for what is asked for by its id, and tells of itself which estate it belongs to.

        It sees uploads, photos and runs of all estates, and no view: who is told of them is asked afterwards.
        """
        with self.lend(ANY_ESTATE) as conn:
            yield conn

    @contextmanager
    def lend_still(self, estates: Iterable[str], *, outside: bool = False) -> Iterator[Connection[Row]]:
        """As ``lend`` (or ``lend_outside``), but every look is at the same moment, and what is changed is gone after.

        The moment is that of the first look, so tables may be locked before it.
        """
        with self.app.connection() as conn, conn.transaction(force_rollback=True):
            conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            conn.execute(SQL("SET LOCAL jinlin.estates = {}").format(Literal(",".join(sorted(estates)))))
            with seen_from_outside(conn) if outside else nullcontext():
                yield conn

    def listening(self, login: Login, channel: str) -> "Connection[Row]":
        """A connection of its own that listens on ``channel``; the caller closes it."""
        return listening(self.logins, login, channel, self.pulses[login])

    def close(self) -> None:
        for pulse in self.pulses.values():
            pulse.close()
        for pool in self._pools.values():
            pool.close(timeout=2)


def listening(logins: Logins, login: Login, channel: str, pulse: Pulse | None = None) -> "Connection[Row]":
    """A connection of its own that listens on ``channel``; the caller closes it. ``pulse`` ends waits in vain."""
    kind = pulse.watching() if pulse else psycopg.Connection
    conn = kind.connect(bounded(logins.conninfo(login, _NOTICED_SOON)), autocommit=True, **_NOTICING_SOON)
    conn.execute(f'LISTEN "{channel}"')
    return conn


@contextmanager
def as_owner(logins: Logins) -> Iterator["Connection[Row]"]:
    """A connection that creates and drops what views need."""
    with alone(logins.conninfo(Login.OWNER)) as conn:
        yield conn


class _LastFirst(deque[Connection[Row]]):
    """Connections at hand, of which the one that came back last is lent first.

    In turn, each would have to learn every statement and every function for itself, and none would ever be idle: of
    many that were wanted once, a single reader used all.
    """

    def popleft(self) -> Connection[Row]:
        return self.pop()


class _Pool(ConnectionPool[Connection[Row]]):
    """Lends no connection where nothing may wait, nor while the server is silent."""

    pulse: Pulse

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how, open=False)
        self._pool = _LastFirst()
        self.open()

    def getconn(self, timeout: float | None = None) -> Connection[Row]:
        self.pulse.must_beat()
        about_to_wait()
        return super().getconn(timeout)


def _pool(logins: Logins, login: Login, size: int, idle: float, pulse: Pulse) -> _Pool:
    idling = f"-c idle_in_transaction_session_timeout={round(idle * 1000)}ms"
    pool = _Pool(
        bounded(logins.conninfo(login, f"{SETTINGS} {_TIMEOUTS} {idling}")),
        connection_class=pulse.watching(),
        kwargs={"autocommit": True},
        min_size=1,
        max_size=size,
        max_waiting=256,
        timeout=LEND_SECONDS,
        check=ConnectionPool.check_connection,
        reconnect_timeout=RECONNECT_SECONDS,
        name=f"jinlin {login}",
    )
    pool.pulse = pulse
    pulse.watch_pool(pool)
    return pool
