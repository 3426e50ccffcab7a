"""Reads the next batch of the log while the present one is being taken in."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

from domain.recorded import Recorded


class Log(Protocol):
    """What is read ahead."""

    def read(self, after: int, limit: int) -> list[Recorded[Any]]: ...


class ReadAhead:
    """Never more than two batches are in memory: the one that is taken in, and the next."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._reader: ThreadPoolExecutor | None = None
        self._next: tuple[int, int, Future[list[Recorded[Any]]]] | None = None

    def read(self, after: int, limit: int) -> Sequence[Recorded[Any]]:
        """Up to ``limit`` events after a position; where there were that many, what follows is being read already.

        Raises ``Unreadable`` as the log does.
        """
        expected, self._next = self._next, None
        if expected is not None and expected[:2] == (after, limit):
            batch = expected[2].result()
        else:
            batch = self._log.read(after, limit)
        if len(batch) == limit:
            last = batch[-1].position
            self._reader = self._reader or ThreadPoolExecutor(1, thread_name_prefix="read-ahead")
            self._next = (last, limit, self._reader.submit(self._log.read, last, limit))
        return batch

    def close(self) -> None:
        """Nothing is read ahead any more; the next ``read`` begins anew."""
        reader, self._reader, self._next = self._reader, None, None
        if reader is not None:
            reader.shutdown(cancel_futures=True)
