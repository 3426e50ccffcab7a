"""Routes of an estate's station: the board, the squad, the lists, the register; and a steward's own list."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from domain.capacity import Capacity
from projections import estates, notebook, orders, people, station_board
from services.accounts import Member
from services.ask import NotFound
from services.http.acting import CaughtUp
from services.http.shapes import (
    EstateShape,
    IssueShape,
    OrderShape,
    PersonShape,
    StewardShape,
    estate_shape,
    issue_shape,
    order_shape,
    person_shape,
)
from services.http.who import Reader, SignedIn, TheHouse

router = APIRouter(prefix="/api/v1", tags=["stations"])

_Page = Annotated[int, Query(ge=1, le=200)]
_Offset = Annotated[int, Query(ge=0, le=1_000_000)]


@dataclass(frozen=True, slots=True)
class LaneShape:
    """The most urgent orders of a lane and how many there are in all."""

    lane: str
    total: int
    orders: list[OrderShape]


@dataclass(frozen=True, slots=True)
class BoardShape:
    """``position`` is the position of the log that the board shows at least."""

    estate: str
    position: int
    inbox_total: int
    inbox: list[IssueShape]
    lanes: list[LaneShape]
    stewards: list[StewardShape]
    figures: station_board.Figures


@router.get("/stations/{estate}/board", dependencies=[CaughtUp])
def get_board(estate: str, house: TheHouse, who: Reader) -> BoardShape:
    """What waits, what is under way and until when, and who has how much in hand."""
    _own(estate, who)
    now, position = house.clock(), house.positions.position("orders")
    with house.database.lend(who.estates) as conn:
        board = station_board.board(conn, estate, now)
    return BoardShape(
        estate=estate,
        position=position,
        inbox_total=board.inbox_total,
        inbox=[issue_shape(line, who.capacity) for line in board.inbox],
        lanes=[
            LaneShape(lane.name, lane.total, [order_shape(card, who.capacity, now) for card in lane.cards])
            for lane in board.lanes
        ],
        stewards=_squad(board.stewards, estate),
        figures=board.figures,
    )


@router.get("/stations/{estate}/stewards", dependencies=[CaughtUp])
def get_stewards(estate: str, house: TheHouse, who: Reader) -> list[StewardShape]:
    """The Red Stewards of the estate."""
    _own(estate, who)
    with house.database.lend(who.estates) as conn:
        return _squad(station_board.squad(conn, estate, house.clock()), estate)


@router.get("/stations/{estate}/issues", dependencies=[CaughtUp])
def get_issues(estate: str, house: TheHouse, who: Reader, limit: _Page = 50, offset: _Offset = 0) -> list[IssueShape]:
    """All lines of the notebook, newest first."""
    _own(estate, who)
    with house.database.lend(who.estates) as conn:
        return [issue_shape(line, who.capacity) for line in notebook.recent(conn, estate, limit, offset)]


@router.get("/stations/{estate}/work-orders", dependencies=[CaughtUp])
def get_orders(
    estate: str, house: TheHouse, who: Reader, lane: str = "waiting", limit: _Page = 50, offset: _Offset = 0
) -> list[OrderShape]:
    """The orders of a lane: waiting, sent, working, checking and held by urgency, ended by their end."""
    _own(estate, who)
    if lane not in orders.LANES:
        raise NotFound
    with house.database.lend(who.estates) as conn:
        found = orders.listed(conn, estate, lane, limit, offset)
        return [order_shape(card, who.capacity, house.clock()) for card in found]


@router.get("/stations/{estate}/people", dependencies=[CaughtUp])
def get_people(estate: str, house: TheHouse, who: SignedIn) -> list[PersonShape]:
    """Everybody who holds a post in the estate."""
    _own(estate, who)
    with house.database.lend(who.estates) as conn:
        return [person_shape(row, estate, who.estates) for row in people.of_estate(conn, estate, house.clock())]


@router.get("/steward/orders", dependencies=[CaughtUp])
def get_my_orders(house: TheHouse, who: Reader) -> list[OrderShape]:
    """What I have in hand as a Red Steward, most urgent first; empty in any other capacity."""
    if who.capacity is not Capacity.RED_STEWARD:
        return []
    with house.database.lend(who.estates) as conn:
        return [order_shape(card, who.capacity, house.clock()) for card in orders.of_steward(conn, who.person)]


@router.get("/estates", dependencies=[CaughtUp])
def get_estates(house: TheHouse, who: SignedIn) -> list[EstateShape]:
    """My estates with their buildings."""
    with house.database.lend(who.estates) as conn:
        return [estate_shape(row) for row in estates.mine(conn) if row.code in who.estates]


@router.get("/estates/{estate}", dependencies=[CaughtUp])
def get_estate(estate: str, response: Response, house: TheHouse, who: SignedIn) -> EstateShape:
    """One estate: buildings, stairwells, dwellings, hours of the station."""
    _own(estate, who)
    with house.database.lend(who.estates) as conn:
        row = estates.estate(conn, estate)
    if row is None:
        raise NotFound
    response.headers["ETag"] = f'"{row.version}"'
    return estate_shape(row)


def _own(estate: str, who: Member) -> None:
    if estate not in who.estates:
        raise NotFound


def _squad(stewards: list[station_board.StewardLoad], estate: str) -> list[StewardShape]:
    return [
        StewardShape(
            each.person.person,
            each.person.name,
            list(each.person.state.roles),
            each.person.buildings(estate),
            each.total,
        )
        for each in stewards
    ]
