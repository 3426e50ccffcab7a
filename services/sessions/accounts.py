"""Accounts and sessions: who signs in, as whom, and in which capacity."""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from time import monotonic
from uuid import UUID

from psycopg import Connection
from psycopg.errors import UniqueViolation

from domain.capacity import FOREMOST, Capacity
from domain.people.person import PERSON
from domain.refusal import Refusal, refuse_if, reject_if
from services.database.database import Database, Row
from services.log.event_log import FRESH_SECONDS, EventLog
from services.log.randomness import new_id
from services.sessions.member import Member, WrongCredentials, csrf_token
from services.sessions.passwords import Passwords, check_new, drawn_password
from services.sessions.throttle import Throttle
from services.threads.background import Background

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
_SEEN_EVERY = timedelta(minutes=1)  # how exactly the last use of a session is kept
_MOST_KNOWN = 10_000  # sessions kept in memory, of half a kilobyte
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session; ``token`` is told once and kept nowhere."""

    token: str
    member: Member


@dataclass(frozen=True, slots=True)
class Account:
    username: str
    person: UUID
    made_at: datetime
    disabled: bool
    sessions: int


@dataclass(frozen=True, slots=True)
class SessionRow:
    session: UUID
    address: str
    agent: str
    made_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class _Known:
    """An open session of an enabled account, as the database has it."""

    session: UUID
    username: str
    person: UUID
    capacity: str | None
    language: str | None
    made_at: datetime
    seen_at: datetime


class Accounts:
    """Passwords are Argon2id; of a session only the SHA-256 of its token is kept.

    What another process changes about a session is noticed within ``FRESH_SECONDS``, what this one does at once.
    """

    def __init__(self, database: Database, log: EventLog, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._log = log
        self._clock = clock
        self._passwords = Passwords()
        self._throttle = Throttle(database, clock)
        self._known = _KnownSessions(database)

    def close(self) -> None:
        self._known.close()

    # -- signing in and out --------------------------------------------------------------------------------------

    def sign_in(self, username: str, password: str, address: str, agent: str = "") -> SignedIn:
        """A new session. Raises ``WrongCredentials`` or ``TooManyTries``."""
        username = username.strip().lower()[:64].replace("\0", "")  # PostgreSQL's text takes no NUL
        keys = (f"{username}|{address}", f"|{address}")
        self._throttle.check(keys)
        with self._database.app.connection() as conn:
            row = conn.execute(
                "SELECT person, password_hash, disabled_at IS NOT NULL, language FROM access.accounts"
                " WHERE username = %s",
                (username,),
            ).fetchone()
        stored = row[1] if row else self._passwords.nobodys
        right = self._passwords.verified(stored, password)
        if row is None or not right or row[2]:
            self._throttle.failed(keys)
            raise WrongCredentials
        self._throttle.succeeded(keys[0])
        if self._passwords.outdated(stored):
            self._set_hash(username, self._passwords.hashed(password))
        return self._open(username, row[0], row[3], address, agent, None)

    def member(self, token: str) -> Member | None:
        """Who this token is; ``None`` once the session ended or nothing is held any more."""
        now = self._clock()
        known = self._known.of(token)
        if known is None or now - known.seen_at > IDLE or now - known.made_at > ABSOLUTE:
            return None
        if now - known.seen_at > _SEEN_EVERY:
            with self._changing() as conn:
                conn.execute("UPDATE access.sessions SET seen_at = %s WHERE session = %s", (now, known.session))
        return self._as_member(token, known.session, known.username, known.person, known.capacity, known.language)

    def sign_out(self, token: str) -> None:
        with self._changing() as conn:
            conn.execute(
                "UPDATE access.sessions SET ended_at = %s WHERE token_hash = %s AND ended_at IS NULL",
                (self._clock(), _hash(token)),
            )

    def switch(self, member: Member, token: str, capacity: Capacity) -> SignedIn:
        """Act in another held capacity from now on, under a new token."""
        refuse_if(capacity not in member.held, "capacity_not_held", capacity=capacity)
        with self._database.app.connection() as conn:
            row = conn.execute(
                "SELECT address, agent FROM access.sessions WHERE token_hash = %s", (_hash(token),)
            ).fetchone()
        self.sign_out(token)
        address, agent = row or ("", "")
        return self._open(member.username, member.person, member.language, address, agent, capacity)

    def sessions(self, username: str) -> list[SessionRow]:
        """Sessions that still hold, last used first."""
        now = self._clock()
        with self._database.app.connection() as conn:
            rows = conn.execute(
                "SELECT session, address, agent, made_at, seen_at FROM access.sessions WHERE username = %s"
                " AND ended_at IS NULL AND seen_at > %s AND made_at > %s ORDER BY seen_at DESC",
                (username, now - IDLE, now - ABSOLUTE),
            )
            return [SessionRow(*row) for row in rows]

    def revoke(self, username: str, session: UUID) -> bool:
        """End one session of this account; whether there was one."""
        with self._changing() as conn:
            done = conn.execute(
                "UPDATE access.sessions SET ended_at = %s WHERE username = %s AND session = %s AND ended_at IS NULL",
                (self._clock(), username, session),
            )
            return done.rowcount == 1

    # -- accounts ------------------------------------------------------------------------------------------------

    def create(self, username: str, person: UUID) -> str:
        """A new account for a person; answers the password drawn for it, which is kept nowhere."""
        reject_if(not _USERNAME.fullmatch(username), "username_shape")
        password = drawn_password()
        try:
            with self._database.app.connection() as conn:
                conn.execute(
                    "INSERT INTO access.accounts (username, person, password_hash, made_at) VALUES (%s, %s, %s, %s)",
                    (username, person, self._passwords.hashed(password), self._clock()),
                )
        except UniqueViolation:
            raise Refusal("username_taken") from None
        return password

    def everybody(self) -> list[Account]:
        """All accounts with the number of sessions that hold."""
        now = self._clock()
        with self._database.app.connection() as conn:
            rows = conn.execute(
                "SELECT username, person, made_at, disabled_at IS NOT NULL, (SELECT count(*) FROM access.sessions s"
                " WHERE s.username = a.username AND ended_at IS NULL AND seen_at > %s AND made_at > %s)"
                " FROM access.accounts a ORDER BY username",
                (now - IDLE, now - ABSOLUTE),
            )
            return [Account(*row) for row in rows]

    def account(self, username: str) -> Account | None:
        """One account."""
        return next((each for each in self.everybody() if each.username == username), None)

    def disable(self, username: str) -> None:
        """Nobody signs in with it any more, and all its sessions end."""
        with self._changing() as conn, conn.transaction():
            conn.execute(
                "UPDATE access.accounts SET disabled_at = coalesce(disabled_at, %s) WHERE username = %s",
                (self._clock(), username),
            )
            self._end_all(username)

    def enable(self, username: str) -> None:
        with self._changing() as conn:
            conn.execute("UPDATE access.accounts SET disabled_at = NULL WHERE username = %s", (username,))

    def reset(self, username: str) -> str:
        """Draw a new password and end all sessions."""
        password = drawn_password()
        self._set_hash(username, self._passwords.hashed(password))
        self._end_all(username)
        return password

    def end_sessions(self, username: str) -> None:
        """End every session of the account."""
        self._end_all(username)

    def change_password(self, member: Member, old: str, new: str) -> None:
        """Set a new password and end all other sessions. Refuses ``password_*`` and raises ``WrongCredentials``."""
        check_new(new, member.username)
        keys = (f"{member.username}|its own password",)
        self._throttle.check(keys)
        with self._database.app.connection() as conn:
            row = conn.execute(
                "SELECT password_hash FROM access.accounts WHERE username = %s", (member.username,)
            ).fetchone()
        if row is None or not self._passwords.verified(row[0], old):
            self._throttle.failed(keys)
            raise WrongCredentials
        self._throttle.succeeded(keys[0])
        self._set_hash(member.username, self._passwords.hashed(new))
        with self._changing() as conn:
            conn.execute(
                "UPDATE access.sessions SET ended_at = %s WHERE username = %s AND session <> %s AND ended_at IS NULL",
                (self._clock(), member.username, member.session),
            )

    def set_language(self, username: str, language: str) -> None:
        """The language of the account's pages and answers."""
        with self._changing() as conn:
            conn.execute("UPDATE access.accounts SET language = %s WHERE username = %s", (language, username))

    # -- within --------------------------------------------------------------------------------------------------

    @contextmanager
    def _changing(self) -> Iterator[Connection[Row]]:
        """A connection for changing sessions or accounts: what is remembered of them is read anew afterwards."""
        try:
            with self._database.app.connection() as conn:
                yield conn
        finally:
            self._known.forget()

    def _open(
        self, username: str, person: UUID, language: str | None, address: str, agent: str, chosen: Capacity | None
    ) -> SignedIn:
        token, session, now = secrets.token_urlsafe(32), new_id(), self._clock()
        member = self._as_member(token, session, username, person, chosen and chosen.value, language)
        if member is None:
            raise WrongCredentials  # no post is held any more
        with self._database.app.connection() as conn:
            conn.execute(
                "INSERT INTO access.sessions"
                " (session, token_hash, username, capacity, address, agent, made_at, seen_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                (session, _hash(token), username, member.capacity.value, address[:64], agent[:200], now, now),
            )
        return SignedIn(token, member)

    def _as_member(
        self, token: str, session: UUID, username: str, person: UUID, chosen: str | None, language: str | None
    ) -> Member | None:
        now = self._clock()
        held: dict[Capacity, frozenset[str]] = {}
        for post in self._log.load(PERSON, person).state.posts:
            if post.held_at(now):
                held[post.capacity] = held.get(post.capacity, frozenset()) | {post.estate}
        capacity = Capacity(chosen) if chosen else next((first for first in FOREMOST if first in held), None)
        if capacity is None or capacity not in held:
            return None
        return Member(username, person, session, capacity, held, language, csrf_token(token))

    def _set_hash(self, username: str, password_hash: str) -> None:
        with self._changing() as conn:
            conn.execute("UPDATE access.accounts SET password_hash = %s WHERE username = %s", (password_hash, username))

    def _end_all(self, username: str) -> None:
        with self._changing() as conn:
            conn.execute(
                "UPDATE access.sessions SET ended_at = %s WHERE username = %s AND ended_at IS NULL",
                (self._clock(), username),
            )


