"""What is kept of letters, for the pages that show it: the bell of somebody, and what was sent in an estate."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.database.database import Database

MOST_SHOWN = 100
STATES = ("WAITING", "SENT", "FAILED", "DROPPED")


@dataclass(frozen=True, slots=True)
class Kept:
    """One letter; of an address nothing is kept."""

    id: UUID
    what: str
    estate: str
    order: UUID | None
    channel: str
    person: UUID | None
    line: UUID | None
    state: str
    tries: int
    made_at: datetime
    next_at: datetime
    sent_at: datetime | None
    read_at: datetime | None
    error: str | None


_COLUMNS = "id, what, estate, order_id, channel, person, line, state, tries, made_at, next_at, sent_at, read_at, error"


def of_bell(database: Database, person: UUID, estates: Iterable[str]) -> list[Kept]:
    """What the bell has told somebody, the newest first."""
    with database.lend(estates) as conn:
        rows = conn.execute(
            f"SELECT {_COLUMNS} FROM log.letters WHERE channel = 'BELL' AND person = %s AND estate = ANY(%s)"
            " ORDER BY made_at DESC, id LIMIT %s",
            (person, list(estates), MOST_SHOWN),
        )
        return [Kept(*row) for row in rows]


def unread(database: Database, person: UUID, estates: Iterable[str]) -> int:
    """How many of those are unread: the list's own condition, without its end."""
    with database.lend(estates) as conn:
        row = conn.execute(
            "SELECT count(*) FROM (SELECT read_at FROM log.letters WHERE channel = 'BELL' AND person = %s"
            " AND estate = ANY(%s) ORDER BY made_at DESC, id LIMIT %s) AS shown WHERE read_at IS NULL",
            (person, list(estates), MOST_SHOWN),
        ).fetchone()
    return int(row[0]) if row else 0


def read_all(database: Database, person: UUID, estates: Iterable[str], now: datetime) -> None:
    """Somebody has seen what the bell told."""
    with database.lend(estates) as conn:
        conn.execute(
            "UPDATE log.letters SET read_at = %s WHERE channel = 'BELL' AND person = %s AND read_at IS NULL",
            (now, person),
        )


def of_estates(
    database: Database, estates: Iterable[str], state: str | None, channel: str | None, before: datetime | None
) -> list[Kept]:
    """What was sent there or waits, the newest first; the bell's are nobody else's business."""
    with database.lend(estates) as conn:
        rows = conn.execute(
            f"SELECT {_COLUMNS} FROM log.letters WHERE estate = ANY(%(of)s) AND channel <> 'BELL'"
            " AND (%(state)s::text IS NULL OR state = %(state)s)"
            " AND (%(channel)s::text IS NULL OR channel = %(channel)s)"
            " AND (%(before)s::timestamptz IS NULL OR made_at < %(before)s)"
            " ORDER BY made_at DESC, id LIMIT %(most)s",
            {"of": list(estates), "state": state, "channel": channel, "before": before, "most": MOST_SHOWN},
        )
        return [Kept(*row) for row in rows]


def resend(database: Database, letter: UUID, estates: Iterable[str], now: datetime) -> bool:
    """Try one anew that was given up, under the same id; whether there is such a one."""
    with database.lend(estates) as conn:
        done = conn.execute(
            "UPDATE log.letters SET state = 'WAITING', tries = 0, next_at = %s, error = NULL"
            " WHERE id = %s AND estate = ANY(%s) AND state IN ('FAILED', 'DROPPED')",
            (now, letter, list(estates)),
        )
    return bool(done.rowcount)
