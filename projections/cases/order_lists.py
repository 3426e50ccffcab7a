"""Lists of orders by name: a figure counts, and a page lists, by the one condition that stands here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

import psycopg
from psycopg.sql import SQL

from domain.calendar import SHANGHAI
from domain.cases.category import Category, Priority
from projections.cases.orders import LANES, ORDERS, URGENT_FIRST, OrderCard
from projections.projection import Connection, select, shown

OPEN = tuple(lane for lane in LANES if lane != "ended")
_CLOCKED = ("waiting", "sent", "working", "held")  # in which a promise may still be missed
_OVER = ("checking", "ended")  # in which it has been kept or missed
PROMPT_DAYS = 7  # over which promptness is told


@dataclass(frozen=True, slots=True)
class OrderList:
    """Orders in some lanes, and which of those: SQL over the columns of the view and the moments of ``_moments``."""

    lanes: tuple[str, ...]
    which: str = "true"

    @property
    def term(self) -> str:
        lanes = ", ".join(f"'{lane}'" for lane in self.lanes)
        return f"(lane IN ({lanes}) AND {self.which})"


_OVERDUE = OrderList(_CLOCKED, "due <= %(now)s")
_LATE = OrderList(_OVER, "on_time = 'false' AND settled >= %(since)s")
_KEPT = OrderList(_OVER, "on_time = 'true' AND settled >= %(since)s")
_MISSED = f"({_OVERDUE.term} OR {_LATE.term})"

LISTS: Mapping[str, OrderList] = {
    **{lane: OrderList((lane,)) for lane in LANES},
    "all": OrderList(tuple(LANES)),
    "open": OrderList(OPEN),
    "under-way": OrderList(("sent", "working")),
    "in-hand": OrderList(("sent", "working", "held")),
    "due-today": OrderList(_CLOCKED, "due > %(now)s AND due < %(tomorrow)s"),
    "overdue": _OVERDUE,
    "soon": OrderList(_CLOCKED, "(due <= %(now)s OR soon < %(now)s)"),  # what is late is soon no less
    "pause-over": OrderList(("held",), "pause_until <= %(now)s"),  # nobody went on, or named a later end
    "alarms": OrderList(("waiting", "sent", "working"), "priority = 'P0'"),
    "urgent": OrderList(OPEN, "priority IN ('P0', 'P1')"),
    "done-today": OrderList(_OVER, "completed_at >= %(today)s"),
    "late": _LATE,  # done late, or ended undone when it was overdue, within the last days
    "kept": _KEPT,
    "missed": OrderList(tuple(LANES), _MISSED),
    "promised": OrderList(tuple(LANES), f"({_MISSED} OR {_KEPT.term})"),
}
_RECENT = frozenset({"done-today", "late", "kept", "missed", "promised"})  # reach into what is over


class Sort(Enum):
    """The order of a list."""

    URGENT = "URGENT"
    LATEST = "LATEST"  # what is overdue longest, or will be first
    OLDEST = "OLDEST"
    NEWEST = "NEWEST"
    PLACE = "PLACE"
    PERSON = "PERSON"
    ENDED = "ENDED"


_ORDER_BY: Mapping[Sort, str] = {
    Sort.URGENT: URGENT_FIRST,
    Sort.LATEST: "ORDER BY due NULLS LAST, priority, opened_at",
    Sort.OLDEST: "ORDER BY opened_at",
    Sort.NEWEST: "ORDER BY opened_at DESC",
    Sort.PLACE: "ORDER BY body->>'building' IS NULL, nullif(substring(body->>'building' FROM '^[0-9]{1,9}'), '')::int,"
    " body->>'building', body->>'stairwell', opened_at",
    Sort.PERSON: "ORDER BY steward NULLS LAST, priority, due NULLS LAST, opened_at",
    Sort.ENDED: "ORDER BY settled DESC NULLS LAST, opened_at DESC",
}
NOBODY = UUID(int=0)  # asked for as a steward: orders that nobody has


def usual_sort(name: str) -> Sort:
    """How a list is sorted unless somebody asks: what needs somebody first, of the rest the newest."""
    return {"ended": Sort.ENDED, "done-today": Sort.ENDED, "all": Sort.NEWEST}.get(name, Sort.URGENT)


@dataclass(frozen=True, slots=True)
class Only:
    """What a list is narrowed to; ``None`` leaves all. ``state`` is the name of another list, ``age`` in days."""

    priority: Priority | None = None
    category: Category | None = None
    steward: UUID | None = None
    building: str | None = None
    state: str | None = None
    age: int | None = None
    mine: UUID | None = None  # who answers for it, or has it in hand

    def _terms(self, now: datetime) -> list[tuple[str, dict[str, Any]]]:
        nobody = self.steward == NOBODY
        old = now.astimezone(SHANGHAI) - timedelta(days=self.age or 0)
        asked: list[tuple[bool, str, dict[str, Any]]] = [
            (self.priority is not None, "priority = %(priority)s", {"priority": self.priority and self.priority.value}),
            (
                self.category is not None,
                "body->'state'->>'category' = %(category)s",
                {"category": self.category and self.category.value},
            ),
            (nobody, "steward IS NULL", {}),
            (self.steward is not None and not nobody, "steward = %(steward)s", {"steward": str(self.steward)}),
            (self.building is not None, "body->>'building' = %(building)s", {"building": self.building}),
            (self.state is not None, LISTS[self.state or "all"].term, {}),
            (self.age is not None, "opened_at <= %(old)s", {"old": old.isoformat()}),
            (
                self.mine is not None,
                "(steward = %(mine)s OR body->'state'->>'owner' = %(mine)s)",
                {"mine": str(self.mine)},
            ),
        ]
        return [(term, given) for wanted, term, given in asked if wanted]

    @property
    def nothing(self) -> bool:
        """Whether it leaves all."""
        return self == EVERYTHING

    def where(self, estate: str, now: datetime) -> tuple[str, dict[str, Any]]:
        """The condition over all orders of the estate that are left, with what it is asked for."""
        terms, given = ["estate = %(estate)s"], {"estate": estate, **_moments(now)}
        for term, more in self._terms(now):
            terms.append(term)
            given |= more
        return " AND ".join(terms), given


EVERYTHING = Only()


def _moments(now: datetime) -> dict[str, str]:
    """As the log has its times: then they sort as texts."""
    local = now.astimezone(SHANGHAI)
    today = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "now": local.isoformat(),
        "today": today.isoformat(),
        "tomorrow": (today + timedelta(days=1)).isoformat(),
        "since": (local - timedelta(days=PROMPT_DAYS)).isoformat(),
    }


def listed(
    conn: Connection,
    estate: str,
    name: str,
    now: datetime,
    limit: int,
    offset: int = 0,
    only: Only = EVERYTHING,
    sort: Sort | None = None,
) -> list[OrderCard]:
    """The orders of a list, page by page."""
    where, given = only.where(estate, now)
    by = _ORDER_BY[sort or usual_sort(name)]
    where = f"{where} AND {LISTS[name].term} {by} LIMIT %(limit)s OFFSET %(offset)s"
    return select(conn, ORDERS, where, {**given, "limit": limit, "offset": offset})


def sizes(
    conn: Connection, estate: str, names: Sequence[str], now: datetime, only: Only = EVERYTHING
) -> dict[str, int]:
    """How long each of these lists is."""
    where, given = only.where(estate, now)
    near = [name for name in names if name in _RECENT or set(LISTS[name].lanes) <= set(OPEN)]
    found: dict[str, int] = {}
    if near:
        counts = ", ".join(f"count(*) FILTER (WHERE {LISTS[name].term})" for name in near)
        row = _counted(conn, counts, f"{where} AND {_searched(near)}", given).fetchone()
        found = dict(zip(near, row or (), strict=True))
    for name in names:
        if name not in found:  # reaches back to the first order that ever ended
            row = _counted(conn, "count(*)", f"{where} AND {LISTS[name].term}", given).fetchone()
            found[name] = row[0] if row else 0
    return found


def _counted(conn: Connection, what: str, where: str, given: Mapping[str, Any]) -> psycopg.Cursor[tuple[Any, ...]]:
    query = SQL(f"SELECT {what} FROM {{}} WHERE {where}").format(shown(conn, ORDERS))
    return conn.execute(query, given)


def _searched(names: Sequence[str]) -> str:
    """Where rows of these lists are looked for, so that what ended long ago costs nothing."""
    still_open = "lane IN ({})".format(", ".join(f"'{lane}'" for lane in OPEN))
    if any(name in _RECENT for name in names):
        return f"({still_open} OR settled >= %(since)s)"
    return still_open


@dataclass(frozen=True, slots=True)
class Tally:
    """How many orders of each list stand in each lane with each steward, at one moment."""

    counts: tuple[tuple[str, UUID | None, Mapping[str, int]], ...]

    def of(self, name: str, *, lane: str | None = None, steward: UUID | None = None) -> int:
        """The length of a list, or of what of it stands in a lane or with a steward."""
        return sum(
            sizes[name]
            for where, who, sizes in self.counts
            if lane in (None, where) and (steward is None or steward == who)
        )

    def loads(self) -> dict[UUID, int]:
        """How many orders each steward has in hand."""
        stewards = {who for _, who, _ in self.counts if who is not None}
        return {who: load for who in stewards if (load := self.of("in-hand", steward=who))}


_TALLIED = ("all", "overdue", "due-today", "soon", "urgent", "alarms", "in-hand", "under-way", "pause-over")


def tally(conn: Connection, estate: str, now: datetime, only: Only = EVERYTHING) -> Tally:
    """All that has not ended, counted in one go."""
    where, given = only.where(estate, now)
    counts = ", ".join(f"count(*) FILTER (WHERE {LISTS[name].term})" for name in _TALLIED)
    searched = f"{where} AND {_searched(['open'])} GROUP BY lane, steward"
    rows = _counted(conn, f"lane, steward, {counts}", searched, given)
    return Tally(
        tuple(
            (lane, UUID(steward) if steward else None, dict(zip(_TALLIED, sizes, strict=True)))
            for lane, steward, *sizes in rows
        )
    )
