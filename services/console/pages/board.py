"""The station board: the page, its live part, and the way in."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.capacity import Capacity
from services.console import guess
from services.console.pages import board_facts
from services.console.pages.visit import CaseVisit, Visit, Visiting

router = APIRouter(include_in_schema=False)

LANGUAGE_COOKIE = "language"
_A_YEAR = 365 * 86400


@router.get("/")
def home(visit: Visiting) -> Response:
    """Everybody starts where their work is."""
    if visit.member.capacity is Capacity.ADMINISTRATOR:
        return RedirectResponse("/admin/accounts", 303)
    if visit.viewer.steward:
        return RedirectResponse("/mine", 303)
    return RedirectResponse(f"/board/{visit.viewer.estate}" if visit.viewer.estate else "/account", 303)


@router.get("/board/{estate}")
def page(estate: str, visit: CaseVisit, show: str = "all", wall: int = 0, after: int = 0, noted: str = "") -> Response:
    return board_page(visit.at(estate), show, bool(wall), after, noted=noted[:40])


@router.get("/board/{estate}/live")
def live(estate: str, visit: CaseVisit, show: str = "all", wall: int = 0, after: int = 0) -> Response:
    """The part of the board that changes; 304 while it has not."""
    here = visit.at(estate)
    stale = here.caught_up(after)
    with here.lend() as conn:
        row = here.estate(conn, estate)
        etag = here.etag(conn, [estate], show, wall, stale)
        unchanged = here.unchanged(etag)
        if unchanged:
            return unchanged
        context = board_facts.facts(conn, here.viewer, row, here.voice, _known(show), bool(wall))
    return here.html("part/board_fragment.html", etag, stale=stale, **context)


def board_page(here: Visit, show: str, wall: bool, after: int, status: int = 200, **said: Any) -> Response:
    """The whole board; ``said`` brings what was typed and what is wrong with it, where an act was refused."""
    estate = here.viewer.estate
    assert estate is not None
    stale = here.caught_up(after)
    show = _known(show)
    with here.lend() as conn:
        row = here.estate(conn, estate)
        etag = here.etag(conn, [estate], show, int(wall), stale)
        context = board_facts.facts(conn, here.viewer, row, here.voice, show, wall)
    context["guess_words"] = guess.hints(row, here.voice)
    query = "&".join([f"show={show}"] * (show != "all") + ["wall=1"] * wall)
    return here.html(
        "board.html",
        status=status,
        here="board",
        etag=etag,
        stale=stale,
        live_url=f"/board/{estate}/live" + (f"?{query}" if query else ""),
        **({"noted": "", "typed": "", "error": ""} | said | context),
    )


def _known(show: str) -> str:
    return show if show in board_facts.SHOWS else "all"


@router.get("/language/{language}")
def language(language: str, request: Request) -> Response:
    """Keep the language chosen for this browser and go back to where one was."""
    came_from = request.headers.get("referer", "")
    own = str(request.base_url)
    back = "/" + came_from.removeprefix(own) if came_from.startswith(own) else "/"
    response = RedirectResponse(back, 303)
    if language in ("zh", "en"):
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=_A_YEAR, samesite="lax", path="/")
    return response
