"""Takes a batch into followings: what they do and their bookmarks in one transaction, and a halt where one cannot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from projections.bookmarks import Part, halt, move
from projections.following import AWAY, Batch, Following
from projections.news import news, tell
from projections.projection import Connection


@dataclass(frozen=True, slots=True)
class Halted:
    """A following stopped before the event at ``position``; ``because`` is the error's type, never its text."""

    name: str
    position: int
    because: str


def part_of(following: Following, batch: Batch, skipped: Collection[int] = ()) -> Part:
    """A batch with at least one event for a following that takes in none at ``skipped`` positions."""
    taken = [each for each in batch if each.position not in skipped] if skipped else batch
    return Part(following, batch[0].position, batch[-1].position, taken)


def take(conn: Connection, parts: Sequence[Part]) -> None:
    """All parts in one transaction; one that another process took in meanwhile changes nothing."""
    with conn.transaction():
        moved = move(conn, parts) if parts else set()
        heard = []
        for part in parts:
            if part.following.name in moved:
                estates = part.following.take(conn, part.batch) if part.batch else None
                heard.append(news(part.following.name, part.last, estates or ()))
        tell(conn, heard)


def take_or_halt(conn: Connection, parts: Sequence[Part]) -> list[Halted]:
    """All parts in one transaction; if one of them cannot, each for itself, so that the others go on."""
    try:
        take(conn, parts)
    except AWAY:
        raise
    except Exception:
        return [halted for part in parts if (halted := _as_far_as_it_goes(conn, part))]
    return []


def _as_far_as_it_goes(conn: Connection, part: Part) -> Halted | None:
    """Up to the event that the following cannot take in, found by halving."""
    try:
        take(conn, [part])
    except AWAY:
        raise
    except Exception as error:
        if len(part.batch) > 1:
            middle = len(part.batch) // 2
            early, late = part.batch[:middle], part.batch[middle:]
            return _as_far_as_it_goes(conn, replace(part, last=early[-1].position, batch=early)) or _as_far_as_it_goes(
                conn, replace(part, first=late[0].position, batch=late)
            )
        return halted_at(conn, part.following, part.batch[0].position, type(error).__name__)
    return None


def halted_at(conn: Connection, following: Following, position: int, because: str) -> Halted | None:
    """Halt a following at an event, unless another process is past it."""
    return Halted(following.name, position, because) if halt(conn, following, position, because) else None
