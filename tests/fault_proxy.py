"""A network between the product and its PostgreSQL that does what networks do: carry on, swallow everything, or cut."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

SOCKET = ".s.PGSQL.5432"


@dataclass
class FaultProxy:
    """Carries bytes between a socket of its own in ``folder`` and that of the server, unless told otherwise.

    ``swallow`` keeps everything from now on and closes nothing. ``swallow_after`` does so for the one connection on
    which these bytes go out first, before they have gone (``before``) or after. ``heal`` carries new connections again.
    """

    upstream: str
    folder: Path
    swallowing: bool = False
    trigger: tuple[bytes, bool] | None = None
    stuck: set[int] = field(default_factory=set)
    open: dict[int, tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = field(default_factory=dict)

    def swallow(self) -> None:
        self.swallowing = True
        self.stuck |= set(self.open)

    def swallow_after(self, these: bytes, *, before: bool) -> None:
        self.trigger = (these, before)

    def heal(self) -> None:
        self.swallowing, self.trigger = False, None

    async def serve(self, ready: asyncio.Event) -> None:
        async with await asyncio.start_unix_server(self._carry, str(self.folder / SOCKET)):
            ready.set()
            await asyncio.Event().wait()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        its_reader, its_writer = await asyncio.open_unix_connection(self.upstream)
        me = id(writer)
        self.open[me] = (writer, its_writer)
        if self.swallowing:
            self.stuck.add(me)
        ways = (self._pass(me, reader, its_writer, True), self._pass(me, its_reader, writer, False))
        try:
            await asyncio.wait([asyncio.create_task(way) for way in ways], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.open.pop(me, None)
            for each in (writer, its_writer):
                each.transport.abort()

    async def _pass(self, me: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, outward: bool) -> None:
        while data := await _read(reader):
            hit = outward and self.trigger is not None and self.trigger[0] in data
            if hit and self.trigger is not None:
                before, self.trigger = self.trigger[1], None
                if not before:
                    writer.write(data)
                self.stuck.add(me)
            if me in self.stuck:
                continue
            with suppress(ConnectionError):
                writer.write(data)
                await writer.drain()


async def _read(reader: asyncio.StreamReader) -> bytes:
    with suppress(ConnectionError):
        return await reader.read(65536)
    return b""


@contextmanager
def a_fault_proxy(url: str, folder: Path) -> Iterator[tuple[str, FaultProxy]]:
    """The URL of the same database through a proxy, and the proxy."""
    parts = urlsplit(url)
    upstream = Path(parse_qs(parts.query)["host"][0]) / SOCKET
    proxy = FaultProxy(str(upstream), folder)
    loop = asyncio.new_event_loop()
    ready = asyncio.Event()
    serving: list[asyncio.Task[None]] = []

    def run() -> None:
        asyncio.set_event_loop(loop)
        serving.append(loop.create_task(proxy.serve(ready)))
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(serving[0])
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))

    thread = Thread(target=run, name="fault-proxy", daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(ready.wait(), loop).result(10)
    try:
        yield urlunsplit(parts._replace(query=f"host={quote(str(folder), safe='')}")), proxy
    finally:
        loop.call_soon_threadsafe(serving[0].cancel)
        thread.join(10)
        loop.close()
