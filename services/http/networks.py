"""From where somebody comes, as far as that tells one from another; and the connection is told who came by it."""

import asyncio
from typing import Protocol

from starlette.requests import Request

CONNECTION = "connection"  # in a request's state, where the server keeps count of its connections


class Meets(Protocol):
    """A connection that wants to know who asks by it."""

    def met(self, network: str, session: str | None) -> None:
        """Somebody from ``network`` asks, in ``session`` if signed in."""

    def hurries(self, network: str) -> float:
        """Somebody from ``network`` asks too fast: the seconds for which the answer is held back."""


def met(request: Request, network: str, session: str | None) -> None:
    """Tell the connection, where the server wants to know."""
    connection: Meets | None = getattr(request.state, CONNECTION, None)
    if connection is not None:
        connection.met(network, session)


async def held_back(request: Request, network: str) -> None:
    """Let somebody wait who asks too fast. Told at once they would ask again at once."""
    connection: Meets | None = getattr(request.state, CONNECTION, None)
    if connection is not None:
        await asyncio.sleep(connection.hurries(network))
