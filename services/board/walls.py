"""Screens on walls: their tokens made, listed and revoked, and the page on which a screen takes its own."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from domain.refusal import Refusal
from projections.people import people
from projections.people.people import PEOPLE
from services.console import render
from services.console.answers import turned_away
from services.console.viewer import Viewer
from services.console.visit import FormFields, Visit, WallKeeperVisit
from services.http.addresses import origin
from services.http.guessing import unless_guessed
from services.http.problems import language_of
from services.http.who import COOKIE, SECURE_COOKIE, TheProduct, check_origin
from services.log.not_found import NotFound
from services.sessions.accounts import Accounts
from services.sessions.walls import LONGEST
from services.words.sentences import say

router = APIRouter(include_in_schema=False)

_KEPT = 400 * 86400  # seconds: as long as browsers keep a cookie at most; each visit begins anew


@router.get("/walls/{estate}")
def page(estate: str, visit: WallKeeperVisit) -> Response:
    return _page(visit.at(estate), estate)


@router.post("/walls/{estate}")
def make(estate: str, form: FormFields, visit: WallKeeperVisit) -> Response:
    """A new screen; its token is shown on this page alone."""
    here = visit.at(estate)
    _own(here, estate)
    try:
        _, token = here.product.part(Accounts).walls.make(estate, form.get("name", ""), here.member)
    except Refusal as error:
        status, wrong = turned_away(here, error)
        return _page(here, estate, status, wrong=wrong, typed=form.get("name", "")[:LONGEST])
    return _page(here, estate, drawn=(token, f"{origin(here.product)}/wall#{token}"))


@router.post("/walls/{estate}/{wall}/revoke")
def revoke(estate: str, wall: UUID, visit: WallKeeperVisit) -> Response:
    here = visit.at(estate)
    _own(here, estate)
    if not here.product.part(Accounts).walls.revoke(estate, wall, here.member):
        raise NotFound
    return RedirectResponse(f"/walls/{estate}", 303)


def _own(here: Visit, estate: str) -> None:
    with here.lend() as conn:
        here.estate(conn, estate)


def _page(here: Visit, estate: str, status: int = 200, **said: Any) -> Response:
    stale = here.caught_up(0, [PEOPLE])
    with here.lend() as conn:
        row = here.estate(conn, estate)
        walls = here.product.part(Accounts).walls.of_estate(estate)
        names = people.named(conn, [each.made_by for each in walls])
    context: dict[str, Any] = {"drawn": None, "wrong": "", "typed": "", "longest": LONGEST}
    return here.html(
        "walls.html", status=status, here="walls", stale=stale, estate=row, walls=walls, names=names, **(context | said)
    )


# -- the screen itself -------------------------------------------------------------------------------------------


@router.get("/wall")
def entrance(request: Request, product: TheProduct) -> Response:
    """Where a screen is given its token; an address with the token behind # fills it in by itself."""
    return _entrance(request, product, "", 200)


async def _from_here(request: Request) -> None:
    check_origin(request)


@router.post("/wall")
def enter(
    request: Request, form: FormFields, product: TheProduct, _own_page: Annotated[None, Depends(_from_here)]
) -> Response:
    token = form.get("token", "").strip()
    walls = product.part(Accounts).walls
    member = unless_guessed(request, "wall", lambda: walls.member(token[:200]))
    if member is None:
        return _entrance(request, product, say(language_of(request), "wall-unknown"), 404)
    secure = product.settings.secure
    response = RedirectResponse(f"/board/{next(iter(member.estates))}?wall=1", 303)
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE,
        token,
        max_age=_KEPT,
        httponly=True,
        secure=secure,
        samesite="lax",
        path="/",
    )
    return response


def _entrance(request: Request, product: TheProduct, said: str, status: int) -> Response:
    viewer = Viewer(language=language_of(request), theme=request.cookies.get("theme", "auto"))
    html = render.html("wall.html", viewer, product.clock(), said=said)
    return HTMLResponse(html, status, {"Cache-Control": "no-store"})
