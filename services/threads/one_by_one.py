"""Long work in the background, one thing after the other; while the database is away it is tried again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from uuid import UUID

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from services.threads.try_later import TryLater

log = structlog.get_logger()

AGAIN_SECONDS = 2.0  # after the database was away


class Closing(Exception):
    """The process ends; what is under way goes on at its next start."""


class OneByOne:
    """One thread. ``work`` does what is left of a thing, however often it is begun, and asks ``go_on`` in between.

    ``stopped`` names the log line of what it cannot go on from: then nobody is at it until somebody begins it again.
    """

    def __init__(self, name: str, work: Callable[[UUID], None], stopped: str) -> None:
        self._work = work
        self._stopped = stopped
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
        if self.closing.is_set():
            raise Closing

    def close(self) -> None:
        """End after the present chunk."""
        self.closing.set()
        self._threads.shutdown(cancel_futures=True)

    def _worked(self, id: UUID) -> None:
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
        finally:
            with self._lock:
                self._under_way.discard(id)
