"""All there is: the deciders, and the stored name of every event.

Each folder of the domain is a capability, whose ``__init__`` names its deciders; whoever adds one changes nothing here.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import domain
from domain.decider import Decider

CAPABILITIES = tuple(import_module(f"domain.{found.name}") for found in iter_modules(domain.__path__) if found.ispkg)
DECIDERS: tuple[Decider[Any, Any, Any], ...] = tuple(
    decider for capability in CAPABILITIES for decider in getattr(capability, "DECIDERS", ())
)

EVENTS: dict[str, type[Any]] = {event.__name__: event for decider in DECIDERS for event in decider.events}
COMMANDS: dict[str, type[Any]] = {command.__name__: command for decider in DECIDERS for command in decider.commands}
DECIDER_OF: dict[type[Any], Decider[Any, Any, Any]] = {
    kind: decider for decider in DECIDERS for kind in (*decider.commands, *decider.events)
}
