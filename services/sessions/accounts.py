"""Accounts and sessions: who signs in, as whom, and in which capacity."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from psycopg import Connection
from psycopg.errors import UniqueViolation

from domain.access.account import AccountGround
from domain.capacity import FOREMOST, Capacity
from domain.people.person import PERSON
from domain.refusal import Refusal, refuse_if, reject_if
from services.database.database import Database, Row
from services.log.event_log import EventLog
from services.log.randomness import new_id
from services.runtime.steady_clock import SteadyClock
from services.sessions import devices, journal, pruning
from services.sessions.journal import AccountAct, Entry
from services.sessions.kept_rows import Account, SessionRow
from services.sessions.known_sessions import KnownSessions, hashed
from services.sessions.member import Member, NoPost, TooManyTries, WrongCredentials, csrf_token
from services.sessions.passwords import LONGEST, Passwords, check_new, drawn_password
from services.sessions.place import Place
from services.sessions.sieve import Sieve
from services.sessions.throttle import Throttle
from services.sessions.tokens import Tokens
from services.sessions.walls import Walls

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
_SEEN_EVERY = timedelta(minutes=1)  # how exactly the last use of a session is kept
_NOT_SAID = AccountGround.NOT_SAID
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session; ``token`` is told once and kept nowhere."""

    token: str
    member: Member


