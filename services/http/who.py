"""Who asks: a permission is the type of a route's parameter."""

import hmac
from functools import partial
from typing import Annotated

import structlog
from fastapi import Depends, Request

from domain.capacity import STATION, Capacity
from services.accounts import Member, csrf_token
from services.ask import Forbidden
from services.house import House
from services.http.problems import NotOurForm, NotSignedIn
from services.waiting import here_or_in_a_thread

COOKIE, SECURE_COOKIE = "jinlin", "__Host-jinlin"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "X-CSRF-Token"

READING = STATION | {Capacity.RED_STEWARD, Capacity.RESIDENTS_COMMITTEE}
ACTING = STATION | {Capacity.RED_STEWARD}


async def the_house(request: Request) -> House:
    """The product's parts."""
    house: House = request.app.state.house
    return house


TheHouse = Annotated[House, Depends(the_house)]


def token_of(request: Request, house: House) -> tuple[str | None, bool]:
    """The session token and whether it came in a cookie."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and given:
        return given.strip(), False
    return request.cookies.get(SECURE_COOKIE if house.settings.secure else COOKIE), True


async def signed_in(request: Request, house: TheHouse) -> Member:
    """The member of the session. A changing request with a cookie must come from our own pages."""
    token, by_cookie = token_of(request, house)
    member = await here_or_in_a_thread(partial(house.accounts.member, token)) if token else None
    if token is None or member is None:
        raise NotSignedIn
    if by_cookie and request.method not in SAFE:
        check_origin(request)
        given = request.headers.get(CSRF_HEADER) or getattr(request.state, "form_csrf", None) or ""
        if not hmac.compare_digest(given.encode("utf-8", "replace"), csrf_token(token).encode()):
            raise NotOurForm
    request.state.person = member.person
    request.state.language = member.language or getattr(request.state, "language", None)
    structlog.contextvars.bind_contextvars(actor=str(member.person), acting_as=member.capacity.value)
    return member


def check_origin(request: Request) -> None:
    """Refuse what a browser sends on behalf of another site."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        raise NotOurForm
    origin = request.headers.get("origin")
    if origin is not None and origin.split("://", 1)[-1] not in _own_hosts(request):
        raise NotOurForm


def _own_hosts(request: Request) -> set[str]:
    house: House = request.app.state.house
    hosts = {request.headers.get("host", "")}
    if house.settings.public_url:
        hosts.add(house.settings.public_url.split("://", 1)[1])
    return hosts


SignedIn = Annotated[Member, Depends(signed_in)]


async def _reader(member: SignedIn) -> Member:
    if member.capacity not in READING:
        raise Forbidden("capacity", capacity=member.capacity, may=READING)
    return member


async def _actor(member: SignedIn) -> Member:
    if member.capacity not in ACTING:
        raise Forbidden("capacity", capacity=member.capacity, may=ACTING)
    return member


async def _administrator(member: SignedIn) -> Member:
    if member.capacity is not Capacity.ADMINISTRATOR:
        raise Forbidden("capacity", capacity=member.capacity, may=frozenset({Capacity.ADMINISTRATOR}))
    return member


Reader = Annotated[Member, Depends(_reader)]  # may look at cases of the own estates
Actor = Annotated[Member, Depends(_actor)]  # may also act on them; which acts, the powers say
Administrator = Annotated[Member, Depends(_administrator)]  # accounts and posts, no cases
