"""Wakes a thread that waits for notices of the database, so that nothing has to wait for its patience to end."""

import select
from socket import socketpair

from psycopg import Notify

from projections.projection import Connection


class Bell:
    """One thread waits with ``notices``; any other rings."""

    def __init__(self) -> None:
        self._inside, self._outside = socketpair()

    def ring(self) -> None:
        """End the wait that is under way, and any later one at once."""
        self._outside.send(b"!")

    def notices(self, conn: Connection, seconds: float) -> list[Notify]:
        """What the connection is told next: at once where something waits, else after at most ``seconds``."""
        found = list(conn.notifies(timeout=0))
        if not found:
            waiting = select.poll()
            waiting.register(conn.fileno(), select.POLLIN)
            waiting.register(self._inside, select.POLLIN)
            if waiting.poll(seconds * 1000):
                found = list(conn.notifies(timeout=0))
        return found
