"""Payments as they stand: one row each, with what it settled, what is held of it, and what went back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, assert_never
from uuid import UUID

from domain.changed import changed
from domain.fees.fee_account import Allocation, Method, PaymentRecorded, RefundReason, RefundStage, ReversalReason
from domain.fees.fee_account.moved import given_after, payment_after
from domain.fees.fee_account.movements import (
    OF_PAYMENTS,
    Billed,
    Drawn,
    Held,
    InvoiceMoved,
    Movement,
    Received,
    RefundAsked,
    RefundDecided,
    Refunded,
    Released,
    Returned,
    Reversed,
    Settled,
    Undone,
    Voided,
    Waived,
    about_payment,
    moved_by,
    payments_moved,
)
from domain.money.evidence import Evidence
from domain.recorded import Act, Recorded
from projections.fees.bills import BillRow
from projections.projection import Connection, View, fetch, select


@dataclass(frozen=True)
class RefundLine:
    """One refund asked for: who asked, who decided, who paid."""

    refund: UUID
    amount: int
    reason: RefundReason
    asked_by: UUID
    asked_at: datetime
    stage: RefundStage = RefundStage.REQUESTED
    decided_by: UUID | None = None
    paid_by: UUID | None = None
    paid_on: date | None = None
    method: Method | None = None
    returned_on: date | None = None


@dataclass(frozen=True)
class PaymentRow:
    """Amounts in fen: ``amount`` = allocations + prepaid + overpaid + refunded, unless ``reversed``."""

    payment: UUID
    dwelling: UUID
    estate: str
    building: str | None
    payer: UUID
    amount: int
    method: Method
    paid_on: date
    receipt: str
    taken_by: UUID
    recorded_at: datetime
    recorded_version: int  # of the account: where the payment stands in its history
    line: UUID | None = None
    evidence: Evidence | None = None
    allocations: tuple[Allocation, ...] = ()
    prepaid: int = 0
    overpaid: int = 0
    refunded: int = 0
    reversed: ReversalReason | None = None
    refunds: tuple[RefundLine, ...] = ()
    refund_waits: str | None = None  # the stage of a refund that somebody has to see to


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    return map(str, payments_moved(recorded.event))


def evolve(row: PaymentRow | None, recorded: Recorded[Any]) -> PaymentRow | None:
    event, act = recorded.event, recorded.act
    if isinstance(event, PaymentRecorded):
        return _recorded(event, recorded)
    if row is None:
        return None
    for moved in moved_by(event):
        if about_payment(moved) == row.payment:
            row = _after(payment_after(row, moved), moved, act)
    return row


def _recorded(event: PaymentRecorded, recorded: Recorded[Any]) -> PaymentRow:
    assert recorded.estate is not None
    return PaymentRow(
        payment=event.payment,
        dwelling=event.dwelling,
        estate=recorded.estate,
        building=event.building,
        payer=event.payer,
        amount=event.amount,
        method=event.method,
        paid_on=event.paid_on,
        receipt=event.receipt,
        taken_by=recorded.act.actor,
        recorded_at=recorded.act.recorded_at,
        recorded_version=recorded.version,
        line=event.line,
        evidence=event.evidence,
    )


def _after(row: PaymentRow, moved: Movement, act: Act) -> PaymentRow:
    match moved:
        case Settled() | Drawn() | Released() | Undone():
            given = given_after({each.bill: each.amount for each in row.allocations}, moved)
            return changed(row, allocations=tuple(Allocation(bill, amount) for bill, amount in given.items()))
        case Reversed(reason=reason):
            return changed(row, reversed=reason)
        case RefundAsked(refund, _, amount, reason):
            return _with_refunds(row, *row.refunds, RefundLine(refund, amount, reason, act.actor, act.recorded_at))
        case RefundDecided(refund, _, stage):
            return _told(row, refund, stage=stage, decided_by=act.actor)
        case Refunded(refund, method=method, paid_on=paid_on):
            paid = {"paid_by": act.actor, "paid_on": paid_on, "method": method, "returned_on": None}
            return _told(row, refund, stage=RefundStage.PAID, **paid)
        case Returned(refund, returned_on=returned_on):
            return _told(row, refund, stage=RefundStage.RETURNED, returned_on=returned_on)
        case Billed() | Waived() | Voided() | Received() | Held() | InvoiceMoved():
            return row
        case _:
            assert_never(moved)


def _told(row: PaymentRow, refund: UUID, **fields: object) -> PaymentRow:
    told = (changed(each, **fields) if each.refund == refund else each for each in row.refunds)
    return _with_refunds(row, *told)


def _with_refunds(row: PaymentRow, *refunds: RefundLine) -> PaymentRow:
    waiting = {each.stage for each in refunds}
    stage = next((each for each in (RefundStage.REQUESTED, RefundStage.APPROVED) if each in waiting), None)
    return changed(row, refunds=refunds, refund_waits=stage.value if stage else None)


PAYMENTS: View[PaymentRow] = View(
    name="payments",
    row=PaymentRow,
    keys=keys,
    events=OF_PAYMENTS,
    evolve=evolve,
    estates=lambda row: (row.estate,),
    indexes=(
        "(dwelling, paid_on)",
        "(estate, paid_on, receipt)",
        "(receipt)",
        "(estate) WHERE refund_waits IS NOT NULL",
        "(taken_by, estate, recorded_at)",
    ),
    columns={
        "dwelling": "body->>'dwelling'",
        "estate": "body->>'estate'",
        "paid_on": "body->>'paid_on'",
        "receipt": "body->>'receipt'",
        "refund_waits": "body->>'refund_waits'",
        "taken_by": "body->>'taken_by'",
        "recorded_at": "body->>'recorded_at'",
    },
    withheld=(),
)


def payment(conn: Connection, id: UUID) -> PaymentRow | None:
    """One payment, if the connection may see its estate."""
    return fetch(conn, PAYMENTS, str(id))


def with_receipt(conn: Connection, estates: Sequence[str], number: str, limit: int) -> list[PaymentRow]:
    """Payments of these estates whose receipt has this number: each estate has a book of its own."""
    where = "receipt = %s AND estate = ANY(%s) ORDER BY estate LIMIT %s"
    return select(conn, PAYMENTS, where, (number, list(estates), limit))


def of_dwelling(conn: Connection, dwelling: UUID) -> list[PaymentRow]:
    """All payments of a dwelling, the newest first."""
    return select(conn, PAYMENTS, "dwelling = %s ORDER BY paid_on DESC, receipt DESC", (str(dwelling),))


def part_paid(conn: Connection, bills: Sequence[BillRow]) -> dict[UUID, tuple[date, ...]]:
    """The days on which their payers paid parts of these bills."""
    payers = {str(row.bill): str(row.payer) for row in bills}
    found: dict[UUID, tuple[date, ...]] = {}
    if payers:
        parts = conn.execute(  # what was reversed has none; only these parts are read of rows that have many
            "SELECT part->>'bill', body->>'payer', paid_on FROM payments,"
            " jsonb_array_elements(body->'allocations') part"
            " WHERE dwelling = ANY(%s) AND part->>'bill' = ANY(%s) ORDER BY paid_on",
            (list({str(row.dwelling) for row in bills}), list(payers)),
        )
        for bill, payer, day in parts:
            if payers[bill] == payer:
                found[UUID(bill)] = (*found.get(UUID(bill), ()), date.fromisoformat(day))
    return found


def of_days(conn: Connection, estate: str, since: date, until: date) -> list[PaymentRow]:
    """Payments of an estate from ``since`` to ``until`` (excluded) by day and receipt."""
    return select(
        conn,
        PAYMENTS,
        "estate = %s AND paid_on >= %s AND paid_on < %s ORDER BY paid_on, receipt",
        (estate, since.isoformat(), until.isoformat()),
    )


def by_hand(
    conn: Connection, estate: str, methods: Iterable[Method], amounts: Iterable[int], since: date, until: date
) -> list[PaymentRow]:
    """Payments of these amounts that people took down in an estate for these days, both included."""
    return select(
        conn,
        PAYMENTS,
        "estate = %s AND paid_on >= %s AND paid_on <= %s AND body->>'method' = ANY(%s)"
        " AND (body->>'amount')::bigint = ANY(%s) AND body->>'line' IS NULL AND body->>'reversed' IS NULL"
        " ORDER BY paid_on, receipt",
        (estate, since.isoformat(), until.isoformat(), [each.value for each in methods], sorted(amounts)),
    )


def refunds_waiting(conn: Connection, estate: str) -> list[PaymentRow]:
    """Payments of an estate with a refund that waits for a decision or to be paid out."""
    return select(conn, PAYMENTS, "estate = %s AND refund_waits IS NOT NULL ORDER BY paid_on", (estate,))


def by_id(conn: Connection, ids: Iterable[UUID]) -> dict[UUID, PaymentRow]:
    """Those of these payments that may be seen."""
    wanted = [str(id) for id in set(ids)]
    return {row.payment: row for row in select(conn, PAYMENTS, "key = ANY(%s)", (wanted,))}


def taken_lately(conn: Connection, estate: str, by: UUID, most: int) -> list[PaymentRow]:
    """What somebody took last in an estate, the newest first."""
    where = "taken_by = %s AND estate = %s ORDER BY recorded_at DESC LIMIT %s"
    return select(conn, PAYMENTS, where, (str(by), estate, most))


def taken_on(conn: Connection, estate: str, day: date, by: UUID | None = None) -> tuple[int, int]:
    """How many payments of a day there are in an estate and what they come to, in fen; ``by`` one person alone."""
    found = conn.execute(
        "SELECT count(*), coalesce(sum((body->>'amount')::bigint), 0) FROM payments"
        " WHERE estate = %s AND paid_on = %s AND body->>'reversed' IS NULL AND (%s::text IS NULL OR taken_by = %s)",
        (estate, day.isoformat(), by and str(by), by and str(by)),
    ).fetchone()
    assert found is not None
    return found[0], int(found[1])