class Accounts:
    """Passwords are Argon2id; of a session only the SHA-256 of its token is kept.

    What another process changes about a session is noticed within ``FRESH_SECONDS``, what this one does at once.
    """

    def __init__(
        self,
        database: Database,
        log: EventLog,
        clock: Callable[[], datetime],
        secret: bytes,
        steady: SteadyClock | None = None,
    ) -> None:
        self._database = database
        self._log = log
        self._clock = clock
        self._tokens = Tokens(secret)
        self._passwords = Passwords()
        self._sieve = Sieve(secret)
        self._throttle = Throttle(database, clock, secret)
        self._known = KnownSessions(database)
        self.walls = Walls(database, clock, self._tokens)
        self._steady = steady or SteadyClock(clock)
        self._as_late_as_kept = False
        self.on_record: Callable[[], None] = lambda: None  # told after whatever the log shall know
        self.walls.on_record = lambda: self.on_record()

    def close(self) -> None:
        self._known.close()

    # -- signing in and out --------------------------------------------------------------------------------------

    def knows(self, username: str, device: bytes) -> bool:
        """Whether the account has signed in with this browser before."""
        with self._database.app.connection() as conn:
            return devices.knows(conn, device, _as_kept(username), self._clock())

    def sign_in(self, username: str, password: str, place: Place) -> SignedIn:
        """A new session. Raises ``WrongCredentials`` or ``TooManyTries``; either is counted in the journal."""
        username = _as_kept(username)
        try:
            return self._signed_in(username, password, place)
        except (WrongCredentials, TooManyTries):
            with self._database.app.connection() as conn:
                found = conn.execute("SELECT 1 FROM access.accounts WHERE username = %s", (username,)).fetchone()
                journal.count_refused(conn, self._clock(), username if found else journal.NOBODY, place)
            raise

    def _signed_in(self, username: str, password: str, place: Place) -> SignedIn:
        key, address = place.tries(username)
        self._throttle.check(key, address)
        with self._database.app.connection() as conn:
            row = conn.execute(
                "SELECT person, password_hash, disabled_at IS NOT NULL, language, sieve FROM access.accounts"
                " WHERE username = %s",
                (username,),
            ).fetchone()
        stored, sieve = (row[1], row[4]) if row else (self._passwords.nobodys, self._sieve.nobodys(username))
        may_be = len(password) <= LONGEST and self._sieve.passes(sieve, username, password)
        right = may_be and self._passwords.verified(stored, password, known=place.known)
        if row is None or not right or row[2]:
            self._throttle.failed([each for each in (key, address) if each])
            raise WrongCredentials
        self._throttle.succeeded(key)
        weak = self._passwords.outdated(stored) or not self._sieve.made(sieve)
        kept = self._kept(username, password) if weak else None
        with self._changing() as conn, conn.transaction():
            self._hold(conn, username, stored)
            if kept is not None:
                self._set_password(conn, username, kept)
            opened = self._open(conn, username, row[0], row[3], place, None, AccountAct.SIGNED_IN)
        return self._watched(opened)

    def member(self, token: str, *, used: bool = True) -> Member | None:
        """Who this token is; ``None`` once the session ended or nothing is held any more.

        Only what is ``used`` keeps a session from running out.
        """
        known = self._known.of(token)
        now = self._now()
        if known is None:
            return self.walls.member(token)
        if now - known.seen_at > IDLE or now - known.made_at > ABSOLUTE:
            return None
        if used and now - known.seen_at > _SEEN_EVERY:
            with self._changing() as conn:
                conn.execute("UPDATE access.sessions SET seen_at = %s WHERE session = %s", (now, known.session))
        return self._as_member(token, known.session, known.username, known.person, known.capacity, known.language)

    def gave_out(self, token: str) -> bool:
        """Whether the token is one of ours, of whatever session; told without the database."""
        return self._tokens.is_ours(token) or self._known.knows(token)

    def sign_out(self, token: str) -> None:
        with self._changing() as conn, conn.transaction():
            if (ended := self._end(conn, token)) is not None:
                username, place = ended
                journal.write(conn, self._clock(), AccountAct.SIGNED_OUT, username, place=place)

    def switch(self, member: Member, token: str, capacity: Capacity) -> SignedIn:
        """Act in another held capacity from now on, under a new token."""
        refuse_if(capacity not in member.held, "capacity_not_held", capacity=capacity)
        done = AccountAct.CAPACITY_CHANGED
        with self._changing() as conn, conn.transaction():
            self._hold(conn, member.username)
            if (ended := self._end(conn, token)) is None:
                raise WrongCredentials  # somebody has just ended it
            opened = self._open(conn, member.username, member.person, member.language, ended[1], capacity, done)
        return self._watched(opened)

    def sessions(self, username: str) -> list[SessionRow]:
        """Sessions that still hold, last used first."""
        now = self._now()
        with self._database.app.connection() as conn:
            rows = conn.execute(
                "SELECT session, address, agent, made_at, seen_at FROM access.sessions WHERE username = %s"
                " AND ended_at IS NULL AND seen_at > %s AND made_at > %s ORDER BY seen_at DESC",
                (username, now - IDLE, now - ABSOLUTE),
            )
            return [SessionRow(*row) for row in rows]

    def revoke(self, username: str, session: UUID) -> bool:
        """End one session of this account; whether there was one."""
        with self._changing() as conn, conn.transaction():
            done = conn.execute(
                "UPDATE access.sessions SET ended_at = %s WHERE username = %s AND session = %s AND ended_at IS NULL"
                " RETURNING address, agent",
                (self._clock(), username, session),
            ).fetchone()
            if done is not None:
                journal.write(conn, self._clock(), AccountAct.SESSION_ENDED, username, place=Place(*done))
        return done is not None

    # -- accounts ------------------------------------------------------------------------------------------------

    def create(self, username: str, person: UUID, by: UUID | None = None, why: AccountGround = _NOT_SAID) -> str:
        """A new account for a person; answers the password drawn for it, which is kept nowhere."""
        reject_if(not _USERNAME.fullmatch(username), "username_shape")
        password = drawn_password()
        try:
            with self._database.app.connection() as conn, conn.transaction():
                conn.execute(
                    "INSERT INTO access.accounts (username, person, password_hash, sieve, made_at)"
                    " VALUES (%s, %s, %s, %s, %s)",
                    (username, person, *self._kept(username, password), self._clock()),
                )
                journal.write(conn, self._clock(), AccountAct.MADE, username, by=by, why=why)
        except UniqueViolation:
            raise Refusal("username_taken") from None
        self.on_record()
        return password

    def everybody(self) -> list[Account]:
        """All accounts with the number of sessions that hold."""
        now = self._now()
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

    def of_person(self, person: UUID) -> list[Account]:
        """The accounts with which this person signs in."""
        return [each for each in self.everybody() if each.person == person]

    def disable(self, username: str, by: UUID | None = None, why: AccountGround = _NOT_SAID) -> None:
        """Nobody signs in with it any more, and all its sessions end."""
        with self._deed() as conn:
            conn.execute(
                "UPDATE access.accounts SET disabled_at = coalesce(disabled_at, %s) WHERE username = %s",
                (self._clock(), username),
            )
            devices.forget(conn, username)
            self._end_all(conn, username)
            journal.write(conn, self._clock(), AccountAct.DISABLED, username, by=by, why=why)

    def enable(self, username: str, by: UUID | None = None, why: AccountGround = _NOT_SAID) -> None:
        with self._deed() as conn:
            conn.execute("UPDATE access.accounts SET disabled_at = NULL WHERE username = %s", (username,))
            journal.write(conn, self._clock(), AccountAct.ENABLED, username, by=by, why=why)

    def reset(self, username: str, by: UUID | None = None, why: AccountGround = _NOT_SAID) -> str:
        """Draw a new password and end all sessions."""
        password = drawn_password()
        kept = self._kept(username, password)
        with self._deed() as conn:
            self._set_password(conn, username, kept, strange=True)
            self._end_all(conn, username)
            journal.write(conn, self._clock(), AccountAct.PASSWORD_RESET, username, by=by, why=why)
        return password

    def end_sessions(self, username: str, by: UUID | None = None, why: AccountGround = _NOT_SAID) -> None:
        """End every session of the account."""
        with self._deed() as conn:
            conn.execute("SELECT 1 FROM access.accounts WHERE username = %s FOR UPDATE", (username,))
            self._end_all(conn, username)
            journal.write(conn, self._clock(), AccountAct.SESSIONS_ENDED, username, by=by, why=why)

    def change_password(self, member: Member, old: str, new: str) -> None:
        """Set a new password and end all other sessions. Refuses ``password_*`` and raises ``WrongCredentials``."""
        check_new(new, member.username)
        key = f"at {member.username}|its own password"
        self._throttle.check(key)
        with self._database.app.connection() as conn:
            row = conn.execute(
                "SELECT password_hash FROM access.accounts WHERE username = %s", (member.username,)
            ).fetchone()
        if row is None or len(old) > LONGEST or not self._passwords.verified(row[0], old, known=True):
            self._throttle.failed([key])
            raise WrongCredentials
        self._throttle.succeeded(key)
        kept = self._kept(member.username, new)
        with self._deed() as conn:
            self._set_password(conn, member.username, kept, strange=True)
            self._end_all(conn, member.username, besides=member.session)
            journal.write(conn, self._clock(), AccountAct.PASSWORD_CHANGED, member.username, acting_as=member.capacity)

    def set_language(self, username: str, language: str) -> None:
        """The language of the account's pages and answers."""
        with self._changing() as conn:
            conn.execute("UPDATE access.accounts SET language = %s WHERE username = %s", (language, username))

    def prune(self) -> None:
        """Put on record which sessions have run out, and delete what is past use."""
        pruning.end_what_is_over(self._database, self._clock(), self._now(), IDLE, ABSOLUTE)
        pruning.prune(self._database, self._now())
        self._known.forget()

    def journal(
        self, usernames: Sequence[str], *, before: int | None = None, acts: Sequence[AccountAct] = ()
    ) -> list[Entry]:
        """What happened to these accounts, the newest first."""
        with self._database.app.connection() as conn:
            return journal.read(conn, usernames, before=before, acts=acts)

    # -- within --------------------------------------------------------------------------------------------------

    def _now(self) -> datetime:
        """The time by which sessions run out. It never runs backwards, not even while the product does not run."""
        if not self._as_late_as_kept:
            with self._database.app.connection() as conn:
                row = conn.execute("SELECT max(seen_at) FROM access.sessions").fetchone()
            if row and row[0]:
                self._steady.at_least(row[0])
            self._as_late_as_kept = True
        return self._steady()

    @contextmanager
    def _changing(self) -> Iterator[Connection[Row]]:
        """A connection for changing sessions or accounts: what is remembered of them is read anew afterwards."""
        try:
            with self._database.app.connection() as conn:
                yield conn
        finally:
            self._known.forget()

    @contextmanager
    def _deed(self) -> Iterator[Connection[Row]]:
        """A transaction of something that the log is told of afterwards."""
        with self._changing() as conn, conn.transaction():
            yield conn
        self.on_record()

    def _watched(self, opened: SignedIn) -> SignedIn:
        if opened.member.capacity in journal.WATCHED:
            self.on_record()
        return opened

    def _hold(self, conn: Connection[Row], username: str, password_hash: str | None = None) -> None:
        """No session of the account begins or ends meanwhile but by this transaction.

        Raises ``WrongCredentials`` where the account was disabled or got another password since it was looked at.
        """
        row = conn.execute(
            "SELECT password_hash FROM access.accounts WHERE username = %s AND disabled_at IS NULL FOR UPDATE",
            (username,),
        ).fetchone()
        if row is None or password_hash not in (None, row[0]):
            raise WrongCredentials

    def _open(
        self, conn: Connection[Row], username: str, person: UUID, language: str | None, place: Place,
        chosen: Capacity | None, done: AccountAct,
    ) -> SignedIn:  # fmt: skip
        token, session, now = self._tokens.draw(), new_id(), self._now()
        member = self._as_member(token, session, username, person, chosen and chosen.value, language)
        if member is None:
            disabled = self._log.load(PERSON, person).state.disabled
            raise WrongCredentials if disabled else NoPost
        conn.execute(
            "INSERT INTO access.sessions"
            " (session, token_hash, username, capacity, address, agent, made_at, seen_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            (session, hashed(token), username, member.capacity.value, *place.as_kept, now, now),
        )
        if place.device is not None:
            devices.remember(conn, place.device, username, now)
        journal.write(conn, self._clock(), done, username, place=place, acting_as=member.capacity)
        return SignedIn(token, member)

    def _as_member(
        self, token: str, session: UUID, username: str, person: UUID, chosen: str | None, language: str | None
    ) -> Member | None:
        now = self._clock()
        held: dict[Capacity, frozenset[str]] = {}
        state = self._log.load(PERSON, person).state
        for post in state.posts:
            if post.held_at(now) and not state.disabled:
                held[post.capacity] = held.get(post.capacity, frozenset()) | {post.estate}
        capacity = Capacity(chosen) if chosen else next((first for first in FOREMOST if first in held), None)
        if capacity is None or capacity not in held:
            return None
        return Member(username, person, session, capacity, held, language, csrf_token(token))

    def _kept(self, username: str, password: str) -> tuple[str, bytes]:
        """What is kept of a password."""
        return self._passwords.hashed(password), self._sieve.of(username, password)

    def _set_password(
        self, conn: Connection[Row], username: str, kept: tuple[str, bytes], *, strange: bool = False
    ) -> None:
        """``strange``: no browser is known any more."""
        conn.execute("UPDATE access.accounts SET password_hash = %s, sieve = %s WHERE username = %s", (*kept, username))
        if strange:
            devices.forget(conn, username)

    def _end_all(self, conn: Connection[Row], username: str, besides: UUID | None = None) -> None:
        conn.execute(
            "UPDATE access.sessions SET ended_at = %s WHERE username = %s AND session IS DISTINCT FROM %s"
            " AND ended_at IS NULL",
            (self._clock(), username, besides),
        )

    def _end(self, conn: Connection[Row], token: str) -> tuple[str, Place] | None:
        """End the session of a token; whose it was and where, if there was one."""
        row = conn.execute(
            "UPDATE access.sessions SET ended_at = %s WHERE token_hash = %s AND ended_at IS NULL"
            " RETURNING username, address, agent",
            (self._clock(), hashed(token)),
        ).fetchone()
        return (row[0], Place(*row[1:])) if row else None


def _as_kept(username: str) -> str:
    return username.strip().lower()[:64].replace("\0", "")  # PostgreSQL's text takes no NUL
