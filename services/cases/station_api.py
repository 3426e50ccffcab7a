"""Routes of an estate's station: the board, the squad, the lists, the register; and a steward's own list.

What is shown of one estate can be looked back at with ``asOf``.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.calendar import local_date
from domain.capacity import Capacity
from domain.words import TEXT_LENGTH
from projections.cases import notebook_lists, order_lists, orders, station_board
from projections.cases.notebook import NOTEBOOK
from projections.cases.notebook_lists import LineSort
from projections.cases.orders import ORDERS
from projections.estates import estates
from projections.estates.estates import ESTATES
from projections.people import people
from projections.people.people import PEOPLE
from services.cases import contacts, guess, twins
from services.cases.estate_at import AsOf, estate_at
from services.cases.estate_shapes import EstateShape, estate_shape
from services.cases.narrowing import TOTAL, LineListName, LinesNarrowed, OrderListName, OrdersNarrowed
from services.cases.shapes import (
    IssueShape,
    OrderShape,
    PersonShape,
    StewardShape,
    TwinShape,
    order_shape,
    person_shape,
    twin_shape,
)
from services.http.acting import showing
from services.http.bodies import Text
from services.http.document import UNCHANGED
from services.http.who import Actor, Reader, SignedIn, TheProduct, own
from services.log.not_found import NotFound

router = APIRouter(prefix="/api/v1", tags=["stations"])

_Page = Annotated[int, Query(ge=1, le=200)]
_Offset = Annotated[int, Query(ge=0, le=1_000_000)]
OrdersNarrow = Annotated[OrdersNarrowed, Depends()]
LinesNarrow = Annotated[LinesNarrowed, Depends()]


@dataclass(frozen=True, slots=True)
class LaneShape:
    """The most urgent orders of a lane and how many there are in all."""

    lane: str
    total: int
    orders: list[OrderShape]


@dataclass(frozen=True, slots=True)
class BoardShape:
    """``position`` is the position of the log that the board shows at least.

    Looking back it is the very position, and ``as_of`` the moment that it stands for; ``null`` is the present.
    """

    estate: str
    position: int
    as_of: datetime | None
    inbox_total: int
    inbox_late: int
    inbox: list[IssueShape]
    lanes: list[LaneShape]
    stewards: list[StewardShape]
    figures: station_board.StationFigures


@router.get("/stations/{estate}/board", dependencies=[showing(NOTEBOOK, ORDERS, PEOPLE)])
def get_board(estate: str, response: Response, product: TheProduct, who: Reader, as_of: AsOf = None) -> BoardShape:
    """What waits, what is under way and until when, and who has how much in hand."""
    with estate_at(product, who, estate, as_of, response) as seen:
        board = station_board.board(seen.conn, estate, seen.now)
    return BoardShape(
        estate=estate,
        position=seen.position,
        as_of=seen.now if seen.then else None,
        inbox_total=board.inbox_total,
        inbox_late=board.inbox_late,
        inbox=[seen.issue(line) for line in board.inbox],
        lanes=[LaneShape(lane.name, lane.total, [seen.order(card) for card in lane.cards]) for lane in board.lanes],
        stewards=_squad(board.stewards, estate),
        figures=board.figures,
    )


@router.get("/stations/{estate}/stewards", dependencies=[showing(ORDERS, PEOPLE)])
def get_stewards(
    estate: str, response: Response, product: TheProduct, who: Reader, as_of: AsOf = None
) -> list[StewardShape]:
    """The Red Stewards of the estate."""
    with estate_at(product, who, estate, as_of, response) as seen:
        return _squad(station_board.squad(seen.conn, estate, seen.now), estate)


@router.get("/stations/{estate}/issues", dependencies=[showing(NOTEBOOK)])
def get_issues(
    estate: str,
    response: Response,
    product: TheProduct,
    who: Reader,
    narrow: LinesNarrow,
    show: Annotated[LineListName, Query(description="Which lines: a status, those that wait, or all.")] = "all",
    limit: _Page = 50,
    offset: _Offset = 0,
    as_of: AsOf = None,
) -> list[IssueShape]:
    """Lines of the notebook, newest first unless ``sort`` says otherwise. ``X-Total-Count`` is the list's length."""
    only, sort = narrow.only(who.person), narrow.sort or LineSort.NEWEST
    with estate_at(product, who, estate, as_of, response) as seen:
        response.headers[TOTAL] = str(notebook_lists.size(seen.conn, estate, show, seen.now, only))
        lines = notebook_lists.listed(seen.conn, estate, show, seen.now, limit, offset, only, sort)
        return [seen.issue(line) for line in lines]


