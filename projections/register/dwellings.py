"""The register of dwellings (台账): each with its areas, owner periods and what it takes besides."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from domain.changed import changed
from domain.recorded import Recorded
from domain.register.dwelling import DWELLING, Dwelling, DwellingRegistered, Use
from domain.words import Personal
from projections.projection import OWN_STREAM, Connection, View, fetch, select
from projections.register.owners import of_ids

_EVENTS = frozenset(DWELLING.events)
_WIDTH = 6  # of a part of a place, so that 10 stands behind 9


@dataclass(frozen=True)
class DwellingRow:
    """``label`` is how people call it: 3-2-501. ``words`` is what it is found by, ``place`` what it is sorted by.

    ``owner_name`` and ``owner_phone`` are those of the present owner, filled in when the row is read and kept with the
    owner alone; ``None`` also where the owner was forgotten.
    """

    dwelling: UUID
    estate: str
    building: str
    stairwell: str | None
    place: str
    state: Dwelling
    version: int
    changed_at: int  # position
    origin: UUID | None = None  # the event that asked for its registration, such as the beginning of an import
    room: Personal = None
    label: Personal = None
    words: Personal = None
    owner_name: Personal = None
    owner_phone: Personal = None

    @property
    def owner(self) -> UUID | None:
        """Who owns it now."""
        return self.state.owner


@dataclass(frozen=True, slots=True)
class BuildingFigures:
    """How many dwellings of one use a building has, and their areas in 0.01 m²; nothing about anybody."""

    building: str
    use: Use
    dwellings: int
    chargeable_area: int
    exclusive_area: int


def label_of(building: str, stairwell: str | None, room: str) -> str:
    """3-2-501."""
    return "-".join(part for part in (building, stairwell, room) if part)


def folded(text: str) -> str:
    """The same for texts that people take for the same: full width is half width, capitals are small."""
    return unicodedata.normalize("NFKC", text).casefold()


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    return (str(recorded.stream),) if type(recorded.event) in _EVENTS else ()


def evolve(row: DwellingRow | None, recorded: Recorded[Any]) -> DwellingRow | None:
    event, act = recorded.event, recorded.act
    if isinstance(event, DwellingRegistered):
        before = row.state if row is not None else DWELLING.initial
        return DwellingRow(
            dwelling=recorded.stream,
            estate=event.estate,
            building=event.building,
            stairwell=event.stairwell,
            place=_place(event.building, event.stairwell, event.room),
            state=DWELLING.evolve(before, event, act),
            version=recorded.version,
            changed_at=recorded.position,
            origin=recorded.causation,
            room=event.room,
            label=event.room and label_of(event.building, event.stairwell, event.room),
            words=event.room and _words(event.building, event.stairwell, event.room),
        )
    if row is None:
        return None
    state = DWELLING.evolve(row.state, event, act)
    return changed(row, state=state, version=recorded.version, changed_at=recorded.position)


def _place(building: str, stairwell: str | None, room: str | None) -> str:
    return " ".join(part.rjust(_WIDTH) for part in (building, stairwell or "", room or ""))


def _words(building: str, stairwell: str | None, room: str) -> str:
    """Every way of saying where it is: with and without the stairwell, with and without zeros at the front."""
    said: dict[str, None] = {}
    for parts in (
        (building, stairwell, room),
        tuple(part and part.lstrip("0") for part in (building, stairwell, room)),
    ):
        whole = [folded(part) for part in parts if part]
        said |= dict.fromkeys(("-".join(whole), f"{whole[0]}-{whole[-1]}", "".join(whole), whole[-1]))
    return "|" + "|".join(said) + "|"


DWELLINGS: View[DwellingRow] = View(
    name="dwellings",
    row=DwellingRow,
    keys=keys,
    events=_EVENTS,
    evolve=evolve,
    estates=lambda row: (row.estate,),
    columns={
        "estate": "body->>'estate'",
        "building": "body->>'building'",
        "place": "body->>'place'",
        "owner": "body->'state'->'ownerships'->-1->>'owner'",
        "withdrawn": "body->'state'->>'withdrawn'",
        "origin": "body->>'origin'",
        "words": "CASE WHEN body->'state'->>'withdrawn' = 'false' THEN body->>'words' END",
    },
    indexes=(
        "(estate, withdrawn, place) INCLUDE (estates)",
        'USING gin (view.grams(words) COLLATE "C")',
        "(owner)",
        "(estate, position)",
        "(origin, withdrawn, place) INCLUDE (key) WHERE origin IS NOT NULL",
    ),
    streams=OWN_STREAM,
)

_STANDS = "estate = %s AND withdrawn = 'false'"


def one(conn: Connection, dwelling: UUID) -> DwellingRow | None:
    """One dwelling, also one that was withdrawn, if the connection may see it."""
    row = fetch(conn, DWELLINGS, str(dwelling))
    return _named(conn, [row])[0] if row else None


def of_ids_in_order(conn: Connection, dwellings: Sequence[UUID]) -> list[DwellingRow]:
    """These dwellings in this order, as far as the connection may see them."""
    keys = [str(each) for each in dwellings]
    found = {row.dwelling: row for row in select(conn, DWELLINGS, "key = ANY(%s)", (keys,))} if keys else {}
    return _named(conn, [found[each] for each in dwellings if each in found])


def of_estate(conn: Connection, estate: str) -> list[DwellingRow]:
    """All dwellings of an estate in reading order; of a large one that takes a while."""
    return _named(conn, select(conn, DWELLINGS, f"{_STANDS} ORDER BY place", (estate,)))


def unnamed(conn: Connection, estate: str) -> list[DwellingRow]:
    """All dwellings of an estate in no order, without looking up who owns them: for whoever goes through all."""
    return select(conn, DWELLINGS, _STANDS, (estate,))


def listed(conn: Connection, estate: str, building: str | None, limit: int, offset: int = 0) -> list[DwellingRow]:
    """Some dwellings of an estate, or of one building of it, in reading order."""
    of_building = "" if building is None else " AND building = %s"
    given = (estate, limit, offset) if building is None else (estate, building, limit, offset)
    return _named(conn, select(conn, DWELLINGS, f"{_STANDS}{of_building} ORDER BY place LIMIT %s OFFSET %s", given))


def of_owner(conn: Connection, owner: UUID) -> list[DwellingRow]:
    """Dwellings that somebody owns now."""
    return _named(conn, select(conn, DWELLINGS, "owner = %s AND withdrawn = 'false' ORDER BY place", (str(owner),)))


def shown_up_to(conn: Connection) -> int:
    """The position up to which the register shows what happened; read first, what is read after it shows no less."""
    row = conn.execute("SELECT position FROM view.positions WHERE name = %s", (DWELLINGS.name,)).fetchone()
    return int(row[0]) if row else 0


def ever_of_owner(conn: Connection, owner: UUID) -> list[UUID]:
    """Dwellings that are or were somebody's, withdrawn ones too; among many that takes a moment."""
    query = "SELECT key FROM dwellings WHERE body->'state'->'ownerships' @> %s"
    return [UUID(key) for (key,) in conn.execute(query, (Jsonb([{"owner": str(owner)}]),))]


