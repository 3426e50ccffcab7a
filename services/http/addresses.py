"""Addresses: where browsers reach the product, and from where a request comes. Each is told in this one place."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from fastapi import Request
from starlette.types import Scope

from services.product import Product

_MOST_PROXIES = 10  # one behind the other; what stands before them in the header is not read
_SUBSCRIBER = 64  # bits of an IPv6 address that one subscriber is given: all below are his

_Address = IPv4Address | IPv6Address


def origin(product: Product) -> str:
    """Where browsers reach the product, without a slash at its end. It comes from the settings, never from a request:

    whoever sends a request chooses its ``Host``, and would choose where codes and links lead.
    """
    return product.settings.origin


def opens_here_only(address: str) -> bool:
    """Whether an address leads every machine to itself, so that no other one opens it."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def own_path(given: str) -> str:
    """Where to lead somebody back to: a path of ours, never another site; else the first page."""
    try:
        parts = urlsplit(given)
    except ValueError:
        return "/"
    inside = not parts.scheme and not parts.netloc and given.startswith("/") and not given.startswith("//")
    return given if inside and given.isprintable() and "\\" not in given else "/"


def address_of(request: Request) -> str:
    """The address that a request comes from."""
    product: Product = request.app.state.product
    return caller_of(request.scope, product.settings.proxies)


def is_proxy(address: str, proxies: Sequence[IPv4Network | IPv6Network]) -> bool:
    """Whether it is the address of a configured proxy."""
    found = _address(address)
    return found is not None and any(found in each for each in proxies)


def caller_of(scope: Scope, proxies: Sequence[IPv4Network | IPv6Network]) -> str:
    """The address that a request comes from, in its usual form.

    ``X-Forwarded-For`` is read from its end, as far as configured proxies wrote it: the first address that is no
    proxy's is the caller's. What the caller wrote himself stands before that, and is never reached.
    """
    peer = scope.get("client")
    nearest = _address(peer[0]) if peer else None
    if nearest is None:
        return str(peer[0]) if peer else ""
    if any(nearest in each for each in proxies):
        for said in reversed(_forwarded(scope)[-_MOST_PROXIES:]):
            further = _address(said)
            if further is None:
                break
            nearest = further
            if not any(nearest in each for each in proxies):
                break
    return str(nearest)


def subscriber_of(address: str) -> str:
    """What one caller can change at will does not tell him apart: of an IPv6 address only the network counts."""
    found = _address(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, _SUBSCRIBER), strict=False))
    return address[:64] if found is None else str(found)


def _forwarded(scope: Scope) -> list[str]:
    lines = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return ",".join(lines).split(",")


def _address(text: str) -> _Address | None:
    """An address with or without its port; IPv4 in the clothes of IPv6 is IPv4."""
    said = text.strip()
    if said.startswith("["):
        said = said[1:].partition("]")[0]
    elif said.count(":") == 1:
        said = said.partition(":")[0]
    try:
        found = ip_address(said.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
