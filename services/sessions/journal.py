"""The journal of accounts: who signed in, from where and when, what was refused, and what was done to an account.

This is for administrators, and for whoever asks after a theft of a password. It names accounts and addresses, as the
law on network security wants them kept, and nobody's own words. What others must be able to rely on is told to the log
of events as well: a row that is not ``logged`` is still to be told (``services.access.on_record``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from psycopg import Connection

from domain.access.account import AccountGround
from domain.capacity import Capacity
from services.database.database import Row
from services.sessions.place import Place, device

KEPT = timedelta(days=366)  # the law asks for six months
MOST_ADDRESSES = 20  # of refused tries at one account in one hour; all others are counted together
MOST_READ = 100
NOBODY = ""  # the name under which tries at names stand that no account has


class AccountAct(Enum):
    """What the journal tells of."""

    SIGNED_IN = "SIGNED_IN"
    REFUSED = "REFUSED"
    SIGNED_OUT = "SIGNED_OUT"
    CAPACITY_CHANGED = "CAPACITY_CHANGED"
    SESSION_ENDED = "SESSION_ENDED"
    SESSIONS_ENDED = "SESSIONS_ENDED"
    RAN_OUT = "RAN_OUT"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"
    PASSWORD_RESET = "PASSWORD_RESET"
    MADE = "MADE"
    DISABLED = "DISABLED"
    ENABLED = "ENABLED"
    WALL_MADE = "WALL_MADE"
    WALL_REVOKED = "WALL_REVOKED"
    ADMITTED = "ADMITTED"


DEEDS = frozenset({  # what the log is told of everybody's account
    AccountAct.PASSWORD_CHANGED, AccountAct.PASSWORD_RESET, AccountAct.MADE, AccountAct.DISABLED, AccountAct.ENABLED,
    AccountAct.SESSIONS_ENDED, AccountAct.WALL_MADE, AccountAct.WALL_REVOKED, AccountAct.ADMITTED,
})  # fmt: skip
COMING = frozenset({AccountAct.SIGNED_IN, AccountAct.CAPACITY_CHANGED})  # and of those who are ``WATCHED``
WATCHED = frozenset({Capacity.ADMINISTRATOR, Capacity.AUDITOR})


@dataclass(frozen=True, slots=True)
class Entry:
    """``by`` is another person whose act it was. ``times`` is more than one for refused tries between two moments."""

    id: int
    at: datetime
    last_at: datetime
    what: AccountAct
    username: str
    by: UUID | None
    address: str
    device: str
    times: int


_COLUMNS = "id, at, last_at, what, username, by, address, device, times"


def write(
    conn: Connection[Row],
    now: datetime,
    what: AccountAct,
    username: str,
    *,
    by: UUID | None = None,
    place: Place | None = None,
    acting_as: Capacity | None = None,
    why: AccountGround = AccountGround.NOT_SAID,
) -> None:
    """One thing that happened. Of another account's person ``by`` is told, of the own one it goes without saying.

    Whoever does something to an account of others does it as an administrator, unless ``acting_as`` is told.
    """
    address, agent = place.as_kept if place else ("", "")
    if acting_as is None and by is not None:
        acting_as = Capacity.ADMINISTRATOR
    facts = {
        "now": now,
        "what": what.value,
        "of": username,
        "by": by,
        "address": address,
        "device": device(agent),
        "acting_as": acting_as and acting_as.value,
        "why": why.value,
        "known": what is AccountAct.CAPACITY_CHANGED or bool(place and place.known),
        "logged": what not in DEEDS and not (what in COMING and acting_as in WATCHED),
    }
    conn.execute(
        "INSERT INTO access.journal (at, last_at, hour, what, username, by, address, device, acting_as, why, known,"
        " logged) VALUES (%(now)s, %(now)s, date_trunc('hour', %(now)s, 'UTC'), %(what)s, %(of)s,"
        " nullif(%(by)s, (SELECT person FROM access.accounts WHERE username = %(of)s)), %(address)s, %(device)s,"
        " %(acting_as)s, %(why)s, %(known)s, %(logged)s)",
        facts,
    )


def count_refused(conn: Connection[Row], now: datetime, username: str, place: Place) -> None:
    """A refused try: one row an hour for an account and an address, and for an account not more than so many rows."""
    address, agent = place.as_kept
    conn.execute(
        "WITH among AS (SELECT address FROM access.journal WHERE what = 'REFUSED' AND username = %(of)s"
        " AND hour = date_trunc('hour', %(now)s, 'UTC')),"
        " told AS (SELECT CASE WHEN (SELECT count(*) FROM among) < %(most)s OR %(address)s IN (TABLE among)"
        " THEN %(address)s ELSE '' END AS address)"
        " INSERT INTO access.journal AS j (at, last_at, hour, what, username, address, device, logged)"
        " SELECT %(now)s, %(now)s, date_trunc('hour', %(now)s, 'UTC'), 'REFUSED', %(of)s, address,"
        " CASE WHEN address = '' THEN '' ELSE %(device)s END, false FROM told"
        " ON CONFLICT (hour, username, address) WHERE what = 'REFUSED'"
        " DO UPDATE SET times = j.times + 1, last_at = greatest(j.last_at, excluded.last_at)",
        {"now": now, "of": username, "address": address, "device": device(agent), "most": MOST_ADDRESSES},
    )


def read(
    conn: Connection[Row], usernames: Sequence[str], *, before: int | None = None, acts: Sequence[AccountAct] = ()
) -> list[Entry]:
    """What happened to these accounts, the newest first, ``MOST_READ`` entries from ``before`` on."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM access.journal WHERE username = ANY(%(of)s)"
        " AND (%(before)s::bigint IS NULL OR id < %(before)s) AND (%(acts)s::text[] = '{}' OR what = ANY(%(acts)s))"
        " ORDER BY id DESC LIMIT %(most)s",
        {"of": list(usernames), "before": before, "acts": [each.value for each in acts], "most": MOST_READ},
    )
    return [Entry(id, at, last_at, AccountAct(what), *more) for id, at, last_at, what, *more in rows]
