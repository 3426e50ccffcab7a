"""Routes of work orders: look at one, whom to send, and one route per act, made from the command itself."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response

from domain.cases import work_order as orders
from projections.cases import history, notebook, station_board
from projections.cases import orders as cards
from projections.cases.history import HISTORY
from projections.cases.notebook import NOTEBOOK
from projections.cases.orders import ORDERS
from projections.people import people
from projections.people.people import PEOPLE
from services.cases import plans as case_plans
from services.cases.as_of import CASE_VIEWS
from services.cases.estate_at import AsOf, estate_at, past_tag
from services.cases.reporter import owed_of
from services.cases.shapes import (
    EntryShape,
    OrderShape,
    ReporterShape,
    history_shape,
    order_shape,
    reporter_shape,
)
from services.http.acting import etag, showing
from services.http.acts import add_acts
from services.http.document import UNCHANGED
from services.http.who import Actor, Reader, TheProduct
from services.log.not_found import NotFound
from services.product import Product
from services.sessions.member import Member

router = APIRouter(prefix="/api/v1/work-orders", tags=["work orders"])


@dataclass(frozen=True, slots=True)
class StewardSuggestionShape:
    """Whom to send and why: linked to the building, fitting role, orders in hand in all estates, on duty now."""

    steward: UUID
    name: str | None
    linked: bool
    fitting: bool
    load: int
    on_duty: bool


@router.get("/{order}", dependencies=[showing(ORDERS)], responses=UNCHANGED)
def get_order(order: UUID, response: Response, product: TheProduct, who: Reader, as_of: AsOf = None) -> OrderShape:
    """One work order. ``ETag`` is its version."""
    card = card_of(product, who, order)
    if as_of is None:
        response.headers["ETag"] = etag(card.version)
        return order_shape(card, who.capacity, product.clock())
    with estate_at(product, who, card.estate, as_of, response) as seen:
        then = cards.card(seen.conn, order)
        if then is None:
            raise NotFound
        response.headers["ETag"] = past_tag(then)
        return seen.order(then)


@router.get("/{order}/history", dependencies=[showing(HISTORY, ORDERS, PEOPLE)])
def get_history(
    order: UUID, response: Response, product: TheProduct, who: Reader, as_of: AsOf = None
) -> list[EntryShape]:
    """Everything that happened in the case, from the notebook on, oldest first."""
    card = card_of(product, who, order)
    with estate_at(product, who, card.estate, as_of, response, CASE_VIEWS) as seen:
        if cards.card(seen.conn, order) is None:  # it was not yet opened
            raise NotFound
        found = history.of_case(seen.conn, card.issue)
        names = people.named(seen.conn, [entry.actor for entry in found.entries]) if found else {}
        return history_shape(found, names)


@router.get("/{order}/reporters", dependencies=[showing(ORDERS, NOTEBOOK, HISTORY)])
def get_reporters(order: UUID, product: TheProduct, who: Actor) -> list[ReporterShape]:
    """Everybody who reported it, the first one before those who said me too, and who was told nothing yet."""
    card = card_of(product, who, order)
    with product.lend(who) as conn:
        first = notebook.line(conn, card.issue)
        lines = ([first] if first else []) + notebook.merged_into(conn, card.issue)
        owed = {line.issue for line in owed_of(conn, card.issue)}
    return [reporter_shape(line, line.issue in owed) for line in lines]


@router.get("/{order}/dispatch-suggestions", dependencies=[showing(ORDERS, PEOPLE)])
def get_suggestions(order: UUID, product: TheProduct, who: Reader) -> list[StewardSuggestionShape]:
    """Stewards of the estate, best first, each with the reason."""
    card = card_of(product, who, order)
    with product.lend(who) as conn:
        squad = station_board.squad(conn, card.estate, product.clock())
    assert card.state.category is not None
    names = {each.person.person: each.person.name for each in squad}
    return [
        StewardSuggestionShape(each.steward, names[each.steward], each.linked, each.fitting, each.load, each.on_duty)
        for each in station_board.ranked(squad, card.estate, card.state.category, card.building)
    ]


def card_of(product: Product, who: Member, order: UUID) -> cards.OrderCard:
    """The order, if it is in the reader's estates."""
    with product.lend(who) as conn:
        card = cards.card(conn, order)
    if card is None or card.estate not in who.estates:
        raise NotFound
    return card


_OF_THEIR_OWN = (orders.OpenWorkOrder, orders.ChargeRepair, orders.HandOverWorkOrder)

add_acts(
    router,
    "order",
    [command for command in orders.ALLOWED if command not in _OF_THEIR_OWN],
    Actor,
    case_plans.on_work_order,
)
