"""How many orders stand where: counted by lane and steward, and what was completed of late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.calendar import SHANGHAI
from projections.cases.orders import LANES
from projections.projection import Connection

IN_HAND = ("sent", "working", "held")


@dataclass(frozen=True, slots=True)
class Count:
    """How many orders stand in one lane with one steward, and their deadlines at a moment."""

    lane: str
    steward: UUID | None
    orders: int
    due_today: int
    overdue: int


def counted(conn: Connection, estate: str, now: datetime) -> list[Count]:
    """All orders of the estate that have not ended, counted in one go."""
    local = now.astimezone(SHANGHAI)  # as the log has its times: then they sort as texts
    tomorrow = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = conn.execute(
        "SELECT lane, steward, count(*), count(*) FILTER (WHERE due > %(now)s AND due < %(tomorrow)s),"
        " count(*) FILTER (WHERE due <= %(now)s)"
        " FROM orders WHERE estate = %(estate)s AND lane = ANY(%(lanes)s) GROUP BY lane, steward",
        {
            "estate": estate,
            "lanes": [lane for lane in LANES if lane != "ended"],
            "now": local.isoformat(),
            "tomorrow": tomorrow.isoformat(),
        },
    )
    return [Count(lane, UUID(steward) if steward else None, *counts) for lane, steward, *counts in rows]


def lane_sizes(counts: Sequence[Count]) -> dict[str, int]:
    """How many orders stand in each lane that has not ended."""
    return {name: sum(each.orders for each in counts if each.lane == name) for name in LANES if name != "ended"}


def loads(counts: Sequence[Count]) -> dict[UUID, int]:
    """How many orders each steward has in hand."""
    found: dict[UUID, int] = {}
    for each in counts:
        if each.steward is not None and each.lane in IN_HAND:
            found[each.steward] = found.get(each.steward, 0) + each.orders
    return found


@dataclass(frozen=True, slots=True)
class Completed:
    """Orders completed since a moment: today, and of those that had a promise how many kept it."""

    today: int
    kept: int
    promised: int


def completed(conn: Connection, estate: str, now: datetime, days: int) -> Completed:
    """What was completed in the last ``days`` days."""
    local = now.astimezone(SHANGHAI)
    row = conn.execute(
        "SELECT count(*) FILTER (WHERE completed_at >= %(today)s), count(*) FILTER (WHERE on_time = 'true'),"
        " count(on_time) FROM orders WHERE estate = %(estate)s AND completed_at >= %(since)s",
        {
            "estate": estate,
            "today": local.replace(hour=0, minute=0, second=0, microsecond=0).isoformat(),
            "since": (local - timedelta(days=days)).isoformat(),
        },
    ).fetchone()
    return Completed(*(row or (0, 0, 0)))
