"""What is kept of each witness: how the last try went, and what does not go together as evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from projections.projection import Connection
from services.tlog.note import Verifier


class WitnessWent(Enum):
    """How it went when a witness was asked."""

    COSIGNED = "COSIGNED"
    AWAY = "AWAY"  # it does not answer, or with what is no answer
    PRIVATE = "PRIVATE"  # its address is one of the own network, which the settings do not allow
    UNKNOWN_LOG = "UNKNOWN_LOG"  # 404: it does not know this log
    UNKNOWN_KEY = "UNKNOWN_KEY"  # 403: it does not trust the key that signs
    MISREAD = "MISREAD"  # 400, or another status that nobody expects
    WRONG_KEY = "WRONG_KEY"  # what it answered is not signed by the key of the policy
    AHEAD = "AHEAD"  # 409: it cosigned more entries than the log has
    REFUSED = "REFUSED"  # 422: what it cosigned is not the beginning of what the log shows


ALARMING = frozenset({WitnessWent.AHEAD, WitnessWent.REFUSED})


@dataclass(frozen=True, slots=True)
class WitnessRecord:
    """``size`` is what the witness said it had cosigned last, ``since`` when it first went so."""

    went: WitnessWent
    size: int
    tried_at: datetime
    since: datetime
    failures: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Two signed checkpoints that do not go together: ``ours`` was refused for ``theirs``."""

    number: int
    at: datetime
    witness: str
    went: WitnessWent
    ours: str
    theirs: str

    def text(self) -> str:
        """A file that proves itself: whoever has the log's public key can check both."""
        return f"{self.ours}\n{self.theirs}"


def records(conn: Connection) -> dict[str, WitnessRecord]:
    """By public key."""
    rows = conn.execute("SELECT key, code, size, tried_at, since, failures FROM trail.witness")
    return {row[0]: WitnessRecord(WitnessWent(row[1]), *row[2:]) for row in rows}


def record(conn: Connection, witness: Verifier, went: WitnessWent, size: int, at: datetime) -> None:
    """Keep how it went just now."""
    failed = went is not WitnessWent.COSIGNED
    conn.execute(
        "INSERT INTO trail.witness AS w (key, size, code, tried_at, since, failures) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (key) DO UPDATE SET size = excluded.size, code = excluded.code, tried_at = excluded.tried_at,"
        " since = CASE WHEN w.code = excluded.code THEN w.since ELSE excluded.since END,"
        " failures = CASE WHEN excluded.failures = 0 THEN 0 ELSE w.failures + 1 END",
        (witness.vkey(), size, went.value, at, at, int(failed)),
    )


def keep_evidence(conn: Connection, witness: Verifier, went: WitnessWent, ours: str, theirs: str, at: datetime) -> bool:
    """Keep it once; whether it is new."""
    done = conn.execute(
        "INSERT INTO trail.evidence (at, witness, code, ours, theirs) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        (at, witness.name, went.value, ours, theirs),
    )
    return done.rowcount > 0


def evidence(conn: Connection, number: int | None = None) -> Sequence[Evidence]:
    """What was kept, the newest first, or one of it."""
    rows = conn.execute(
        "SELECT number, at, witness, code, ours, theirs FROM trail.evidence"
        " WHERE %(number)s::bigint IS NULL OR number = %(number)s ORDER BY number DESC LIMIT 200",
        {"number": number},
    )
    return [Evidence(row[0], row[1], row[2], WitnessWent(row[3]), row[4], row[5]) for row in rows]
