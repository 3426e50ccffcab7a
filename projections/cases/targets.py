"""Targets of each station: what is valid since and until which day."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from domain.cases.targets import SERVICE_TARGETS, ServiceTargets
from domain.recorded import Recorded
from projections.projection import Connection, View, fetch


@dataclass(frozen=True)
class TargetsRow:
    estate: str
    state: ServiceTargets
    version: int


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    return (recorded.event.estate,) if type(recorded.event) in SERVICE_TARGETS.events else ()


def evolve(row: TargetsRow | None, recorded: Recorded[Any]) -> TargetsRow | None:
    state = SERVICE_TARGETS.evolve(row.state if row else SERVICE_TARGETS.initial, recorded.event, recorded.act)
    return TargetsRow(recorded.event.estate, state, recorded.version)


TARGETS: View[TargetsRow] = View(
    name="targets",
    row=TargetsRow,
    keys=keys,
    events=frozenset(SERVICE_TARGETS.events),
    evolve=evolve,
    estates=lambda row: (row.estate,),
    indexes=(),
)


def targets_of(conn: Connection, estate: str) -> ServiceTargets:
    """What a station has set, if anything."""
    found = fetch(conn, TARGETS, estate)
    return found.state if found else ServiceTargets()
