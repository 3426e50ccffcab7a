"""Work orders as people see them: one card each, with the deadline that counts now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.sql import SQL

from domain.calendar import SHANGHAI
from domain.cases.category import Category
from domain.cases.issue import CaseForgotten, PlaceCorrected
from domain.cases.service_level import Deadlines
from domain.cases.work_order import (
    DONE,
    IN_HAND,
    WORK_ORDER,
    AcceptanceUndone,
    Counts,
    EmergencyService,
    EmergencyServiceCalled,
    PauseCause,
    PauseProlonged,
    Stage,
    StatedTimeConfirmed,
    StewardArrived,
    ToldLate,
    WorkCompleted,
    WorkOrder,
    WorkOrderAccepted,
    WorkOrderBroughtBack,
    WorkOrderCancelled,
    WorkOrderClosed,
    WorkOrderDispatched,
    WorkOrderHandedOver,
    WorkOrderOpened,
    WorkOrderReassigned,
    WorkOrderReferred,
    WorkOrderRejected,
    WorkOrderReopened,
    WorkOrderWithdrawn,
    WorkResumed,
    WorkSuspended,
    WorkVerified,
)
from domain.changed import changed
from domain.recorded import Act, Recorded
from domain.told_late import counts_from
from domain.words import Personal
from projections.cases.reckoning import soon_from
from projections.projection import OWN_STREAM, Connection, View, fetch, read, select, shown

LANES: dict[str, tuple[Stage, ...]] = {
    "waiting": (Stage.REPORTED, Stage.ACCEPTED),
    "sent": (Stage.DISPATCHED, Stage.TAKEN),
    "working": (Stage.ON_SITE, Stage.IN_PROGRESS, Stage.REWORK),
    "checking": (Stage.COMPLETED, Stage.VERIFIED, Stage.FOLLOWED_UP),
    "held": (Stage.SUSPENDED,),
    "ended": (Stage.CLOSED, Stage.REJECTED, Stage.REFERRED, Stage.CANCELLED, Stage.WITHDRAWN),
}
LANE_OF: dict[Stage, str] = {stage: lane for lane, stages in LANES.items() for stage in stages}
_OF_ORDERS = frozenset(WORK_ORDER.events)
FIRST_IN_HAND = 6  # of a steward's orders, those that the board draws


@dataclass(frozen=True)
class OrderCard:
    """One order. ``state`` is the order itself; ``due`` is the deadline that counts in its present stage."""

    order: UUID
    issue: UUID
    estate: str
    number: str
    lane: str
    state: WorkOrder
    version: int
    opened_at: datetime
    changed_at: datetime
    changed_by: UUID
    text: Personal = None
    building: str | None = None
    stairwell: str | None = None
    dwelling: Personal = None
    follows: UUID | None = None
    due: datetime | None = None
    soon: datetime | None = None  # from when on little time is left: a quarter of the promise, half an hour at least
    accepted_at: datetime | None = None
    dispatched_at: datetime | None = None
    arrived_at: datetime | None = None
    completed_at: datetime | None = None
    verified_at: datetime | None = None
    ended_at: datetime | None = None
    on_time: bool | None = None  # fixed before the promised moment, or ended undone; None where nothing was promised
    hold_reason: Personal = None
    hold_cause: PauseCause | None = None
    called: tuple[tuple[EmergencyService, datetime], ...] = ()

    @property
    def deadlines(self) -> Deadlines:
        """What is promised now."""
        return self.state.deadlines


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    event = recorded.event
    if isinstance(event, CaseForgotten) and event.withdrawn:
        return tuple(str(each) for each in (event.order, *event.withdrawn) if each is not None)
    if isinstance(event, CaseForgotten | PlaceCorrected):
        return () if event.order is None else (str(event.order),)
    return (str(recorded.stream),) if type(event) in _OF_ORDERS else ()


def evolve(card: OrderCard | None, recorded: Recorded[Any]) -> OrderCard | None:
    event, act = recorded.event, recorded.act
    if isinstance(event, WorkOrderOpened):
        return _due(
            OrderCard(
                order=recorded.stream,
                issue=event.issue,
                estate=event.estate,
                number=event.number,
                lane="waiting",
                state=WORK_ORDER.evolve(WORK_ORDER.initial, event, act),
                version=recorded.version,
                opened_at=act.occurred_at,
                changed_at=act.recorded_at,
                changed_by=act.actor,
                text=event.text,
                building=event.building,
                stairwell=event.stairwell,
                dwelling=event.dwelling,
                follows=event.follows,
            )
        )
    if card is None:
        return None
    if isinstance(event, CaseForgotten):
        return changed(card, text=None, dwelling=None, hold_reason=None)
    if isinstance(event, PlaceCorrected):
        return changed(card, building=event.building, stairwell=event.stairwell, dwelling=event.dwelling)
    before = card.state
    state = WORK_ORDER.evolve(before, event, act)
    told = {
        "state": state,
        "lane": LANE_OF[state.stage],
        "version": recorded.version,
        "changed_at": act.recorded_at,
        "changed_by": act.actor,
    }
    return _due(changed(card, **(told | _told(card, before, state, event, act))))


def _told(card: OrderCard, before: WorkOrder, state: WorkOrder, event: Any, act: Act) -> dict[str, Any]:
    """The moments and words that a card keeps of an event, by field."""
    at = act.occurred_at
    match event:
        case WorkOrderAccepted():
            return {"accepted_at": at}
        case AcceptanceUndone():
            return {"accepted_at": None}
        case WorkOrderDispatched() | WorkOrderReassigned():
            return _GOES_ON | {"dispatched_at": at, "arrived_at": None}
        case WorkOrderHandedOver(steward) if steward is not None and before.stage in IN_HAND:
            return _GOES_ON | {"dispatched_at": at, "arrived_at": None}
        case StewardArrived():
            return {"arrived_at": at}
        case WorkSuspended(reason, cause):
            return {"hold_reason": reason, "hold_cause": cause}
        case PauseProlonged(_, reason) if reason is not None:
            return {"hold_reason": reason}
        case WorkResumed():
            return _GOES_ON
        case WorkCompleted():
            on_time = None if before.fix_by is None else at <= before.fix_by
            return {"completed_at": at, "on_time": on_time}
        case ToldLate(Counts.FIX) | StatedTimeConfirmed(Counts.FIX):
            at = state.counted(Counts.FIX, card.completed_at or at)
            return {"on_time": None if state.fix_by is None else at <= state.fix_by}
        case WorkVerified():
            return {"verified_at": at}
        case WorkOrderClosed() | WorkOrderWithdrawn():
            return {"ended_at": at}
        case WorkOrderRejected(reason) | WorkOrderCancelled(reason) | WorkOrderReferred(_, reason):
            missed = False if card.due is not None and card.due <= counts_from(act) else None
            return {"ended_at": at, "hold_reason": reason, "hold_cause": None, "on_time": missed}
        case WorkOrderBroughtBack():
            away = {"ended_at": None, "dispatched_at": None, "arrived_at": None, "on_time": None}
            return _GOES_ON | away | {"accepted_at": card.accepted_at or at}
        case WorkOrderReopened():
            return {
                "ended_at": None,
                "completed_at": None,
                "verified_at": None,
                "dispatched_at": None,
                "arrived_at": None,
                "on_time": None,
                "accepted_at": at,
                "hold_reason": None,
            }
        case EmergencyServiceCalled(service):
            return {"called": (*card.called, (service, at))}
    return {}


_GOES_ON: dict[str, Any] = {"hold_reason": None, "hold_cause": None}


def _due(card: OrderCard) -> OrderCard:
    promised = card.deadlines
    match card.lane:
        case "waiting":
            due = promised.accept_by if card.state.stage is Stage.REPORTED else promised.dispatch_by
        case "sent":
            due = promised.arrive_by
        case "working":
            due = promised.fix_by
        case "held":
            due = None if card.state.stands else promised.fix_by  # what is late when it is suspended stays late
        case _:
            due = None
    due = due or (promised.fix_by if card.lane in ("waiting", "sent") else None)
    soon = None if due is None else soon_from(card.state, due)
    return card if (due, soon) == (card.due, card.soon) else changed(card, due=due, soon=soon)


ORDERS: View[OrderCard] = View(
    name="orders",
    row=OrderCard,
    keys=keys,
    events=_OF_ORDERS | {CaseForgotten, PlaceCorrected},
    evolve=evolve,
    estates=lambda card: (card.estate,),
    columns={
        "estate": "body->>'estate'",
        "lane": "body->>'lane'",
        "priority": "body->'state'->>'priority'",
        "steward": "body->'state'->>'steward'",
        "issue": "body->>'issue'",
        "due": "body->>'due'",
        "soon": "body->>'soon'",
        "pause_until": "body->'state'->>'pause_until'",
        "opened_at": "body->>'opened_at'",
        "completed_at": "body->>'completed_at'",
        "ended_at": "body->>'ended_at'",
        "settled": "coalesce(body->>'completed_at', body->>'ended_at')",
        "on_time": "body->>'on_time'",
        "quoted": "body->'state'->'quote'->>'labour'",
        "charged": "body->'state'->>'charged'",
    },
    indexes=(
        "(estate, lane, priority, due, opened_at)",
        "(estate, opened_at)",
        "(estate, position)",
        "(estate, ended_at)",
        "(estate, settled, lane, on_time) INCLUDE (estates)",
        "(estate, completed_at)",
        "(steward, priority, due, opened_at) WHERE lane IN ('sent', 'working', 'held')",
        "(issue)",
        "(estate, pause_until) WHERE pause_until IS NOT NULL",
        "(charged) WHERE charged IS NOT NULL",
        "(estate, completed_at) WHERE quoted IS NOT NULL AND charged IS NULL",
    ),
    withheld=("text", "dwelling", "hold_reason"),
    streams=f"{OWN_STREAM} UNION SELECT issue FROM view.orders WHERE key = ANY(%(keys)s)",
)

_IN_HAND = "lane IN ('sent', 'working', 'held')"  # as the index says it
URGENT_FIRST = "ORDER BY priority, due NULLS LAST, opened_at"


def card(conn: Connection, order: UUID) -> OrderCard | None:
    """One order, if the connection may see it."""
    return fetch(conn, ORDERS, str(order))


def of_steward(conn: Connection, steward: UUID) -> list[OrderCard]:
    """What a steward has in hand, most urgent first."""
    return select(conn, ORDERS, f"steward = %s AND {_IN_HAND} {URGENT_FIRST}", (str(steward),))


def of_case(conn: Connection, issue: UUID) -> list[OrderCard]:
    """The orders of a case, oldest first."""
    return select(conn, ORDERS, "issue = %s ORDER BY opened_at", (str(issue),))


def to_charge(conn: Connection, estate: str, limit: int) -> list[OrderCard]:
    """Work that residents agreed to pay for, is done and not billed, the oldest first."""
    where = "estate = %s AND quoted IS NOT NULL AND charged IS NULL AND completed_at IS NOT NULL"
    done = [stage.value for stage in DONE]
    where += " AND body->'state'->>'stage' = ANY(%s) ORDER BY completed_at LIMIT %s"
    return select(conn, ORDERS, where, (estate, done, limit))


def charged_by(conn: Connection, bills: Sequence[UUID]) -> list[OrderCard]:
    """The orders that these bills were for."""
    return select(conn, ORDERS, "charged = ANY(%s) ORDER BY completed_at", ([str(each) for each in bills],))


def alike(
    conn: Connection, estate: str, category: Category | None, building: str | None, since: datetime, limit: int
) -> list[OrderCard]:
    """Orders under way, and those closed since a moment, of this kind or at this building, the newest first."""
    where = (
        "estate = %s AND (lane <> 'ended' OR (ended_at >= %s AND body->'state'->>'stage' = 'CLOSED'))"
        " AND (body->'state'->>'category' = %s OR body->>'building' = %s) ORDER BY opened_at DESC LIMIT %s"
    )
    local = since.astimezone(SHANGHAI).isoformat()  # as the log has its times: then they sort as texts
    return select(conn, ORDERS, where, (estate, local, category and category.value, building, limit))


def of_orders(conn: Connection, wanted: Sequence[UUID]) -> dict[UUID, OrderCard]:
    """The cards of these orders, by order."""
    return {card.order: card for card in select(conn, ORDERS, "key = ANY(%s)", ([str(each) for each in wanted],))}


def first_in_hand(conn: Connection, estate: str, stewards: Sequence[UUID]) -> dict[UUID, list[OrderCard]]:
    """The most urgent orders that each of these has in hand, ``FIRST_IN_HAND`` at most."""
    query = SQL(
        "SELECT wanted, body FROM unnest(%s::text[]) AS wanted CROSS JOIN LATERAL"
        f" (SELECT body::text FROM {{}} WHERE orders.steward = wanted AND {_IN_HAND}"
        f" AND estate = %s {URGENT_FIRST} LIMIT {FIRST_IN_HAND}) AS first"
    )
    rows = conn.execute(query.format(shown(conn, ORDERS)), ([str(each) for each in stewards], estate))
    found: dict[UUID, list[OrderCard]] = {}
    for steward, body in rows:
        found.setdefault(UUID(steward), []).append(read(conn, ORDERS, body))
    return found


def of_cases(conn: Connection, issues: Sequence[UUID]) -> list[OrderCard]:
    """The orders of these cases, in their order, the first of a case first; one opened by mistake is none."""
    place = {str(issue): at for at, issue in enumerate(issues)}
    found = select(conn, ORDERS, "issue = ANY(%s) AND body->'state'->>'stage' <> 'WITHDRAWN'", (list(place),))
    return sorted(found, key=lambda card: (place[str(card.issue)], card.opened_at))
