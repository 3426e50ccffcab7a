"""What residents report: seed categories with the steward role and priority they usually need (domain dossier 4.5)."""

from dataclasses import dataclass
from enum import Enum

from domain.people.person import StewardRole


class Priority(Enum):
    """P0 danger to life, P1 emergency repair, P2 urgent, P3 ordinary, P4 planned."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


class Category(Enum):
    PUBLIC_LIGHTING = "PUBLIC_LIGHTING"
    WASTE_BIN = "WASTE_BIN"
    FITNESS_GEAR = "FITNESS_GEAR"
    PIPE_LEAK = "PIPE_LEAK"
    STAIR_CLUTTER = "STAIR_CLUTTER"
    EBIKE_CHARGING = "EBIKE_CHARGING"
    WALL = "WALL"
    PARKING = "PARKING"
    APPLIANCE = "APPLIANCE"
    FEE_QUERY = "FEE_QUERY"
    SERVICE_COMPLAINT = "SERVICE_COMPLAINT"
    NEIGHBOUR_DISPUTE = "NEIGHBOUR_DISPUTE"
    LIFT_TRAPPED = "LIFT_TRAPPED"
    LIFT_FAULT = "LIFT_FAULT"
    POWER_OUT = "POWER_OUT"
    WATER_OUT = "WATER_OUT"
    FIRE = "FIRE"
    GAS_SMELL = "GAS_SMELL"
    SEWAGE = "SEWAGE"
    GREENERY = "GREENERY"
    ELECTRIC_SHOCK = "ELECTRIC_SHOCK"
    COLLAPSE = "COLLAPSE"
    FALLING_PARTS = "FALLING_PARTS"
    PERSON_IN_DANGER = "PERSON_IN_DANGER"


@dataclass(frozen=True, slots=True)
class Usual:
    """The role and priority a category usually needs; ``role`` is ``None`` where the dispatcher leads."""

    role: StewardRole | None
    priority: Priority
    private: bool = False


_REPAIRER, _ADVISER, _MEDIATOR = StewardRole.REPAIRER, StewardRole.INFO_ADVISER, StewardRole.MEDIATOR

USUAL: dict[Category, Usual] = {
    Category.PUBLIC_LIGHTING: Usual(_REPAIRER, Priority.P3),
    Category.WASTE_BIN: Usual(_REPAIRER, Priority.P3),
    Category.FITNESS_GEAR: Usual(_REPAIRER, Priority.P3),
    Category.PIPE_LEAK: Usual(_REPAIRER, Priority.P2),
    Category.STAIR_CLUTTER: Usual(_MEDIATOR, Priority.P2),
    Category.EBIKE_CHARGING: Usual(_MEDIATOR, Priority.P1),
    Category.WALL: Usual(_REPAIRER, Priority.P4),
    Category.PARKING: Usual(_ADVISER, Priority.P4),
    Category.APPLIANCE: Usual(_REPAIRER, Priority.P3, private=True),
    Category.FEE_QUERY: Usual(_ADVISER, Priority.P3),
    Category.SERVICE_COMPLAINT: Usual(_ADVISER, Priority.P2),
    Category.NEIGHBOUR_DISPUTE: Usual(_MEDIATOR, Priority.P3),
    Category.LIFT_TRAPPED: Usual(None, Priority.P0),
    Category.LIFT_FAULT: Usual(_REPAIRER, Priority.P2),
    Category.POWER_OUT: Usual(_REPAIRER, Priority.P1),
    Category.WATER_OUT: Usual(_REPAIRER, Priority.P1),
    Category.FIRE: Usual(None, Priority.P0),
    Category.GAS_SMELL: Usual(None, Priority.P0),
    Category.SEWAGE: Usual(_REPAIRER, Priority.P1),
    Category.GREENERY: Usual(_REPAIRER, Priority.P3),
    Category.ELECTRIC_SHOCK: Usual(None, Priority.P0),
    Category.COLLAPSE: Usual(None, Priority.P0),
    Category.FALLING_PARTS: Usual(None, Priority.P0),
    Category.PERSON_IN_DANGER: Usual(None, Priority.P0),
}

# what may cost a life, the first one first where a text names several
DANGERS = (
    Category.FIRE,
    Category.GAS_SMELL,
    Category.ELECTRIC_SHOCK,
    Category.LIFT_TRAPPED,
    Category.COLLAPSE,
    Category.FALLING_PARTS,
    Category.PERSON_IN_DANGER,
)


LIFTS = frozenset({Category.LIFT_FAULT, Category.LIFT_TRAPPED})


def settled(category: Category, priority: Priority | None, persons_inside: bool | None) -> tuple[Category, Priority]:
    """Category and priority after the one question about a lift: is anyone inside? No answer counts as yes."""
    if category in LIFTS:
        if persons_inside is not False:
            return Category.LIFT_TRAPPED, Priority.P0
        category = Category.LIFT_FAULT
    return category, priority or USUAL[category].priority
