"""Private addresses of statements that were given out: for which dwelling, until when, and when last read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.account_statements.link import STATEMENT_LINK, StatementLinkIssued, StatementLinkRevoked, StatementRead
from domain.changed import changed
from domain.recorded import Recorded
from projections.projection import Connection, View, select


@dataclass(frozen=True)
class StatementLinkRow:
    """``until`` is the first day on which it opens nothing any more. The address itself is nowhere."""

    link: UUID
    estate: str
    dwelling: UUID
    owner: UUID
    until: date
    issued_by: UUID
    issued_at: datetime
    version: int
    revoked: bool = False
    read_at: datetime | None = None


_EVENTS = frozenset(STATEMENT_LINK.events)


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    return (str(recorded.stream),) if type(recorded.event) in _EVENTS else ()


def evolve(row: StatementLinkRow | None, recorded: Recorded[Any]) -> StatementLinkRow | None:
    event, act = recorded.event, recorded.act
    if isinstance(event, StatementLinkIssued):
        return StatementLinkRow(
            link=recorded.stream,
            estate=event.estate,
            dwelling=event.dwelling,
            owner=event.owner,
            until=event.until,
            issued_by=act.actor,
            issued_at=act.recorded_at,
            version=recorded.version,
        )
    if row is None:
        return None
    match event:
        case StatementLinkRevoked():
            return changed(row, version=recorded.version, revoked=True)
        case StatementRead():
            return changed(row, version=recorded.version, read_at=act.recorded_at)
    return row


STATEMENT_LINKS: View[StatementLinkRow] = View(
    name="statement_links",
    row=StatementLinkRow,
    keys=keys,
    events=_EVENTS,
    evolve=evolve,
    estates=lambda row: (row.estate,),
    columns={"dwelling": "body->>'dwelling'", "issued_at": "body->>'issued_at'"},
    indexes=("(dwelling)",),
)


def of_dwelling(conn: Connection, dwelling: UUID) -> list[StatementLinkRow]:
    """All that were given out for a dwelling, the newest first."""
    return select(conn, STATEMENT_LINKS, "dwelling = %s ORDER BY issued_at DESC LIMIT 50", (str(dwelling),))
