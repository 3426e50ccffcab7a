"""A body as it arrives: nothing of it is read before it is known who sends it where, and nobody sends for ever."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import Message, Receive

from services.http.problems import Unusable
from services.http.slots import Slot
from services.threads.try_later import TryLater

PATIENCE_SECONDS = 10.0  # for which we wait for a body, however little comes
LEAST_RATE = 4_000  # bytes a second that a longer body has to bring


class Arriving:
    """ASGI ``receive`` for one request.

    ``admit`` answers how many bytes may come, and raises where none may: it is asked once, before the first byte is
    read. ``carries`` says whether the request brings a body at all.
    """

    def __init__(self, receive: Receive, carries: bool, slot: Slot, admit: Callable[[], Awaitable[int]]) -> None:
        self._receive = receive
        self._slot = slot
        self._admit = admit
        self._limit: int | None = None
        self._read = 0
        self._waited = 0.0
        self.unread = carries  # something of the body is still to come
        self.answered = False  # then what still comes is of no interest

    async def __call__(self) -> Message:
        if not self.unread or self.answered:
            return await self._receive()
        if self._limit is None:
            self._limit = await self._admit()
        message = await self._in_time()
        if message["type"] != "http.request":
            return message
        self._read += len(message.get("body", b""))
        if self._read > self._limit:
            raise Unusable(413, "too_large")
        self.unread = bool(message.get("more_body", False))
        return message

    async def _in_time(self) -> Message:
        """The next piece; the slot is free for others while nothing comes."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._slot.leave()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS + self._read / LEAST_RATE - self._waited):
                message = await self._receive()
        except TimeoutError:
            raise Unusable(408, "too_slow") from None
        finally:
            self._waited += loop.time() - began
        if not self._slot.enter():
            raise TryLater
        return message
