"""Whom to send: stewards of the estate ordered by role, shift, building link and open load, each with the reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.cases.category import USUAL, Category
from domain.people.person import StewardRole


@dataclass(frozen=True, slots=True)
class Candidate:
    """A steward who may be sent: roles, buildings linked, orders in hand anywhere, and whether a shift lasts."""

    steward: UUID
    roles: tuple[StewardRole, ...]
    buildings: frozenset[str]
    load: int
    on_duty: bool = True


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``linked`` to the building, ``fitting`` role, ``load`` orders in hand, ``on_duty`` now: the whole reason."""

    steward: UUID
    linked: bool
    fitting: bool
    load: int
    on_duty: bool = True


def suggest(category: Category, building: str | None, stewards: Iterable[Candidate]) -> Sequence[Suggestion]:
    """Best first: the fitting role, who is on duty, then the building's own steward, then who has least in hand."""
    role = USUAL[category].role or StewardRole.REPAIRER  # where the desk leads, hands that can do something go first
    suggestions = [
        Suggestion(each.steward, building in each.buildings, role in each.roles, each.load, each.on_duty)
        for each in stewards
    ]
    return sorted(suggestions, key=lambda s: (not s.fitting, not s.on_duty, not s.linked, s.load, s.steward.int))
