"""What strangers do to keep others out: ``python -m tests.machine.attackers PORT ATTACKS ADDRESSES SECONDS``.

Each attack holds a number of sockets, spread over as many loopback addresses as are asked for, opens a new one for each
that is closed, and ends by itself. Names are separated by commas, or ``all``. It tells what it has seen as JSON.
"""

import json
import os
import selectors
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic

STATION = "350902002999-001"
AGAIN_SECONDS = 0.05  # after a socket was closed, until the next one takes its place
_LINE = b"x-%d: " + b"y" * 200 + b"\r\n"
_FORM = "multipart/form-data; boundary=edge"
_PART = b'--edge\r\nContent-Disposition: form-data; name="notebook"; filename="n.csv"\r\n\r\n'


@dataclass(frozen=True)
class Attack:
    """``sockets`` in all; ``says`` what each of them sends, piece by piece, ``every`` so many seconds.

    ``listens`` is whether it reads what it is answered.
    """

    says: Callable[[], Iterator[bytes]]
    sockets: int = 200
    every: float = 0.0
    listens: bool = True


def _head(method: str, path: str, *lines: str) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: station.test", *lines, "", ""]).encode()


def _endless(piece: bytes) -> Iterator[bytes]:
    while True:
        yield piece


def _never_ending_post(path: str, *lines: str) -> Callable[[], Iterator[bytes]]:
    def says() -> Iterator[bytes]:
        yield _head("POST", path, "Content-Length: 900000", *lines)
        yield from _endless(b"a")

    return says


def _chunks_without_end() -> Iterator[bytes]:
    yield _head("POST", "/sign-in", "Transfer-Encoding: chunked", "Content-Type: application/x-www-form-urlencoded")
    yield from _endless(b"1\r\na\r\n")


def _endless_header() -> Iterator[bytes]:
    yield b"GET / HTTP/1.1\r\nHost: station.test\r\nX-Endless: "
    yield from _endless(b"z" * 65_536)


def _endless_headers() -> Iterator[bytes]:
    yield b"GET / HTTP/1.1\r\nHost: station.test\r\n"
    yield from (_LINE % number for number in range(1_000_000))


def _endless_target() -> Iterator[bytes]:
    yield b"GET /"
    yield from _endless(b"a" * 65_536)


def _slow_header() -> Iterator[bytes]:
    yield b"GET / HTTP/1.1\r\nHost: station.test\r\nX-Slow: "
    yield from _endless(b"a")


def _endless_trailer() -> Iterator[bytes]:
    yield _head("POST", "/sign-in", "Transfer-Encoding: chunked", "Content-Type: application/x-www-form-urlencoded")
    yield b"1\r\na\r\n0\r\nX-Trailer: "
    yield from _endless(b"z" * 65_536)


def _upload(path: str) -> Callable[[], Iterator[bytes]]:
    def says() -> Iterator[bytes]:
        yield _head("POST", path, "Content-Length: 18000000", f"Content-Type: {_FORM}")
        yield _PART
        yield from (b"n" * 65_536 for _ in range(275))

    return says


def _silent() -> Iterator[bytes]:
    yield from _endless(b"")


def _many_at_once() -> Iterator[bytes]:
    yield from _endless(_head("GET", "/sign-in") * 500)


def _asks_and_never_reads() -> Iterator[bytes]:
    yield _head("GET", "/api/v1/openapi.json")
    yield from _endless(b"")


ATTACKS = {
    "post that never ends": Attack(
        _never_ending_post("/sign-in", "Content-Type: application/x-www-form-urlencoded"), every=1.0
    ),
    "json that never ends": Attack(_never_ending_post("/api/v1/session", "Content-Type: application/json"), every=1.0),
    "chunks that never end": Attack(_chunks_without_end, every=1.0),
    "post where nobody may": Attack(_never_ending_post(f"/board/{STATION}/notes"), every=1.0),
    "endless header": Attack(_endless_header, sockets=50),
    "endless headers": Attack(_endless_headers, sockets=50),
    "endless target": Attack(_endless_target, sockets=50),
    "slow header": Attack(_slow_header, every=1.0),
    "endless trailer": Attack(_endless_trailer, sockets=50),
    "notebooks by nobody": Attack(_upload(f"/imports/{STATION}"), sockets=50),
    "photos by nobody": Attack(_upload(f"/api/v1/photos?estate={STATION}"), sockets=50),
    "silent sockets": Attack(_silent, sockets=1_500, every=1.0),
    "many requests at once": Attack(_many_at_once, sockets=50, every=0.2),
    "answers that nobody reads": Attack(_asks_and_never_reads, every=1.0, listens=False),
}


