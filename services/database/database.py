"""The one owner of connections: which role they run as, how long they may take, and whose estates they may see."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Literal
from psycopg_pool import ConnectionPool

from services.threads.waiting import about_to_wait

APP, FOLLOWER, VAULT, OWNER = "jinlin_app", "jinlin_follower", "jinlin_vault", "jinlin_owner"

Row = tuple[Any, ...]

_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
_SETTINGS = "-c search_path=view,pg_temp"  # tables that a transaction makes for itself never stand before the views
_TIMEOUTS = "-c statement_timeout=15s -c lock_timeout=5s"
IDLE_SECONDS = 15.0  # for so long a transaction may stand still before the server ends its session
# a machine that is gone says no goodbye: both sides find out within seconds, and the leader's lock goes with it
_NOTICED_SOON = "-c tcp_keepalives_idle=3 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3"
_NOTICING_SOON: dict[str, Any] = {"keepalives_idle": 3, "keepalives_interval": 1, "keepalives_count": 3}


class UnsafeServer(Exception):
    """The server is set up so that an acknowledged command could be lost, or a role sees too much."""


class Database:
    """Pools per role over one server. ``url`` logs in; every connection starts as its role.

    ``followings`` is how many follow the log beside the views, each with a connection that no other waits for.
    """

    def __init__(self, url: str, size: int = 12, idle: float = IDLE_SECONDS, followings: int = 0) -> None:
        self.url = url
        self.app = _pool(url, APP, size, idle)
        self.follower = _pool(url, FOLLOWER, 3 + followings, idle)
        self.vault = _pool(url, VAULT, 3, idle)

    @contextmanager
    def lend(self, estates: Iterable[str]) -> Iterator[Connection[Row]]:
        """A connection in one transaction that sees rows of ``estates`` and nothing else."""
        with self.app.connection() as conn, conn.transaction():
            conn.execute("SELECT set_config('jinlin.estates', %s, true)", (",".join(sorted(estates)),))
            yield conn

    @contextmanager
    def lend_still(self, estates: Iterable[str]) -> Iterator[Connection[Row]]:
        """As ``lend``, but every look is at the same moment, and what is made or changed here is gone at the end.

        The moment is that of the first look, so tables may be locked before it.
        """
        with self.app.connection() as conn, conn.transaction(force_rollback=True):
            conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            conn.execute(SQL("SET LOCAL jinlin.estates = {}").format(Literal(",".join(sorted(estates)))))
            yield conn

    def check_safe(self) -> None:
        """Raise ``UnsafeServer`` unless commits are durable and the app role is bound by row-level security."""
        with self.app.connection() as conn:
            for setting in _DURABLE:
                found = conn.execute("SELECT current_setting(%s)", (setting,)).fetchone()
                if found is None or found[0] == "off":
                    raise UnsafeServer(f"PostgreSQL runs with {setting}=off; switch it on")
            row = conn.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user").fetchone()
            if row is None or row[0]:
                raise UnsafeServer(f"role {APP} must not be a superuser nor bypass row-level security")

    def ping(self) -> None:
        """One round trip; raises what the driver raises."""
        with self.app.connection(timeout=2) as conn:
            conn.execute("SELECT 1")

    def close(self) -> None:
        for pool in (self.app, self.follower, self.vault):
            pool.close(timeout=2)


def conninfo(url: str, role: str, extra: str = "") -> str:
    """``url`` with the role that the session starts as."""
    return make_conninfo(url, options=f"-c role={role} {extra}".strip(), application_name=f"jinlin {role}")


def listening(url: str, channel: str) -> "Connection[Row]":
    """A connection of its own that listens on ``channel``; the caller closes it."""
    conn = psycopg.connect(conninfo(url, APP, _NOTICED_SOON), autocommit=True, **_NOTICING_SOON)
    conn.execute(f'LISTEN "{channel}"')
    return conn


class _Pool(ConnectionPool[Connection[Row]]):
    """Lends no connection where nothing may wait."""

    def getconn(self, timeout: float | None = None) -> Connection[Row]:
        about_to_wait()
        return super().getconn(timeout)


def _pool(url: str, role: str, size: int, idle: float) -> _Pool:
    idling = f"-c idle_in_transaction_session_timeout={round(idle * 1000)}ms"
    return _Pool(
        conninfo(url, role, f"{_SETTINGS} {_TIMEOUTS} {idling}"),
        kwargs={"autocommit": True},
        min_size=1,
        max_size=size,
        max_waiting=256,
        timeout=5,
        check=ConnectionPool.check_connection,
        reconnect_timeout=60,
        open=True,
        name=role,
    )
