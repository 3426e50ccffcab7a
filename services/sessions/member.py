"""Who is signed in, and why somebody is not."""

import hashlib
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.capacity import OUTSIDE, Capacity
from services.commands.ask import Caller


class WrongCredentials(Exception):
    """No such account, wrong password, or disabled: the answer is the same."""


class NoPost(WrongCredentials):
    """The password is right, and no post is held: told on the page of signing in alone, elsewhere it is the same."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody signed in. ``held`` maps every capacity to the estates in which it is held now."""

    username: str
    person: UUID
    session: UUID
    capacity: Capacity
    held: dict[Capacity, frozenset[str]]
    language: str | None
    csrf: str
    wall: bool = False  # a screen on a wall: sees the board of its estate from outside, and nothing else

    @property
    def estates(self) -> frozenset[str]:
        """Estates in which the present capacity is held."""
        return self.held.get(self.capacity, frozenset())

    @property
    def outside(self) -> bool:
        """Reads from outside the station, so nothing personal is shown (``Product.lend``)."""
        return self.capacity in OUTSIDE

    @property
    def caller(self) -> Caller:
        return Caller(self.person, self.capacity, self.estates)


class Sessions(Protocol):
    """Who signed in with which token."""

    def member(self, token: str, *, used: bool = True) -> Member | None:
        """The member of an open session; unless it is ``used``, a look keeps it from running out no longer."""

    def gave_out(self, token: str) -> bool:
        """Whether the token is one of ours, of whatever session; told without the database."""


def csrf_token(token: str) -> str:
    """What a form of this session carries; derived, so nothing has to be kept."""
    return hashlib.sha256(b"csrf|" + token.encode()).hexdigest()[:32]


class TooManyTries(Exception):
    """``seconds`` to wait before the next try."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds
