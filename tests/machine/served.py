"""A product behind a real socket, and clients that speak byte by byte."""

import re
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Thread
from typing import Any

import uvicorn

from services.http.connection import connections_of
from services.http.door import Bounds, Door
from tests.clock import PATIENCE


@dataclass(frozen=True)
class Served:
    """``told`` counts why connections were closed."""

    port: int
    door: Door
    told: Counter[str]

    def calls(self, address: str = "127.0.0.1") -> "Client":
        return Client(self.port, address)


@contextmanager
def served(app: Any, bounds: Bounds = Bounds(), proxy: str = "") -> Iterator[Served]:  # noqa: B008
    """Behind a door with these bounds; ``proxy`` is an address that forwards what others ask."""
    told: Counter[str] = Counter()
    door = Door(bounds, lambda address: address == proxy, lambda why: told.update([why]))
    config = uvicorn.Config(
        app, http=connections_of(door), ws="none", log_config=None, access_log=False,
        proxy_headers=bool(proxy), forwarded_allow_ips=proxy, timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", 0))
        listening.listen(2_048)  # whoever calls before the server runs waits for it
        port: int = listening.getsockname()[1]
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield Served(port, door, told)
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


@dataclass(frozen=True)
class Heard:
    """An answer; ``length`` is what its header says."""

    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """One connection from a loopback address."""

    def __init__(self, port: int, address: str) -> None:
        self.sock = socket.socket()
        self.sock.settimeout(PATIENCE)
        self.sock.bind((address, 0))
        self.sock.connect(("127.0.0.1", port))
        self._read = b""

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.sock.close()

    def say(self, said: bytes) -> "Client":
        self.sock.sendall(said)
        return self

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Heard:
        """One request that is whole, and its answer."""
        self.say(head(method, path, **({"Content-Length": str(len(body))} if body else {}), **headers) + body)
        return self.hear(bodiless=method == "HEAD")

    def hear(self, bodiless: bool = False) -> Heard:
        """The next answer."""
        while b"\r\n\r\n" not in self._read:
            self._more()
        top, _, self._read = self._read.partition(b"\r\n\r\n")
        first, *lines = top.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        status = int(first.split()[1])
        length = 0 if bodiless or status in (100, 204, 304) else int(headers.get("content-length", "0"))
        while len(self._read) < length:
            self._more()
        body, self._read = self._read[:length], self._read[length:]
        return Heard(status, headers, body)

    def _more(self) -> None:
        more = self.sock.recv(65_536)
        if not more:
            raise ConnectionResetError
        self._read += more

    def is_closed(self) -> bool:
        """Wait until the other side has closed."""
        with suppress(ConnectionError):
            while self.sock.recv(65_536):
                pass
        return True


def head(method: str, path: str, **headers: str) -> bytes:
    """Request line and headers; ``_`` in a name is a hyphen."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: station.test", *lines, "", ""]).encode()


def csrf_of(page: bytes) -> str:
    """The token of the forms on a page."""
    found = re.search(rb'name="csrf" value="(\w+)"', page)
    assert found is not None
    return found[1].decode()
