"""Owners of dwellings: names and phones, for those who may see them, and gone once an owner is forgotten."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.changed import changed
from domain.recorded import Recorded
from domain.register.owner import OWNER, Owner, OwnerContactCorrected, OwnerForgotten, OwnerKind, OwnerRegistered
from domain.words import Personal
from projections.projection import OWN_STREAM, Connection, View, fetch, select
from projections.sounds import sounds_of

_EVENTS = frozenset(OWNER.events)


@dataclass(frozen=True)
class OwnerRow:
    """``words`` is what an owner is found by: name, its initials and sounds in pinyin, phone."""

    owner: UUID
    estate: str
    kind: OwnerKind
    state: Owner
    version: int
    name: Personal = None
    phone: Personal = None
    words: Personal = None


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    return (str(recorded.stream),) if type(recorded.event) in _EVENTS else ()


def evolve(row: OwnerRow | None, recorded: Recorded[Any]) -> OwnerRow | None:
    event, act = recorded.event, recorded.act
    if isinstance(event, OwnerRegistered):
        row = OwnerRow(recorded.stream, event.estate, event.kind, OWNER.initial, 0)
    if row is None:
        return None
    row = changed(row, state=OWNER.evolve(row.state, event, act), version=recorded.version)
    match event:
        case OwnerRegistered(name=name, phone=phone) | OwnerContactCorrected(name=name, phone=phone):
            return changed(row, name=name, phone=phone, words=name and words_of(name, phone))
        case OwnerForgotten():
            return changed(row, name=None, phone=None, words=None)
    return row


def words_of(name: str, phone: str | None) -> str:
    """What an owner is found by, between bars."""
    plain = "".join(name.casefold().split())
    initials, sounds = sounds_of(plain)
    digits = "".join(letter for letter in phone or "" if letter.isdigit())
    said = dict.fromkeys((plain, initials, sounds, digits))
    return "|" + "|".join(word for word in said if word) + "|"


OWNERS: View[OwnerRow] = View(
    name="owners",
    row=OwnerRow,
    keys=keys,
    events=_EVENTS,
    evolve=evolve,
    estates=lambda row: (row.estate,),
    columns={"estate": "body->>'estate'", "words": "body->>'words'"},
    indexes=('USING gin (view.grams(words) COLLATE "C")', "(estate, position)"),
    streams=OWN_STREAM,
)


def owner(conn: Connection, who: UUID) -> OwnerRow | None:
    """One owner, if the connection may see the estate."""
    return fetch(conn, OWNERS, str(who))


def of_ids(conn: Connection, owners: Iterable[UUID]) -> dict[UUID, OwnerRow]:
    """These owners, as far as the connection may see them."""
    wanted = [str(each) for each in owners]
    return {row.owner: row for row in select(conn, OWNERS, "key = ANY(%s)", (wanted,))} if wanted else {}


def named(conn: Connection, owners: Iterable[UUID]) -> dict[UUID, str | None]:
    """Names of these owners; ``None`` where forgotten, absent where unseen."""
    return {each: row.name for each, row in of_ids(conn, set(owners)).items()}


def names_by_home(conn: Connection, estate: str) -> dict[UUID, str]:
    """Who owns each dwelling of an estate now, by name, as far as the connection may see it."""
    query = (
        "SELECT d.key, o.body->>'name' FROM dwellings d JOIN owners o ON o.key = d.owner"
        " WHERE d.estate = %s AND d.withdrawn = 'false'"
    )
    return {UUID(key): name for key, name in conn.execute(query, (estate,)) if name}
