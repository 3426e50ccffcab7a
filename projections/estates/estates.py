"""Estates with their stations: names, buildings, stairwells and dwellings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.estates.estate import ESTATE, Estate, EstateRegistered
from domain.recorded import Recorded
from projections.projection import Connection, View, select


@dataclass(frozen=True, slots=True)
class EstateRow:
    code: str
    name: str
    community: str
    state: Estate
    version: int

    def buildings(self) -> list[str]:
        """Building codes in reading order: 1, 2, 10."""
        return sorted(self.state.buildings, key=lambda code: (len(code), code))


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    return (recorded.estate,) if recorded.estate and type(recorded.event) in ESTATE.events else ()


def evolve(row: EstateRow | None, recorded: Recorded[Any]) -> EstateRow | None:
    event, act = recorded.event, recorded.act
    if isinstance(event, EstateRegistered):
        state = ESTATE.evolve(ESTATE.initial, event, act)
        return EstateRow(event.code, event.name, event.community, state, recorded.version)
    if row is None:
        return None
    return replace(row, state=ESTATE.evolve(row.state, event, act), version=recorded.version)


def _without_rooms(row: EstateRow) -> EstateRow:
    """Buildings and their stairwells; which dwelling is where is for those who work here."""
    buildings = {code: dict.fromkeys(stairwells, frozenset[str]()) for code, stairwells in row.state.buildings.items()}
    return replace(row, state=replace(row.state, buildings=buildings))


ESTATES: View[EstateRow] = View(
    name="estates",
    row=EstateRow,
    keys=keys,
    events=frozenset(ESTATE.events),
    evolve=evolve,
    estates=lambda row: (row.code,),
    indexes=(),
    withheld=(),
    shortened=_without_rooms,
    streams="SELECT %(estate_stream)s::text",
)


def estate(conn: Connection, code: str) -> EstateRow | None:
    """One estate, if the connection may see it."""
    found = select(conn, ESTATES, "key = %s", (code,))
    return found[0] if found else None


def mine(conn: Connection) -> list[EstateRow]:
    """All estates that the connection may see."""
    return select(conn, ESTATES, "true ORDER BY key", ())


def positions(conn: Connection, among: Sequence[str]) -> list[tuple[str, int]]:
    """Codes of these estates, as far as the connection may see them, with the position of the last change of each."""
    query = "SELECT key, position FROM estates WHERE key = ANY(%s) ORDER BY key"
    return [(code, int(position)) for code, position in conn.execute(query, (list(among),))]
