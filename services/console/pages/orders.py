"""All work orders of an estate, lane by lane, the ended ones too."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from projections import orders, people
from services.console.pages.lists import SIZE, offset, sheet
from services.console.pages.visit import CaseVisit

router = APIRouter(include_in_schema=False)


@router.get("/orders-of/{estate}")
def page(
    estate: str,
    visit: CaseVisit,
    lane: str = "waiting",
    page: Annotated[int, Query(ge=1, le=5000)] = 1,
    after: int = 0,
) -> Response:
    here = visit.at(estate)
    stale = here.caught_up(after)
    lane = lane if lane in orders.LANES else "waiting"
    with here.lend() as conn:
        here.estate(conn, estate)
        found = orders.listed(conn, estate, lane, SIZE + 1, offset(page))
        sizes = orders.lane_sizes(conn, estate)
        names = people.named(conn, {card.state.steward for card in found if card.state.steward})
    return here.html(
        "orders.html",
        here="orders",
        sheet=sheet(found, page),
        lanes=tuple(orders.LANES),
        lane=lane,
        sizes=sizes,
        names=names,
        stale=stale,
    )
