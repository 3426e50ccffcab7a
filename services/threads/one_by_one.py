"""Long work in the background, one thing after the other; while the database is away it is tried again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event, Lock
from time import monotonic
from typing import Protocol, runtime_checkable
from uuid import UUID

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from services.threads.try_later import TryLater

log = structlog.get_logger()

AGAIN_SECONDS = 2.0  # after the database was away
STUCK_SECONDS = 600.0  # without progress


class Closing(Exception):
    """The process ends; what is under way goes on at its next start."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many things are at work or wait for their turn, have ``stopped``, or make no progress (``stuck``)."""

    under_way: int
    stopped: int
    stuck: int


class OneByOne:
    """One thread. ``work`` does what is left of a thing, however often it is begun, and asks ``go_on`` in between.

    ``stopped`` names the log line of what it cannot go on from: then nobody is at it until somebody begins it again.
    """

    def __init__(self, name: str, work: Callable[[UUID], None], stopped: str) -> None:
        self.name = name
        self._work = work
        self._stopped = stopped
        self._stopped_ones: set[UUID] = set()
        self._progress: float | None = None  # when there was some, while something is at work
        self._threads = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._under_way: set[UUID] = set()
        self._lock = Lock()
        self.closing = Event()

    def begin(self, id: UUID) -> None:
        """Work at it, unless that is under way."""
        with self._lock:
            if id in self._under_way:
                return
            self._under_way.add(id)
            self._stopped_ones.discard(id)
        try:
            self._threads.submit(self._worked, id)
        except RuntimeError:  # closed
            self._under_way.discard(id)

    def is_under_way(self, id: UUID) -> bool:
        return id in self._under_way

    def until_idle(self) -> None:
        """Wait until all that was begun before has ended, well or badly."""
        self._threads.submit(int).result()

    def go_on(self, done: int = 0, total: int = 0) -> None:
        """Heard between two chunks. Raises ``Closing`` when the process ends."""
        self._progress = monotonic()
        if self.closing.is_set():
            raise Closing

    def standing(self) -> Standing:
        """For those who watch from outside."""
        with self._lock:
            since = self._progress
            stuck = since is not None and monotonic() - since > STUCK_SECONDS
            return Standing(len(self._under_way), len(self._stopped_ones), int(stuck))

    def close(self) -> None:
        """End after the present chunk."""
        self.closing.set()
        self._threads.shutdown(cancel_futures=True)

    def _worked(self, id: UUID) -> None:
        self._progress = monotonic()
        try:
            while not self.closing.is_set():
                try:
                    self._work(id)
                    return
                except (TryLater, PoolTimeout, psycopg.OperationalError):
                    self.closing.wait(AGAIN_SECONDS)
        except Closing:
            pass
        except Exception as broken:  # the page says that it stopped; pressing go on tries again
            log.error(self._stopped, stream=str(id), exc_info=broken)
            with self._lock:
                self._stopped_ones.add(id)
        finally:
            with self._lock:
                self._progress = None
                self._under_way.discard(id)


@runtime_checkable
class AtWork(Protocol):
    """A part of the product that has long work going on."""

    @property
    def at_work(self) -> OneByOne: ...
