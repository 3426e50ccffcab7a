"""Who may be meant by a name and a phone that somebody is about to register: shown masked, to be taken on again."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.capacity import Capacity
from domain.masks import masked_name, masked_phone
from projections.people import people
from services.console.visit import Visit

MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is registered: name and phone masked, and the posts held in the visitor's own estates."""

    person: UUID
    name: str
    phone: str
    posts: Sequence[Capacity]
    roles: bool


def known(visit: Visit, name: str | None, phone: str | None) -> list[Known]:
    """People who are not forgotten, in whichever estates: there is one register of people."""
    with visit.product.database.follower.connection() as conn:
        found = people.alike(conn, name, phone)
    now, own = visit.voice.now, visit.member.estates
    return [
        Known(
            row.person,
            masked_name(row.name) or "",
            masked_phone(row.phone) or "",
            [post.capacity for post in row.state.posts if post.estate in own and post.held_at(now)],
            bool(row.state.roles),
        )
        for row in found
        if row.state.forgotten is None
    ][:MOST_SHOWN]
