"""Dunning as it stands, one row per dwelling that anybody was ever asked to pay for. Holds nothing personal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.arrears.dunning import DUNNING, Dunning, DunningOpened, dunning_stream
from domain.changed import changed
from domain.recorded import Recorded
from projections.projection import OWN_STREAM, Connection, View, fetch, select


@dataclass(frozen=True)
class DunningRow:
    dwelling: UUID
    estate: str
    version: int
    state: Dunning


_EVENTS = frozenset(DUNNING.events)


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    return (str(recorded.stream),) if type(recorded.event) in _EVENTS else ()


def evolve(row: DunningRow | None, recorded: Recorded[Any]) -> DunningRow | None:
    event = recorded.event
    if row is None:
        if not isinstance(event, DunningOpened):
            return None
        row = DunningRow(event.dwelling, event.estate, 0, DUNNING.initial)
    return changed(row, version=recorded.version, state=DUNNING.evolve(row.state, event, recorded.act))


DUNNINGS: View[DunningRow] = View(
    name="dunnings",
    row=DunningRow,
    keys=keys,
    events=_EVENTS,
    evolve=evolve,
    estates=lambda row: (row.estate,),
    columns={"estate": "body->>'estate'"},
    indexes=("(estate)",),
    streams=OWN_STREAM,
    withheld=(),
)


def of_dwelling(conn: Connection, dwelling: UUID) -> DunningRow | None:
    """One dwelling's, if it was ever begun."""
    return fetch(conn, DUNNINGS, str(dunning_stream(dwelling)))


def of_estate(conn: Connection, estate: str) -> dict[UUID, DunningRow]:
    """All of an estate, by dwelling."""
    return {row.dwelling: row for row in select(conn, DUNNINGS, "estate = %s ORDER BY key", (estate,))}


def of_estates(conn: Connection, estates: Sequence[str]) -> list[DunningRow]:
    """All of these estates."""
    return select(conn, DUNNINGS, "estate = ANY(%s) ORDER BY key", (list(estates),))
