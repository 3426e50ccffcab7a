"""All work orders of an estate, lane by lane, the ended ones too, narrowed to a priority, a steward or a place."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from domain.cases.category import Category, Priority
from projections.cases import order_counts, orders
from projections.cases.orders import ORDERS
from projections.estates.estates import ESTATES
from projections.people import people
from projections.people.people import PEOPLE
from projections.projection import Connection
from services.console.lists import SIZE, offset, sheet
from services.console.visit import CaseVisit

router = APIRouter(include_in_schema=False)

_SHOWN = (ORDERS, PEOPLE, ESTATES)


def in_hand(conn: Connection, estate: str, now: datetime) -> dict[UUID, int]:
    """How many orders each steward of an estate has in hand."""
    return order_counts.loads(order_counts.counted(conn, estate, now))


LANES = (*orders.LANES, "all")
T = TypeVar("T")


@router.get("/orders-of/{estate}")
def page(
    estate: str,
    visit: CaseVisit,
    lane: str = "waiting",
    priority: str = "",
    category: str = "",
    steward: str = "",
    building: str = "",
    page: Annotated[int, Query(ge=1, le=5000)] = 1,
    after: int = 0,
) -> Response:
    here = visit.at(estate)
    stale = here.caught_up(after, _SHOWN)
    lane = lane if lane in LANES else "waiting"
    with here.lend() as conn:
        row = here.estate(conn, estate)
        place = building if building in row.state.buildings else None
        only = orders.Only(_known(Priority, priority), _known(Category, category), _known(UUID, steward), place)
        found = orders.listed(conn, estate, lane, SIZE + 1, offset(page), only)
        sizes = order_counts.lane_sizes(order_counts.counted(conn, estate, here.voice.now))
        squad = people.stewards(conn, estate, here.voice.now)
        names = people.named(conn, {card.state.steward for card in found if card.state.steward})
    return here.html(
        "orders.html",
        here="orders",
        sheet=sheet(found, page),
        lanes=LANES,
        lane=lane,
        only=only,
        narrowed=_query(only),
        estate=row,
        squad=squad,
        priorities=tuple(Priority),
        categories=tuple(Category),
        sizes=sizes,
        names=names,
        stale=stale,
    )


def _known(read: Callable[[str], T], text: str) -> T | None:
    """What a choice of the form means; a choice that is none narrows nothing."""
    try:
        return read(text) if text else None
    except ValueError:
        return None


def _query(only: orders.Only) -> str:
    """The narrowing as it stands in an address, to be kept while lanes and pages are turned."""
    given: dict[str, Any] = {
        "priority": only.priority and only.priority.value,
        "category": only.category and only.category.value,
        "steward": only.steward,
        "building": only.building,
    }
    return urlencode({name: value for name, value in given.items() if value is not None})
