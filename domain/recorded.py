"""An event as it stands in the log: what happened, and everything about the telling of it.

Named tuples: a follower makes millions of them, and they are made four times faster than frozen dataclasses.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from domain.capacity import Capacity

E_co = TypeVar("E_co", covariant=True)


class Act(NamedTuple):
    """Who, as what, when it happened and when it was written down. Times carry an offset."""

    actor: UUID
    acting_as: Capacity
    occurred_at: datetime
    recorded_at: datetime


class Recorded(NamedTuple, Generic[E_co]):
    """One event of the log with its envelope.

    ``position`` orders the whole log without gaps; ``version`` orders one stream from 1. ``correlation`` names
    the case or person whom the event is about, and thereby the key its personal fields are sealed under.
    ``causation`` is the event that asked for this one, if any.
    """

    position: int
    event_id: UUID
    stream: UUID
    version: int
    event: E_co
    act: Act
    estate: str | None
    correlation: UUID
    causation: UUID | None


class Unreadable(Exception):
    """The event at ``position`` cannot be read as what its name says; ``because`` is the type of the error.

    ``before`` are the events of the same reading that stand before it.
    """

    def __init__(self, position: int, because: str, before: Sequence[Recorded[Any]] = ()) -> None:
        super().__init__(f"the event at position {position} cannot be read ({because})")
        self.position = position
        self.because = because
        self.before = before
