"""How many requests are at work at once: of strangers few, of those signed in many, and none of both can take all.

A slot is held only while the product works, never while it waits for the other side to send.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

MOST_AT_WORK, OF_SESSION = 200, 150  # requests of people signed in; of one session
MOST_STRANGERS, OF_ADDRESS = 24, 8  # requests of everybody else: fewer than there are threads; of one address
MOST_PROBES, PROBES_OF_ADDRESS = 8, 4  # looks at how it stands, each of which asks the database
MOST_STREAMS, STREAMS_OF_SESSION = 400, 12  # pages that listen for news
GLANCE_SECONDS = 0.002  # between two looks at who is at work
MOST_SENT, SENT_OF_SESSION = 256_000_000, 64_000_000  # bytes of files on their way in, which lie in memory


class Pool:
    """``most`` units in all, ``of_one`` for each holder."""

    def __init__(self, most: int, of_one: int) -> None:
        self.most = most
        self.of_one = of_one
        self._taken = 0
        self._by: dict[Hashable, int] = {}

    @property
    def taken(self) -> int:
        """Units that are held now."""
        return self._taken

    def take(self, holder: Hashable, units: int = 1) -> bool:
        """Whether there was room for it."""
        held = self._by.get(holder, 0)
        if self._taken + units > self.most or held + units > self.of_one:
            return False
        self._taken += units
        self._by[holder] = held + units
        return True

    def give_back(self, holder: Hashable, units: int = 1) -> None:
        self._taken -= units
        left = self._by[holder] - units
        if left:
            self._by[holder] = left
        else:
            del self._by[holder]


class Slot:
    """The place of one request, which it may leave and enter again."""

    def __init__(self, pool: Pool | None, holder: Hashable = None) -> None:
        self._pool = pool
        self._holder = holder
        self._held = False

    def enter(self) -> bool:
        """Whether there is room; always where nothing is counted."""
        if not self._held and self._pool is not None:
            self._held = self._pool.take(self._holder)
            return self._held
        return True

    def leave(self) -> None:
        if self._held and self._pool is not None:
            self._held = False
            self._pool.give_back(self._holder)


class Pace:
    """``at_once`` from each holder, then so many ``a_second``."""

    _MOST = 10_000  # holders that are remembered

    def __init__(self, a_second: float, at_once: int) -> None:
        self.a_second = a_second
        self.at_once = at_once
        self._used: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()  # how much, and when it was so

    def allows(self, holder: Hashable, now: float) -> bool:
        """Whether one more may come now, by the machine's monotonic clock."""
        used, at = self._used.pop(holder, (0.0, now))
        used = max(used - (now - at) * self.a_second, 0.0)
        allowed = used + 1 <= self.at_once
        self._used[holder] = used + allowed, now
        while len(self._used) > self._MOST:
            self._used.popitem(last=False)
        return allowed


class Turns:
    """One after the other, ``apart`` seconds from each other: who came all at once does not work all at once.

    Each lets those go first who are at work, if they are done within ``patience`` seconds.
    """

    def __init__(self, apart: float, patience: float = 0.0) -> None:
        self.apart = apart
        self.patience = patience
        self._next = 0.0
        # a lock wakes those of its own loop only
        self._queues: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

    async def mine(self, at_work: Callable[[], int] = lambda: 0) -> None:
        """Wait for it; ``at_work`` tells how many are."""
        loop = asyncio.get_running_loop()
        async with self._queues.setdefault(loop, asyncio.Lock()):
            if self._next > loop.time():
                await asyncio.sleep(self._next - loop.time())
            until = loop.time() + self.patience
            while at_work() and loop.time() < until:
                await asyncio.sleep(GLANCE_SECONDS)
            self._next = loop.time() + self.apart


class Crowd:
    """How fast strangers may ask, each as a second and at once: from one network and from all of them.

    However many come from elsewhere, each network is left the least.
    """

    def __init__(self, of_network: tuple[float, int], of_all: tuple[float, int], least: tuple[float, int]) -> None:
        self.of_network = Pace(*of_network)
        self.of_all = Pace(*of_all)
        self.least = Pace(*least)

    def allows(self, network: str, now: float) -> bool:
        """Whether one more request is looked at, by the machine's monotonic clock."""
        mine = self.of_network.allows(network, now)
        return mine and (self.of_all.allows("", now) or self.least.allows(network, now))


@dataclass(frozen=True, slots=True)
class Slots:
    """All pools and paces of a product; strangers take ``turns``.

    ``fetching`` is of the files that pages consist of, which browsers keep;
    ``devices`` are browsers in which somebody signed in before: no strangers' slots.
    """

    looked_up: Pool = field(default_factory=lambda: Pool(MOST_AT_WORK, OF_SESSION))
    signed_in: Pool = field(default_factory=lambda: Pool(MOST_AT_WORK, OF_SESSION))
    strangers: Pool = field(default_factory=lambda: Pool(MOST_STRANGERS, OF_ADDRESS))
    streams: Pool = field(default_factory=lambda: Pool(MOST_STREAMS, STREAMS_OF_SESSION))
    probes: Pool = field(default_factory=lambda: Pool(MOST_PROBES, PROBES_OF_ADDRESS))
    crowd: Crowd = field(default_factory=lambda: Crowd((20.0, 200), (100.0, 300), (1.0, 3)))
    probing: Crowd = field(default_factory=lambda: Crowd((20.0, 200), (100.0, 300), (1.0, 3)))
    turns: Turns = field(default_factory=lambda: Turns(0.005, patience=0.02))
    fetching: Crowd = field(default_factory=lambda: Crowd((100.0, 1_000), (500.0, 2_000), (10.0, 100)))
    devices: Pool = field(default_factory=lambda: Pool(MOST_STRANGERS, OF_ADDRESS))
    of_device: Pace = field(default_factory=lambda: Pace(20.0, 200))
    files: Pool = field(default_factory=lambda: Pool(MOST_SENT, SENT_OF_SESSION))
