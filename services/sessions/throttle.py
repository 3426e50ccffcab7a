"""Tries at a password: a growing delay per account from one address, and per address. Nobody can lock another out."""

from collections.abc import Callable, Sequence
from datetime import datetime

from services.database.database import Database
from services.sessions.member import TooManyTries

_FREE_TRIES, _FREE_TRIES_ADDRESS = 4, 20
_LONGEST_DELAY = 300


class Throttle:
    """Keys are ``account|address``, or ``|address`` for the address alone."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def check(self, keys: Sequence[str]) -> None:
        """Raise ``TooManyTries`` while the delay after the last failure has not passed."""
        now = self._clock()
        with self._database.app.connection() as conn:
            rows = conn.execute("SELECT key, failures, last_at FROM access.attempts WHERE key = ANY(%s)", (list(keys),))
            waits = [_delay(key, failures) - (now - last_at).total_seconds() for key, failures, last_at in rows]
        longest = max(waits, default=0.0)
        if longest > 0:
            raise TooManyTries(int(longest) + 1)

    def failed(self, keys: Sequence[str]) -> None:
        """Count a failure; an hour without one forgets those before."""
        with self._database.app.connection() as conn:
            for key in keys:
                conn.execute(
                    "INSERT INTO access.attempts AS t (key, failures, last_at) VALUES (%(key)s, 1, %(now)s)"
                    " ON CONFLICT (key) DO UPDATE SET last_at = %(now)s,"
                    " failures = CASE WHEN t.last_at < %(now)s - interval '1 hour' THEN 1 ELSE t.failures + 1 END",
                    {"key": key, "now": self._clock()},
                )

    def succeeded(self, key: str) -> None:
        """Forget the failures under a key."""
        with self._database.app.connection() as conn:
            conn.execute("DELETE FROM access.attempts WHERE key = %s", (key,))


def _delay(key: str, failures: int) -> float:
    """Seconds to wait after so many failures."""
    free = _FREE_TRIES_ADDRESS if key.startswith("|") else _FREE_TRIES
    return 0.0 if failures < free else float(min(2 ** min(failures - free, 9), _LONGEST_DELAY))
