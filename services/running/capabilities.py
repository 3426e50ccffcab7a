"""All capabilities there are, found in the folders of ``services``: no list names them."""

from collections.abc import Callable, Iterable
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeVar

import services
from services.capability import Capability
from services.console.navigation import Navigation

T = TypeVar("T")

CAPABILITIES: tuple[Capability, ...] = tuple(
    capability
    for found in iter_modules(services.__path__)
    if found.ispkg
    for capability in [getattr(import_module(f"services.{found.name}"), "CAPABILITY", None)]
    if capability is not None
)


def all_of(what: Callable[[Capability], Iterable[T]]) -> tuple[T, ...]:
    """What every capability brings of one kind, as in ``all_of(lambda each: each.guards)``."""
    return tuple(one for capability in CAPABILITIES for one in what(capability))


NAVIGATION = Navigation.of(all_of(lambda each: each.entries), all_of(lambda each: each.tabs))
