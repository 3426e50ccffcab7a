"""The steward's own list: what is in hand, each with one big button."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from projections.cases import orders
from projections.cases.orders import ORDERS, OrderCard
from projections.projection import Connection
from services.cases.acts import ORDER_ACTS, controls, next_acts, order_offers
from services.cases.order_facts import sign_of
from services.console.navigation import Waiting, Waits
from services.console.visit import CaseVisit, Visit

router = APIRouter(include_in_schema=False)

_SHOWN = (ORDERS,)


@dataclass(frozen=True, slots=True)
class Call:
    """One order in hand; ``act`` is what comes next, if it is the steward's own."""

    card: OrderCard
    act: str | None
    needs_words: bool
    kind: str
    used: int


@router.get("/mine")
def page(visit: CaseVisit, after: int = 0) -> Response:
    stale = visit.caught_up(after, _SHOWN)
    with visit.lend() as conn:
        etag = visit.etag(_SHOWN, sorted(visit.member.estates), stale)
        context = _facts(conn, visit)
    stream = f"/live?estate={visit.viewer.estate}&views=orders" if visit.viewer.estate else ""
    return visit.html("steward.html", here="mine", etag=etag, stale=stale, stream=stream, **context)


@router.get("/mine/live")
def live(visit: CaseVisit, after: int = 0) -> Response:
    stale = visit.caught_up(after, _SHOWN)
    with visit.lend() as conn:
        etag = visit.etag(_SHOWN, sorted(visit.member.estates), stale)
        unchanged = visit.unchanged(etag)
        if unchanged:
            return unchanged
        context = _facts(conn, visit)
    return visit.html("part/steward_live.html", etag, stale=stale, **context)


def _facts(conn: Connection, visit: Visit) -> dict[str, Any]:
    mine = orders.of_steward(conn, visit.member.person)
    return {"cards": [_call(card, visit) for card in mine], "sign_of": sign_of}


def _in_hand(here: Visit, conn: Connection) -> Waits:
    """Orders of one's own whose next step is one's own."""
    return Waits(sum(call.act is not None for call in _facts(conn, here)["cards"]))


HANDS = Waiting(_SHOWN, _in_hand)


def _call(card: OrderCard, visit: Visit) -> Call:
    offers = order_offers(card.state, visit.member.person, visit.member.capacity, visit.voice.now)
    main, _ = next_acts(card.state, offers)
    kind, used = visit.voice.burn(card)
    if main is None or main not in offers or not offers[main].open:
        return Call(card, None, False, kind, used)
    return Call(card, main, any(control.required for control in controls(ORDER_ACTS[main])), kind, used)
