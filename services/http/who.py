"""Who asks: a permission is the type of a route's parameter."""

import hmac
from functools import partial
from typing import Annotated

import structlog
from fastapi import Depends, Request

from domain.capacity import ACCOUNTS, MONEY, STATION, Capacity
from services.commands.ask import Forbidden
from services.http.problems import NotOurForm, NotSignedIn
from services.log.not_found import NotFound
from services.product import House
from services.sessions.member import Member, csrf_token
from services.threads.waiting import here_or_in_a_thread

COOKIE, SECURE_COOKIE = "jinlin", "__Host-jinlin"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "X-CSRF-Token"

READING = STATION | {Capacity.RED_STEWARD, Capacity.RESIDENTS_COMMITTEE}
ACTING = STATION | {Capacity.RED_STEWARD}
FEE_READING = STATION | MONEY  # sees dwellings with what they owe
TOTALS_READING = MONEY | {Capacity.RESIDENTS_COMMITTEE}  # sees what an estate's accounts add up to
BASIS_READING = FEE_READING | {Capacity.RESIDENTS_COMMITTEE}  # sees contracts, prices and totals


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


async def signed_in(request: Request) -> Member:
    """The member of the session. A changing request with a cookie must come from our own pages."""
    house: House = request.app.state.house
    token, by_cookie = token_of(request, house)
    member = await here_or_in_a_thread(partial(house.sessions.member, token)) if token else None
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


async def reader(request: Request) -> Member:
    """Who may look at cases of the own estates."""
    return _one_of(READING, await signed_in(request))


async def actor(request: Request) -> Member:
    """Who may also act on cases; which acts, the powers say."""
    return _one_of(ACTING, await signed_in(request))


async def fee_reader(request: Request) -> Member:
    """Who may look at dwellings and their accounts."""
    return _one_of(FEE_READING, await signed_in(request))


async def basis_reader(request: Request) -> Member:
    """Who may look at contracts, prices and totals, which tell of nobody."""
    return _one_of(BASIS_READING, await signed_in(request))


async def totals_reader(request: Request) -> Member:
    """Who may look at what the accounts of an estate add up to, which tells of nobody."""
    return _one_of(TOTALS_READING, await signed_in(request))


async def cashier(request: Request) -> Member:
    """Who may take money; which other acts, the powers say."""
    return _one_of(MONEY, await signed_in(request))


async def accountant(request: Request) -> Member:
    """Who keeps the accounts; which acts, the powers say."""
    return _one_of(ACCOUNTS, await signed_in(request))


async def administrator(request: Request) -> Member:
    """Who keeps accounts and posts, and sees no cases."""
    return _one_of(frozenset({Capacity.ADMINISTRATOR}), await signed_in(request))


def _one_of(capacities: frozenset[Capacity], member: Member) -> Member:
    if member.capacity not in capacities:
        raise Forbidden("capacity", capacity=member.capacity, may=capacities)
    return member


# they call each other instead of depending on each other: the framework takes its time for every dependency
SignedIn = Annotated[Member, Depends(signed_in)]
Reader = Annotated[Member, Depends(reader)]
Actor = Annotated[Member, Depends(actor)]
Administrator = Annotated[Member, Depends(administrator)]
FeeReader = Annotated[Member, Depends(fee_reader)]
BasisReader = Annotated[Member, Depends(basis_reader)]
TotalsReader = Annotated[Member, Depends(totals_reader)]
Cashier = Annotated[Member, Depends(cashier)]
Accountant = Annotated[Member, Depends(accountant)]
PERMISSIONS = frozenset(
    {signed_in, reader, actor, fee_reader, basis_reader, totals_reader, cashier, accountant, administrator}
)


def own(estate: str, who: Member) -> None:
    """Raises ``NotFound`` unless it is one of the reader's own estates."""
    if estate not in who.estates:
        raise NotFound
