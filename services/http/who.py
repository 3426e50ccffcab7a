"""Who asks: a permission is the type of a route's parameter."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import structlog
from fastapi import Depends, Request

from domain.capacity import ACCOUNTS, CASES, HEADS, MONEY, OUTSIDE, STATION, Capacity
from services.commands.ask import Forbidden
from services.http.problems import NotOurForm, NotSignedIn
from services.log.not_found import NotFound
from services.product import Product
from services.sessions.member import Member, csrf_token
from services.threads.waiting import here_or_in_a_thread

COOKIE, SECURE_COOKIE = "jinlin", "__Host-jinlin"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "X-CSRF-Token"

READING = CASES | OUTSIDE
ACTING = CASES
FEE_READING = STATION | MONEY  # sees dwellings with what they owe
TOTALS_READING = MONEY | OUTSIDE  # sees what an estate's accounts add up to
BASIS_READING = FEE_READING | OUTSIDE  # sees contracts, prices and totals


async def the_product(request: Request) -> Product:
    """The product's parts."""
    product: Product = request.app.state.product
    return product


TheProduct = Annotated[Product, Depends(the_product)]


def token_of(request: Request, product: Product) -> tuple[str | None, bool]:
    """The session token and whether it came in a cookie."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and given:
        return given.strip(), False
    return request.cookies.get(SECURE_COOKIE if product.settings.secure else COOKIE), True


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, looked up once for each request. ``broken`` is why that could not be found out."""

    token: str | None = None
    by_cookie: bool = True
    member: Member | None = None
    broken: Exception | None = None

    @property
    def who(self) -> Member:
        """The member of the session. Raises ``NotSignedIn``, or what stood in the way of finding out."""
        if self.broken is not None:
            raise self.broken
        if self.member is None:
            raise NotSignedIn
        return self.member

    def check_csrf(self, given: str | None) -> None:
        """Raises ``NotOurForm`` unless it is the token of this session's forms."""
        wanted = csrf_token(self.token) if self.token else ""
        if not wanted or not hmac.compare_digest((given or "").encode("utf-8", "replace"), wanted.encode()):
            raise NotOurForm


async def asker_of(request: Request) -> Asker:
    """Who asks. The border asks first, so that later ones only look."""
    found: Asker | None = getattr(request.state, "asker", None)
    if found is None:
        product: Product = request.app.state.product
        token, by_cookie = token_of(request, product)
        try:
            member = await here_or_in_a_thread(partial(product.sessions.member, token)) if token else None
            found = Asker(token, by_cookie, member)
        except Exception as broken:  # said by whoever needs to know; public pages go on
            found = Asker(token, by_cookie, broken=broken)
        request.state.asker = found
    return found


async def signed_in(request: Request) -> Member:
    """The member of the session. A changing request with a cookie must come from our own pages."""
    asker = await asker_of(request)
    member = asker.who
    if member.wall:
        raise NotSignedIn  # a screen on a wall is nobody, but where it is let in by name
    if asker.by_cookie and request.method not in SAFE:
        check_origin(request)
        asker.check_csrf(request.headers.get(CSRF_HEADER) or getattr(request.state, "form_csrf", None))
    request.state.person = member.person
    request.state.estates = member.estates
    request.state.language = member.language or getattr(request.state, "language", None)
    structlog.contextvars.bind_contextvars(actor=str(member.person), acting_as=member.capacity.value)
    return member


def check_origin(request: Request) -> None:
    """Refuse what a browser sends on behalf of another site."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        raise NotOurForm
    origin = request.headers.get("origin")
    if origin is not None and origin.split("://", 1)[-1] not in own_hosts(request):
        raise NotOurForm


def own_hosts(request: Request) -> set[str]:
    """Hosts whose pages are ours: to be compared with, never to lead anybody to."""
    product: Product = request.app.state.product
    hosts = {request.headers.get("host", "")}
    if product.settings.public_url:
        hosts.add(product.settings.public_url.split("://", 1)[1])
    return hosts


@dataclass(frozen=True, slots=True)
class Allowing:
    """The permission of everybody who acts in one of these capacities; which acts, the powers say.

    It calls ``signed_in`` instead of depending on it: the framework takes its time for every dependency.
    """

    capacities: frozenset[Capacity]

    async def __call__(self, request: Request) -> Member:
        member = await signed_in(request)
        self.check(member)
        return member

    def check(self, member: Member) -> None:
        """Raises ``Forbidden`` for everybody else."""
        if member.capacity not in self.capacities:
            raise Forbidden("capacity", capacity=member.capacity, may=self.capacities)


class OrWall(Allowing):
    """The same, and a screen on a wall, which looks on."""

    async def __call__(self, request: Request) -> Member:
        member = (await asker_of(request)).member
        if member is None or not member.wall or request.method not in SAFE:
            return await super().__call__(request)
        request.state.person, request.state.estates = member.person, member.estates
        structlog.contextvars.bind_contextvars(acting_as="WALL")
        return member


Permission = Callable[[Request], Awaitable[Member]]

reader = Allowing(READING)  # may look at cases of the own estates
actor = Allowing(ACTING)  # may also act on cases
fee_reader = Allowing(FEE_READING)  # may look at dwellings and their accounts
basis_reader = Allowing(BASIS_READING)  # may look at contracts, prices and totals, which tell of nobody
totals_reader = Allowing(TOTALS_READING)  # may look at what the accounts of an estate add up to
cashier = Allowing(MONEY)  # may take money
accountant = Allowing(ACCOUNTS)  # keeps the accounts
administrator = Allowing(frozenset({Capacity.ADMINISTRATOR}))  # keeps accounts and posts, and sees no cases

board_reader = OrWall(READING)  # may look at boards
listener = OrWall(frozenset(Capacity))  # may hear of news in the own estates
wall_keeper = Allowing(HEADS | {Capacity.ADMINISTRATOR})  # gives screens on walls their tokens

SignedIn = Annotated[Member, Depends(signed_in)]
Reader = Annotated[Member, Depends(reader)]
Actor = Annotated[Member, Depends(actor)]
Administrator = Annotated[Member, Depends(administrator)]
FeeReader = Annotated[Member, Depends(fee_reader)]
BasisReader = Annotated[Member, Depends(basis_reader)]
TotalsReader = Annotated[Member, Depends(totals_reader)]
Cashier = Annotated[Member, Depends(cashier)]
Accountant = Annotated[Member, Depends(accountant)]
WallKeeper = Annotated[Member, Depends(wall_keeper)]


def is_permission(demanded: object) -> bool:
    """Whether this is what a route demands to know who asks."""
    return demanded is signed_in or isinstance(demanded, Allowing)


def own(estate: str, who: Member) -> None:
    """Raises ``NotFound`` unless it is one of the reader's own estates."""
    if estate not in who.estates:
        raise NotFound
