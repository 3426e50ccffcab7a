"""Refunds that were asked for: who asked, who decided, who paid them out. What was said of them stands in the log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.capacity import Capacity
from domain.changed import changed
from domain.fees.fee_account import (
    Method,
    PrepaymentRefunded,
    RefundApproved,
    RefundReason,
    RefundRejected,
    RefundRequested,
    RefundStage,
)
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


_EVENTS = (RefundRequested, RefundApproved, RefundRejected, PrepaymentRefunded)


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    return (str(recorded.event.refund),) if isinstance(recorded.event, _EVENTS) else ()


def evolve(row: RefundRow | None, recorded: Recorded[Any]) -> RefundRow | None:
    event, step = recorded.event, _step(recorded.act)
    if isinstance(event, RefundRequested):
        if recorded.estate is None:
            return None
        return RefundRow(
            refund=event.refund,
            account=recorded.stream,
            estate=recorded.estate,
            payment=event.payment,
            amount=event.amount,
            reason=event.reason,
            asked=step,
            position=recorded.position,
        )
    if row is None:
        return None
    match event:
        case RefundApproved():
            return changed(row, stage=RefundStage.APPROVED, decided=step)
        case RefundRejected():
            return changed(row, stage=RefundStage.REJECTED, decided=step)
        case PrepaymentRefunded():
            return changed(row, stage=RefundStage.PAID, paid=step, method=event.method)
    return row


def _step(act: Act) -> Step:
    return Step(act.actor, act.acting_as, act.recorded_at)


REFUNDS: View[RefundRow] = View(
    name="refunds",
    row=RefundRow,
    keys=keys,
    evolve=evolve,
    estates=lambda row: (row.estate,),
    columns={"estate": "body->>'estate'", "payment": "body->>'payment'", "stage": "body->>'stage'"},
    indexes=("(estate, stage)", "(payment)"),
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
        "estate = ANY(%s) AND stage IN ('PAID', 'REJECTED') ORDER BY position DESC LIMIT %s",
        (list(estates), MOST_DONE),
    )


def of_payment(conn: Connection, payment: UUID) -> list[RefundRow]:
    """All refunds that were asked for of a payment."""
    return select(conn, REFUNDS, "payment = %s ORDER BY position", (str(payment),))
