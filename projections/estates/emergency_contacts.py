"""Whom to ring on each estate besides 119, 110 and 120: firms and their numbers, by what they are rung for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.estates.emergency_contacts import EMERGENCY_CONTACTS, EmergencyContactSet, Maintainer
from domain.recorded import Recorded
from domain.words import Personal
from projections.projection import Connection, View, fetch


@dataclass(frozen=True)
class Line:
    """A firm and the number at which somebody answers at any hour."""

    maintainer: Maintainer
    firm: Personal
    phone: Personal


@dataclass(frozen=True)
class EmergencyLinesRow:
    """``version`` is that of the stream."""

    estate: str
    lines: tuple[Line, ...]
    version: int


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    return (recorded.event.estate,) if type(recorded.event) in EMERGENCY_CONTACTS.events else ()


def evolve(row: EmergencyLinesRow | None, recorded: Recorded[Any]) -> EmergencyLinesRow | None:
    event = recorded.event
    others = tuple(each for each in (row.lines if row else ()) if each.maintainer is not event.maintainer)
    own = (Line(event.maintainer, event.firm, event.phone),) if isinstance(event, EmergencyContactSet) else ()
    return EmergencyLinesRow(event.estate, (*others, *own), recorded.version)


EMERGENCY_LINES: View[EmergencyLinesRow] = View(
    name="emergency_lines",
    row=EmergencyLinesRow,
    keys=keys,
    events=frozenset(EMERGENCY_CONTACTS.events),
    evolve=evolve,
    estates=lambda row: (row.estate,),
    indexes=(),
)


def lines_of(conn: Connection, estate: str) -> tuple[Mapping[Maintainer, Line], int]:
    """The lines of an estate that can be rung, and the version at which they stand; 0 where none was ever set."""
    found = fetch(conn, EMERGENCY_LINES, estate)
    lines = {each.maintainer: each for each in (found.lines if found else ()) if each.firm and each.phone}
    return lines, found.version if found else 0