def labels(conn: Connection, dwellings: Iterable[UUID]) -> dict[UUID, str]:
    """How people call these dwellings, as far as the connection may see them."""
    query = "SELECT key, body->>'label' FROM dwellings WHERE key = ANY(%s)"
    wanted = [str(each) for each in set(dwellings)]
    return {UUID(key): label for key, label in conn.execute(query, (wanted,)) if label}


def search(conn: Connection, estates: Sequence[str], fragment: str, limit: int) -> list[DwellingRow]:
    """Dwellings of these estates whose place holds ``fragment``, or whose owner's name, initials or phone does.

    What is called exactly so comes first, then what begins so. One letter or digit finds what begins with it.
    """
    wanted = folded(fragment)
    if not wanted.strip("|-"):
        return []
    if len(wanted) == 1 and wanted.isascii():
        wanted = f"|{wanted}"
    query = "SELECT key FROM dwellings_holding(%s, %s, %s)"
    keys = [UUID(key) for (key,) in conn.execute(query, (list(estates), wanted, limit))]
    return of_ids_in_order(conn, keys)


def registered(conn: Connection, estate: str) -> set[UUID]:
    """All dwellings that an estate's register has."""
    return {UUID(key) for (key,) in conn.execute(f"SELECT key FROM dwellings WHERE {_STANDS}".encode(), (estate,))}


def from_origin(conn: Connection, origin: UUID) -> list[UUID]:
    """All dwellings whose registration an event asked for, also those that were withdrawn since."""
    rows = conn.execute("SELECT key FROM dwellings WHERE origin = %s ORDER BY place", (str(origin),))
    return [UUID(key) for (key,) in rows]


def ever_owning(conn: Connection, estate: str, owners: Sequence[UUID]) -> set[UUID]:
    """Which of these people own something of an estate, or owned it once."""
    query = (
        "SELECT DISTINCT period->>'owner' FROM dwellings, jsonb_array_elements(body->'state'->'ownerships') AS period"
        f" WHERE {_STANDS} AND period->>'owner' = ANY(%s)"
    )
    rows = conn.execute(query.encode(), (estate, [str(each) for each in owners]))
    return {UUID(owner) for (owner,) in rows}


def standing_from(conn: Connection, origin: UUID, limit: int) -> list[DwellingRow]:
    """Some of the dwellings whose registration an event asked for and that stand in the register still."""
    where = "origin = %s AND withdrawn = 'false' ORDER BY place LIMIT %s"
    return _named(conn, select(conn, DWELLINGS, where, (str(origin), limit)))


def figures(conn: Connection, estate: str) -> list[BuildingFigures]:
    """How many dwellings each building has, and how large they are, in reading order."""
    query = (
        "SELECT building, body->'state'->>'use', count(*), sum((body->'state'->>'chargeable_area')::bigint),"
        f" sum((body->'state'->>'exclusive_area')::bigint) FROM dwellings WHERE {_STANDS} GROUP BY 1, 2"
    )
    found = [
        BuildingFigures(building, Use(use), int(count), int(chargeable), int(exclusive))
        for building, use, count, chargeable, exclusive in conn.execute(query.encode(), (estate,))
    ]
    return sorted(found, key=lambda each: (each.building.rjust(_WIDTH), each.use.value))


def _named(conn: Connection, rows: list[DwellingRow]) -> list[DwellingRow]:
    owners = of_ids(conn, {row.owner for row in rows if row.owner is not None})
    return [
        changed(row, owner_name=owner.name, owner_phone=owner.phone)
        if row.owner is not None and (owner := owners.get(row.owner)) is not None
        else row
        for row in rows
    ]
