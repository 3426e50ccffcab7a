"""Work orders as people see them: one card each, with the clock that counts now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.calendar import between
from domain.category import Category, Priority
from domain.changed import changed
from domain.issue import CaseForgotten
from domain.recorded import Recorded
from domain.service_level import Deadlines, hours_counted
from domain.words import Personal
from domain.work_order import (
    WORK_ORDER,
    DeadlineExtended,
    DeadlinesSet,
    EmergencyService,
    EmergencyServiceCalled,
    Stage,
    StewardArrived,
    WorkCompleted,
    WorkOrder,
    WorkOrderAccepted,
    WorkOrderCancelled,
    WorkOrderClosed,
    WorkOrderDispatched,
    WorkOrderOpened,
    WorkOrderReassigned,
    WorkOrderReferred,
    WorkOrderRejected,
    WorkOrderReopened,
    WorkResumed,
    WorkSuspended,
    WorkVerified,
)
from projections.projection import Connection, View, fetch, holding, select

LANES: dict[str, tuple[Stage, ...]] = {
    "waiting": (Stage.REPORTED, Stage.ACCEPTED),
    "sent": (Stage.DISPATCHED, Stage.TAKEN),
    "working": (Stage.ON_SITE, Stage.IN_PROGRESS, Stage.REWORK),
    "checking": (Stage.COMPLETED, Stage.VERIFIED, Stage.FOLLOWED_UP),
    "held": (Stage.SUSPENDED,),
    "ended": (Stage.CLOSED, Stage.REJECTED, Stage.REFERRED, Stage.CANCELLED),
}
LANE_OF: dict[Stage, str] = {stage: lane for lane, stages in LANES.items() for stage in stages}
_OF_ORDERS = frozenset(WORK_ORDER.events)
IN_HAND = ("sent", "working", "held")


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
    deadlines: Deadlines = Deadlines()
    due: datetime | None = None
    due_since: datetime | None = None
    accepted_at: datetime | None = None
    dispatched_at: datetime | None = None
    arrived_at: datetime | None = None
    completed_at: datetime | None = None
    verified_at: datetime | None = None
    ended_at: datetime | None = None
    on_time: bool | None = None  # fixed before the promised moment; None where nothing was promised
    paused_minutes: int = 0  # service minutes for which the clock stood still
    hold_reason: Personal = None
    called: tuple[tuple[EmergencyService, datetime], ...] = ()


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    event = recorded.event
    if isinstance(event, CaseForgotten):
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
                due_since=act.occurred_at,
            )
        )
    if card is None:
        return None
    if isinstance(event, CaseForgotten):
        return changed(card, text=None, dwelling=None, hold_reason=None)
    before = card.state
    state = WORK_ORDER.evolve(before, event, act)
    card = changed(
        card,
        state=state,
        lane=LANE_OF[state.stage],
        version=recorded.version,
        changed_at=act.recorded_at,
        changed_by=act.actor,
    )
    return _due(_told(card, before, event, act.occurred_at))


def _told(card: OrderCard, before: WorkOrder, event: Any, at: datetime) -> OrderCard:
    """The moments and words that a card keeps of an event."""
    match event:
        case DeadlinesSet():
            promised = Deadlines(event.accept_by, event.dispatch_by, event.arrive_by, event.fix_by)
            if before.stage not in (Stage.REPORTED, Stage.ACCEPTED) and promised.accept_by is None:
                promised = replace(card.deadlines, fix_by=event.fix_by)  # only the clock of the repair moved
            return changed(card, deadlines=promised)
        case DeadlineExtended(fix_by):
            return changed(card, deadlines=replace(card.deadlines, fix_by=fix_by))
        case WorkOrderAccepted():
            return changed(card, accepted_at=at)
        case WorkOrderDispatched() | WorkOrderReassigned():
            return changed(_ran_on(card, before, at), dispatched_at=at, arrived_at=None)
        case StewardArrived():
            return changed(card, arrived_at=at)
        case WorkSuspended(reason):
            return changed(card, hold_reason=reason)
        case WorkResumed():
            return _ran_on(card, before, at)
        case WorkCompleted():
            on_time = None if before.fix_by is None else at <= before.fix_by
            return changed(card, completed_at=at, on_time=on_time)
        case WorkVerified():
            return changed(card, verified_at=at)
        case WorkOrderClosed():
            return changed(card, ended_at=at)
        case WorkOrderRejected(reason) | WorkOrderCancelled(reason):
            return changed(card, ended_at=at, hold_reason=reason)
        case WorkOrderReferred(_, reason):
            return changed(card, ended_at=at, hold_reason=reason)
        case WorkOrderReopened():
            return changed(
                card,
                ended_at=None,
                completed_at=None,
                verified_at=None,
                dispatched_at=None,
                arrived_at=None,
                on_time=None,
                accepted_at=at,
                hold_reason=None,
            )
        case EmergencyServiceCalled(service):
            return changed(card, called=(*card.called, (service, at)))
    return card


def _ran_on(card: OrderCard, before: WorkOrder, at: datetime) -> OrderCard:
    """The card after a pause, if there was one: how long the clock stood still is added up."""
    stood = between(before.suspended_at or at, at, hours_counted(before.priority, before.hours))
    return changed(card, hold_reason=None, paused_minutes=card.paused_minutes + int(stood.total_seconds() // 60))


def _due(card: OrderCard) -> OrderCard:
    promised = card.deadlines
    match card.lane:
        case "waiting":
            due = promised.accept_by if card.state.stage is Stage.REPORTED else promised.dispatch_by
        case "sent":
            due = promised.arrive_by
        case "working":
            due = promised.fix_by
        case _:
            due = None
    due = due or (promised.fix_by if card.lane in ("waiting", "sent") else None)
    return card if due == card.due else changed(card, due=due)


ORDERS: View[OrderCard] = View(
    name="orders",
    row=OrderCard,
    keys=keys,
    evolve=evolve,
    estates=lambda card: (card.estate,),
    indexes=(
        "(body->>'estate'), (body->>'lane'), (body->'state'->>'priority'), (body->>'due')",
        "(body->'state'->>'steward'), (body->>'lane')",
        "(body->>'issue')",
        "(body->>'estate'), (body->>'ended_at')",
    ),
)

_URGENT_FIRST = "ORDER BY body->'state'->>'priority', body->>'due' NULLS LAST, body->>'opened_at'"


def card(conn: Connection, order: UUID) -> OrderCard | None:
    """One order, if the connection may see it."""
    return fetch(conn, ORDERS, str(order))


def in_lane(conn: Connection, estate: str, lane: str, limit: int) -> list[OrderCard]:
    """The most urgent orders of a lane."""
    where = f"body->>'estate' = %s AND body->>'lane' = %s {_URGENT_FIRST} LIMIT %s"
    return select(conn, ORDERS, where, (estate, lane, limit))


def of_steward(conn: Connection, steward: UUID) -> list[OrderCard]:
    """What a steward has in hand, most urgent first."""
    where = f"body->'state'->>'steward' = %s AND body->>'lane' = ANY(%s) {_URGENT_FIRST}"
    return select(conn, ORDERS, where, (str(steward), list(IN_HAND)))


def of_case(conn: Connection, issue: UUID) -> list[OrderCard]:
    """The orders of a case, oldest first."""
    return select(conn, ORDERS, "body->>'issue' = %s ORDER BY body->>'opened_at'", (str(issue),))


@dataclass(frozen=True, slots=True)
class Only:
    """What a list is narrowed to; ``None`` leaves all."""

    priority: Priority | None = None
    category: Category | None = None
    steward: UUID | None = None
    building: str | None = None

    @property
    def terms(self) -> list[tuple[str, str]]:
        """SQL conditions over ``body``, each with its parameter."""
        asked = (
            ("body->'state'->>'priority' = %s", self.priority and self.priority.value),
            ("body->'state'->>'category' = %s", self.category and self.category.value),
            ("body->'state'->>'steward' = %s", None if self.steward is None else str(self.steward)),
            ("body->>'building' = %s", self.building),
        )
        return [(term, value) for term, value in asked if value is not None]


def listed(
    conn: Connection, estate: str, lane: str, limit: int, offset: int, only: Only | None = None
) -> list[OrderCard]:
    """The orders of a lane page by page, the most urgent first; ended ones by their end, ``all`` by their opening."""
    terms = [("body->>'estate' = %s", estate), *(only or Only()).terms]
    if lane != "all":
        terms.append(("body->>'lane' = %s", lane))
    newest_first = {"ended": "ORDER BY body->>'ended_at' DESC", "all": "ORDER BY body->>'opened_at' DESC"}
    where = " AND ".join(term for term, _ in terms)
    order = newest_first.get(lane, _URGENT_FIRST)
    values = (*(value for _, value in terms), limit, offset)
    return select(conn, ORDERS, f"{where} {order} LIMIT %s OFFSET %s", values)


def of_orders(conn: Connection, wanted: Sequence[UUID]) -> dict[UUID, OrderCard]:
    """The cards of these orders, by order."""
    return {card.order: card for card in select(conn, ORDERS, "key = ANY(%s)", ([str(each) for each in wanted],))}


def loads(conn: Connection, estate: str) -> dict[UUID, list[OrderCard]]:
    """Orders in hand per steward of the estate."""
    where = f"body->>'estate' = %s AND body->>'lane' = ANY(%s) {_URGENT_FIRST}"
    in_hand: dict[UUID, list[OrderCard]] = {}
    for each in select(conn, ORDERS, where, (estate, list(IN_HAND))):
        if each.state.steward is not None:
            in_hand.setdefault(each.state.steward, []).append(each)
    return in_hand


def lane_sizes(conn: Connection, estate: str) -> dict[str, int]:
    """How many orders stand in each lane that has not ended."""
    found = conn.execute(
        "SELECT body->>'lane', count(*) FROM view.orders"
        " WHERE body->>'estate' = %s AND body->>'lane' = ANY(%s) GROUP BY 1",
        (estate, [lane for lane in LANES if lane != "ended"]),
    ).fetchall()
    return {lane: 0 for lane in LANES if lane != "ended"} | {lane: int(count) for lane, count in found}


def numbered(conn: Connection, estates: Sequence[str], fragment: str, limit: int) -> list[OrderCard]:
    """Orders of these estates whose number or text holds ``fragment``, newest first."""
    pattern = holding(fragment)
    where = (
        "body->>'estate' = ANY(%s) AND (body->>'number' ILIKE %s OR body->>'text' ILIKE %s)"
        " ORDER BY body->>'opened_at' DESC LIMIT %s"
    )
    return select(conn, ORDERS, where, (list(estates), pattern, pattern, limit))


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clock on a card says: ``kind`` is ok, soon, late, paused, done or none."""

    kind: str
    due: datetime | None = None
    since: datetime | None = None
    span: timedelta = timedelta(0)  # service time left, or over, or used


def clock(card: OrderCard, now: datetime) -> Clock:
    """The clock of a card at ``now``: service time left or over until ``due``."""
    if card.lane == "held":
        return Clock("paused", since=card.state.suspended_at)
    if card.lane in ("checking", "ended"):
        if card.completed_at is None:
            return Clock("none")
        hours = hours_counted(card.state.priority, card.state.hours)
        used = between(card.opened_at, card.completed_at, hours) - timedelta(minutes=card.paused_minutes)
        return Clock("done", span=max(used, timedelta(0)))
    if card.due is None:
        return Clock("none")
    hours = hours_counted(card.state.priority, card.state.hours)
    if now >= card.due:
        return Clock("late", card.due, card.due_since, between(card.due, now, hours))
    left = between(now, card.due, hours)
    whole = between(card.due_since or card.opened_at, card.due, hours)
    soon = left < max(timedelta(minutes=30), whole / 4)
    return Clock("soon" if soon else "ok", card.due, card.due_since, left)
