"""The notebook of an estate, all lines: what waits, what became of the others, narrowed and sorted."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from domain.cases.issue import Channel
from projections.cases import notebook_lists, orders
from projections.cases.notebook import NOTEBOOK
from projections.cases.notebook_lists import ALL_LINES, LineSort
from projections.cases.orders import ORDERS
from services.cases.bulk import MOST, offered_on_lines
from services.cases.narrowing import AGES, LINE_FIELDS, Narrowed, lines_only
from services.console.lists import SIZE, offset, sheet
from services.console.render import Voice
from services.console.visit import CaseVisit

router = APIRouter(include_in_schema=False)

_SHOWN = (NOTEBOOK, ORDERS)

WAITING = ("NOTED", "TRIAGED")
SHOWS = tuple(name for name in notebook_lists.LISTS if name != "danger")
SORTS = {"where": "place", "when": "oldest", "status": "latest"}


@router.get("/notebook/{estate}")
def page(
    estate: str,
    visit: CaseVisit,
    request: Request,
    show: str = "all",
    page: Annotated[int, Query(ge=1, le=5000)] = 1,
    after: int = 0,
) -> Response:
    here = visit.at(estate)
    stale = here.caught_up(after, _SHOWN)
    show = show if show in notebook_lists.LISTS else "all"
    now = here.voice.now
    with here.lend() as conn:
        row = here.estate(conn, estate)
        asked = Narrowed.of(request.query_params, LINE_FIELDS).given
        only, sort, narrowed = lines_only(asked, row.state.buildings, here.member.person)
        found = notebook_lists.listed(conn, estate, show, now, SIZE + 1, offset(page), only, sort or LineSort.NEWEST)
        counts = notebook_lists.sizes(conn, estate, tuple({*SHOWS, show}), now, only)
        whole = counts[show] if only.nothing else notebook_lists.size(conn, estate, show, now, ALL_LINES)
        cards = orders.of_orders(conn, [line.state.order for line in found if line.state.order])
    return here.html(
        "notebook.html",
        here="notebook",
        sheet=sheet(found, page),
        cards=cards,
        shows={each: _title(here.voice, each) for each in SHOWS},
        show=show,
        counts=counts,
        only=only,
        mine=only.mine is not None,
        narrowed=narrowed,
        hidden=whole - counts[show],
        sorted_by=(sort or LineSort.NEWEST).value.lower(),
        sorts=SORTS,
        estate=row,
        channels=tuple(Channel),
        ages=AGES,
        waiting=WAITING,
        bulk=offered_on_lines(here) if len(found) and show in ("all", "waiting", "late", "danger") else (),
        most=MOST,
        stale=stale,
    )


def _title(voice: Voice, show: str) -> str:
    match show:
        case "all":
            return voice.say("notebook-show-all")
        case "waiting":
            return voice.say("notebook-show-waiting")
        case "late":
            return voice.say("notebook-show-late")
    return voice.say(f"status-{show}")
