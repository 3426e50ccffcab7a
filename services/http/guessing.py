"""Pages behind an address that cannot be guessed: who guesses waits ever longer, who holds a genuine one never does."""

from collections.abc import Callable
from typing import TypeVar

from fastapi import Request

from services.http.addresses import address_of, subscriber_of
from services.product import Product
from services.sessions.throttle import Throttle

T = TypeVar("T")


def unless_guessed(request: Request, what: str, look: Callable[[], T | None]) -> T | None:
    """What the address leads to; ``None`` for a wrong one, which is counted. Raises ``TooManyTries`` for many of them.

    It is looked up first: whoever shares an address with somebody who guesses is not kept from his own receipt.
    """
    found = look()
    if found is None:
        product: Product = request.app.state.product
        throttle = Throttle(product.database, product.clock, product.secret)
        key = f"|{what} {subscriber_of(address_of(request))}"  # apart from tries at a password
        throttle.check(key)
        throttle.failed([key])
        request.state.code = "not_found"
    return found
