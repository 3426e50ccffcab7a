"""Several posts in one person (一人多职): which are held at once, which are to be kept apart, and what was done.

Nobody is named to readers outside; a mark tells people apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from domain.capacity import FOREMOST, Capacity
from projections.people import people
from projections.people.people import PersonRow
from projections.projection import Connection
from projections.trail import lines
from projections.trail.lines import Span

MOST_LINES = 20_000

_FIRM = frozenset(Capacity) - {Capacity.RESIDENTS_COMMITTEE, Capacity.SYSTEM}


class Apart(Enum):
    """Why two posts do not belong to one person."""

    CASH_AND_BOOKS = "CASH_AND_BOOKS"  # 钱账不分
    WATCHES_ITSELF = "WATCHES_ITSELF"  # 自己查自己
    COMMITTEE_AND_FIRM = "COMMITTEE_AND_FIRM"  # 居委会的人又在物业任职
    ACCOUNTS_AND_MONEY = "ACCOUNTS_AND_MONEY"  # 管账号又管钱
    WORKS_AND_VERIFIES = "WORKS_AND_VERIFIES"  # 自己做又自己核验


def _pairs(one: Capacity, others: frozenset[Capacity]) -> frozenset[frozenset[Capacity]]:
    return frozenset(frozenset({one, other}) for other in others if other is not one)


KEPT_APART: Mapping[Apart, frozenset[frozenset[Capacity]]] = {
    Apart.COMMITTEE_AND_FIRM: _pairs(Capacity.RESIDENTS_COMMITTEE, _FIRM),
    Apart.WATCHES_ITSELF: _pairs(Capacity.AUDITOR, _FIRM),
    Apart.CASH_AND_BOOKS: _pairs(Capacity.CASHIER, frozenset({Capacity.ACCOUNTANT})),
    Apart.ACCOUNTS_AND_MONEY: _pairs(Capacity.ADMINISTRATOR, frozenset({Capacity.CASHIER, Capacity.ACCOUNTANT})),
    Apart.WORKS_AND_VERIFIES: _pairs(
        Capacity.RED_STEWARD, frozenset({Capacity.STATION_HEAD, Capacity.DISPATCHER, Capacity.CENTRE_HEAD})
    ),
}


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post with how many lines of the trail its holder wrote as such in the period."""

    capacity: Capacity
    since: datetime
    acts: int


@dataclass(frozen=True, slots=True)
class SeveralPosts:
    """Somebody with several posts in one estate. ``name`` is ``None`` where the reader may not know it."""

    person: UUID
    name: str | None
    posts: tuple[HeldPost, ...]
    apart: tuple[Apart, ...]


def several_posts(conn: Connection, estate: str, span: Span, now: datetime) -> list[SeveralPosts]:
    """Those first who hold what is to be kept apart."""
    acts = _acts(conn, estate, span)
    found = [_of(row, estate, now, acts) for row in people.everybody(conn, [estate])]
    several = [each for each in found if len(each.posts) > 1]
    return sorted(several, key=lambda each: (not each.apart, str(each.person)))


def apart(held: frozenset[Capacity]) -> tuple[Apart, ...]:
    """What of it does not belong to one person."""
    return tuple(why for why, pairs in KEPT_APART.items() if any(pair <= held for pair in pairs))


def _of(row: PersonRow, estate: str, now: datetime, acts: Mapping[tuple[UUID, Capacity], int]) -> SeveralPosts:
    since: dict[Capacity, datetime] = {}
    for post in row.state.posts:
        if post.estate == estate and post.held_at(now) and not row.state.disabled:
            since[post.capacity] = min(post.since, since.get(post.capacity, post.since))
    posts = tuple(
        HeldPost(each, since[each], acts.get((row.person, each), 0)) for each in _in_order(since) if each in since
    )
    return SeveralPosts(row.person, row.name, posts, apart(frozenset(since)))


def _in_order(held: Mapping[Capacity, datetime]) -> Sequence[Capacity]:
    return [*(each for each in FOREMOST if each in held), *(each for each in held if each not in FOREMOST)]


def _acts(conn: Connection, estate: str, span: Span) -> dict[tuple[UUID, Capacity], int]:
    found: dict[tuple[UUID, Capacity], int] = {}
    for line in lines.listed(conn, [estate], [], span, MOST_LINES):
        found[line.actor, line.acting_as] = found.get((line.actor, line.acting_as), 0) + 1
    return found
