"""Tiles and bundles of entries as C2SP tlog-tiles names and packs them."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from services.tlog.refusals import Malformed
from services.tlog.spelling import HASH
from services.tlog.tree import leaf_hash, node_hash

WIDTH = 256
HEIGHT = 8  # of a tile, in levels of the tree
MOST_ENTRY = 65_535  # bytes: what the length before an entry can say
_PATH = re.compile(
    r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Address:
    """Tile number ``n`` of ``level``, or with ``None`` for it bundle number ``n`` of entries; ``width`` of 1 to 256."""

    level: int | None
    n: int
    width: int = WIDTH

    def path(self) -> str:
        group, rest = f"{self.n % 1000:03}", self.n // 1000
        while rest:
            group, rest = f"x{rest % 1000:03}/{group}", rest // 1000
        name = "entries" if self.level is None else self.level
        return f"tile/{name}/{group}" + (f".p/{self.width}" if self.width < WIDTH else "")


def tile_path(level: int, n: int, width: int = WIDTH) -> str:
    return Address(level, n, width).path()


def entries_path(n: int, width: int = WIDTH) -> str:
    return Address(None, n, width).path()


def parse(path: str) -> Address:
    """Out of a path below the log's address, such as ``tile/0/x001/067.p/112``."""
    found = _PATH.fullmatch(path) if len(path) < 60 else None
    if found:
        level, groups, width = found.groups()
        n = int(groups.replace("x", "").replace("/", ""))
        address = Address(None if level == "entries" else int(level), n, int(width or WIDTH))
        if address.path() == path:
            return address
    raise Malformed("bad_path", f"This is no address of a tile or a bundle: {path[:60]!r}.")


def addresses(size: int) -> list[Address]:
    """All tiles and bundles of a tree of ``size`` leaves, the partial ones in the width that they have there."""
    found: list[Address] = []
    for level in range(-(-max(size, 1).bit_length() // HEIGHT)):
        hashes = size >> (level * HEIGHT)
        kinds: tuple[int | None, ...] = (0, None) if not level else (level,)
        for kind in kinds:
            found += (Address(kind, n, min(WIDTH, hashes - n * WIDTH)) for n in range(-(-hashes // WIDTH)))
    return found


def bundle(entries: Iterable[bytes]) -> bytes:
    parts = []
    for entry in entries:
        if len(entry) > MOST_ENTRY:
            raise Malformed("long_entry", f"An entry has {len(entry)} bytes, more than the {MOST_ENTRY} of a bundle.")
        parts.append(len(entry).to_bytes(2, "big") + entry)
    return b"".join(parts)


def unbundle(data: bytes) -> list[bytes]:
    entries, at = [], 0
    while at < len(data):
        begin = at + 2
        at = begin + int.from_bytes(data[at:begin], "big")
        if begin > len(data) or at > len(data):
            raise Malformed("bad_bundle", "The bundle ends in the middle of an entry.")
        entries.append(data[begin:at])
    return entries


def hashes_of(tile: bytes, width: int) -> tuple[bytes, ...]:
    if len(tile) != width * HASH:
        raise Malformed("bad_tile", f"The tile has {len(tile)} bytes instead of {width * HASH}.")
    return tuple(tile[at : at + HASH] for at in range(0, len(tile), HASH))


def root_of_complete(hashes: Sequence[bytes]) -> bytes:
    """The hash over a complete subtree: a power of two hashes, such as the 256 of a full tile."""
    level = list(hashes)
    if not level or len(level) & (len(level) - 1):
        raise Malformed("bad_tile", f"{len(level)} hashes are no complete subtree.")
    while len(level) > 1:
        level = [node_hash(level[at], level[at + 1]) for at in range(0, len(level), 2)]
    return level[0]


class TileReader:
    """Gives ``hash_at`` of a tree of ``size`` leaves out of tiles, ``fetch(path)`` being what gives a tile's bytes.

    What it gives is as good as the tiles: a proof made of it is to be verified against a signed checkpoint.
    """

    def __init__(self, fetch: Callable[[str], bytes], size: int) -> None:
        self._fetch = fetch
        self._size = size
        self._tiles: dict[tuple[int, int], tuple[bytes, ...]] = {}

    def hash_at(self, level: int, n: int) -> bytes:
        tile_level, above = divmod(level, HEIGHT)
        tile, first = divmod(n << above, WIDTH)
        hashes = self._tile(tile_level, tile)[first : first + (1 << above)]
        if len(hashes) != 1 << above:
            raise Malformed("bad_tile", f"A tree of {self._size} leaves has no complete subtree {n} at level {level}.")
        return root_of_complete(hashes)

    def _tile(self, level: int, n: int) -> tuple[bytes, ...]:
        if (level, n) not in self._tiles:
            width = min(WIDTH, (self._size >> (level * HEIGHT)) - n * WIDTH)
            if width < 1:
                raise Malformed("bad_tile", f"A tree of {self._size} leaves has no tile {n} at level {level}.")
            self._tiles[level, n] = hashes_of(self._fetch(tile_path(level, n, width)), width)
        return self._tiles[level, n]


def tile_of_entries(entries: Iterable[bytes]) -> bytes:
    """The tile of level 0 that belongs to a bundle's entries."""
    return b"".join(leaf_hash(entry) for entry in entries)
