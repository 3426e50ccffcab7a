"""One connection: bounds on what is sent by it and how long that takes, before anybody looks at what it says."""

import asyncio
import random
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import httptools
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from services.http.addresses import subscriber_of
from services.http.door import HELD, PROXY, Bounds, Door, Stage
from services.http.networks import CONNECTION

_FRAMED = 16  # bytes on the way for each byte of a chunked body
_SAID = {
    400: b"Bad Request",
    408: b"Request Timeout",
    414: b"URI Too Long",
    431: b"Request Header Fields Too Large",
}
_PLAIN = {
    status: b"HTTP/1.1 %d %s\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\n"
    b"connection: close\r\n\r\n%s" % (status, said, len(said), said)
    for status, said in _SAID.items()
}


class _Refused(Exception):
    """What comes is not read any further: with this status, for this reason."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


def _what(wrong: Exception) -> tuple[int, str]:
    """Status and reason; what the parser met while it called us stands behind its own error."""
    found = wrong if isinstance(wrong, _Refused) else wrong.__context__
    return (found.status, found.why) if isinstance(found, _Refused) else (400, "unreadable")


class _Outgoing(asyncio.Transport):
    """The way of answers: counts them, and closes so that whoever is still sending can read the last one."""

    def __init__(self, way: asyncio.Transport, connection: "Connection") -> None:
        super().__init__()
        self.way = way
        self.written = 0
        self._connection: Connection | None = connection

    def write(self, data: Any) -> None:
        if not self.way.is_closing():  # cut a moment ago, which the request under way does not know yet
            self.written += len(data)
            self.way.write(data)

    def pause_reading(self) -> None:
        if not self.way.is_closing():
            self.way.pause_reading()

    def resume_reading(self) -> None:
        if not self.way.is_closing():
            self.way.resume_reading()

    def close(self) -> None:
        if self.way.is_closing():
            return
        if self._connection is not None and self._connection.is_unread:
            self._connection.part()
        else:
            self.way.close()

    def is_closing(self) -> bool:
        return self._connection is None or self._connection.stage is Stage.PARTING or self.way.is_closing()

    def forget(self) -> None:
        """The connection is lost; nothing shall be kept for its sake."""
        self._connection = None

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self.way.get_extra_info(name, default)


class Connection(HttpToolsProtocol):
    """A server's protocol, one for each connection of its ``door``."""

    door: ClassVar[Door]

    # -- coming and going ----------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._way = transport
        self.transport = self._outgoing = _Outgoing(transport, self)
        self.flow = FlowControl(self._outgoing)
        self.stage, self._since = Stage.IDLE, self.loop.time()
        self._head = self._body = self._framed = self._discarded = 0
        self._deaf = False
        self._drained: tuple[float, int] | None = None
        host = self.client[0] if self.client else ""
        self._by_proxy = self.door.is_proxy(host)
        self._home = PROXY if self._by_proxy else ("network", subscriber_of(host))
        self.timeout_keep_alive = self._bounds.idle_seconds_of_proxy if self._by_proxy else self._bounds.idle_seconds
        self.door.came(self, self._home)

    def connection_lost(self, exc: Exception | None) -> None:
        self.door.went(self)
        self.stage = Stage.WHOLE  # nothing is read any more
        super().connection_lost(exc)
        self._outgoing.forget()

    def met(self, network: str, session: str | None) -> None:
        """Somebody asks by this connection."""
        self.door.moves(self, ("session", session) if session else ("network", network))

    def cut(self) -> None:
        self._way.abort()

    def hold(self) -> None:
        self._since += self._bounds.opening_seconds
        self.loop.call_soon(self.flow.pause_reading)  # the server begins to read when this returns
        self.loop.call_later(self._bounds.opening_seconds, self.flow.resume_reading)

    def doom(self) -> None:
        self._hold_back(self._way.abort)

    def hurries(self, network: str) -> float:
        self.door.moves(self, (HELD, network))
        self.flow.pause_reading()
        return self._held_seconds()

    def _hold_back(self, then: Callable[[], None]) -> None:
        """Read nothing more, and end it only after a while: whoever is sent away at once is back at once."""
        self._enter(Stage.HELD)
        self.door.moves(self, (HELD, self._home[1]))
        self._forget_what_was_read()
        self.loop.call_soon(self.flow.pause_reading)
        self.loop.call_later(self._held_seconds(), then)

    def _held_seconds(self) -> float:
        """Those who came together shall not come together again."""
        return self._bounds.held_seconds * (1 + random.random())

    def part(self) -> None:
        """Say nothing more, and give the other side a moment to read what was said."""
        self._enter(Stage.PARTING)
        self._forget_what_was_read()
        self.flow.resume_reading()
        if not self._way.is_closing():
            self._way.write_eof()

    def _forget_what_was_read(self) -> None:
        """It lies in memory no longer than it is needed; who waits for the rest of it hears that nothing comes."""
        if self.cycle is not None:
            self.cycle.body.clear()
            if not self.cycle.response_complete:
                self.cycle.disconnected = True
                self.cycle.message_event.set()
        self.parser = self.headers = self.scope = None  # type: ignore[assignment]
        self.url = b""

    @property
    def is_unread(self) -> bool:
        """Whether more of a request may come than was read."""
        return self.stage in (Stage.HEAD, Stage.BODY) or (self.stage is Stage.IDLE and self._head > 0)

    @property
    def is_untaken(self) -> bool:
        return not self._way.is_closing() and self._way.get_write_buffer_size() > 0

    @property
    def _bounds(self) -> Bounds:
        return self.door.bounds

    def _enter(self, stage: Stage) -> None:
        self.stage, self._since = stage, self.loop.time()

    # -- what comes ----------------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        if self._deaf or self.stage in (Stage.HELD, Stage.PARTING):
            self._discard(len(data))
            return
        before = self.stage
        try:
            if before in (Stage.IDLE, Stage.HEAD):
                self._head += len(data)
            elif before is Stage.BODY:
                self._framed += len(data)
            self.parser.feed_data(data)
            self._check_bulk(before)
        except httptools.HttpParserUpgrade:
            self._deaf = True  # another protocol was offered; it was answered in this one
        except (httptools.HttpParserError, _Refused) as wrong:
            self._turn_away(*_what(wrong))

    def _check_bulk(self, before: Stage) -> None:
        if self.stage is before and before in (Stage.IDLE, Stage.HEAD) and self._head > self._bounds.head:
            raise _Refused(431, "head_too_large")
        if self.stage is before is Stage.BODY and self._framed > self._bounds.framing + _FRAMED * self._body:
            raise _Refused(400, "framing")

    def _discard(self, size: int) -> None:
        self._discarded += size
        if self._discarded > self._bounds.linger:
            self.flow.pause_reading()

    def _turn_away(self, status: int, why: str) -> None:
        self.door.told(why)
        under_way = self.cycle is not None and not self.cycle.response_complete
        self._hold_back(self._way.abort if under_way else partial(self._say_why, status))

    def _say_why(self, status: int) -> None:
        if not self._outgoing.is_closing():
            self.transport.write(_PLAIN[status])
            self.part()

    # -- what the parser finds -----------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        if self.stage is not Stage.IDLE:
            self._head = 0
        self._enter(Stage.HEAD)
        self._body = self._framed = 0
        super().on_message_begin()
        self.scope["state"][CONNECTION] = self
        if self._by_proxy:
            self.door.moves(self, PROXY)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.stage is not Stage.HEAD:
            raise _Refused(400, "trailers")
        super().on_header(name, value)
        if len(self.headers) > self._bounds.headers:
            raise _Refused(431, "too_many_headers")

    def on_headers_complete(self) -> None:
        self._check_head()
        self._enter(Stage.BODY)
        self._head = 0
        super().on_headers_complete()
        if self.parser.should_upgrade():
            self.cycle.keep_alive = False

    def _check_head(self) -> None:
        bounds = self._bounds
        if len(self.url) > bounds.target:
            raise _Refused(414, "target_too_long")
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > bounds.head:
            raise _Refused(431, "head_too_large")
        carries = any(
            name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0"))
            for name, value in self.headers
        )
        if self.parser.should_upgrade() and (carries or self._get_upgrade() in (None, b"websocket")):
            raise _Refused(400, "upgrade")
        waiting = self.cycle is not None and not self.cycle.response_complete
        if waiting and (carries or len(self.pipeline) >= bounds.behind):
            raise _Refused(400, "pipelined")

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._enter(Stage.IDLE if self.cycle.response_complete else Stage.WHOLE)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.stage is Stage.WHOLE and not self.pipeline:
            self._enter(Stage.IDLE)
        elif self.stage is Stage.BODY:
            self.transport.close()

    # -- what takes too long -------------------------------------------------------------------------------------

    def look(self, now: float) -> None:
        for_long = now - self._since
        if self._is_stalled(now) or (self.stage is Stage.PARTING and for_long > self._bounds.linger_seconds):
            self.cut()
        elif self.stage is Stage.HEAD and for_long > self._bounds.head_seconds:
            self._turn_away(408, "head_too_slow")
        elif self.stage is Stage.IDLE and for_long > self._idle_at_most():
            self._way.close()

    def _idle_at_most(self) -> float:
        if self._outgoing.written == 0 and not self._by_proxy:
            return self._bounds.head_seconds  # opened, and not a word since
        return self.timeout_keep_alive + SLACK_SECONDS

    def _is_stalled(self, now: float) -> bool:
        """Whether the other side takes an answer too slowly, or not at all."""
        waiting = 0 if self._way.is_closing() else self._way.get_write_buffer_size()
        if not waiting:
            self._drained = None
            return False
        drained = self._outgoing.written - waiting
        began, before = self._drained or (now, drained)
        self._drained = began, before
        if now - began < self._bounds.stalled_seconds:
            return False
        if drained - before < self._bounds.least_rate * (now - began):
            self.door.told("answer_not_taken")
            return True
        self._drained = now, drained
        return False


SLACK_SECONDS = 1.0  # after which the server should have closed an idle connection itself


def connections_of(door: Door) -> type[Connection]:
    """The server's protocol for this door."""
    return type("ConnectionOfDoor", (Connection,), {"door": door})
