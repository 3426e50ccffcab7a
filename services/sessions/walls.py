"""Screens on walls (大屏): a token that shows the masked board of one estate, outlives sessions, and can be revoked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.capacity import Capacity
from domain.refusal import reject_if
from services.database.database import Database
from services.log.randomness import new_id
from services.sessions import journal
from services.sessions.journal import AccountAct
from services.sessions.known_sessions import hashed
from services.sessions.member import Member, csrf_token
from services.sessions.tokens import Tokens

MOST = 20  # of one estate that are not revoked
LONGEST = 40  # signs of a name
_SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Wall:
    """A screen: where it hangs, who gave it its token, and when it was last seen."""

    wall: UUID
    estate: str
    name: str
    made_by: UUID
    made_at: datetime
    seen_at: datetime | None
    revoked_at: datetime | None


class Walls:
    """Of a token only the SHA-256 is kept. A screen sees what readers outside the station see, and does nothing."""

    def __init__(self, database: Database, clock: Callable[[], datetime], tokens: Tokens) -> None:
        self._database = database
        self._clock = clock
        self._tokens = tokens
        self.on_record: Callable[[], None] = lambda: None

    def make(self, estate: str, name: str, by: Member) -> tuple[UUID, str]:
        """A new screen and its token, which is told this once. Refuses a blank or long name, and too many screens."""
        name = name.strip()
        reject_if(not name, "blank_text", field="name")
        reject_if(len(name) > LONGEST, "text_too_long", limit=LONGEST, field="name")
        reject_if(sum(each.revoked_at is None for each in self.of_estate(estate)) >= MOST, "too_many_walls", most=MOST)
        wall, token, now = new_id(), self._tokens.draw(), self._clock()
        with self._database.app.connection() as conn, conn.transaction():
            conn.execute(
                "INSERT INTO access.walls (wall, token_hash, estate, name, made_by, made_at)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                (wall, hashed(token), estate, name, by.person, now),
            )
            journal.write(conn, now, AccountAct.WALL_MADE, by.username, acting_as=by.capacity)
        self.on_record()
        return wall, token

    def revoke(self, estate: str, wall: UUID, by: Member) -> bool:
        """Whether there was such a screen of the estate; it shows nothing from now on."""
        now = self._clock()
        with self._database.app.connection() as conn, conn.transaction():
            known = conn.execute("SELECT 1 FROM access.walls WHERE wall = %s AND estate = %s", (wall, estate))
            if known.fetchone() is None:
                return False
            done = conn.execute(
                "UPDATE access.walls SET revoked_at = %s, revoked_by = %s WHERE wall = %s AND revoked_at IS NULL",
                (now, by.person, wall),
            )
            if done.rowcount:
                journal.write(conn, now, AccountAct.WALL_REVOKED, by.username, acting_as=by.capacity)
        self.on_record()
        return True

    def of_estate(self, estate: str) -> list[Wall]:
        """Every screen of an estate, those in use first, the newest first."""
        with self._database.app.connection() as conn:
            rows = conn.execute(
                "SELECT wall, estate, name, made_by, made_at, seen_at, revoked_at FROM access.walls"
                " WHERE estate = %s ORDER BY revoked_at IS NOT NULL, made_at DESC",
                (estate,),
            )
            return [Wall(*row) for row in rows]

    def member(self, token: str) -> Member | None:
        """The screen that holds this token, as one who looks at the board of its estate and does nothing else."""
        if not self._tokens.is_ours(token):
            return None
        now = self._clock()
        with self._database.app.connection() as conn:
            row = conn.execute(
                "SELECT wall, estate, seen_at FROM access.walls WHERE token_hash = %s AND revoked_at IS NULL",
                (hashed(token),),
            ).fetchone()
            if row is None:
                return None
            wall, estate, seen = row
            if seen is None or now - seen > _SEEN_EVERY:
                conn.execute("UPDATE access.walls SET seen_at = %s WHERE wall = %s", (now, wall))
        held = {Capacity.RESIDENTS_COMMITTEE: frozenset({estate})}
        return Member("", wall, wall, Capacity.RESIDENTS_COMMITTEE, held, None, csrf_token(token), wall=True)
