"""HTTP outward, to addresses that a setting names: no redirect is followed, and no private address reached unasked.

The name is looked up once, and the address that was looked at is the one connected to.
"""

import http.client
import ipaddress
import socket
import ssl
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 10.0
MOST_READ = 4096


class Refused(Exception):
    """It was not sent, or not taken; the text is a word for it and holds nothing of what was sent."""


def post(url: str, body: bytes, headers: dict[str, str], *, private: bool) -> bytes:
    """The beginning of what was answered. Raises ``Refused`` or ``OSError``."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or parts.hostname is None:
        raise Refused("address")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    address = str(found[0][4][0])
    if not private and not ipaddress.ip_address(address.partition("%")[0]).is_global:
        raise Refused("private_address")
    with socket.create_connection((address, port), TIMEOUT_SECONDS) as raw:
        connection = http.client.HTTPConnection(parts.hostname, port, timeout=TIMEOUT_SECONDS)
        connection.sock = (
            ssl.create_default_context().wrap_socket(raw, server_hostname=parts.hostname)
            if parts.scheme == "https"
            else raw
        )
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {"Content-Type": "application/json; charset=utf-8", **headers})
        response = connection.getresponse()
        said = response.read(MOST_READ)
        connection.close()
    if not 200 <= response.status < 300:
        raise Refused(f"status_{response.status}")
    return said
