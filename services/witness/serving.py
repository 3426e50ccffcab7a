"""The witness over HTTP: bounds on what is sent, how long that takes and how many there are, before it is looked at."""

import asyncio
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import TypeVar

import h11

from services.witness.answering import Answer, Witness
from services.witness.submission import MOST_BYTES

P = TypeVar("P", str, bytes)
CHUNK = 65_536
_CHECKPOINT = re.compile(r"/([0-9a-f]{64})/checkpoint")
_POLICY = [
    ("x-content-type-options", "nosniff"),
    ("content-security-policy", "default-src 'none'"),
    ("referrer-policy", "no-referrer"),
]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bytes, seconds, connections. A body has room for the longest proof and a note with many signatures."""

    body: int = MOST_BYTES
    head: int = 32_768
    seconds: float = 10.0  # for a whole request, and again for its answer
    idle_seconds: float = 15.0
    connections: int = 500
    of_network: int = 50
    at_once: int = 8  # that are being looked at


class _TooMuch(Exception):
    """More comes than there is room for; with the answer to it."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class _Asked:
    method: str
    path: str
    body: bytes


class Server:
    """Answers for one witness; ``about`` is what whoever opens the address reads. ``told`` hears of each answer."""

    def __init__(
        self,
        witness: Witness,
        about: Callable[[], str],
        bounds: Bounds = Bounds(),
        told: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._witness = witness
        self._about = about
        self._bounds = bounds
        self._told = told
        self._open: Counter[str] = Counter()
        self._looking = asyncio.Semaphore(bounds.at_once)

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until it ends."""
        network = _network(writer.get_extra_info("peername"))
        if self._open.total() >= self._bounds.connections or self._open[network] >= self._bounds.of_network:
            writer.transport.abort()
            return
        self._open[network] += 1
        try:
            with suppress(ConnectionError, TimeoutError):
                await self._talk(reader, writer)
        finally:
            self._open[network] -= 1
            if not self._open[network]:
                del self._open[network]
            writer.transport.abort()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said = h11.Connection(h11.SERVER, max_incomplete_event_size=self._bounds.head)
        while True:
            asked, refused = None, None
            try:
                asked = await self._heard(said, reader, writer)
                if asked is None:
                    return
                answer = await self._answer(asked)
                self._told(f"{asked.method} {_brief(asked.path)} {answer.status}")
            except _TooMuch as much:
                refused = much.answer
            except h11.RemoteProtocolError as wrong:
                refused = Answer(wrong.error_status_hint, "this cannot be read as HTTP\n")
            except TimeoutError:
                refused = Answer(408, "the request took too long\n")
            bodiless = asked is not None and asked.method == "HEAD"
            await self._sent(said, writer, refused or answer, last=refused is not None, bodiless=bodiless)
            if said.our_state is not h11.DONE or said.their_state is not h11.DONE:
                await _part(reader, writer)
                return
            said.start_next_cycle()

    async def _heard(
        self, said: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> _Asked | None:
        """The next request, whole. ``None`` where none comes any more."""
        head: h11.Request | None = None
        body = bytearray()
        begun = False
        try:
            async with asyncio.timeout(self._bounds.idle_seconds) as end:
                while True:
                    event = said.next_event()
                    if not begun and (event is not h11.NEED_DATA or said.trailing_data[0]):
                        begun = True  # however slowly the bytes come now, the whole of it comes within this time
                        end.reschedule(asyncio.get_running_loop().time() + self._bounds.seconds)
                    if event is h11.NEED_DATA:
                        if said.they_are_waiting_for_100_continue:
                            writer.write(said.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
                        said.receive_data(await reader.read(CHUNK))
                    elif isinstance(event, h11.Request):
                        head = event
                        _see_lengths(event, self._bounds)
                    elif isinstance(event, h11.Data):
                        body += event.data
                        if len(body) > self._bounds.body:
                            raise _TooMuch(_large(self._bounds.body))
                    elif isinstance(event, h11.EndOfMessage):
                        assert head is not None
                        return _Asked(head.method.decode("latin-1"), _path(head.target), bytes(body))
                    else:  # the connection is closed, or another protocol is wished for
                        return None
        except TimeoutError:
            if not begun:
                return None  # nobody asked anything
            raise

    async def _answer(self, asked: _Asked) -> Answer:
        match asked.method, asked.path:
            case "POST", "/add-checkpoint":
                return await self._asked(self._witness.add_checkpoint, asked.body)
            case _, "/add-checkpoint":
                return Answer(405, "POST a checkpoint here\n")
            case (("GET" | "HEAD"), "/"):
                return Answer(200, await asyncio.to_thread(self._about))
            case (("GET" | "HEAD"), path) if (found := _CHECKPOINT.fullmatch(path)) is not None:
                return await self._asked(self._witness.checkpoint, found[1])
            case _:
                return Answer(404, "there is nothing here\n")

    async def _asked(self, ask: Callable[[P], Answer], what: P) -> Answer:
        async with self._looking:
            try:
                return await asyncio.to_thread(ask, what)
            except sqlite3.Error as wrong:  # a full or broken disk, or too long a wait for others
                self._told(f"cannot keep anything: {type(wrong).__name__} {wrong}")
                return Answer(503, "This witness cannot keep anything at the moment, so it cosigns nothing.\n")

    async def _sent(
        self, said: h11.Connection, writer: asyncio.StreamWriter, answer: Answer, *, last: bool, bodiless: bool
    ) -> None:
        body = answer.body.encode()
        headers = [
            ("content-type", answer.kind),
            ("content-length", str(len(body))),
            ("cache-control", "no-store"),
            *_POLICY,
        ]
        if answer.status == 405:
            headers.append(("allow", "POST"))
        if last:
            headers.append(("connection", "close"))
        try:
            writer.write(said.send(h11.Response(status_code=answer.status, headers=headers)) or b"")
            writer.write(said.send(h11.Data(data=b"" if bodiless else body)) or b"")
            writer.write(said.send(h11.EndOfMessage()) or b"")
        except h11.LocalProtocolError:  # it broke off while an answer was under way
            return
        async with asyncio.timeout(self._bounds.seconds):
            await writer.drain()


def _see_lengths(head: h11.Request, bounds: Bounds) -> None:
    if len(head.target) + sum(len(name) + len(value) for name, value in head.headers) > bounds.head:
        raise _TooMuch(Answer(431, f"headers have at most {bounds.head} bytes\n"))
    for name, value in head.headers:
        if name == b"content-length" and int(value) > bounds.body:
            raise _TooMuch(_large(bounds.body))


def _large(most: int) -> Answer:
    return Answer(413, f"a request has at most {most} bytes\n")


def _brief(path: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in path[:100])


def _path(target: bytes) -> str:
    return target.decode("latin-1").partition("?")[0]


def _network(peer: object) -> str:
    """From where somebody asks: one address of IPv4, 64 bits of IPv6."""
    if not isinstance(peer, tuple):
        return ""
    try:
        address = ip_address(str(peer[0]).partition("%")[0])
    except ValueError:
        return ""
    return str(address) if not isinstance(address, IPv6Address) else str(int(address) >> 64)


async def _part(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Let whoever is still sending read the last answer before the connection ends."""
    with suppress(ConnectionError, TimeoutError, OSError):
        if writer.can_write_eof():
            writer.write_eof()
        async with asyncio.timeout(1.0):
            for _ in range(16):
                if not await reader.read(CHUNK):
                    return
