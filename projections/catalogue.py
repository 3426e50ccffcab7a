"""All views there are.

Each folder here is a capability, whose ``__init__`` names its views; whoever adds one changes nothing in this file.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import projections
from projections.projection import View

VIEWS: tuple[View[Any], ...] = tuple(
    view
    for found in iter_modules(projections.__path__)
    if found.ispkg
    for view in getattr(import_module(f"projections.{found.name}"), "VIEWS", ())
)
