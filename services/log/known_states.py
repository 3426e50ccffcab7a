"""The states of streams as this process knows them, the ones asked for last."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from domain.decider import Decider
from domain.recorded import Act
from services.log.envelope import without_personal
from services.log.not_found import NotFound

S = TypeVar("S")

KEPT_STATES = 20_000  # of about a kilobyte


class Loaded(NamedTuple, Generic[S]):
    """A stream's state and version; version 0 is a stream that does not exist."""

    state: S
    version: int


class Known(NamedTuple):
    """A state in memory, and when (monotonic seconds) the database last said that it is the newest."""

    decider: Decider[Any, Any, Any]
    loaded: Loaded[Any]
    checked: float


class KnownStates:
    """As many of them as ``KEPT_STATES``; safe for threads."""

    def __init__(self) -> None:
        self._states: OrderedDict[UUID, Known] = OrderedDict()
        self._lock = Lock()

    def of(self, stream: UUID) -> Known | None:
        with self._lock:
            known = self._states.get(stream)
            if known is not None:
                self._states.move_to_end(stream)
            return known

    def of_kind(self, decider: Decider[Any, Any, Any], stream: UUID) -> Known | None:
        """Raises ``NotFound`` for a stream of another kind."""
        known = self.of(stream)
        if known is not None and known.decider.name != decider.name:
            raise NotFound
        return known

    def keep(self, stream: UUID, newer: Known) -> None:
        with self._lock:
            known = self._states.get(stream)
            if known is None or known.loaded.version <= newer.loaded.version:
                self._states[stream] = newer
            while len(self._states) > KEPT_STATES:
                self._states.popitem(last=False)

    def forget(self, streams: Iterable[UUID]) -> None:
        with self._lock:
            for stream in streams:
                self._states.pop(stream, None)

    def learn(self, stream: UUID, version: int, events: Sequence[Any], act: Act) -> None:
        """What has just become durable is known without reading it again; a new stream is read when it is needed."""
        known = self.of(stream)
        if known is None or known.loaded.version != version:
            return
        state = known.loaded.state
        for event in events:
            state = known.decider.evolve(state, without_personal(event), act)
        self.keep(stream, Known(known.decider, Loaded(state, version + len(events)), known.checked))
