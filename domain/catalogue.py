"""All there is: the deciders, the stored name of every event, and who may give which command.

Each folder of the domain is a capability, whose ``__init__`` names its deciders, and in ``CLEAR`` which texts of its
commands and events are not personal; whoever adds one changes nothing here.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import domain
from domain.capacity import Capacity
from domain.decider import Decider

DECIDERS: tuple[Decider[Any, Any, Any], ...] = tuple(
    decider
    for found in iter_modules(domain.__path__)
    if found.ispkg
    for decider in getattr(import_module(f"domain.{found.name}"), "DECIDERS", ())
)

EVENTS: dict[str, type[Any]] = {event.__name__: event for decider in DECIDERS for event in decider.events}
COMMANDS: dict[str, type[Any]] = {command.__name__: command for decider in DECIDERS for command in decider.commands}
DECIDER_OF: dict[type[Any], Decider[Any, Any, Any]] = {
    kind: decider for decider in DECIDERS for kind in (*decider.commands, *decider.events)
}
POWERS: dict[type[Any], frozenset[Capacity]] = {
    command: capacities for decider in DECIDERS for command, capacities in decider.powers.items()
}
ERASURES: frozenset[str] = frozenset(decider.erasure.__name__ for decider in DECIDERS if decider.erasure)


def may(capacity: Capacity, command: type[Any]) -> bool:
    """Whether the capacity carries the power to give this kind of command at all."""
    return capacity in POWERS[command]
