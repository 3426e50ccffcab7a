"""The tree as it is read: its head, entries, tiles, checkpoints and proofs. Whatever is asked costs its logarithm.

What is read here is as good as the database. Only a proof that leads to a signed checkpoint shows anything.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from projections.projection import Connection
from services.tlog import tree
from services.tlog.note import Note, Signature, parse_note
from services.tlog.tiles import HEIGHT, WIDTH, hashes_of
from services.tlog.tree import EMPTY_ROOT, Frontier, node_hash
from services.trail.growing import BrokenTree

MOST_TILES = 512  # full tiles in memory, of 16 kB with all that lies above their hashes


@dataclass(frozen=True, slots=True)
class TreeHead:
    """How large the tree is, and its root."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class KeptCheckpoint:
    """A checkpoint that the log signed, with all cosignatures that came by now."""

    origin: str
    size: int
    note: Note
    made_at: datetime


def head(conn: Connection) -> TreeHead:
    """Where the tree stands now; the empty one before the first event."""
    row = conn.execute("SELECT size, frontier FROM trail.head").fetchone()
    return TreeHead(row[0], Frontier.unpacked(*row).root()) if row else TreeHead(0, EMPTY_ROOT)


def latest(conn: Connection, origin: str | None = None) -> KeptCheckpoint | None:
    """The newest checkpoint that was signed, of any or of one log; ``None`` before the first."""
    return _checkpoint(conn, "%(origin)s::text IS NULL OR origin = %(origin)s", origin, None)


def latest_cosigned(conn: Connection, origin: str | None = None) -> KeptCheckpoint | None:
    """The newest checkpoint that anybody cosigned."""
    return _checkpoint(
        conn,
        "(%(origin)s::text IS NULL OR origin = %(origin)s) AND EXISTS (SELECT FROM trail.cosignature AS s"
        " WHERE s.origin = c.origin AND s.size = c.size)",
        origin,
        None,
    )


def checkpoint_of(conn: Connection, origin: str, size: int) -> KeptCheckpoint | None:
    """The checkpoint of this size, if one was signed."""
    return _checkpoint(conn, "origin = %(origin)s AND size = %(size)s", origin, size)


def covering(conn: Connection, origin: str, idx: int, *, cosigned: bool = False) -> KeptCheckpoint | None:
    """The newest checkpoint in which an entry is, cosigned if that is wanted."""
    signed = " AND EXISTS (SELECT FROM trail.cosignature AS s WHERE s.origin = c.origin AND s.size = c.size)"
    return _checkpoint(conn, "origin = %(origin)s AND size > %(size)s" + (signed if cosigned else ""), origin, idx)


def _checkpoint(conn: Connection, where: str, origin: str | None, size: int | None) -> KeptCheckpoint | None:
    row = conn.execute(
        "SELECT origin, size, note, made_at, array(SELECT line FROM trail.cosignature AS s"
        " WHERE s.origin = c.origin AND s.size = c.size ORDER BY at, line)"
        f" FROM trail.checkpoint AS c WHERE {where} ORDER BY {'size' if origin else 'made_at'} DESC LIMIT 1",
        {"origin": origin, "size": size},
    ).fetchone()
    if row is None:
        return None
    found_origin, found_size, note, made_at, lines = row
    whole = parse_note(note).with_more(Signature.parse(line) for line in lines)
    return KeptCheckpoint(found_origin, found_size, whole, made_at)


def entry(conn: Connection, idx: int) -> bytes | None:
    """The exact bytes of an entry."""
    row = conn.execute("SELECT entry FROM trail.entry WHERE idx = %s", (idx,)).fetchone()
    return row[0] if row else None


def entries(conn: Connection, first: int, until: int) -> list[bytes]:
    """Entries ``first`` to before ``until``, as far as they are there."""
    rows = conn.execute("SELECT entry FROM trail.entry WHERE idx >= %s AND idx < %s ORDER BY idx", (first, until))
    return [each for (each,) in rows]


def index_of(position: int) -> int:
    """Where the leaf of an event stands: each position of the log has one, in the same order."""
    return position - 1


def leaf_of(conn: Connection, position: int) -> tuple[int, bytes] | None:
    """Index and entry of the event at a position of the log; ``None`` where the trail is not as far yet."""
    found = entry(conn, index_of(position))
    return (index_of(position), found) if found is not None else None


