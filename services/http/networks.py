"""From where somebody comes, as far as that tells one from another; and the connection is told who came by it."""

from typing import Protocol

from starlette.requests import Request

CONNECTION = "connection"  # in a request's state, where the server keeps count of its connections


class Meets(Protocol):
    """A connection that wants to know who asks by it."""

    def met(self, network: str, session: str | None) -> None:
        """Somebody from ``network`` asks, in ``session`` if signed in."""


def met(self, network: str, session: str | None) -> None:
    """Somebody from ``network`` asks, in ``session`` if signed in."""


@lru_cache(maxsize=10_000)
def network_of(address: str) -> str:
    """The address itself; of IPv6 its 64 bits of network, all of which mostly belong to one."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(IPv6Address(int(found) >> 64 << 64))
    return str(found)


def met(request: Request, network: str, session: str | None) -> None:
    """Tell the connection, where the server wants to know."""
    connection: Meets | None = getattr(request.state, CONNECTION, None)
    if connection is not None:
        connection.met(network, session)
