"""What other rooms tell of a dwelling on its page: its account, what is owed too long, its cases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from projections.projection import View
from projections.register.dwellings import DwellingRow
from services.console.visit import Visit


@dataclass(frozen=True, slots=True)
class Beside:
    """A part of the product, brought by a room that knows all of it. ``tell`` answers what the page is drawn with."""

    views: tuple[View[Any], ...]
    tell: Callable[[Visit, DwellingRow], Mapping[str, Any]]
