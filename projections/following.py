"""One who follows the log: its name, what it does with a batch of events, and who takes batches in one go with it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from domain.recorded import Recorded, Unread
from projections.projection import Connection

BATCH = 500  # events
Batch = Sequence[Recorded[Any]]
Take = Callable[[Connection, Batch], Iterable[str] | None]


class NotNow(Exception):
    """What a following needs is away for a moment: the batch is tried again, and nothing is halted."""


_TOO_MUCH = "54"  # class of errors: what is to be kept does not fit, and never will


def is_away(error: Exception) -> bool:
    """Whether what went wrong is no event's fault and may be over when it is tried again."""
    if isinstance(error, psycopg.OperationalError):
        return not (error.sqlstate or "").startswith(_TOO_MUCH)
    return isinstance(error, NotNow)


@dataclass(frozen=True, slots=True)
class Following:
    """``take`` does the work for a batch, in the transaction that also moves the following's position past it.

    So what it writes there is there once. What it does elsewhere may come twice, as the transaction may be lost after
    it. It may answer the estates whose pages show something new. An error halts the following at the event that it
    came with, until somebody skips that event; ``NotNow`` only makes it wait. ``batch`` is the most events in one go:
    a transaction may stand still for seconds, not longer (``services.database.database.IDLE_SECONDS``).
    ``shape`` is that of what it keeps, where an older product's must be built anew first. ``events`` are the kinds
    that it takes in (``None``: all); what cannot be read and may be one of them halts it, too.
    """

    name: str
    take: Take
    batch: int = BATCH
    shape: str = ""
    events: frozenset[type[Any]] | None = None

    def needs(self, unread: Unread) -> bool:
        """Whether it cannot go on past what cannot be read, as that may be something to take in."""
        return unread.may_be(self.events)


@dataclass(frozen=True, slots=True)
class Group:
    """Followings with one leader, one reading of the log and one commit for all; each of them halts alone."""

    name: str
    followings: tuple[Following, ...]
    batch: int


def alone(following: Following) -> Group:
    """A following that waits for no other, and none for it."""
    return Group(following.name, (following,), following.batch)
