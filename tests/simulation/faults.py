"""Faults as they really happen: PostgreSQL's process behind a connection dies around one statement of many."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from itertools import count
from threading import get_ident, local
from typing import Any

import psycopg
import pytest


class When(Enum):
    """Where the connection dies."""

    BEFORE = "before"  # the statement never arrives
    AFTER = "after"  # it was done, in autocommit durably; its answer is lost


class Whose(Enum):
    """Who dies with it."""

    CONNECTION = "connection"  # the program goes on and hears an error
    PROCESS = "process"  # the program itself stops there


EVERY_CUT = [(when, whose) for when in When for whose in Whose]


class Crashed(BaseException):
    """The process is gone; nothing in it may catch this and go on."""


class Cut:
    """Counts the statements of one thread, commits among them, and cuts at the ``at``-th, from 0.

    With ``everywhere`` those of all threads, in whichever order they come.
    """

    def __init__(self, server: str, at: int, when: When, whose: Whose, everywhere: bool) -> None:
        self.at, self.when, self.whose = at, when, whose
        self._numbers = count()
        self._killer = psycopg.connect(server, autocommit=True)
        self._thread = None if everywhere else get_ident()
        self._inside = local()
        self.happened = False

    def close(self) -> None:
        self._killer.close()

    def around(self, conn: "psycopg.Connection[Any]", do: Callable[[], Any]) -> Any:
        """Do one statement on ``conn``, unless it is the one."""
        elsewhere = self._thread is not None and self._thread != get_ident()
        if elsewhere or getattr(self._inside, "statement", False):
            return do()
        self._inside.statement = True  # what the driver does within is part of it
        try:
            return self._cut(conn, do) if next(self._numbers) == self.at else do()
        finally:
            self._inside.statement = False

    def _cut(self, conn: "psycopg.Connection[Any]", do: Callable[[], Any]) -> Any:
        self.happened = True
        if self.when is When.BEFORE:
            self._kill(conn)
            if self.whose is Whose.PROCESS:
                raise Crashed
            return do()
        do()
        self._kill(conn)
        conn.close()  # that it is gone is noticed
        raise Crashed if self.whose is Whose.PROCESS else psycopg.OperationalError("the answer was lost")

    def _kill(self, conn: "psycopg.Connection[Any]") -> None:
        """Until it is gone: the server's own way of waiting for that looks ten times a second only."""
        pid = conn.info.backend_pid
        self._killer.execute("SELECT pg_terminate_backend(%s)", (pid,))
        while self._killer.execute("SELECT FROM pg_stat_activity WHERE pid = %s", (pid,)).rowcount:
            pass


@contextmanager
def cut(server: str, at: int, when: When, whose: Whose, everywhere: bool = False) -> Iterator[Cut]:
    """While this lasts, the ``at``-th statement loses its connection. ``server`` may kill."""
    found = Cut(server, at, when, whose, everywhere)
    with pytest.MonkeyPatch.context() as patch:
        for kind, name in (
            (psycopg.Cursor, "execute"),
            (psycopg.Cursor, "executemany"),
            (psycopg.Transaction, "__exit__"),
        ):
            patch.setattr(kind, name, _counted(found, getattr(kind, name)))
        try:
            yield found
        finally:
            found.close()


def _counted(found: Cut, do: Callable[..., Any]) -> Callable[..., Any]:
    def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        return found.around(self.connection, lambda: do(self, *args, **kwargs))

    return counted
