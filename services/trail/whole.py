"""Whether the trail is whole: every entry hashed anew, and the tree, its checkpoints and the log held against it.

What a superuser of the database changes anywhere is found here by its number. What he changes everywhere alike, so that
all of it fits together again, is found by whoever holds a checkpoint, a receipt or a sheet of paper from before.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.recorded import Recorded
from domain.trail.crowd import Coarseness
from projections.projection import Connection
from projections.skipped import skips
from services.log.vault import Vault
from services.tlog.checkpoint import Checkpoint
from services.tlog.note import Note, parse_note
from services.tlog.refusals import Malformed
from services.tlog.tiles import WIDTH, root_of_complete
from services.tlog.tree import Frontier, leaf_hash
from services.trail.following import TRAIL, Subjects
from services.trail.leaves import Namer, leaf_of, public_part

AT_ONCE = 256 * 40  # entries that are read together

_DIGESTS = ("_sd", "_sd_alg")

Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Looked:
    """``findings`` tell numbers and nothing else; ``root`` is that of the entries as they are."""

    size: int
    root: bytes
    findings: tuple[str, ...]


def looked_at(conn: Connection, known: Iterable[Note] = (), progress: Progress = lambda done, of: None) -> Looked:
    """Hash all entries anew and hold everything else against them; ``known`` are checkpoints from elsewhere.

    At one moment, if the connection is in a transaction that sees one.
    """
    size, frontier = _head(conn)
    wanted = _checkpoints(conn, known)
    found: list[str] = []
    grown, tiles = Frontier(), _Tiles()
    for indexes, entries, leaves in _entries(conn):
        for index, entry, leaf in zip(indexes, entries, leaves, strict=True):
            if index != grown.size:
                found.append(f"entry {grown.size} is missing")
                return Looked(size, grown.root(), tuple(found))
            hashed = leaf_hash(entry)
            if hashed != leaf:
                found.append(f"entry {index} is not what was hashed")
            grown = grown.appended(hashed)
            tiles.add(hashed)
            if grown.size in wanted:
                found += _compared(wanted.pop(grown.size), grown.root())
        progress(grown.size, size)
    found += _tiles(conn, tiles)
    if (grown.size, grown.packed()) != (size, frontier):
        found.append(f"the head says {size} entries, and there are {grown.size} that lead to another root")
    found += [f"the checkpoint of {beyond} entries is larger than the tree" for beyond in sorted(wanted)]
    return Looked(size, grown.root(), tuple(found))


def beside_log(conn: Connection) -> list[str]:
    """Whether the trail has a leaf for each event that the follower took in, and the log no hole beside it."""
    row = conn.execute("SELECT position FROM view.positions WHERE name = 'trail'").fetchone()
    position = row[0] if row else 0
    size = _head(conn)[0]
    ends = conn.execute("SELECT count(*), coalesce(max(notification_id), 0) FROM log.stored_events").fetchone()
    found = []
    if size > position:
        found.append(f"the trail has {size} entries for {position} events")
    if ends is not None and ends[1] < position:
        found.append(f"the log ends at {ends[1]}, and {position} events have entries")
    return found


def _head(conn: Connection) -> tuple[int, bytes]:
    row = conn.execute("SELECT size, frontier FROM trail.head").fetchone()
    return (row[0], bytes(row[1])) if row else (0, b"")


def _entries(conn: Connection) -> Iterator[tuple[list[int], list[bytes], list[bytes]]]:
    after = -1
    while True:
        rows = conn.execute(
            "SELECT idx, entry, leaf FROM trail.entry WHERE idx > %s ORDER BY idx LIMIT %s",
            (after, AT_ONCE),
            binary=True,
        ).fetchall()
        if not rows:
            return
        indexes, entries, leaves = map(list, zip(*rows, strict=True))
        after = indexes[-1]
        yield indexes, entries, leaves


def _checkpoints(conn: Connection, known: Iterable[Note]) -> dict[int, list[tuple[str, bytes]]]:
    """Roots that were signed, by size."""
    found: dict[int, list[tuple[str, bytes]]] = {}
    signed = [note for (note,) in conn.execute("SELECT note FROM trail.checkpoint")]
    for note in [*(parse_note(each) for each in signed), *known]:
        try:
            checkpoint = Checkpoint.parse(note.text)
        except Malformed:
            continue
        if checkpoint.size:
            found.setdefault(checkpoint.size, []).append((checkpoint.origin, checkpoint.root))
    return found


def _compared(signed: Iterable[tuple[str, bytes]], root: bytes) -> list[str]:
    return [f"a checkpoint of {origin} has another root than its entries" for origin, said in signed if said != root]


class _Tiles:
    """The full tiles that the entries make, as they come."""

    def __init__(self) -> None:
        self.full: dict[tuple[int, int], tuple[bytes, bytes]] = {}
        self._open: list[list[bytes]] = [[]]
        self._numbers = [0]

    def add(self, leaf: bytes, level: int = 0) -> None:
        if level == len(self._open):
            self._open.append([])
            self._numbers.append(0)
        hashes = self._open[level]
        hashes.append(leaf)
        if len(hashes) == WIDTH:
            root = root_of_complete(hashes)
            self.full[level, self._numbers[level]] = b"".join(hashes), root
            self._numbers[level] += 1
            self._open[level] = []
            self.add(root, level + 1)


def _tiles(conn: Connection, made: _Tiles) -> list[str]:
    found, seen = [], set()
    for level, n, hashes, root in conn.execute("SELECT level, n, hashes, root FROM trail.tile ORDER BY level, n"):
        seen.add((level, n))
        if made.full.get((level, n)) != (bytes(hashes), bytes(root)):
            found.append(f"tile {n} of level {level} is not what the entries make")
    return found + [f"tile {n} of level {level} is missing" for level, n in sorted(made.full.keys() - seen)]


def beside_events(conn: Connection, vault: Vault, namer: Namer, batch: Sequence[Recorded[Any]]) -> list[str]:
    """Which of these events are not those of which the trail has the leaves. Of a destroyed key the public counts."""
    positions = [each.position for each in batch]
    subjects = {each.correlation for each in batch}
    rows = conn.execute("SELECT idx + 1, entry FROM trail.entry WHERE idx + 1 = ANY(%s)", (positions,)).fetchall()
    entries = {position: bytes(entry) for position, entry in rows}
    since: dict[UUID, int] = dict(
        conn.execute("SELECT subject, since FROM trail.subject WHERE subject = ANY(%s)", (list(subjects),)).fetchall()
    )
    known = Subjects(since, vault.saltings(subjects), namer)
    passed = {each.position for each in skips(conn) if each.view == TRAIL.name}
    found = []
    for recorded in batch:
        entry = entries.get(recorded.position)
        if entry is not None and recorded.position not in passed and not _is_of(recorded, entry, known, namer):
            found.append(f"entry {recorded.position - 1} is not that of the event at position {recorded.position}")
    return found


def _is_of(recorded: Recorded[Any], entry: bytes, subjects: Subjects, namer: Namer) -> bool:
    try:
        said = json.loads(entry)
        coarse = Coarseness(said.get("coarse", Coarseness.NONE.value))
    except (ValueError, AttributeError):
        return False
    salted, _ = subjects.of(recorded)
    if not salted.lost:
        return leaf_of(recorded, coarse, salted, namer) == entry
    return {name: value for name, value in said.items() if name not in _DIGESTS} == public_part(recorded, coarse, namer)


def rebuilt(conn: Connection, progress: Progress = lambda done, of: None) -> Looked:
    """Make tiles and head anew of the stored entries, as the tables' owner in a transaction. Raises ``NotTheSame``.

    The entries are what was hashed: they stay as they are, and must lead to every root that was signed.
    """
    conn.execute("LOCK TABLE trail.head IN EXCLUSIVE MODE")
    looked = looked_at(conn, progress=progress)
    wrong = [each for each in looked.findings if not each.startswith(("tile ", "the head "))]
    if wrong:
        raise NotTheSame(wrong[0])
    tiles, grown = _Tiles(), Frontier()
    for _, entries, _ in _entries(conn):
        hashed = [leaf_hash(entry) for entry in entries]
        grown = grown.extended(hashed)
        for leaf in hashed:
            tiles.add(leaf)
    for table in ("tile", "head"):
        conn.execute(f"ALTER TABLE trail.{table} DISABLE TRIGGER USER".encode())
    conn.execute("DELETE FROM trail.tile")
    conn.cursor().executemany(
        "INSERT INTO trail.tile (level, n, hashes, root) VALUES (%s, %s, %s, %s)",
        [(level, n, hashes, root) for (level, n), (hashes, root) in tiles.full.items()],
    )
    conn.execute("UPDATE trail.head SET size = %s, frontier = %s", (grown.size, grown.packed()))
    for table in ("tile", "head"):
        conn.execute(f"ALTER TABLE trail.{table} ENABLE TRIGGER USER".encode())
    return Looked(grown.size, grown.root(), looked.findings)


class NotTheSame(Exception):
    """The stored entries are not those that were signed: nothing was made of them."""