class _KnownSessions:
    """Open sessions as read within the last ``FRESH_SECONDS``, so that a person's every request costs no query."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._background = Background("sessions")
        self._lock = Lock()
        self._read: dict[bytes, tuple[_Known, float]] = {}
        self._forgotten = 0  # how often: what was read before the last time is not kept

    def of(self, token: str) -> _Known | None:
        """The session of a token, if there is one that holds."""
        token_hash = _hash(token)
        with self._lock:
            known, read_at = self._read.get(token_hash, (None, 0.0))
        age = monotonic() - read_at
        if known is None or age > FRESH_SECONDS:
            return self._read_anew(token_hash)
        if age > FRESH_SECONDS / 2:
            self._background.soon(token_hash, partial(self._read_anew, token_hash))
        return known

    def forget(self) -> None:
        """Something about sessions or accounts has changed."""
        with self._lock:
            self._read.clear()
            self._forgotten += 1

    def close(self) -> None:
        self._background.close()

    def _read_anew(self, token_hash: bytes) -> _Known | None:
        with self._lock:
            now, forgotten = monotonic(), self._forgotten
        with self._database.app.connection() as conn:
            row = conn.execute(
                "SELECT s.session, s.username, a.person, s.capacity, a.language, s.made_at, s.seen_at"
                " FROM access.sessions s JOIN access.accounts a USING (username)"
                " WHERE s.token_hash = %s AND s.ended_at IS NULL AND a.disabled_at IS NULL",
                (token_hash,),
            ).fetchone()
        known = _Known(*row) if row else None
        with self._lock:
            self._read.pop(token_hash, None)
            if known is not None and forgotten == self._forgotten:
                self._read[token_hash] = (known, now)
            while len(self._read) > _MOST_KNOWN:
                del self._read[next(iter(self._read))]  # the one read longest ago
        return known


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
