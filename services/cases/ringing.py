"""Whom to ring about a case besides 119, 110 and 120: the estate's own firm for what has happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.cases.category import Category, Priority
from domain.cases.work_order import EmergencyService
from domain.catalogue import may
from domain.estates.emergency_contacts import Maintainer, SetEmergencyContact
from domain.written.phones import dialled
from projections.estates.emergency_contacts import Line, lines_of
from projections.projection import Connection
from services.console.viewer import Viewer

FOR: Mapping[Category, tuple[Maintainer, ...]] = {
    Category.LIFT_TRAPPED: (Maintainer.LIFT_MAINTENANCE,),
    Category.LIFT_FAULT: (Maintainer.LIFT_MAINTENANCE,),
    Category.FIRE: (Maintainer.FIRE_MAINTENANCE, Maintainer.POWER_REPAIR),
    Category.GAS_SMELL: (Maintainer.GAS_REPAIR,),
    Category.ELECTRIC_SHOCK: (Maintainer.POWER_REPAIR,),
    Category.POWER_OUT: (Maintainer.POWER_REPAIR,),
    Category.WATER_OUT: (Maintainer.WATER_REPAIR,),
    Category.PIPE_LEAK: (Maintainer.WATER_REPAIR,),
    Category.COLLAPSE: (Maintainer.GAS_REPAIR, Maintainer.WATER_REPAIR, Maintainer.POWER_REPAIR),
}
_MISSED = (Priority.P0, Priority.P1)  # where it is said that nobody is registered


@dataclass(frozen=True, slots=True)
class Ring:
    """One firm to ring, as ``service`` of the form that records the call; without ``phone`` none is registered."""

    service: EmergencyService
    firm: str = ""
    phone: str = ""

    @property
    def tel(self) -> str:
        """What the link dials."""
        return f"tel:{dialled(self.phone)}"


@dataclass(frozen=True, slots=True)
class Ringing:
    """The lines of an estate as this viewer may ring them; ``enters`` is where they are registered, if by them."""

    lines: Mapping[Maintainer, Line]
    enters: str
    open: bool

    def about(self, category: Category | None, priority: Priority | None) -> Sequence[Ring]:
        """Whom to ring about this, those who answer first; what is missing is said of an emergency alone."""
        if not self.open or category is None:
            return ()
        found = [
            Ring(EmergencyService(kind.value), line.firm or "", line.phone or "")
            if (line := self.lines.get(kind))
            else Ring(EmergencyService(kind.value))
            for kind in FOR.get(category, ())
        ]
        return [each for each in sorted(found, key=lambda each: not each.phone) if each.phone or priority in _MISSED]


def ringing(conn: Connection, viewer: Viewer, estate: str, *, wall: bool = False) -> Ringing:
    """For who works on cases now: not on a wall, from outside, or looking back."""
    shown = not (wall or viewer.past or viewer.masked)
    enters = viewer.capacity is not None and may(viewer.capacity, SetEmergencyContact)
    return Ringing(lines_of(conn, estate)[0] if shown else {}, f"/station/{estate}#h-contacts" if enters else "", shown)
