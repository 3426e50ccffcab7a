"""The clocks of an order: one reading for its card, its page and programs, so that they never differ."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.calendar import ServiceHours, between
from domain.cases.service_level import hours_counted
from domain.cases.work_order import Counts, WorkOrder
from projections.cases.orders import OrderCard
from projections.cases.reckoning import served, soon_below, soon_from

RUNNING = ("ok", "soon", "late")  # kinds of clocks that go on


@dataclass(frozen=True, slots=True)
class Clock:
    """What a clock says: ``kind`` is ok, soon, late, paused, overdue (paused beyond the named end), done, missed, none.

    ``span`` is service time left (ok, soon, paused, overdue), over (late, missed) or used (done); ``whole`` the time
    that was promised, ``share`` how much of it is used, in per cent; ``soon_below`` how much is left when it becomes
    soon. ``provisional``: public holidays that were not published when it was promised may have moved it.
    """

    kind: str
    due: datetime | None = None
    since: datetime | None = None
    span: timedelta = timedelta(0)
    whole: timedelta = timedelta(0)
    share: int = 0
    provisional: bool = False

    @property
    def soon_below(self) -> timedelta:
        """How much is left when it becomes soon."""
        return soon_below(self.whole)


def counted(card: OrderCard) -> ServiceHours:
    """The hours that count for an order."""
    return hours_counted(card.state.priority, card.state.hours)


def clock(card: OrderCard, now: datetime) -> Clock:
    """The clock of a card at ``now``: that of the promise which counts in its present stage."""
    if card.lane in ("checking", "ended"):
        at = card.completed_at
        return Clock("none") if at is None else reading(card.state, card.state.fix_by, now, Counts.FIX, at)
    if card.lane == "held":
        return reading(card.state, card.state.fix_by, now)
    return Clock("none") if card.due is None else reading(card.state, card.due, now, soon=card.soon)


def reading(
    order: WorkOrder,
    by: datetime | None,
    now: datetime,
    of: Counts = Counts.FIX,
    reached: datetime | None = None,
    soon: datetime | None = None,
) -> Clock:
    """The clock of one promise: what is due ``by``, said to be ``reached``, at ``now``.

    ``soon`` is from when on little is left, where that is known already.
    """
    hours, since = hours_counted(order.priority, order.hours), order.promised_at
    assert since is not None  # whatever has a card was opened
    provisional = by is not None and hours.provisional(by)
    at = now if reached is None else order.counted(of, reached)
    standing = reached is None and order.suspended_at is not None and order.stands
    if standing and order.suspended_at is not None:
        at = order.suspended_at
    used = served(order, at)
    left = timedelta(0) if by is None else between(at, by, hours)
    if by is not None and not standing and (at > by if reached is not None else at >= by):
        over, whole = between(by, at, hours), served(order, by)
        return Clock("late" if reached is None else "missed", by, since, over, whole, 100, provisional)
    whole = timedelta(0) if by is None else used + left
    share = min(100, int(100 * used / whole)) if whole else 0
    if standing:
        ended = order.pause_until is not None and now >= order.pause_until
        return Clock("overdue" if ended else "paused", by, order.suspended_at, left, whole, share, provisional)
    if reached is not None:
        return Clock("done", by, since, used, whole, share, provisional)
    found = Clock("ok", by, since, left, whole, share, provisional)
    return (
        Clock("none") if by is None else replace(found, kind="soon") if (soon or soon_from(order, by)) < now else found
    )
