"""Takes a batch into followings: what they do and their bookmarks in one transaction, and a halt where one cannot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from domain.recorded import Reading, Unread
from projections.bookmarks import Part, halt, move
from projections.following import Following, is_away
from projections.news import news, tell
from projections.projection import Connection


@dataclass(frozen=True, slots=True)
class Halted:
    """A following stopped before the event at ``position``; ``because`` is the error's type, never its text."""

    name: str
    position: int
    because: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a following can take in of a reading, and the event that nobody can read before which it must halt."""

    part: Part | None
    halt: Unread | None


def ahead_of(following: Following, reading: Reading, reached: int, skipped: Collection[int] = ()) -> Ahead:
    """What a following that has ``reached`` a position has ahead, if it takes in none at ``skipped`` positions."""
    in_the_way = (
        each
        for each in reading.unread
        if each.position > reached and each.position not in skipped and following.needs(each)
    )
    halt = next(in_the_way, None)
    last = halt.position - 1 if halt else reading.last
    if last <= reached:
        return Ahead(None, halt)
    events = reading.events
    if events and (events[0].position <= reached or events[-1].position > last):
        events = [each for each in events if reached < each.position <= last]
    if skipped:
        events = [each for each in events if each.position not in skipped]
    return Ahead(Part(following, reached + 1, last, events), halt)


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
    except Exception as error:
        if is_away(error):
            raise
        return [halted for part in parts if (halted := _as_far_as_it_goes(conn, part))]
    return []


def _as_far_as_it_goes(conn: Connection, part: Part) -> Halted | None:
    """Up to the event that the following cannot take in, found by halving."""
    try:
        take(conn, [part])
    except Exception as error:
        if is_away(error):
            raise
        if len(part.batch) > 1:
            middle = len(part.batch) // 2
            early, late = part.batch[:middle], part.batch[middle:]
            return _as_far_as_it_goes(conn, replace(part, last=early[-1].position, batch=early)) or _as_far_as_it_goes(
                conn, replace(part, first=late[0].position, batch=late)
            )
        return halted_at(conn, part.following, part.batch[0].position, type(error).__name__) if part.batch else None
    return None


def halted_at(conn: Connection, following: Following, position: int, because: str) -> Halted | None:
    """Halt a following at an event, unless another process is past it."""
    return Halted(following.name, position, because) if halt(conn, following, position, because) else None
