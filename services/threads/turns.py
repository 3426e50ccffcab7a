"""Turns for those who come from outside: a queue of its own for each kind, so that one kind never waits for another."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import BoundedSemaphore
from typing import TypeVar

from services.threads.try_later import TryLater

T = TypeVar("T")

PATIENCE = 10.0  # seconds for which a turn is waited for


class Turns:
    """``at_once`` have a thread each, up to ``waiting`` more wait in the order in which they came, without any."""

    def __init__(self, name: str, at_once: int, waiting: int, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix=name)
        self._room = BoundedSemaphore(at_once + waiting)

    async def taken(self, do: Callable[[], T]) -> T:
        """``do()`` when it is one's turn. Raises ``TryLater`` where too many wait, or the turn does not come."""
        if not self._room.acquire(blocking=False):
            raise TryLater
        try:
            turn = self._threads.submit(copy_context().run, do)
            ended = asyncio.wrap_future(turn)
            await asyncio.wait({ended}, timeout=self._patience)
            if turn.cancel():
                raise TryLater
            return await ended
        finally:
            self._room.release()

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)
