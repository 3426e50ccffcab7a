"""The audit trail as ``jinlin check`` looks at it: every entry hashed anew, and the events held against theirs."""

from collections.abc import Iterator
from pathlib import Path

from services.database.database import Database
from services.log.event_log import EventLog
from services.log.vault import Vault
from services.running.checking.finding import Finding
from services.trail.following import AT_ONCE, TRAIL
from services.trail.keys import TrailKeyMissing, kept_keys
from services.trail.leaves import Namer
from services.trail.remembered import Forgotten, remembered
from services.trail.whole import beside_events, beside_log, looked_at


def check_trail(data: Path, vault: Vault, database: Database, log: EventLog, since: int) -> list[Finding]:
    """What is wrong with the trail; events are held against their entries from a position on."""
    return [Finding(TRAIL.name, f"{TRAIL.name}: {text}") for text in _findings(data, vault, database, log, since)]


def _findings(data: Path, vault: Vault, database: Database, log: EventLog, since: int) -> Iterator[str]:
    try:
        keys = kept_keys(data)
        known = remembered(data, keys.origin) if keys else None
    except (TrailKeyMissing, Forgotten) as wrong:
        yield str(wrong)
        return
    with database.follower.connection() as conn, conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        conn.execute("SET LOCAL statement_timeout = 0")
        yield from looked_at(conn, [known[1]] if known else []).findings
        yield from beside_log(conn)
        if keys is None:
            return
        namer, at = Namer(keys.secret), since
        while True:
            reading = log.reading(at, AT_ONCE)
            if not reading.rows:
                return
            yield from beside_events(conn, vault, namer, reading.events)
            at = reading.last
