"""Answers packed on their way out, for callers who take them so; never for what another site makes a browser ask.

Which coding a caller takes follows RFC 9110, 12.5.3. What is packed already, or only sent as it comes, stays as it is.
"""

import asyncio
import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from starlette.types import Message, Send

from services.http.packed import LEVEL, packed

SMALLEST = 1_000  # bytes; less fits into one packet anyhow
AT_ONCE = 131_072  # bytes packed before others get their turn
_LONGEST_WISH = 1_000  # characters of a header that are read
_TEXTS = re.compile(rb"text/(?!event-stream)|application/(?:json|[\w.-]+\+json)\b|image/svg\+xml")
_CACHED = b"cache-control"
_OF_PLAIN = (b"content-length", b"accept-ranges")


@dataclass(frozen=True, slots=True)
class Takes:
    """Which codings a caller takes; each says whether it is liked no less than what is not packed."""

    gzip: bool = False
    brotli: bool = False
    plain: bool = True

    @property
    def none(self) -> bool:
        """Nothing that every answer can be had in."""
        return not (self.gzip or self.plain)


def takes(wish: str | None) -> Takes:
    """What ``Accept-Encoding`` says; whoever says nothing gets everything as it is."""
    return Takes() if wish is None else _read(wish[:_LONGEST_WISH])


@lru_cache(maxsize=256)
def _read(wish: str) -> Takes:
    said: dict[str, float] = {}
    for each in wish.lower().split(","):
        coding, *more = (part.strip() for part in each.split(";"))
        if coding:
            said[{"x-gzip": "gzip"}.get(coding, coding)] = _weight(more)
    rest = said.get("*")
    plain = said.get("identity", 1.0 if rest is None else rest)
    liked = said.get("identity", 0.0)

    def wanted(coding: str) -> bool:
        weight = said.get(coding, rest or 0.0)
        return weight > 0 and weight >= liked

    return Takes(wanted("gzip"), wanted("br"), plain > 0)


def _weight(parameters: Sequence[str]) -> float:
    for each in parameters:
        name, _, value = each.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def asked_from_here(headers: Mapping[str, str], query: bytes | str, hosts: set[str]) -> bool:
    """Whether our own pages or a person led the browser here, and no other site's page.

    A browser says so itself on encrypted lines. Where none does, whatever has something of its own to put into the
    answer, and a person's cookie with it, must come from a page of ours.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    if not query or "cookie" not in headers:
        return True
    return urlsplit(headers.get("referer", "")).netloc in hosts


class Packing:
    """ASGI ``send`` in front of another one: packs what comes as one piece.

    ``own``: asked for from here. ``secrets`` of the caller stand in what is packed as they are.
    """

    def __init__(self, send: Send, wish: Takes, own: bool, secrets: Callable[[], Sequence[bytes]]) -> None:
        self._send = send
        self._wish = wish
        self._own = own
        self._secrets = secrets
        self._start: Message | None = None
        self._packer: Any = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = dict(message["headers"])
            if message["status"] == 304 or _may_be_packed(headers):
                message = {**message, "headers": _varying(message["headers"])}
            if self._waits(message["status"], headers):
                self._start = message
            else:
                await self._send(message)
        elif self._start is not None:
            start, self._start = self._start, None
            await self._begin(start, message)
        elif self._packer is not None:
            await self._send(self._packed_on(message))
        else:
            await self._send(message)

    def _waits(self, status: int, headers: Mapping[bytes, bytes]) -> bool:
        """Whether the body has to be seen before the answer can begin."""
        if not self._wish.gzip or status in (204, 206, 304) or b"content-encoding" in headers:
            return False
        if not self._wish.plain:
            return True
        names_bytes = headers.get(b"etag", b"").startswith(b'"')  # a strong tag is of what is not packed
        return self._own and not names_bytes and _may_be_packed(headers)

    async def _begin(self, start: Message, message: Message) -> None:
        """The first piece of a body, and before it the answer's beginning."""
        body: bytes = message.get("body", b"")
        if message.get("more_body"):
            if not self._wish.plain:
                self._packer = _packer()
                start, message = _dressed(start, None), self._packed_on(message)
        elif len(body) >= SMALLEST or not self._wish.plain:
            found = await self._whole(body)
            if found is not None:
                start, message = _dressed(start, len(found)), {**message, "body": found}
        await self._send(start)
        await self._send(message)

    async def _whole(self, body: bytes) -> bytes | None:
        secrets = self._secrets()
        if len(body) <= AT_ONCE:
            return packed(body, secrets)
        if any(each in body for each in secrets):
            return None
        packer, parts = _packer(), []
        for at in range(0, len(body), AT_ONCE):
            parts.append(packer.compress(body[at : at + AT_ONCE]))
            await asyncio.sleep(0)
        return b"".join([*parts, packer.flush()])

    def _packed_on(self, message: Message) -> Message:
        """A piece of a stream, whole as it arrives: nobody waits for the next one to read this one."""
        more = message.get("more_body", False)
        found = self._packer.compress(message.get("body", b""))
        return {**message, "body": found + self._packer.flush(zlib.Z_SYNC_FLUSH if more else zlib.Z_FINISH)}


def _packer() -> Any:
    return zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)


def _may_be_packed(headers: Mapping[bytes, bytes]) -> bool:
    """Texts that are not packed in themselves, and are no streams."""
    kind = headers.get(b"content-type")
    return kind is not None and _TEXTS.match(kind) is not None and b"no-transform" not in headers.get(_CACHED, b"")


def _varying(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer that is another one for whoever takes it otherwise."""
    found = dict(headers)
    varies = found.get(b"vary", b"")
    if b"accept-encoding" not in varies.lower():
        found[b"vary"] = varies + b", Accept-Encoding" if varies else b"Accept-Encoding"
    return [*(each for each in headers if each[0] != b"vary"), (b"vary", found[b"vary"])]


def _dressed(start: Message, length: int | None) -> Message:
    """The beginning of a packed answer; ``length`` where it is known."""
    kept = [each for each in start["headers"] if each[0] not in _OF_PLAIN]
    headers = [(name, b"W/" + value if name == b"etag" and value[:1] == b'"' else value) for name, value in kept]
    headers.append((b"content-encoding", b"gzip"))
    if length is not None:
        headers.append((b"content-length", b"%d" % length))
    return {**start, "headers": headers}
