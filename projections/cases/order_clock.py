"""The clock on the card of an order: service time left, over or used at a moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.calendar import between
from domain.cases.service_level import hours_counted
from projections.cases.orders import OrderCard


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
    soon = card.soon is not None and card.soon < now
    return Clock("soon" if soon else "ok", card.due, card.due_since, left)