@dataclass
class _Socket:
    """One socket of an attack and what it still has to say."""

    number: int
    sock: socket.socket
    says: Iterator[bytes]
    left: bytes = b""
    due: float = 0.0


@dataclass
class Seen:
    """What became of an attack."""

    opened: int = 0
    closed: int = 0
    sent: int = 0
    answers: dict[str, int] = field(default_factory=dict)


class Attackers:
    """An attack under way against ``127.0.0.1:port``."""

    def __init__(self, port: int, attack: Attack, addresses: Sequence[str]) -> None:
        self._port = port
        self._attack = attack
        self._addresses = addresses
        self._selector = selectors.DefaultSelector()
        self._waiting = [(0.0, number) for number in range(attack.sockets)]  # to connect, and when
        self._resting: list[_Socket] = []  # until they say their next piece
        self.seen = Seen()

    def step(self, seconds: float) -> None:
        """Do what is to be done now, or soon."""
        now = monotonic()
        self._connect(now)
        self._wake(now)
        for key, events in self._selector.select(seconds):
            self._heard(key.data, events, now)

    def end(self) -> None:
        for key in list(self._selector.get_map().values()):
            key.data.sock.close()
        self._selector.close()

    def _connect(self, now: float) -> None:
        due, self._waiting = (
            [each for each in self._waiting if each[0] <= now],
            [each for each in self._waiting if each[0] > now],
        )
        for _, number in due:
            sock = socket.socket()
            if not self._attack.listens:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
            sock.setblocking(False)
            sock.bind((self._addresses[number % len(self._addresses)], 0))
            with suppress(BlockingIOError):
                sock.connect(("127.0.0.1", self._port))
            made = _Socket(number, sock, self._attack.says(), due=now)
            self._selector.register(sock, selectors.EVENT_READ | selectors.EVENT_WRITE, made)
            self.seen.opened += 1

    def _wake(self, now: float) -> None:
        for one in self._resting:
            if one.due <= now and one.sock.fileno() >= 0:
                self._selector.modify(one.sock, selectors.EVENT_READ | selectors.EVENT_WRITE, one)
        self._resting = [each for each in self._resting if each.due > now]

    def _heard(self, one: _Socket, events: int, now: float) -> None:
        try:
            if events & selectors.EVENT_READ and self._attack.listens:
                self._note(one.sock.recv(65_536))
            if events & selectors.EVENT_WRITE:
                self._say(one, now)
        except BlockingIOError:
            pass
        except (OSError, StopIteration):
            self._selector.unregister(one.sock)
            one.sock.close()
            self.seen.closed += 1
            self._waiting.append((now + AGAIN_SECONDS, one.number))

    def _note(self, answer: bytes) -> None:
        if not answer:
            raise ConnectionResetError
        if answer.startswith(b"HTTP/1.1 "):
            status = answer[9:12].decode()
            self.seen.answers[status] = self.seen.answers.get(status, 0) + 1

    def _say(self, one: _Socket, now: float) -> None:
        left = one.left or next(one.says)
        sent = one.sock.send(left) if left else 0
        self.seen.sent += sent
        one.left = left[sent:]
        if not one.left and self._attack.every:
            one.due = now + self._attack.every
            self._resting.append(one)
            self._selector.modify(one.sock, selectors.EVENT_READ if self._attack.listens else 0, one)


def addresses(number: int) -> list[str]:
    """Loopback addresses; the first is that of everybody on this machine."""
    return [f"127.0.0.{place + 1}" for place in range(number)]


def attack(port: int, names: Sequence[str], number: int, seconds: float) -> dict[str, Seen]:
    """Some attacks at once, each from so many addresses."""
    under_way = {name: Attackers(port, ATTACKS[name], addresses(number)) for name in names}
    until = monotonic() + seconds
    while monotonic() < until:
        for each in under_way.values():
            each.step(0.01 / len(under_way))
    for each in under_way.values():
        each.end()
    return {name: each.seen for name, each in under_way.items()}


if __name__ == "__main__":
    os.nice(19)  # attackers sit elsewhere: what they cost themselves is nobody's here
    _port, _names, _number, _seconds = sys.argv[1:]
    _found = attack(int(_port), _names.split(",") if _names != "all" else list(ATTACKS), int(_number), float(_seconds))
    print(json.dumps({name: vars(seen) for name, seen in _found.items()}))
