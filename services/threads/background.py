"""Reads anew in the background what will soon be needed, so that nobody has to wait for it."""

from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock


class Background:
    """One thread. What fails here is tried again, aloud, by whoever then has to wait for it."""

    def __init__(self, name: str) -> None:
        self._threads = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._lock = Lock()
        self._under_way: set[Hashable] = set()

    def soon(self, about: Hashable, do: Callable[[], object]) -> None:
        """Do it soon, once, however often it is asked for meanwhile."""
        with self._lock:
            if about in self._under_way:
                return
            self._under_way.add(about)
        try:
            self._threads.submit(self._done, about, do)
        except RuntimeError:  # closed
            self._over(about)

    def close(self) -> None:
        """Finish what is under way, begin nothing more."""
        self._threads.shutdown(cancel_futures=True)

    def _done(self, about: Hashable, do: Callable[[], object]) -> None:
        try:
            with suppress(Exception):
                do()
        finally:
            self._over(about)

    def _over(self, about: Hashable) -> None:
        with self._lock:
            self._under_way.discard(about)
