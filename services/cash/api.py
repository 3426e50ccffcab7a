"""Cash drawers over HTTP: one's own is opened, counted and closed; who keeps the accounts sees all of an estate."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.cash.drawer import CloseDrawer, CountDrawer, OpenDrawer, Pieces, drawer_stream
from projections.cash import drawers
from projections.cash.drawers import DRAWERS, DrawerRow
from projections.people import people
from projections.people.people import PEOPLE
from services.cash.plans import on_drawer
from services.http.act_route import act_at
from services.http.acting import AskingNow, etag, performing, showing
from services.http.acts import Done
from services.http.bodies import ActBody, Text
from services.http.who import Accountant, Cashier, TheProduct, own

router = APIRouter(prefix="/api/v1/estates", tags=["payments"])

Fen = Annotated[int, Field(strict=True, description="Fen: 643.46 yuan are 64346.", examples=[64346])]


@dataclass(frozen=True, slots=True)
class PiecesShape:
    """Notes or coins of one denomination: ``value`` in fen."""

    value: int
    pieces: int


@dataclass(frozen=True, slots=True)
class MovementShape:
    """One step of the present session; ``amount`` is below zero for what went out."""

    event: str
    at: datetime
    amount: int
    about: UUID | None
    position: int


@dataclass(frozen=True, slots=True)
class DrawerClosingShape:
    """How a session ended; ``difference`` is what was counted minus what was expected."""

    opened_at: datetime
    closed_at: datetime
    change: int
    taken: int
    paid_out: int
    expected: int
    counted: int
    difference: int
    left: int
    reason: str | None
    closed_by: UUID | None
    position: int


@dataclass(frozen=True, slots=True)
class DrawerShape:
    """One cashier's drawer, all amounts in fen. ``counted`` is gone as soon as anything moved after the count."""

    cashier: UUID
    name: str | None
    open: bool
    opened_at: datetime | None
    change: int
    taken: int
    paid_out: int
    expected: int
    counted: int | None
    left: int
    movements: list[MovementShape]
    denominations: list[PiecesShape]
    closings: list[DrawerClosingShape]


class OpenBody(ActBody):
    """``change`` is what lies in it; ``reason`` where that is not what was left in it."""

    change: Fen
    reason: Text | None = None


class PiecesBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    value: Annotated[int, Field(strict=True, description="Fen: a note of 100 yuan is 10000.", examples=[10000])]
    pieces: Annotated[int, Field(strict=True, examples=[3])]


class CountBody(ActBody):
    """What lies in it; denominations that are not named are not there.

    ``cashier`` names whose drawer it is, where somebody left it open; only who keeps the accounts may.
    """

    cashier: UUID | None = None
    denominations: Annotated[list[PiecesBody], Field(max_length=20)]


class CloseBody(ActBody):
    """``left`` stays in it as change, the rest is handed over; ``reason`` where the count is not what is expected.

    ``cashier`` names whose drawer it is, where somebody left it open; only who keeps the accounts may.
    """

    cashier: UUID | None = None
    left: Fen
    reason: Text | None = None


@router.get("/{estate}/drawer", dependencies=[showing(DRAWERS, PEOPLE)])
def get_drawer(estate: str, response: Response, product: TheProduct, who: Cashier) -> DrawerShape:
    """One's own drawer; empty and closed until it is opened or takes its first cash."""
    own(estate, who)
    with product.lend(who) as conn:
        row = drawers.drawer(conn, drawer_stream(estate, who.person))
        name = people.named(conn, [who.person]).get(who.person)
    response.headers["ETag"] = etag(row.version if row else 0)
    return drawer_shape(row, who.person, name)


@router.get("/{estate}/drawers", dependencies=[showing(DRAWERS, PEOPLE)])
def list_drawers(estate: str, product: TheProduct, who: Accountant) -> list[DrawerShape]:
    """All drawers of an estate."""
    own(estate, who)
    with product.lend(who) as conn:
        rows = drawers.of_estates(conn, [estate])
        names = people.named(conn, [row.cashier for row in rows])
    return [drawer_shape(row, row.cashier, names.get(row.cashier)) for row in rows]


@act_at(router, "/{estate}/drawer/open")
async def open_drawer(
    estate: str,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Cashier,
    asking: AskingNow,
    body: OpenBody,
) -> Done:
    """Open it with change in it. The first cash opens it as well, with what was left in it."""
    command = OpenDrawer(estate, body.change, body.reason)
    answer = await performing(
        request, product, "OpenDrawer", asking.by(who, body.occurred_at), on_drawer(estate, command)
    )
    response.headers["ETag"] = etag(answer.version)
    return Done(answer.version, answer.position)


@act_at(router, "/{estate}/drawer/count")
async def count_drawer(
    estate: str,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Cashier,
    asking: AskingNow,
    body: CountBody,
) -> Done:
    """State what lies in it; it may be counted as often as one likes."""
    command = CountDrawer(tuple(Pieces(each.value, each.pieces) for each in body.denominations))
    answer = await performing(
        request, product, "CountDrawer", asking.by(who, body.occurred_at), on_drawer(estate, command, body.cashier)
    )
    response.headers["ETag"] = etag(answer.version)
    return Done(answer.version, answer.position)


@act_at(router, "/{estate}/drawer/close")
async def close_drawer(
    estate: str,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Cashier,
    asking: AskingNow,
    body: CloseBody,
) -> Done:
    """Close it as it was counted. A difference is kept with its reason, and never edited."""
    command = CloseDrawer(body.left, body.reason)
    answer = await performing(
        request, product, "CloseDrawer", asking.by(who, body.occurred_at), on_drawer(estate, command, body.cashier)
    )
    response.headers["ETag"] = etag(answer.version)
    return Done(answer.version, answer.position)


def drawer_shape(row: DrawerRow | None, cashier: UUID, name: str | None) -> DrawerShape:
    """What is told of a drawer; of one that was never opened that it is empty."""
    if row is None:
        return DrawerShape(cashier, name, False, None, 0, 0, 0, 0, None, 0, [], [], [])
    state = row.state
    return DrawerShape(
        cashier=cashier,
        name=name,
        open=state.opened_at is not None,
        opened_at=state.opened_at,
        change=state.float_,
        taken=state.taken,
        paid_out=state.paid_out + state.reversed,
        expected=state.expected,
        counted=state.counted,
        left=state.left,
        movements=[
            MovementShape(each.event, each.at, each.amount, each.about, each.position) for each in row.movements
        ],
        denominations=[PiecesShape(each.value, each.pieces) for each in row.denominations],
        closings=[
            DrawerClosingShape(
                opened_at=each.opened_at,
                closed_at=each.closed_at,
                change=each.float_,
                taken=each.taken,
                paid_out=each.paid_out,
                expected=each.expected,
                counted=each.counted,
                difference=each.difference,
                left=each.left,
                reason=each.reason,
                closed_by=each.closed_by,
                position=each.position,
            )
            for each in row.closings
        ],
    )
