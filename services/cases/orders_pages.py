"""Lists of an estate's work orders: lane by lane and figure by figure, narrowed, sorted, and chosen to be acted on."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from domain.cases.category import Category, Priority
from projections.cases import order_lists, orders
from projections.cases.order_lists import EVERYTHING, LISTS, usual_sort
from projections.cases.orders import ORDERS
from projections.estates.estates import ESTATES
from projections.people import people
from projections.people.people import PEOPLE
from projections.projection import Connection
from services.cases.bulk import MOST, offered
from services.cases.narrowing import AGES, ORDER_FIELDS, STATES, Narrowed, orders_only
from services.console.lists import SIZE, offset, sheet
from services.console.visit import CaseVisit

router = APIRouter(include_in_schema=False)

_SHOWN = (ORDERS, PEOPLE, ESTATES)

LANES = (*orders.LANES, "all")
FIGURES = ("overdue", "due-today", "under-way", "done-today", "missed", "pause-over")
SORTS = {"what": "urgent", "where": "place", "steward": "person", "clock": "latest", "number": "oldest"}


def in_hand(conn: Connection, estate: str, now: datetime) -> dict[UUID, int]:
    """How many orders each steward of an estate has in hand."""
    return order_lists.tally(conn, estate, now).loads()


@router.get("/orders-of/{estate}")
def page(
    estate: str,
    visit: CaseVisit,
    request: Request,
    lane: str = "waiting",
    page: Annotated[int, Query(ge=1, le=5000)] = 1,
    after: int = 0,
) -> Response:
    here = visit.at(estate)
    stale = here.caught_up(after, _SHOWN)
    lane = lane if lane in LISTS else "waiting"
    now = here.voice.now
    with here.lend() as conn:
        row = here.estate(conn, estate)
        asked = Narrowed.of(request.query_params, ORDER_FIELDS).given
        only, sort, narrowed = orders_only(asked, row.state.buildings, here.member.person)
        found = order_lists.listed(conn, estate, lane, now, SIZE + 1, offset(page), only, sort)
        sizes = order_lists.sizes(conn, estate, tuple({*LANES, *FIGURES, lane}), now, only)
        whole = sizes[lane] if only.nothing else order_lists.sizes(conn, estate, (lane,), now, EVERYTHING)[lane]
        squad = people.stewards(conn, estate, now)
        names = people.named(conn, {card.state.steward for card in found if card.state.steward})
    return here.html(
        "orders.html",
        here="orders",
        sheet=sheet(found, page),
        lanes={each: here.voice.say(f"lane-{each}") for each in LANES},
        figures={each: here.voice.say(f"figure-{each}") for each in FIGURES},
        lane=lane,
        only=only,
        mine=only.mine is not None,
        narrowed=narrowed,
        hidden=whole - sizes[lane],
        sorted_by=(sort or usual_sort(lane)).value.lower(),
        sorts=SORTS,
        estate=row,
        squad=squad,
        priorities=tuple(Priority),
        categories=tuple(Category),
        states=STATES,
        ages=AGES,
        sizes=sizes,
        names=names,
        bulk=offered(here, found),
        most=MOST,
        stale=stale,
    )
