"""The tree in the database, and how it grows: entries, a tile when it is full, and one row that says where it stands.

A leaf costs the same in a tree of any size. All of a batch is in the transaction in which its follower moves on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from projections.projection import Connection
from services.tlog.tiles import WIDTH, root_of_complete
from services.tlog.tree import Frontier, leaf_hash

HASH = 32


@dataclass(frozen=True, slots=True)
class Head:
    """Where the tree stands: ``size`` leaves."""

    frontier: Frontier
    mark: str

    @property
    def size(self) -> int:
        return self.frontier.size

    def root(self) -> bytes:
        return self.frontier.root()


def head_for_growing(conn: Connection, mark: str) -> Head:
    """The head, nobody else's until the transaction ends; made where there is none. Raises ``OtherTrail``."""
    row = conn.execute("SELECT size, frontier, mark FROM trail.head FOR UPDATE").fetchone()
    if row is None:
        conn.execute("INSERT INTO trail.head (size, frontier, mark) VALUES (0, '', %s)", (mark,))
        return Head(Frontier(), mark)
    if row[2] != mark:
        raise OtherTrail
    return Head(Frontier.unpacked(row[0], row[1]), row[2])


def grow(conn: Connection, head: Head, entries: Sequence[bytes]) -> Head:
    """Append entries to the tree in the caller's transaction, which has the head for itself."""
    if not entries:
        return head
    leaves = [leaf_hash(entry) for entry in entries]
    grown = Head(head.frontier.extended(leaves), head.mark)
    indexes = range(head.size, grown.size)
    conn.execute(
        "INSERT INTO trail.entry (idx, leaf, entry)"
        " SELECT * FROM unnest(%b::bigint[], %b::bytea[], %b::bytea[]) AS grown (idx, leaf, entry)",
        ([*indexes], leaves, [*entries]),
    )
    if head.size // WIDTH != grown.size // WIDTH:
        _fill_tiles(conn, head.size, leaves)
    conn.execute("UPDATE trail.head SET size = %s, frontier = %s", (grown.size, grown.frontier.packed()))
    return grown


def _fill_tiles(conn: Connection, size: int, leaves: Sequence[bytes]) -> None:
    """Write the tiles that are full with these hashes; each gives a hash to the level above."""
    level, first, hashes = 0, size, list(leaves)
    while hashes:
        begun = first % WIDTH
        if begun and begun + len(hashes) >= WIDTH:
            hashes = _begun(conn, level, first - begun, first) + hashes
            first -= begun
        elif begun:
            return
        full = [tuple(hashes[at : at + WIDTH]) for at in range(0, len(hashes) - WIDTH + 1, WIDTH)]
        roots = [root_of_complete(tile) for tile in full]
        number = first // WIDTH
        if full:
            conn.execute(
                "INSERT INTO trail.tile (level, n, hashes, root)"
                " SELECT %b, n, hashes, root FROM unnest(%b::bigint[], %b::bytea[], %b::bytea[])"
                " AS full_now (n, hashes, root)",
                (level, [*range(number, number + len(full))], [b"".join(tile) for tile in full], roots),
            )
        level, first, hashes = level + 1, number, roots


def _begun(conn: Connection, level: int, first: int, until: int) -> list[bytes]:
    """The hashes of a tile that was begun earlier: of entries, or of the tiles below."""
    if level == 0:
        rows = conn.execute("SELECT leaf FROM trail.entry WHERE idx >= %s AND idx < %s ORDER BY idx", (first, until))
    else:
        rows = conn.execute(
            "SELECT root FROM trail.tile WHERE level = %s AND n >= %s AND n < %s ORDER BY n", (level - 1, first, until)
        )
    found = [leaf for (leaf,) in rows]
    if len(found) != until - first:
        raise BrokenTree(f"{until - first - len(found)} hashes are missing at level {level} after {first}")
    return found


class OtherTrail(Exception):
    """The tree in the database was made under another secret than ours."""


class BrokenTree(Exception):
    """What the tree is made of is not all there."""
