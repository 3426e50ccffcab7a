"""The door: how many connections are open, from where, and which of them has to go where there are too many.

Whoever is signed in keeps the connection. Of all others the oldest that keeps us waiting goes first, and it goes for
another one from the same network: nobody takes the place of people elsewhere.
"""

import asyncio
import resource
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from services.http.slots import Pace

FILES_BESIDES = 300  # that the process has open beside connections


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one connection may, and how many there may be. Bytes, seconds, bytes a second."""

    connections: int = 3_000
    of_network: int = 100  # of people who are not signed in, or not yet
    held_of_network: int = 2_000  # that are held back: nothing is read, so they cost nothing
    of_session: int = 150
    head: int = 32_768  # request line and headers
    headers: int = 100
    target: int = 8_192  # path and query
    framing: int = 65_536  # of a chunked body, beside sixteen times what it holds
    behind: int = 8  # requests sent before the one before was answered
    head_seconds: float = 10.0
    idle_seconds: int = 15
    idle_seconds_of_proxy: int = 75  # longer than proxies keep theirs, so that they close first
    stalled_seconds: float = 20.0  # for which an answer may stand still, or come slower than ``least_rate``
    least_rate: int = 1_000
    linger_seconds: float = 2.0  # for which the last answer may be read by somebody who is still sending
    linger: int = 65_536
    opened_a_second: float = 200.0  # by one network, beyond ``opened_at_once``; beyond both they are read later
    opened_at_once: int = 500
    opening_seconds: float = 0.2  # for which these are read later
    held_seconds: float = 1.0  # for which others are held back: told at once, they would come again at once
    sweep_seconds: float = 1.0  # how exactly all these are kept


class Stage(Enum):
    """Where the reading of a connection stands."""

    IDLE = "between two requests"
    HEAD = "within the headers"
    BODY = "within a body"
    WHOLE = "a request is whole, its answer under way"
    HELD = "nothing more is read, the end comes a little later"
    PARTING = "the last answer is sent"


_WAITS = frozenset({Stage.IDLE, Stage.HEAD, Stage.BODY, Stage.HELD, Stage.PARTING})  # for the other side


class Guest(Protocol):
    """A connection, as the door sees it."""

    stage: Stage

    @property
    def is_untaken(self) -> bool:
        """Whether an answer lies here that the other side does not take."""

    def look(self, now: float) -> None:
        """End what takes too long; heard once a second."""

    def hold(self) -> None:
        """Read nothing for a while."""

    def doom(self) -> None:
        """Read nothing any more, and close after a while."""

    def cut(self) -> None:
        """Close at once, whatever is under way."""


Group = tuple[str, str]  # a kind and which one: ("network", "203.0.113.7"), ("session", its token), ("proxy", "")
HELD = "held"  # a network's connections that are held back
PROXY: Group = ("proxy", "")


class Door:
    """All connections of a server. ``is_proxy`` says of an address whether it forwards what others ask."""

    def __init__(
        self,
        bounds: Bounds = Bounds(),
        is_proxy: Callable[[str], bool] = lambda address: False,
        told: Callable[[str], None] = lambda why: None,
    ) -> None:
        self.bounds = bounds
        self.is_proxy = is_proxy
        self.told = told
        self._groups: dict[Group, dict[Guest, None]] = {}  # the oldest first
        self._of: dict[Guest, Group] = {}
        self._sweeping = False
        self._pace = Pace(bounds.opened_a_second, bounds.opened_at_once)

    def __len__(self) -> int:
        return len(self._of)

    def came(self, guest: Guest, group: Group) -> None:
        """A connection was opened; another one may have to go for it, or it itself."""
        if not self._sweeping:
            self._sweeping = True
            asyncio.get_running_loop().call_later(self.bounds.sweep_seconds, self._sweep)
        if len(self._of) >= self.bounds.connections and not self._make_room():
            self._turn_out(guest, "full")
            return
        self._join(guest, group)
        if group is not PROXY and not self._pace.allows(group[1], asyncio.get_running_loop().time()):
            self.told("too_many_opened")
            guest.hold()

    def moves(self, guest: Guest, group: Group) -> None:
        """It turned out whose it is."""
        if self._of.get(guest) in (None, group):
            return
        if group[0] == "session" and len(self._groups.get(group, ())) >= self.bounds.of_session:
            return
        self.went(guest)
        self._join(guest, group)

    def went(self, guest: Guest) -> None:
        """A connection was closed."""
        group = self._of.pop(guest, None)
        if group is not None:
            theirs = self._groups[group]
            del theirs[guest]
            if not theirs:
                del self._groups[group]

    def _join(self, guest: Guest, group: Group) -> None:
        theirs = self._groups.setdefault(group, {})
        theirs[guest] = None
        self._of[guest] = group
        if group[0] == "network" and len(theirs) > self.bounds.of_network:
            oldest = _who_waits(theirs, but=guest) or guest
            self.told("of_one_network")
            oldest.doom()
        elif group[0] == HELD and len(theirs) > self.bounds.held_of_network:
            self._turn_out(next(iter(theirs)), "of_one_network")

    def _make_room(self) -> bool:
        """Of the network with the most connections the oldest one goes; whoever is signed in stays."""
        strangers = [(len(theirs), group) for group, theirs in self._groups.items() if group[0] in ("network", HELD)]
        for _, group in [*sorted(strangers, reverse=True), (0, PROXY)]:
            theirs = self._groups.get(group, {})
            oldest = next(iter(theirs)) if group[0] == HELD else _who_waits(theirs)
            if oldest is not None:
                self._turn_out(oldest, "full")
                return True
        return False

    def _turn_out(self, guest: Guest, why: str) -> None:
        self.told(why)
        self.went(guest)
        guest.cut()

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        for guest in list(self._of):
            guest.look(loop.time())
        self._sweeping = bool(self._of)
        if self._sweeping:
            loop.call_later(self.bounds.sweep_seconds, self._sweep)


def _who_waits(guests: Iterable[Guest], but: Guest | None = None) -> Guest | None:
    """The oldest that has heard its last answer, or else the oldest from which something has to come."""
    waiting = [each for each in guests if each is not but and (each.stage in _WAITS or each.is_untaken)]
    return next((each for each in waiting if each.stage is Stage.PARTING), waiting[0] if waiting else None)


def within_open_files(bounds: Bounds) -> Bounds:
    """As many connections as the process may have files open, for which it asks as far as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = bounds.connections + FILES_BESIDES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return replace(bounds, connections=max(min(bounds.connections, soft - FILES_BESIDES), FILES_BESIDES))
    return bounds
