"""Open sessions in memory, so that a person's every request costs no query."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Lock
from time import monotonic
from uuid import UUID

from services.database.database import Database
from services.log.event_log import FRESH_SECONDS
from services.threads.background import Background

_MOST_KNOWN = 10_000  # of half a kilobyte


@dataclass(frozen=True, slots=True)
class Known:
    """An open session of an enabled account, as the database has it."""

    session: UUID
    username: str
    person: UUID
    capacity: str | None
    language: str | None
    made_at: datetime
    seen_at: datetime


class KnownSessions:
    """Open sessions as read within the last ``FRESH_SECONDS``, so that a person's every request costs no query."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._background = Background("sessions")
        self._lock = Lock()
        self._read: dict[bytes, tuple[Known, float]] = {}
        self._forgotten = 0  # how often: what was read before the last time is not kept

    def of(self, token: str) -> Known | None:
        """The session of a token, if there is one that holds."""
        token_hash = hashed(token)
        with self._lock:
            known, read_at = self._read.get(token_hash, (None, 0.0))
        age = monotonic() - read_at
        if known is None or age > FRESH_SECONDS:
            return self._read_anew(token_hash)
        if age > FRESH_SECONDS / 2:
            self._background.soon(token_hash, partial(self._read_anew, token_hash))
        return known

    def knows(self, token: str) -> bool:
        """Whether it was read lately; so are those that were drawn before tokens had a mark."""
        return hashed(token) in self._read

    def forget(self) -> None:
        """Something about sessions or accounts has changed."""
        with self._lock:
            self._read.clear()
            self._forgotten += 1

    def close(self) -> None:
        self._background.close()

    def _read_anew(self, token_hash: bytes) -> Known | None:
        with self._lock:
            now, forgotten = monotonic(), self._forgotten
        with self._database.app.connection() as conn:
            row = conn.execute(
                "SELECT s.session, s.username, a.person, s.capacity, a.language, s.made_at, s.seen_at"
                " FROM access.sessions s JOIN access.accounts a USING (username)"
                " WHERE s.token_hash = %s AND s.ended_at IS NULL AND a.disabled_at IS NULL",
                (token_hash,),
            ).fetchone()
        known = Known(*row) if row else None
        with self._lock:
            self._read.pop(token_hash, None)
            if known is not None and forgotten == self._forgotten:
                self._read[token_hash] = (known, now)
            while len(self._read) > _MOST_KNOWN:
                del self._read[next(iter(self._read))]  # the one read longest ago
        return known


def hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
