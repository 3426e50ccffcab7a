"""Accounts that an administrator keeps: made, switched off and on, given a new password."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from domain.capacity import Capacity
from domain.refusal import Refusal
from projections.people import people
from projections.people.people import PEOPLE
from services.access.keeping import kept_account, may_keep
from services.console.visit import AdminVisit, FormFields, Visit
from services.http.problems import detail, problem_of
from services.log.not_found import NotFound
from services.sessions.accounts import Accounts

router = APIRouter(include_in_schema=False)

PATH = "/admin/accounts"


@router.get(PATH)
def page(visit: AdminVisit) -> Response:
    return _page(visit)


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
        password = visit.product.part(Accounts).create(username, person, visit.member.person)
    except Refusal as error:
        problem = problem_of(error)
        said = detail(visit.viewer.language, problem)
        return _page(visit, status=problem.status, wrong=said, typed=username, chosen=str(person))
    return _page(visit, drawn=(username, password))


@router.post(PATH + "/{username}/reset")
def reset(username: str, visit: AdminVisit) -> Response:
    kept = kept_account(visit.product, visit.member.estates, username)
    return _page(visit, drawn=(kept, visit.product.part(Accounts).reset(kept, visit.member.person)))


@router.post(PATH + "/{username}/disable")
def disable(username: str, visit: AdminVisit) -> Response:
    kept = kept_account(visit.product, visit.member.estates, username)
    visit.product.part(Accounts).disable(kept, visit.member.person)
    return RedirectResponse(PATH, 303)


@router.post(PATH + "/{username}/enable")
def enable(username: str, visit: AdminVisit) -> Response:
    kept = kept_account(visit.product, visit.member.estates, username)
    visit.product.part(Accounts).enable(kept, visit.member.person)
    return RedirectResponse(PATH, 303)


@router.post(PATH + "/{username}/end-sessions")
def end_sessions(username: str, visit: AdminVisit) -> Response:
    kept = kept_account(visit.product, visit.member.estates, username)
    visit.product.part(Accounts).end_sessions(kept, visit.member.person)
    return RedirectResponse(PATH, 303)


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
    context: dict[str, Any] = {"drawn": None, "wrong": "", "typed": "", "chosen": ""}
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
