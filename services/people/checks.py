"""What spans people and acts: nobody acts in a post that was not held then."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.capacity import Capacity
from domain.recorded import Recorded
from projections.people.people import PEOPLE
from projections.projection import Connection
from services.capability import Check

_Held = dict[tuple[UUID, Capacity, str], list[tuple[datetime, datetime | None]]]


def in_post(conn: Connection) -> Callable[[Recorded[Any]], str | None]:
    """Whoever acts as something holds that post there and then; the product itself is nobody."""
    held: _Held = {}
    anywhere: set[tuple[UUID, Capacity]] = set()
    for (body,) in conn.execute("SELECT body::text FROM view.people"):
        row = PEOPLE.decode(body)
        for post in row.state.posts:
            held.setdefault((row.person, post.capacity, post.estate), []).append((post.since, post.until))
            anywhere.add((row.person, post.capacity))

    def look(recorded: Recorded[Any]) -> str | None:
        actor, capacity, _, at = recorded.act
        if capacity is Capacity.SYSTEM:
            return None
        if recorded.estate is None:
            return None if (actor, capacity) in anywhere else f"{actor} acted as {capacity.value}, a post never held"
        for since, until in held.get((actor, capacity, recorded.estate), ()):
            if since <= at and (until is None or at < until):
                return None
        return f"{actor} acted as {capacity.value} in estate {recorded.estate} without that post"

    return look


POSTS_AND_ACTS = Check("posts and acts", (PEOPLE,), each=in_post)
