"""How far each following has come in the log: its bookmark, moved in the transaction in which it takes events in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from projections.following import Batch, Following
from projections.projection import Connection


@dataclass(frozen=True, slots=True)
class Bookmark:
    """``position`` of the last event taken in; ``halted_at`` one that could not be; ``shape`` of what is kept."""

    position: int = 0
    halted_at: int | None = None
    shape: str | None = None

    def lets(self, following: Following) -> bool:
        """Whether the following may take in what comes next."""
        return self.halted_at is None and self.shape in (None, following.shape)


UNREAD = Bookmark()


@dataclass(frozen=True, slots=True)
class Part:
    """What one following has to go past: positions ``first`` to ``last``, and of the events there those it takes in."""

    following: Following
    first: int
    last: int
    batch: Batch


def bookmarks(conn: Connection) -> dict[str, Bookmark]:
    """All of them, by the name of the following."""
    rows = conn.execute("SELECT name, position, halted_at, shape FROM view.positions")
    return {name: Bookmark(position, halted_at, shape) for name, position, halted_at, shape in rows}


def move(conn: Connection, parts: Sequence[Part]) -> set[str]:
    """Move the bookmarks to the ends of the parts; answers the names of those that lay before their part."""
    rows = conn.execute(
        "INSERT INTO view.positions AS p (name, position, shape)"
        " SELECT * FROM unnest(%b::text[], %b::bigint[], %b::text[])"
        " ON CONFLICT (name) DO UPDATE SET position = excluded.position"
        " WHERE p.shape = excluded.shape AND p.position < (SELECT first"
        " FROM unnest(%b::text[], %b::bigint[]) AS begins (name, first) WHERE begins.name = excluded.name)"
        " RETURNING name",
        (
            [part.following.name for part in parts],
            [part.last for part in parts],
            [part.following.shape for part in parts],
            [part.following.name for part in parts],
            [part.first for part in parts],
        ),
    )
    return {name for (name,) in rows}


def halt(conn: Connection, following: Following, position: int, because: str) -> bool:
    """Halt at an event that cannot be taken in; ``False`` where another process is past it already."""
    done = conn.execute(
        "INSERT INTO view.positions AS p (name, position, shape, halted_at, halted_because)"
        " VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (name) DO UPDATE"
        " SET halted_at = excluded.halted_at, halted_because = excluded.halted_because"
        " WHERE p.position < excluded.halted_at",
        (following.name, position - 1, following.shape, position, because),
    )
    return bool(done.rowcount)


def outgrown(conn: Connection, followings: Iterable[Following]) -> set[str]:
    """Names of those that keep what an older product made in another shape."""
    kept = bookmarks(conn)
    return {each.name for each in followings if kept.get(each.name, UNREAD).shape not in (None, each.shape)}
