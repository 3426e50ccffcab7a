"""Wrong tries make the next one wait: those at one account from one place, and never anybody who comes from elsewhere.

A place is a browser that signed in before, or an address. An address from which many tries went wrong is not shut, for
others come from it too: it only leaves one free try at each account where another leaves four.
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from services.database.database import Database
from services.sessions.member import TooManyTries

_FREE_TRIES, _FREE_TRIES_ADDRESS, _FREE_TRIES_THERE = 4, 20, 1
_LONGEST_DELAY = 300
REMEMBERED = timedelta(hours=1)  # so long without a wrong try forgets those before


class Throttle:
    """Keys begin with ``|`` for a whole address; of all of them only a digest under ``secret`` is kept."""

    def __init__(self, database: Database, clock: Callable[[], datetime], secret: bytes) -> None:
        self._database = database
        self._clock = clock
        self._secret = hmac.digest(secret, b"tries", hashlib.sha256)

    def check(self, key: str, address: str | None = None) -> None:
        """Raise ``TooManyTries`` while the delay after the last failure has not passed.

        ``address`` is the key of the address that a try at an account comes from.
        """
        now, kept = self._clock(), {self._digest(each): each for each in (key, address) if each}
        with self._database.app.connection() as conn:
            rows = conn.execute("SELECT key, failures, last_at FROM access.attempts WHERE key = ANY(%s)", (list(kept),))
            found = {kept[digest]: (failures, last_at) for digest, failures, last_at in rows}
        many, lately = found.get(address or "", (0, now))
        restless = many >= _FREE_TRIES_ADDRESS and now - lately < REMEMBERED
        free = _FREE_TRIES_ADDRESS if key.startswith("|") else _FREE_TRIES_THERE if restless else _FREE_TRIES
        failures, last_at = found.get(key, (0, now))
        wait = _delay(failures - free) - max((now - last_at).total_seconds(), 0.0)  # a clock set back holds nobody up
        if wait > 0:
            raise TooManyTries(int(wait) + 1)

    def failed(self, keys: Sequence[str]) -> None:
        """Count a failure."""
        now = self._clock()
        with self._database.app.connection() as conn:
            conn.execute(
                "INSERT INTO access.attempts AS t (key, failures, last_at)"
                " SELECT key, 1, %(now)s FROM unnest(%(keys)s::text[]) AS key"
                " ON CONFLICT (key) DO UPDATE SET last_at = %(now)s,"
                " failures = CASE WHEN t.last_at < %(long_ago)s THEN 1 ELSE t.failures + 1 END",
                {"keys": sorted(map(self._digest, keys)), "now": now, "long_ago": now - REMEMBERED},
            )

    def succeeded(self, key: str) -> None:
        """Forget the failures under a key."""
        with self._database.app.connection() as conn:
            conn.execute("DELETE FROM access.attempts WHERE key = %s", (self._digest(key),))

    def _digest(self, key: str) -> str:
        return hmac.new(self._secret, key.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def _delay(beyond: int) -> float:
    """Seconds to wait after so many failures beyond the free ones."""
    return 0.0 if beyond < 0 else float(min(2 ** min(beyond, 9), _LONGEST_DELAY))
