"""What people have in hand, told by whoever knows of cases to the pages about people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.people.person import Person
from projections.projection import Connection


@dataclass(frozen=True, slots=True)
class Left:
    """What would be in hand still, each by its number and address: as a ``steward``, and at the ``desk``."""

    steward: Sequence[tuple[str, str]]
    desk: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class OrdersInHand:
    """Whoever knows of orders.

    ``count`` says how many each steward of an estate has in hand at a moment, wherever they are; ``left`` what a person
    answers for in these estates and could not any more, being as is said.
    """

    count: Callable[[Connection, str, datetime], dict[UUID, int]]
    left: Callable[[Connection, UUID, Person, Sequence[str], datetime], Left]
