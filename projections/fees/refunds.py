"""Refunds that were asked for: who asked, who decided, who paid them out. What was said of them stands in the log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.capacity import Capacity
from domain.changed import changed
from domain.fees.fee_account import (
    Method,
    RefundReason,
    RefundReturned,
    RefundReturnFound,
    RefundReturnWithdrawn,
    RefundStage,
)
from domain.fees.fee_account.movements import OF_REFUNDS, RefundAsked, RefundDecided, Refunded, Returned, moved_by
from domain.recorded import Act, Recorded
from projections.projection import Connection, View, fetch, select

MOST_DONE = 50


@dataclass(frozen=True, slots=True)
class Step:
    """Who did it, as what, and when it was written down."""

    who: UUID
    acting_as: Capacity
    at: datetime


@dataclass(frozen=True)
class RefundRow:
    """One refund; ``amount`` in fen, ``account`` the stream of the account that it leaves."""

    refund: UUID
    account: UUID
    estate: str
    payment: UUID
    amount: int
    reason: RefundReason
    asked: Step
    stage: RefundStage = RefundStage.REQUESTED
    decided: Step | None = None
    paid: Step | None = None
    method: Method | None = None
    position: int = 0
    paid_on: date | None = None
    returned: Step | None = None
    returned_on: date | None = None
    line: UUID | None = None  # of a statement that brought it back


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    if isinstance(recorded.event, RefundReturnFound):
        return [str(recorded.event.refund)]
    return [str(moved.refund) for moved in moved_by(recorded.event) if isinstance(moved, _ABOUT)]


_ABOUT = (RefundAsked, RefundDecided, Refunded, Returned)


def evolve(row: RefundRow | None, recorded: Recorded[Any]) -> RefundRow | None:
    event = recorded.event
    if row is not None and isinstance(event, RefundReturned | RefundReturnFound):
        row = changed(row, line=event.line)
    elif row is not None and isinstance(event, RefundReturnWithdrawn):
        row = changed(row, line=None)
    for moved in moved_by(event):
        match moved:
            case RefundAsked():
                row = _asked(moved, recorded)
            case RefundDecided(stage=stage) if row is not None:
                row = changed(row, stage=stage, decided=_step(recorded.act))
            case Refunded(method=method, paid_on=paid_on) if row is not None:
                paid = {"paid": _step(recorded.act), "method": method, "paid_on": row.paid_on or paid_on}
                row = changed(row, stage=RefundStage.PAID, **paid, returned=None, returned_on=None)
            case Returned(returned_on=returned_on) if row is not None:
                back = {"returned": _step(recorded.act), "returned_on": returned_on}
                row = changed(row, stage=RefundStage.RETURNED, **back)
    return row


def _asked(asked: RefundAsked, recorded: Recorded[Any]) -> RefundRow | None:
    if recorded.estate is None:
        return None
    return RefundRow(
        refund=asked.refund,
        account=recorded.stream,
        estate=recorded.estate,
        payment=asked.payment,
        amount=asked.amount,
        reason=asked.reason,
        asked=_step(recorded.act),
        position=recorded.position,
    )


def _step(act: Act) -> Step:
    return Step(act.actor, act.acting_as, act.recorded_at)


REFUNDS: View[RefundRow] = View(
    name="refunds",
    row=RefundRow,
    keys=keys,
    events=OF_REFUNDS | {RefundReturnFound},
    evolve=evolve,
    estates=lambda row: (row.estate,),
    columns={"estate": "body->>'estate'", "payment": "body->>'payment'", "stage": "body->>'stage'"},
    indexes=("(estate, stage)", "(payment)"),
    withheld=(),
)


def refund(conn: Connection, id: UUID) -> RefundRow | None:
    """One refund."""
    return fetch(conn, REFUNDS, str(id))


def pending(conn: Connection, estates: Sequence[str]) -> list[RefundRow]:
    """Refunds that wait for somebody, the oldest first."""
    return select(
        conn, REFUNDS, "estate = ANY(%s) AND stage IN ('REQUESTED', 'APPROVED') ORDER BY position", (list(estates),)
    )


def done(conn: Connection, estates: Sequence[str]) -> list[RefundRow]:
    """The refunds that were paid out or rejected last, the newest first."""
    return select(
        conn,
        REFUNDS,
        "estate = ANY(%s) AND stage IN ('PAID', 'REJECTED', 'RETURNED') ORDER BY position DESC LIMIT %s",
        (list(estates), MOST_DONE),
    )


def may_be_back(
    conn: Connection, estate: str, methods: Iterable[Method], amounts: Iterable[int], since: date, until: date
) -> list[RefundRow]:
    """Refunds of these amounts that were paid out in these days, both included, and that no line brought back yet."""
    return select(
        conn,
        REFUNDS,
        "estate = %s AND stage IN ('PAID', 'RETURNED') AND body->>'line' IS NULL AND body->>'method' = ANY(%s)"
        " AND (body->>'amount')::bigint = ANY(%s) AND body->>'paid_on' >= %s AND body->>'paid_on' <= %s"
        " ORDER BY (body->>'position')::bigint DESC",
        (estate, [each.value for each in methods], sorted(amounts), since.isoformat(), until.isoformat()),
    )


def of_payment(conn: Connection, payment: UUID) -> list[RefundRow]:
    """All refunds that were asked for of a payment."""
    return select(conn, REFUNDS, "payment = %s ORDER BY position", (str(payment),))
