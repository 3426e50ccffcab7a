"""Accounts that an administrator keeps: made, switched off and on, given a new password."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from domain.access.account import AccountGround
from domain.capacity import Capacity
from domain.people.person import DisablePerson
from domain.refusal import Refusal
from projections.people import people
from projections.people.people import PEOPLE
from services.access.keeping import kept_account, may_keep
from services.access.switching import switched_off, switched_on
from services.console.visit import AdminVisit, FormFields, Visit
from services.http.problems import detail, problem_of
from services.log.not_found import NotFound
from services.people.ending import Ending, page_of
from services.sessions.accounts import Accounts

router = APIRouter(include_in_schema=False)

PATH = "/admin/accounts"
_G = AccountGround
GROUNDS = {  # what is offered as the reason of each act, the usual one first
    "create": (_G.NEW_STAFF, _G.OTHER),
    "reset": (_G.FORGOT_PASSWORD, _G.LOST_DEVICE, _G.SUSPICION, _G.OTHER),
    "end-sessions": (_G.LOST_DEVICE, _G.SUSPICION, _G.OTHER),
    "disable": (_G.LEFT, _G.SUSPICION, _G.OTHER),
    "enable": (_G.BACK, _G.OTHER),
}


@router.get(PATH)
def page(visit: AdminVisit, disabled: str = "") -> Response:
    return _page(visit, off=disabled)


@router.post(PATH)
def create(form: FormFields, visit: AdminVisit) -> Response:
    """Make an account; the password is drawn and shown on this page alone."""
    username = form.get("username", "").strip().lower()
    try:
        person = UUID(form.get("person", ""))
    except ValueError:
        raise NotFound from None
    if not may_keep(visit.product, visit.member.estates, person):
        raise NotFound
    try:
        password = visit.product.part(Accounts).create(username, person, visit.member.person, _why(form))
    except Refusal as error:
        problem = problem_of(error)
        said = detail(visit.viewer.language, problem)
        return _page(visit, status=problem.status, wrong=said, typed=username, chosen=str(person))
    return _page(visit, drawn=(username, password))


@router.get(PATH + "/{username}/reset")
def ask_before_reset(username: str, visit: AdminVisit) -> Response:
    return _ask_first(visit, username, "reset")


@router.get(PATH + "/{username}/end-sessions")
def ask_before_ending(username: str, visit: AdminVisit) -> Response:
    return _ask_first(visit, username, "end-sessions")


def _ask_first(visit: Visit, username: str, act: str) -> Response:
    """What follows, before somebody is thrown out: on a page of its own."""
    kept = kept_account(visit.product, visit.member.estates, username)
    with visit.lend() as conn:
        row = people.person(conn, _person(visit, kept))
    sessions = next((each.sessions for each in visit.product.part(Accounts).everybody() if each.username == kept), 0)
    return visit.html(
        "account_ask.html",
        here="admin",
        act=act,
        grounds=GROUNDS[act],
        username=kept,
        name=row.name if row else None,
        sessions=sessions,
        action=f"{PATH}/{kept}/{act}",
        back=PATH,
    )


@router.post(PATH + "/{username}/reset")
def reset(username: str, form: FormFields, visit: AdminVisit) -> Response:
    kept = kept_account(visit.product, visit.member.estates, username)
    password = visit.product.part(Accounts).reset(kept, visit.member.person, _why(form))
    return _page(visit, drawn=(kept, password))


@router.get(PATH + "/{username}/disable")
def ask_first(username: str, visit: AdminVisit) -> Response:
    """What follows, before somebody is switched off."""
    kept = kept_account(visit.product, visit.member.estates, username)
    return page_of(visit, _person(visit, kept), _disabling(kept))


@router.post(PATH + "/{username}/disable")
def disable(username: str, form: FormFields, visit: AdminVisit) -> Response:
    kept = kept_account(visit.product, visit.member.estates, username)
    try:
        successor = UUID(form["successor"]) if form.get("successor") else None
    except ValueError:
        raise NotFound from None
    try:
        switched_off(visit.product, visit.ask(form), kept, successor, _why(form))
    except Refusal as error:
        problem = problem_of(error)
        said = detail(visit.viewer.language, problem)
        return page_of(visit, _person(visit, kept), _disabling(kept), said, problem.status)
    return RedirectResponse(f"{PATH}?disabled={kept}", 303)


def _why(form: Mapping[str, str]) -> AccountGround:
    """What the form says; ``NOT_SAID`` for what is no reason of ours."""
    said = form.get("why", "")
    return AccountGround(said) if said in AccountGround.__members__ else AccountGround.NOT_SAID


def _disabling(username: str) -> Ending:
    return Ending(
        "disable", DisablePerson(), f"{PATH}/{username}/disable", PATH, here="admin", grounds=GROUNDS["disable"]
    )


def _person(visit: Visit, username: str) -> UUID:
    account = visit.product.part(Accounts).account(username)
    if account is None:
        raise NotFound
    return account.person


@router.post(PATH + "/{username}/enable")
def enable(username: str, form: FormFields, visit: AdminVisit) -> Response:
    kept = kept_account(visit.product, visit.member.estates, username)
    try:
        switched_on(visit.product, visit.ask(form), kept, _why(form))
    except Refusal as error:
        return _refused(visit, error)
    return RedirectResponse(PATH, 303)


@router.post(PATH + "/{username}/end-sessions")
def end_sessions(username: str, form: FormFields, visit: AdminVisit) -> Response:
    kept = kept_account(visit.product, visit.member.estates, username)
    visit.product.part(Accounts).end_sessions(kept, visit.member.person, _why(form))
    return RedirectResponse(PATH, 303)


def _refused(visit: Visit, error: Exception) -> Response:
    problem = problem_of(error)
    return _page(visit, status=problem.status, wrong=detail(visit.viewer.language, problem))


def _posts(visit: Visit, row: people.PersonRow) -> list[tuple[Capacity, str]]:
    """What a person holds now in the keeper's estates, with the estate's name."""
    names = dict(visit.viewer.estates)
    return [
        (post.capacity, names[post.estate])
        for post in row.state.posts
        if post.estate in names and post.held_at(visit.voice.now)
    ]


def _page(visit: Visit, status: int = 200, **said: Any) -> Response:
    stale = visit.caught_up(0, [PEOPLE])
    with visit.lend() as conn:
        rows = people.everybody(conn, sorted(visit.member.estates))
    by_person = {row.person: row for row in rows}
    accounts = [each for each in visit.product.part(Accounts).everybody() if each.person in by_person]
    without = [row for row in rows if row.name and row.person not in {each.person for each in accounts}]
    context: dict[str, Any] = {"grounds": GROUNDS, "drawn": None, "wrong": "", "typed": "", "chosen": "", "off": ""}
    return visit.html(
        "admin.html",
        status=status,
        here="admin",
        stale=stale,
        accounts=accounts,
        people=by_person,
        posts={row.person: _posts(visit, row) for row in rows},
        without=without,
        **(context | said),
    )
