"""What somebody answers for (INV-18): orders in hand or at the desk, and lines of the notebook that wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from projections.cases.notebook import NOTEBOOK, IssueLine
from projections.cases.orders import ORDERS, OrderCard
from projections.projection import Connection, select

_RUNNING = "estate = ANY(%s) AND lane IN ('waiting', 'sent', 'working', 'checking', 'held')"
_THEIRS = "%s IN (steward, body->'state'->>'owner', body->'state'->>'desk')"
_WAITING = "estate = ANY(%s) AND status IN ('NOTED', 'TRIAGED') AND body->'state'->>'owner' = %s"


@dataclass(frozen=True, slots=True)
class Answering:
    """``orders`` and ``lines`` as the views show them, which may lag for a moment."""

    orders: Sequence[OrderCard]
    lines: Sequence[IssueLine]


def answering(conn: Connection, person: UUID, estates: Sequence[str]) -> Answering:
    """What this person answers for in these estates, the oldest first."""
    theirs = (list(estates), str(person))
    return Answering(
        select(conn, ORDERS, f"{_RUNNING} AND {_THEIRS} ORDER BY opened_at", theirs),
        select(conn, NOTEBOOK, f"{_WAITING} ORDER BY noted_at", theirs),
    )


def shown_up_to(conn: Connection) -> int:
    """The position up to which both views show what happened; read first, what is read after it shows no less."""
    names = [ORDERS.name, NOTEBOOK.name]
    row = conn.execute(
        "SELECT min(coalesce(p.position, 0)) FROM unnest(%s::text[]) AS n (name)"
        " LEFT JOIN view.positions p USING (name)",
        (names,),
    ).fetchone()
    return int(row[0]) if row and row[0] is not None else 0
