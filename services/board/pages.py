"""The station board: the page, its live part, and the way in."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlsplit, urlunsplit

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from domain.refusal import Refusal
from services.board import facts as board_facts
from services.board.past import Asked, choices, past_page
from services.board.shared import DRAWN_ANEW, LIVE_VIEWS, LiveBoard, LiveBoards
from services.cases.as_of import FIELD, LONGEST
from services.console.answers import refused
from services.console.drawn import Drawn
from services.console.kept_pages import Kept
from services.console.visit import BoardVisit, Visit, Visiting
from services.contracts.calls import contract_calls
from services.http.addresses import own_path
from services.http.who import own, own_hosts
from services.threads.waiting import here_or_in_a_thread

router = APIRouter(include_in_schema=False)

LANGUAGE_COOKIE = "language"
_A_YEAR = 365 * 86400


@router.get("/")
def home(visit: Visiting) -> Response:
    """Everybody starts where their work is: at the first area at the side; without any, at a page that says so."""
    ways = [way.href for way in visit.viewer.ways if way.rail] or [way.href for way in visit.viewer.ways]
    return RedirectResponse(ways[0], 303) if ways else visit.html("no_area.html", here="")


@router.get("/board/{estate}")
async def page(
    estate: str,
    visit: BoardVisit,
    show: str = "all",
    wall: int = 0,
    after: int = 0,
    noted: str = "",
    day: Annotated[str | None, Query(alias=FIELD)] = None,
    time: str = "",
) -> Response:
    """The board as it is, or as it stood on a day: at its end, unless a time is named."""
    here = visit.at(estate)
    if here.member.wall:
        show, wall, day, noted = "all", 1, None, ""
    if day is not None:  # also one that says nothing: who asks for a moment is not shown another one
        return await run_in_threadpool(_past, here, _known(show), {"day": day[:LONGEST], "time": time[:LONGEST]})
    return await here_or_in_a_thread(partial(_page, here, show, bool(wall), after, noted[:40]))


def _past(here: Visit, show: str, asked: Asked) -> Response:
    """The board as it stood; the one of now, with what is wrong, where a moment is asked for that cannot be."""
    try:
        return past_page(here, show, asked)
    except Refusal as wrong:

        def now(errors: Mapping[str, str], status: int) -> Response:
            error = next(iter(errors.values()))
            return board_page(here, show, False, 0, status, past_asked=asked, past_error=error)

        return refused(here, wrong, now)


def _page(here: Visit, show: str, wall: bool, after: int, noted: str) -> Response:
    """The board as it was drawn for the same viewer within the last moments, if nothing on it has changed since."""
    pages: Kept[Drawn] = here.request.app.state.pages
    stale, show = here.caught_up(after, LIVE_VIEWS), _known(show)
    etag = here.etag(LIVE_VIEWS, [here.viewer.estate or ""], show, int(wall), stale)
    draw = partial(_drawn, here, show, wall, stale, etag, {"noted": noted})
    if stale or noted:
        return here.answered(draw(), etag)
    key = (etag, here.viewer, int(here.voice.now.timestamp() / DRAWN_ANEW))
    return here.answered(pages.once(key, draw), etag)


@router.get("/board/{estate}/live")
def live(
    estate: str,
    visit: BoardVisit,
    show: str = "all",
    wall: int = 0,
    after: int = 0,
    since: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """The part of the board that changes; 304 while it has not.

    A page that shows ``since``, as ``X-Shown`` of an earlier answer named it, gets what has changed (``X-Changes``).
    ``X-Own-Share`` is how much of it is the visitor's own, which is no part of what is drawn for everybody.
    """
    here = visit.at(estate)
    show, wall = ("all", 1) if here.member.wall else (_known(show), wall)
    stale = here.caught_up(after, LIVE_VIEWS)
    etag = here.etag(LIVE_VIEWS, [estate], show, wall, stale)
    own(estate, here.member)
    unchanged = here.unchanged(etag)
    if unchanged:
        return unchanged
    found = _live_board(here, show, bool(wall), stale)
    changes = _boards(here).since(found.sliced, since)
    answer = here.answered(changes or found.sliced.whole, etag)
    answer.headers["X-Shown"] = found.sliced.outline.name
    if changes is not None:
        answer.headers["X-Changes"] = "true"
    if not wall:
        answer.headers["X-Own-Share"] = str(_own_share(here))
    return answer


def _boards(here: Visit) -> LiveBoards:
    boards: LiveBoards = here.request.app.state.boards
    return boards


def _live_board(here: Visit, show: str, wall: bool, stale: str) -> LiveBoard:
    boards = _boards(here)
    return boards.anew(here, show, wall, stale) if stale else boards.of(here, show, wall)


def _own_share(here: Visit) -> int:
    with here.lend() as conn:
        return board_facts.own_share(conn, here.viewer.estate or "", here.viewer, here.voice)


def board_page(here: Visit, show: str, wall: bool, after: int, status: int = 200, **said: Any) -> Response:
    """The whole board; ``said`` brings what was typed and what is wrong with it, where an act was refused."""
    stale, show = here.caught_up(after, LIVE_VIEWS), _known(show)
    etag = here.etag(LIVE_VIEWS, [here.viewer.estate or ""], show, int(wall), stale)
    return here.answered(_drawn(here, show, wall, stale, etag, said), etag, status)


def _drawn(here: Visit, show: str, wall: bool, stale: str, etag: str, said: Mapping[str, Any]) -> Drawn:
    found, estate = _live_board(here, show, wall, stale), here.viewer.estate
    context = dict(found.context)
    context["counts"] = context["counts"] | {"mine": 0 if wall else _own_share(here)}
    context["contract_calls"] = [] if wall else contract_calls(here)
    query = "&".join([f"show={show}"] * (show != "all") + ["wall=1"] * wall)
    return here.drawn(
        "board.html",
        etag,
        here="board",
        stale=stale,
        live=found.sliced.board,
        shown=found.sliced.outline.name,
        live_url=f"/board/{estate}/live" + (f"?{query}" if query else ""),
        **({"noted": "", "typed": "", "error": ""} | choices(here) | dict(said) | context),
    )


def _known(show: str) -> str:
    return show if show in board_facts.SHOWS else "all"


@router.get("/language/{language}")
def language(language: str, request: Request) -> Response:
    """Keep the language chosen for this browser and go back to where one was."""
    came_from = urlsplit(request.headers.get("referer", ""))
    back = urlunsplit(("", "", came_from.path, came_from.query, "")) if came_from.netloc in own_hosts(request) else "/"
    response = RedirectResponse(own_path(back), 303)
    if language in ("zh", "en"):
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=_A_YEAR, samesite="lax", path="/")
    return response
