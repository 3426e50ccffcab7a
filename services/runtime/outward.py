"""HTTP outward, to addresses that a setting or a policy names: no redirect is followed, no private address reached
unasked, nothing waited for without end.

The name is looked up once, and the address that was looked at is the one connected to.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Timer
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 10.0  # for each word of the other side
MOST_SECONDS = 20.0  # for the whole exchange
MOST_READ = 4096


class Unreached(Exception):
    """It was not sent; the text is a word for why, and holds nothing of what was to be sent."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered: the first ``most`` bytes of the body, and its type."""

    status: int
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to send, or with no ``body`` to fetch."""

    url: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    private: bool = False  # whether an address of the own network may be reached
    most: int = MOST_READ


def run(errand: Errand) -> Said:
    """Raises ``Unreached``, ``OSError`` or ``http.client.HTTPException``."""
    parts = urlsplit(errand.url)
    if parts.scheme not in ("http", "https") or parts.hostname is None:
        raise Unreached("address")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    address = str(found[0][4][0])
    if not errand.private and not ipaddress.ip_address(address.partition("%")[0]).is_global:
        raise Unreached("private_address")
    with socket.create_connection((address, port), TIMEOUT_SECONDS) as raw:
        connection = http.client.HTTPConnection(parts.hostname, port, timeout=TIMEOUT_SECONDS)
        connection.sock = (
            ssl.create_default_context().wrap_socket(raw, server_hostname=parts.hostname)
            if parts.scheme == "https"
            else raw
        )
        ending = Timer(MOST_SECONDS, _cut, (connection.sock,))  # an answer that drips would go on for hours
        ending.daemon = True
        ending.start()
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            method = "GET" if errand.body is None else "POST"
            connection.request(method, target, errand.body, dict(errand.headers))
            response = connection.getresponse()
            return Said(response.status, response.headers.get("Content-Type", ""), response.read(errand.most))
        finally:
            ending.cancel()
            connection.close()


def _cut(way: socket.socket) -> None:
    with suppress(OSError):
        way.shutdown(socket.SHUT_RDWR)
