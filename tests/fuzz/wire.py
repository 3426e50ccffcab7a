"""A client that says what no library would: bytes on a socket, and the answer as far as one has to understand it."""

import socket
from contextlib import suppress
from dataclasses import dataclass

from tests.clock import PATIENCE

_ENDLESS = b"text/event-stream"


@dataclass(frozen=True)
class Answer:
    """``status`` 0: the connection was closed without a word."""

    status: int
    body: bytes = b""


class Wire:
    """One connection after another to one port; a new one whenever the last was closed."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._sock: socket.socket | None = None

    def ask(self, request: bytes, *, headless: bool = False, last: bool = False) -> Answer:
        """The answer to these bytes; ``last`` says that nothing more comes, so that nobody waits for the rest of them.

        A connection that the server closed between two requests is opened anew, once. ``headless``: no body comes.
        """
        for fresh in (self._sock is None, True):
            sock = self._sock or self._opened()
            answer = self._answered(sock, request, headless, last)
            if answer.status or fresh:
                return answer
        return answer

    def close(self) -> None:
        if self._sock is not None:
            self._sock.close()
            self._sock = None

    def _opened(self) -> socket.socket:
        self._sock = socket.create_connection(("127.0.0.1", self._port), PATIENCE)
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._sock

    def _answered(self, sock: socket.socket, request: bytes, headless: bool, last: bool) -> Answer:
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # it may have been answered before it was all said
                sock.sendall(request)
            if last:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_WR)
            answer, stays = _read(sock, headless)
        except ConnectionError:
            answer, stays = Answer(0), False
        if last or not stays:
            self.close()
        return answer


def _read(sock: socket.socket, headless: bool) -> tuple[Answer, bool]:
    """The answer, and whether the connection may be used again. Raises ``TimeoutError`` where none comes."""
    came = bytearray()
    while b"\r\n\r\n" not in came:
        more = sock.recv(65_536)
        if not more:
            return Answer(0), False
        came += more
    head, _, body = bytes(came).partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    status = int(lines[0].split(b" ", 2)[1])
    if status == 100:
        raise AssertionError("nobody asked whether to go on")
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines[1:])}
    stays = fields.get(b"connection", b"").lower() != b"close"
    if _ENDLESS in fields.get(b"content-type", b""):
        return Answer(status), False
    if headless or status in (204, 304):
        return Answer(status), stays and not headless
    if fields.get(b"transfer-encoding", b"").lower() == b"chunked":
        return Answer(status, _chunks(sock, bytearray(body))), stays
    if b"content-length" not in fields:
        return Answer(status, _rest(sock, bytearray(body))), False
    length = int(fields[b"content-length"])
    whole = bytearray(body)
    while len(whole) < length:
        more = sock.recv(65_536)
        if not more:
            raise AssertionError(f"an answer of {length} bytes ended after {len(whole)}")
        whole += more
    return Answer(status, bytes(whole)), stays


def _rest(sock: socket.socket, came: bytearray) -> bytes:
    while more := sock.recv(65_536):
        came += more
    return bytes(came)


def _chunks(sock: socket.socket, came: bytearray) -> bytes:
    whole = bytearray()
    while True:
        while b"\r\n" not in came:
            came += _some(sock)
        size, _, rest = bytes(came).partition(b"\r\n")
        came, length = bytearray(rest), int(size, 16)
        while len(came) < length + 2:
            came += _some(sock)
        whole += came[:length]
        del came[: length + 2]
        if not length:
            return bytes(whole)


def _some(sock: socket.socket) -> bytes:
    more = sock.recv(65_536)
    if not more:
        raise AssertionError("an answer in chunks was cut short")
    return more
