"""Reads the next batch of the log while the present one is being taken in."""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from domain.recorded import Reading


class Log(Protocol):
    """What is read ahead."""

    def reading(self, after: int, limit: int) -> Reading: ...


class ReadAhead:
    """Never more than two batches are in memory: the one that is taken in, and the next."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._reader: ThreadPoolExecutor | None = None
        self._next: tuple[int, int, Future[Reading]] | None = None

    def read(self, after: int, limit: int) -> Reading:
        """Up to ``limit`` rows after a position; where there were that many, what follows is being read already."""
        expected, self._next = self._next, None
        if expected is not None and expected[:2] == (after, limit):
            reading = expected[2].result()
        else:
            reading = self._log.reading(after, limit)
        if reading.rows == limit:
            last = reading.last
            self._reader = self._reader or ThreadPoolExecutor(1, thread_name_prefix="read-ahead")
            self._next = (last, limit, self._reader.submit(self._log.reading, last, limit))
        return reading

    def close(self) -> None:
        """Nothing is read ahead any more; the next ``read`` begins anew."""
        reader, self._reader, self._next = self._reader, None, None
        if reader is not None:
            reader.shutdown(cancel_futures=True)