class SimilarBody(BaseModel):
    """A report as it would be noted; a body, so that nothing of it stands in an address."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[Text, Field(examples=["6栋2单元水管漏了"])]


@router.post("/stations/{estate}/similar", dependencies=[showing(NOTEBOOK, ORDERS)])
def find_similar(estate: str, product: TheProduct, who: Actor, body: SimilarBody) -> list[TwinShape]:
    """Cases that tell of the same thing: lines that wait, orders under way, and orders closed within two weeks."""
    own(estate, who)
    with product.lend(who) as conn:
        row = estates.estate(conn, estate)
        if row is None:
            raise NotFound
        text = contacts.lifted(body.text[:TEXT_LENGTH]).text
        found = twins.twins(conn, estate, text, guess.guess(text, row), product.clock())
    return [twin_shape(each) for each in found]


@router.get("/stations/{estate}/work-orders", dependencies=[showing(ORDERS)])
def get_orders(
    estate: str,
    response: Response,
    product: TheProduct,
    who: Reader,
    narrow: OrdersNarrow,
    lane: Annotated[OrderListName, Query(description="Which list: a lane, a figure of the board, or all.")] = "waiting",
    limit: _Page = 50,
    offset: _Offset = 0,
    as_of: AsOf = None,
) -> list[OrderShape]:
    """The orders of a lane or behind a figure, by urgency unless ``sort`` says otherwise; ended ones by their end.

    ``X-Total-Count`` is the list's length: the figure of the board that stands for it.
    """
    only = narrow.only(who.person)
    with estate_at(product, who, estate, as_of, response) as seen:
        response.headers[TOTAL] = str(order_lists.sizes(seen.conn, estate, (lane,), seen.now, only)[lane])
        cards = order_lists.listed(seen.conn, estate, lane, seen.now, limit, offset, only, narrow.sort)
        return [seen.order(card) for card in cards]


@router.get("/stations/{estate}/people", dependencies=[showing(PEOPLE)])
def get_people(
    estate: str, response: Response, product: TheProduct, who: SignedIn, as_of: AsOf = None
) -> list[PersonShape]:
    """Everybody who holds a post in the estate."""
    with estate_at(product, who, estate, as_of, response) as seen:
        return [person_shape(row, estate, who.estates) for row in people.of_estate(seen.conn, estate, seen.now)]


@router.get("/steward/orders", dependencies=[showing(ORDERS)])
def get_my_orders(product: TheProduct, who: Reader) -> list[OrderShape]:
    """What I have in hand as a Red Steward, most urgent first; empty in any other capacity."""
    if who.capacity is not Capacity.RED_STEWARD:
        return []
    with product.lend(who) as conn:
        return [order_shape(card, who.capacity, product.clock()) for card in orders.of_steward(conn, who.person)]


@router.get("/estates", dependencies=[showing(ESTATES)])
def get_estates(product: TheProduct, who: SignedIn) -> list[EstateShape]:
    """My estates with their buildings."""
    with product.lend(who) as conn:
        return [estate_shape(row, local_date(product.clock())) for row in estates.mine(conn) if row.code in who.estates]


@router.get("/estates/{estate}", dependencies=[showing(ESTATES)], responses=UNCHANGED)
def get_estate(estate: str, response: Response, product: TheProduct, who: SignedIn, as_of: AsOf = None) -> EstateShape:
    """One estate: buildings, stairwells, dwellings, hours of the station."""
    with estate_at(product, who, estate, as_of, response) as seen:
        row = estates.estate(seen.conn, estate)
    if row is None:
        raise NotFound
    response.headers["ETag"] = f'"{row.version}"'
    return estate_shape(row, local_date(product.clock()))


def _squad(stewards: list[station_board.StewardLoad], estate: str) -> list[StewardShape]:
    return [
        StewardShape(
            each.person.person,
            each.person.name,
            list(each.person.state.roles),
            each.person.buildings(estate),
            each.total,
            each.everywhere,
            each.serves,
            each.on_duty,
        )
        for each in stewards
    ]
