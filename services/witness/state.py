"""What a witness remembers, in one SQLite file: which logs it trusts, what it cosigned last, what it had to refuse.

A check and what follows from it stand in one transaction that nobody else may write beside, in whichever process; it
is on the disk before anybody hears of it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

FILE = "witness.sqlite"
SECONDS = 20.0  # for which one waits for another's turn
MOST_REFUSED = 200  # kept of one log
UNPROVEN = "unproven"
SHAPE = 1

_TABLES = """
CREATE TABLE IF NOT EXISTS log (origin TEXT NOT NULL, vkey TEXT NOT NULL, PRIMARY KEY (origin, vkey)) STRICT;
CREATE TABLE IF NOT EXISTS latest (
  origin TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS refused (
  number INTEGER PRIMARY KEY, origin TEXT NOT NULL, at INTEGER NOT NULL, why TEXT NOT NULL,
  checkpoint TEXT NOT NULL, note TEXT NOT NULL, latest TEXT NOT NULL, UNIQUE (origin, checkpoint)
) STRICT;
"""


class NoState(Exception):
    """There is no witness in this folder, or it cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Latest:
    """What was cosigned last for an origin; ``note`` with the log's signatures and ours."""

    origin: str
    size: int
    root: bytes
    note: str


@dataclass(frozen=True, slots=True)
class TurnedDown:
    """A checkpoint that its log did sign and that was not shown to follow from ``latest``: two signed notes.

    ``why``: ``two_roots`` and ``impossible_root`` prove by themselves that the log has two histories; ``unproven`` only
    that nobody showed that it has one.
    """

    origin: str
    at: int  # POSIX seconds
    why: str
    note: str
    latest: str


class State:
    """The file of one folder. Every call opens it anew, so that threads and processes share nothing but the file."""

    def __init__(self, folder: Path, *, make: bool = False) -> None:
        self.path = folder / FILE
        if not make and not self.path.exists():
            raise NoState(f"{self.path} is missing; `jinlin witness make {folder}` makes a new witness")
        with self.turn() as turn:
            shape = int(turn.conn.execute("PRAGMA user_version").fetchone()[0])
            if shape > SHAPE:
                raise NoState(f"{self.path} is of a newer release")
            for each in filter(str.strip, _TABLES.split(";")):
                turn.conn.execute(each)
            turn.conn.execute(f"PRAGMA user_version = {SHAPE}")

    @contextmanager
    def turn(self) -> Iterator["Turn"]:
        """All alone until the end, and kept for good after it; nothing of it where an error ends it."""
        conn = sqlite3.connect(self.path, timeout=SECONDS, isolation_level=None)
        try:
            conn.execute("PRAGMA synchronous = EXTRA")
            conn.execute("BEGIN IMMEDIATE")
            try:
                yield Turn(conn)
            except BaseException:
                conn.execute("ROLLBACK")
                raise
            conn.execute("COMMIT")
        finally:
            conn.close()

    @contextmanager
    def look(self) -> Iterator["Turn"]:
        """Read what is kept; what somebody who was killed had begun to write is taken back first."""
        conn = sqlite3.connect(self.path, timeout=SECONDS, isolation_level=None)
        try:
            conn.execute("PRAGMA query_only = ON")
            yield Turn(conn)
        finally:
            conn.close()


class Turn:
    """One who reads, and may write in a ``turn``."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn

    def keys(self, origin: str) -> list[str]:
        """The keys (vkey) that are trusted for an origin."""
        rows = self.conn.execute("SELECT vkey FROM log WHERE origin = ? ORDER BY vkey", (origin,))
        return [str(vkey) for (vkey,) in rows]

    def logs(self) -> list[tuple[str, str]]:
        """Origin and vkey of each trusted key."""
        return [(str(origin), str(vkey)) for origin, vkey in self.conn.execute("SELECT * FROM log ORDER BY 1, 2")]

    def trust(self, origin: str, vkey: str) -> None:
        """Cosign what this key signs for this origin."""
        self.conn.execute("INSERT OR IGNORE INTO log VALUES (?, ?)", (origin, vkey))

    def distrust(self, origin: str, vkey: str) -> bool:
        """Take it back; what was cosigned stays remembered. Whether it was trusted."""
        return self.conn.execute("DELETE FROM log WHERE origin = ? AND vkey = ?", (origin, vkey)).rowcount > 0

    def latest(self, origin: str) -> Latest | None:
        """What was cosigned last."""
        return self._latest("origin", origin)

    def latest_of(self, hash: str) -> Latest | None:
        """The same, by the SHA-256 of the origin in hex."""
        return self._latest("hash", hash)

    def _latest(self, column: str, value: str) -> Latest | None:
        found = self.conn.execute(f"SELECT origin, size, root, note FROM latest WHERE {column} = ?", (value,))
        row = found.fetchone()
        return None if row is None else Latest(*row)

    def cosigned(self, latest: Latest, hash: str) -> None:
        """Remember that this was cosigned."""
        self.conn.execute(
            "INSERT INTO latest (origin, hash, size, root, note) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root, note = excluded.note",
            (latest.origin, hash, latest.size, latest.root, latest.note),
        )

    def refused(self, refusal: TurnedDown) -> None:
        """Keep it, each checkpoint once. What proves nothing by itself makes room for what does."""
        (many,) = self.conn.execute("SELECT count(*) FROM refused WHERE origin = ?", (refusal.origin,)).fetchone()
        if many >= MOST_REFUSED:
            if refusal.why == UNPROVEN:
                return
            self.conn.execute(
                "DELETE FROM refused WHERE number = (SELECT min(number) FROM refused WHERE origin = ? AND why = ?)",
                (refusal.origin, UNPROVEN),
            )
        checkpoint = refusal.note.rpartition("\n\n")[0]
        self.conn.execute(
            "INSERT INTO refused (origin, at, why, checkpoint, note, latest) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (origin, checkpoint) DO UPDATE SET why = excluded.why, latest = excluded.latest"
            f" WHERE refused.why = '{UNPROVEN}'",
            (refusal.origin, refusal.at, refusal.why, checkpoint, refusal.note, refusal.latest),
        )

    def refusals(self) -> list[TurnedDown]:
        """All that was kept, the oldest first."""
        rows = self.conn.execute("SELECT origin, at, why, note, latest FROM refused ORDER BY number")
        return [TurnedDown(*row) for row in rows]
