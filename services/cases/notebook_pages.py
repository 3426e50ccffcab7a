"""The notebook of an estate, all lines: what waits, what became of the others."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from projections.cases import notebook, orders
from projections.cases.notebook import NOTEBOOK
from projections.cases.orders import ORDERS
from services.console.lists import SIZE, offset, sheet
from services.console.visit import CaseVisit

router = APIRouter(include_in_schema=False)

_SHOWN = (NOTEBOOK, ORDERS)

WAITING = ("NOTED", "TRIAGED")
SHOWS = ("all", "waiting", "PROMOTED", "ADVISED", "MERGED", "DROPPED")


@router.get("/notebook/{estate}")
def page(
    estate: str, visit: CaseVisit, show: str = "all", page: Annotated[int, Query(ge=1, le=5000)] = 1, after: int = 0
) -> Response:
    here = visit.at(estate)
    stale = here.caught_up(after, _SHOWN)
    show = show if show in SHOWS else "all"
    with here.lend() as conn:
        here.estate(conn, estate)
        found = notebook.listed(conn, estate, show, SIZE + 1, offset(page))
        sizes = notebook.sizes(conn, estate)
        cards = orders.of_orders(conn, [line.state.order for line in found if line.state.order])
    counts = sizes | {"all": sum(sizes.values()), "waiting": sum(sizes.get(status, 0) for status in WAITING)}
    return here.html(
        "notebook.html",
        here="notebook",
        sheet=sheet(found, page),
        cards=cards,
        shows=SHOWS,
        show=show,
        counts=counts,
        waiting=WAITING,
        stale=stale,
    )
