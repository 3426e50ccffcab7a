"""People in posts: names, capacities, and for Red Stewards their roles and buildings."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.capacity import Capacity
from domain.people.person import PERSON, Person, PersonForgotten, PersonRegistered
from domain.recorded import Recorded
from domain.words import Personal
from projections.projection import OWN_STREAM, Connection, View, fetch, select


@dataclass(frozen=True, slots=True)
class PersonRow:
    """``name`` is ``None`` once the person is forgotten."""

    person: UUID
    state: Person
    version: int
    name: Personal = None
    phone: Personal = None

    @property
    def estates(self) -> tuple[str, ...]:
        """Estates in which the person holds or held a post."""
        return tuple(sorted({post.estate for post in self.state.posts}))

    def buildings(self, estate: str) -> list[str]:
        """Buildings of the estate to which a steward is linked, in reading order."""
        linked = [building for where, building in self.state.links if where == estate]
        return sorted(linked, key=lambda code: (len(code), code))


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    return (str(recorded.stream),) if type(recorded.event) in PERSON.events else ()


def evolve(row: PersonRow | None, recorded: Recorded[Any]) -> PersonRow | None:
    event, act = recorded.event, recorded.act
    if isinstance(event, PersonRegistered):
        state = PERSON.evolve(PERSON.initial, event, act)
        return PersonRow(recorded.stream, state, recorded.version, event.name, event.phone)
    if row is None:
        return None
    row = replace(row, state=PERSON.evolve(row.state, event, act), version=recorded.version)
    return replace(row, name=None, phone=None) if isinstance(event, PersonForgotten) else row


PEOPLE: View[PersonRow] = View(
    name="people",
    row=PersonRow,
    keys=keys,
    events=frozenset(PERSON.events),
    evolve=evolve,
    estates=lambda row: row.estates,
    indexes=("USING gin (estates)",),  # the rule who may see a row finds it by this
    withheld=("name", "phone"),
    streams=OWN_STREAM,
)


def person(conn: Connection, who: UUID) -> PersonRow | None:
    """One person, if the connection may see an estate of theirs."""
    return fetch(conn, PEOPLE, str(who))


def named(conn: Connection, people: Iterable[UUID]) -> dict[UUID, str | None]:
    """Names of these people; ``None`` where forgotten, absent where unseen (the product itself, for one)."""
    wanted = [str(each) for each in set(people)]
    return {row.person: row.name for row in select(conn, PEOPLE, "key = ANY(%s)", (wanted,))}


def of_estate(conn: Connection, estate: str, at: datetime) -> list[PersonRow]:
    """Everybody who holds a post in the estate at that moment."""
    rows = select(conn, PEOPLE, "estates @> ARRAY[%s] ORDER BY key", (estate,))
    return [row for row in rows if any(post.estate == estate and post.held_at(at) for post in row.state.posts)]


def stewards(conn: Connection, estate: str, at: datetime) -> list[PersonRow]:
    """Red Stewards attached to the estate at that moment."""
    return [row for row in of_estate(conn, estate, at) if row.state.holds(Capacity.RED_STEWARD, estate, at)]


def everybody(conn: Connection, estates: Sequence[str]) -> list[PersonRow]:
    """Everybody who holds or held a post in one of the estates."""
    return select(conn, PEOPLE, "estates && %s ORDER BY key", (list(estates),))


def shown_up_to(conn: Connection) -> int:
    """The position up to which the view shows what happened; read first, what is read after it shows no less."""
    row = conn.execute("SELECT position FROM view.positions WHERE name = %s", (PEOPLE.name,)).fetchone()
    return int(row[0]) if row else 0


def alike(conn: Connection, name: str | None, phone: str | None) -> list[PersonRow]:
    """Who may be meant by this name and phone, among all that the connection sees: there are not many people."""
    return [row for row in select(conn, PEOPLE, "true ORDER BY key", ()) if may_be(row.name, row.phone, name, phone)]


def may_be(name: str | None, phone: str | None, other_name: str | None, other_phone: str | None) -> bool:
    """The same phone, however it is written; or the same name where one of them has no phone."""
    here, there = dialled(phone), dialled(other_phone)
    if here and there:
        return here == there
    return bool(name) and name is not None and other_name is not None and plain(name) == plain(other_name)


def dialled(phone: str | None) -> str:
    """The digits of a number, without the country's."""
    digits = "".join(str(unicodedata.decimal(sign)) for sign in phone or "" if sign.isdecimal())
    return _COUNTRY.sub("", digits)


def plain(name: str) -> str:
    """A name without spaces, as wide as any other."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


_COUNTRY = re.compile(r"^(?:0086|86)(?=1\d{10}$)")
