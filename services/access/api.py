"""Routes of signing in: who am I, my sessions, my capacity, my password."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.capacity import Capacity
from projections.people import people
from services.access.cookies import clear_cookie, set_cookie
from services.access.entrance import Entrance, keep_in_browser
from services.http.who import SignedIn, TheProduct, check_origin, token_of
from services.log.not_found import NotFound
from services.product import Product
from services.sessions.accounts import Accounts
from services.sessions.accounts import SignedIn as NewSession
from services.sessions.member import Member
from services.sessions.passwords import LONGEST
from services.threads.waiting import here_or_in_a_thread

router = APIRouter(prefix="/api/v1", tags=["session"])

_Password = Annotated[str, Field(max_length=LONGEST * 4)]


class Credentials(BaseModel):
    model_config = ConfigDict(extra="forbid")

    username: Annotated[str, Field(max_length=200, examples=["head"])]
    password: Annotated[_Password, Field(examples=["abcd-efgh-jkmn"])]


class CapacityChoice(BaseModel):
    model_config = ConfigDict(extra="forbid")

    capacity: Capacity


class PasswordChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    old: _Password
    new: _Password


@dataclass(frozen=True, slots=True)
class WhoAmI:
    """``held`` maps each capacity to the estates in which it is held; ``acting_as`` is the present one."""

    username: str
    person: UUID
    name: str | None
    acting_as: Capacity
    estates: list[str]
    held: dict[Capacity, list[str]]
    language: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """``token`` is for ``Authorization: Bearer``; ``csrf`` goes with the cookie in ``X-CSRF-Token``."""

    token: str
    csrf: str
    me: WhoAmI


@dataclass(frozen=True, slots=True)
class SessionShape:
    session: UUID
    address: str
    agent: str
    made_at: datetime
    seen_at: datetime
    present: bool


@router.post("/session")
async def open_session(request: Request, response: Response, product: TheProduct, given: Credentials) -> Opened:
    """Sign in: a token for programs, a cookie for browsers."""
    check_origin(request)
    entered = await product.part(Entrance).sign_in(request, given.username, given.password)
    keep_in_browser(response, product, entered)
    opened = entered.opened
    me = await here_or_in_a_thread(partial(who_am_i, product, opened.member))
    return Opened(opened.token, opened.member.csrf, me)


@router.get("/session")
def get_session(product: TheProduct, who: SignedIn) -> WhoAmI:
    """Who I am, in which capacity, and which others I hold."""
    return who_am_i(product, who)


@router.delete("/session", status_code=204)
def end_session(request: Request, response: Response, product: TheProduct, who: SignedIn) -> None:
    """Sign out."""
    token, _ = token_of(request, product)
    assert token is not None
    product.part(Accounts).sign_out(token)
    clear_cookie(response, product)


@router.post("/session/capacity")
def switch_capacity(
    request: Request, response: Response, product: TheProduct, who: SignedIn, choice: CapacityChoice
) -> Opened:
    """Act in another capacity that I hold, under a new token."""
    token, _ = token_of(request, product)
    assert token is not None
    opened: NewSession = product.part(Accounts).switch(who, token, choice.capacity)
    set_cookie(response, product, opened.token)
    return Opened(opened.token, opened.member.csrf, who_am_i(product, opened.member))


@router.post("/session/password", status_code=204)
def change_password(product: TheProduct, who: SignedIn, change: PasswordChange) -> None:
    """Set a new password; all my other sessions end."""
    product.part(Accounts).change_password(who, change.old, change.new)


@router.get("/sessions")
def list_sessions(product: TheProduct, who: SignedIn) -> list[SessionShape]:
    """My sessions that hold, last used first."""
    return [
        SessionShape(each.session, each.address, each.agent, each.made_at, each.seen_at, each.session == who.session)
        for each in product.part(Accounts).sessions(who.username)
    ]


@router.delete("/sessions/{session}", status_code=204)
def revoke_session(session: UUID, product: TheProduct, who: SignedIn) -> None:
    """End one of my sessions."""
    if not product.part(Accounts).revoke(who.username, session):
        raise NotFound


def who_am_i(product: Product, member: Member) -> WhoAmI:
    with product.database.lend(member.estates) as conn:  # one's own name is told to everybody
        row = people.person(conn, member.person)
    return WhoAmI(
        username=member.username,
        person=member.person,
        name=row.name if row else None,
        acting_as=member.capacity,
        estates=sorted(member.estates),
        held={capacity: sorted(estates) for capacity, estates in member.held.items()},
        language=member.language,
    )
