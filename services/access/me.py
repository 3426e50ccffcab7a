"""My account: who I am, the capacity I act in, my language, my password, where I am signed in."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from domain.capacity import Capacity
from domain.refusal import Refusal
from services.access.cookies import set_cookie
from services.console.visit import FormFields, Visit, Visiting
from services.http.addresses import own_path
from services.http.problems import detail, problem_of
from services.http.who import token_of
from services.log.not_found import NotFound
from services.sessions.accounts import Accounts
from services.sessions.member import WrongCredentials
from services.sessions.place import device
from services.words.sentences import LANGUAGES

router = APIRouter(include_in_schema=False)


@router.get("/account")
def page(visit: Visiting, done: str = "") -> Response:
    return _page(visit, done=done if done in ("password", "revoked", "language") else "")


@router.post("/account/capacity")
def switch(form: FormFields, visit: Visiting) -> Response:
    """Act in another capacity from now on; the session gets a new token."""
    token, _ = token_of(visit.request, visit.product)
    assert token is not None
    try:
        capacity = Capacity(form.get("capacity", ""))
    except ValueError:
        raise NotFound from None
    opened = visit.product.part(Accounts).switch(visit.member, token, capacity)
    response = RedirectResponse(own_path(form.get("next") or "/"), 303)
    set_cookie(response, visit.product, opened.token)
    return response


@router.post("/account/password")
def change_password(form: FormFields, visit: Visiting) -> Response:
    try:
        visit.product.part(Accounts).change_password(visit.member, form.get("old", ""), form.get("new", ""))
    except (Refusal, WrongCredentials) as error:
        problem = problem_of(error)
        return _page(visit, said=detail(visit.viewer.language, problem), status=problem.status)
    return RedirectResponse("/account?done=password", 303)


@router.post("/account/language")
def choose_language(form: FormFields, visit: Visiting) -> Response:
    """Keep the language with the account, so that every device speaks it."""
    language = form.get("language", "")
    if language in LANGUAGES:
        visit.product.part(Accounts).set_language(visit.member.username, language)
    return RedirectResponse("/account?done=language", 303)


@router.post("/account/sessions/{session}/revoke")
def revoke(session: UUID, visit: Visiting) -> Response:
    if not visit.product.part(Accounts).revoke(visit.member.username, session):
        raise NotFound
    return RedirectResponse("/account?done=revoked", 303)


def _page(visit: Visit, done: str = "", said: str = "", status: int = 200) -> Response:
    return visit.html(
        "account.html",
        status=status,
        here="account",
        member=visit.member,
        sessions=visit.product.part(Accounts).sessions(visit.member.username),
        device=device,
        done=done,
        said=said,
    )
