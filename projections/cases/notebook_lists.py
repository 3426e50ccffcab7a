"""Lists of the notebook by name: a figure counts, and a page lists, by the one condition that stands here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from psycopg.sql import SQL

from domain.calendar import SHANGHAI
from domain.cases.issue import Channel
from projections.cases.notebook import NOTEBOOK, IssueLine, with_chains
from projections.projection import Connection, select, shown

LISTS: Mapping[str, str] = {
    "all": "true",
    "waiting": "status IN ('NOTED', 'TRIAGED')",
    "late": "due <= %(now)s",  # nobody has dealt with it in time
    "danger": "danger IS NOT NULL",  # to somebody's life, as long as the line waits
    "PROMOTED": "status = 'PROMOTED'",
    "ADVISED": "status = 'ADVISED'",
    "MERGED": "status = 'MERGED'",
    "DROPPED": "status = 'DROPPED'",
}


class LineSort(Enum):
    """The order of a list of lines; danger to life that waits stands before all, however it is sorted."""

    NEWEST = "NEWEST"
    OLDEST = "OLDEST"
    PLACE = "PLACE"
    LATEST = "LATEST"  # what is overdue longest, or will be first


_ORDER_BY: Mapping[LineSort, str] = {
    LineSort.NEWEST: "noted_at DESC",
    LineSort.OLDEST: "noted_at",
    LineSort.LATEST: "due NULLS LAST, noted_at",
    LineSort.PLACE: "body->>'building' IS NULL, nullif(substring(body->>'building' FROM '^[0-9]{1,9}'), '')::int,"
    " body->>'building', body->>'stairwell', noted_at",
}


@dataclass(frozen=True, slots=True)
class LinesOnly:
    """What a list is narrowed to; ``None`` leaves all. ``age`` in days. Danger to life is never narrowed away."""

    building: str | None = None
    channel: Channel | None = None
    age: int | None = None
    urgent: bool = False  # triaged as P0 or P1
    mine: UUID | None = None  # who answers for it
    soon: bool = False  # what grows late before long

    def _terms(self, now: datetime) -> list[tuple[str, dict[str, Any]]]:
        old = now.astimezone(SHANGHAI) - timedelta(days=self.age or 0)
        asked: list[tuple[bool, str, dict[str, Any]]] = [
            (self.building is not None, "body->>'building' = %(building)s", {"building": self.building}),
            (
                self.channel is not None,
                "body->>'channel' = %(channel)s",
                {"channel": self.channel and self.channel.value},
            ),
            (self.age is not None, "noted_at <= %(old)s", {"old": old.isoformat()}),
            (self.urgent, "body->'state'->'triage'->>'priority' IN ('P0', 'P1')", {}),
            (self.mine is not None, "body->'state'->>'owner' = %(mine)s", {"mine": str(self.mine)}),
            (self.soon, "(due <= %(now)s OR soon < %(now)s)", {}),
        ]
        return [(term, given) for wanted, term, given in asked if wanted]

    @property
    def nothing(self) -> bool:
        """Whether it leaves all."""
        return self == ALL_LINES

    def where(self, estate: str, now: datetime) -> tuple[str, dict[str, Any]]:
        """The condition over all lines of the estate that are left, with what it is asked for."""
        given: dict[str, Any] = {"estate": estate, "now": now.astimezone(SHANGHAI).isoformat()}
        terms = []
        for term, more in self._terms(now):
            terms.append(term)
            given |= more
        narrowed = f" AND (danger IS NOT NULL OR ({' AND '.join(terms)}))" if terms else ""
        return f"estate = %(estate)s{narrowed}", given


ALL_LINES = LinesOnly()


def listed(
    conn: Connection,
    estate: str,
    name: str,
    now: datetime,
    limit: int,
    offset: int = 0,
    only: LinesOnly = ALL_LINES,
    sort: LineSort = LineSort.NEWEST,
) -> list[IssueLine]:
    """The lines of a list, page by page; in what waits, danger to life first."""
    where, given = only.where(estate, now)
    first = "(danger IS NULL), " if name == "waiting" else ""
    where = f"{where} AND {LISTS[name]} ORDER BY {first}{_ORDER_BY[sort]} LIMIT %(limit)s OFFSET %(offset)s"
    return with_chains(conn, select(conn, NOTEBOOK, where, {**given, "limit": limit, "offset": offset}))


def inbox(conn: Connection, estate: str, now: datetime, limit: int, only: LinesOnly | None = None) -> list[IssueLine]:
    """Lines that wait for an answer, newest first; danger to life before all, and none of it ever left out."""
    where, given = (only or ALL_LINES).where(estate, now)
    burning = select(conn, NOTEBOOK, f"{where} AND {LISTS['danger']} ORDER BY noted_at DESC", given)
    calm = f"{where} AND {LISTS['waiting']} AND danger IS NULL ORDER BY noted_at DESC LIMIT %(limit)s"
    others = select(conn, NOTEBOOK, calm, {**given, "limit": max(limit - len(burning), 0)})
    return with_chains(conn, burning + others)


def size(conn: Connection, estate: str, name: str, now: datetime, only: LinesOnly = ALL_LINES) -> int:
    """How long a list is."""
    where, given = only.where(estate, now)
    query = SQL(f"SELECT count(*) FROM {{}} WHERE {where} AND {LISTS[name]}").format(shown(conn, NOTEBOOK))
    found = conn.execute(query, given).fetchone()
    return int(found[0]) if found else 0


def sizes(
    conn: Connection, estate: str, names: Sequence[str], now: datetime, only: LinesOnly = ALL_LINES
) -> dict[str, int]:
    """How long each of these lists is."""
    where, given = only.where(estate, now)
    counts = ", ".join(f"count(*) FILTER (WHERE {LISTS[name]})" for name in names)
    row = conn.execute(SQL(f"SELECT {counts} FROM {{}} WHERE {where}").format(shown(conn, NOTEBOOK)), given).fetchone()
    assert row is not None
    return dict(zip(names, row, strict=True))
