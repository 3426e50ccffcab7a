"""What comes with every command, how it is answered, and why it may be turned away."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.capacity import Capacity


class Forbidden(Exception):
    """The caller's capacity does not carry this power, or was not held at the time."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class KeyReused(Exception):
    """The Idempotency-Key was used before with another request."""


class Stale(Exception):
    """The version the caller saw is not the newest: ``version`` is, changed by ``actor`` at ``at``."""

    def __init__(self, version: int, actor: UUID | None = None, at: datetime | None = None) -> None:
        super().__init__(version)
        self.version = version
        self.actor = actor
        self.at = at


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in person in one capacity, and the estates in which it is held."""

    person: UUID
    capacity: Capacity
    estates: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ask:
    """What comes with every command. ``fingerprint`` tells two requests under one ``key`` apart."""

    caller: Caller
    occurred_at: datetime | None = None
    expected_version: int | None = None
    key: str | None = None
    fingerprint: bytes = b""


def by_itself(estate: str) -> Ask:
    """What the product does in an estate without anybody's asking."""
    return Ask(Caller(_NOBODY, Capacity.SYSTEM, frozenset({estate})))


_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked for is done: ``version`` of the stream after it, ``position`` of the log to wait for.

    A command that tells more has a kind of its own, beside its plan. Answers are kept under their keys in the log by
    the names of their fields: those are never renamed, and new ones have a default.
    """

    stream: UUID
    version: int
    position: int = 0  # until it is durable
