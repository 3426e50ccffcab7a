"""The way in: who signed in here before, and who comes for the first time, each wait in a queue of their own."""

from dataclasses import dataclass
from functools import partial

import structlog
from fastapi import Request, Response

from services.access.cookies import set_cookie, set_device
from services.http.addresses import address_of, subscriber_of
from services.http.devices import device_in
from services.product import Product
from services.sessions.accounts import Accounts, SignedIn
from services.sessions.devices import DeviceTokens
from services.sessions.place import Place
from services.threads.turns import Turns

AT_ONCE, WAITING = 4, 40  # of each kind; Argon2 has a narrower bound of its own


@dataclass(frozen=True, slots=True)
class Entered:
    """A new session, and what the browser keeps so that it is known the next time."""

    opened: SignedIn
    device: str


class Entrance:
    """Takes tries at passwords in turns. However many strangers try, a known browser finds its own queue short."""

    def __init__(self, product: Product) -> None:
        self._accounts = product.part(Accounts)
        self._tokens = DeviceTokens(product.secret)
        self._known = Turns("known-devices", AT_ONCE, WAITING)
        self._strangers = Turns("strangers", AT_ONCE, WAITING)

    async def sign_in(self, request: Request, username: str, password: str) -> Entered:
        """Raises ``WrongCredentials``, ``TooManyTries`` or ``TryLater``."""
        kept = device_in(request)
        device = self._tokens.digest(kept)
        known = device is not None and await self._known.taken(partial(self._accounts.knows, username, device))
        token = kept if kept and device else self._tokens.new()
        new = self._tokens.digest(token)
        assert new is not None
        address = address_of(request)
        agent = request.headers.get("user-agent", "")
        place = Place(address, agent, new, known, subscriber_of(address))
        turns = self._known if known else self._strangers
        opened = await turns.taken(partial(self._accounts.sign_in, username, password, place))
        who = opened.member
        structlog.contextvars.bind_contextvars(actor=str(who.person), acting_as=who.capacity.value)
        return Entered(opened, token)

    def close(self) -> None:
        self._known.close()
        self._strangers.close()


def keep_in_browser(response: Response, product: Product, entered: Entered) -> None:
    """The cookies of a new session."""
    set_cookie(response, product, entered.opened.token)
    set_device(response, product, entered.device)