def inclusion(conn: Connection, idx: int, size: int) -> list[bytes]:
    """That an entry is in the tree of ``size`` leaves. Raises ``Unproven``, ``BrokenTree``."""
    return tree.inclusion_proof(Hashes(conn, size).at, idx, size)


def consistency(conn: Connection, old: int, new: int) -> list[bytes]:
    """That the tree of ``new`` leaves begins with that of ``old``. Raises ``Unproven``, ``BrokenTree``."""
    return tree.consistency_proof(Hashes(conn, new).at, old, new)


def root_at(conn: Connection, size: int) -> bytes:
    """The root that the tree had at a size, made of its tiles. Raises ``BrokenTree``."""
    hashes, found, end = Hashes(conn, size), EMPTY_ROOT, size
    for level in range(size.bit_length()):
        if size >> level & 1:
            complete = hashes.at(level, (end >> level) - 1)
            found = complete if end == size else node_hash(complete, found)
            end -= 1 << level
    return found


def tile(conn: Connection, level: int, n: int, width: int) -> bytes | None:
    """The first ``width`` hashes of a tile; ``None`` where there are not so many yet."""
    row = conn.execute("SELECT hashes FROM trail.tile WHERE level = %s AND n = %s", (level, n)).fetchone()
    found = bytes(row[0]) if row else _begun(conn, level, n, width)
    return found[: width * 32] if len(found) >= width * 32 else None


def _begun(conn: Connection, level: int, n: int, width: int) -> bytes:
    first, until = n * WIDTH, n * WIDTH + width
    if level == 0:
        row = conn.execute(
            "SELECT string_agg(leaf, ''::bytea ORDER BY idx) FROM trail.entry WHERE idx >= %s AND idx < %s",
            (first, until),
        ).fetchone()
    else:
        row = conn.execute(
            "SELECT string_agg(root, ''::bytea ORDER BY n) FROM trail.tile WHERE level = %s AND n >= %s AND n < %s",
            (level - 1, first, until),
        ).fetchone()
    return bytes(row[0]) if row and row[0] else b""


_Levels = list[tuple[bytes, ...]]  # the hashes of a tile, and of all that lies above them in it
_TileKey = tuple[str, int, str, int, int]


class _Full:
    """Full tiles in memory, which never change: by database, level and number."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_TileKey, _Levels] = OrderedDict()
        self._lock = Lock()

    def of(self, key: _TileKey) -> _Levels | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    def keep(self, key: _TileKey, hashes: bytes) -> _Levels:
        found = [hashes_of(hashes, WIDTH)]
        while len(found[-1]) > 1:
            below = found[-1]
            found.append(tuple(node_hash(below[at], below[at + 1]) for at in range(0, len(below), 2)))
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > MOST_TILES:
                self._kept.popitem(last=False)
        return found


_FULL = _Full()


def forget_tiles() -> None:
    """Have none in memory any more."""
    _FULL.clear()


class Hashes:
    """``at(level, n)`` for the proofs of a tree of ``size`` leaves; each tile is asked for once."""

    def __init__(self, conn: Connection, size: int) -> None:
        self._conn = conn
        self._size = size
        self._tiles: dict[tuple[int, int], _Levels] = {}

    def at(self, level: int, n: int) -> bytes:
        """The hash of the complete subtree ``n`` of ``2**level`` leaves. Raises ``BrokenTree``."""
        tile_level, above = divmod(level, HEIGHT)
        number, first = divmod(n << above, WIDTH)
        levels = self._tiles.get((tile_level, number))
        if levels is None:
            levels = self._tiles[tile_level, number] = self._read(tile_level, number)
        while len(levels) <= above:
            below = levels[-1]
            levels.append(tuple(node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)))
        return levels[above][first >> above]

    def _read(self, level: int, n: int) -> _Levels:
        width = min(WIDTH, (self._size >> (level * HEIGHT)) - n * WIDTH)
        if width < WIDTH:
            return [hashes_of(self._hashes(level, n, width), width)]
        where = self._conn.info
        key = (where.host, where.port, where.dbname, level, n)
        return list(_FULL.of(key) or _FULL.keep(key, self._hashes(level, n, width)))

    def _hashes(self, level: int, n: int, width: int) -> bytes:
        found = tile(self._conn, level, n, width) if width > 0 else None
        if found is None:
            raise BrokenTree(f"tile {n} of level {level} is not whole")
        return found
