"""The product: every part that a request may need, put together once by ``wiring``."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar, runtime_checkable

from projections.follow import Follower
from projections.positions import ViewPositions
from projections.projection import Connection
from services.commands.handle import Handler
from services.database.database import Database
from services.log.event_log import EventLog
from services.log.numbers import Numbers
from services.log.photo_store import PhotoStore
from services.log.pseudonyms import Pseudonyms
from services.log.vault import Vault
from services.runtime.metrics import Metrics
from services.runtime.settings import Settings
from services.sessions.member import Member, Sessions

P = TypeVar("P")


@runtime_checkable
class GoesOn(Protocol):
    """A part with work that may have been cut short: told once when the product starts."""

    def go_on(self) -> None: ...


@runtime_checkable
class Closes(Protocol):
    """A part that has something to end when the product stops."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Product:
    settings: Settings
    database: Database
    vault: Vault
    log: EventLog
    numbers: Numbers
    photos: PhotoStore
    pseudonyms: Pseudonyms
    handler: Handler
    follower: Follower
    positions: ViewPositions
    sessions: Sessions
    metrics: Metrics
    clock: Callable[[], datetime]
    secret: bytes  # 32 bytes of this product's own, for fingerprints and tokens
    parts: dict[type[Any], Any]  # what capabilities keep at work or in memory, by its class

    @contextmanager
    def lend(self, who: Member) -> Iterator[Connection]:
        """A connection that sees what this member may see: the own estates, and from outside nothing personal."""
        lend = self.database.lend_outside if who.outside else self.database.lend
        with lend(who.estates) as conn:
            yield conn

    def part(self, kind: type[P]) -> P:
        """A capability's own part."""
        found: P = self.parts[kind]
        return found

    def go_on(self) -> None:
        """Take up what was cut short when the product last stopped."""
        for part in self.parts.values():
            if isinstance(part, GoesOn):
                part.go_on()

    def close_parts(self) -> None:
        """End what the parts have at work, the latest first."""
        for part in reversed(self.parts.values()):
            if isinstance(part, Closes):
                part.close()
