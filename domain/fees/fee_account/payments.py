"""Payments: what comes in and settles bills, what is held, what did not stand."""

from datetime import date, timedelta
from uuid import UUID, uuid5

from domain.calendar import local_date
from domain.capacity import Capacity
from domain.fees.fee_account.bills import bill_of, check_amount
from domain.fees.fee_account.commands import RecordPayment
from domain.fees.fee_account.draws import debts
from domain.fees.fee_account.events import (
    BillIssued,
    Event,
    OverpaymentHeld,
    PaymentAllocated,
    PaymentRecorded,
    PaymentReversed,
    PrepaymentHeld,
)
from domain.fees.fee_account.state import FeeAccount, Payment
from domain.fees.fee_account.vocabulary import Allocation, Basis, Method, Reclaim, RefundStage, ReversalReason
from domain.money.allocation import allocate
from domain.money.amount import yuan
from domain.money.items import FeeItem
from domain.recorded import Act
from domain.refusal import refuse_done, refuse_if, reject_if
from domain.told_late import TOLERANCE
from domain.words import Personal

UNDO_WITHIN = timedelta(seconds=30)  # of a payment by whoever took it down
FIRST_PAID = date(2000, 1, 1)  # before that somebody mistyped the year


def check_paid_on(day: date, act: Act, field: str = "paid_on") -> None:
    """Money changed hands on a day that has come, and not in another age."""
    reject_if(day > local_date(act.recorded_at), "future", field=field)
    reject_if(day < FIRST_PAID, "too_long_ago", field=field)


def payment_received(account: FeeAccount, paid: RecordPayment, act: Act) -> list[Event]:
    before = account.payments.get(paid.payment)
    refuse_done(before.taken if before else None, "payment_recorded", before.method if before else None)
    refuse_if(before is not None, "payment_recorded")
    check_amount(paid.amount)
    check_paid_on(paid.paid_on, act)
    _check_cash_day(paid, act)
    for named in paid.bills:
        refuse_if(not bill_of(account, named).open, "bill_settled", number=account.bills[named].number)
    theirs = debts(account, lambda id, bill: bill.payer == paid.payer or id in paid.bills)
    given = allocate(paid.amount, theirs, paid.order, paid.bills)
    left = paid.amount - sum(amount for _, amount in given)
    prepaid = min(left, max(paid.prepay_limit, 0))
    most = paid.amount - left + prepaid
    reject_if(left > prepaid and not paid.accept_excess, "over_prepayment_limit", field="amount", most=yuan(most))
    assert account.dwelling is not None
    events: list[Event] = [
        PaymentRecorded(
            dwelling=account.dwelling,
            building=account.building,
            payment=paid.payment,
            payer=paid.payer,
            amount=paid.amount,
            method=paid.method,
            paid_on=paid.paid_on,
            receipt=paid.receipt,
            line=paid.line,
            evidence=paid.evidence,
            reference=paid.reference,
        )
    ]
    if given:
        events.append(PaymentAllocated(paid.payment, tuple(Allocation(bill, amount) for bill, amount in given)))
    if prepaid:
        events.append(PrepaymentHeld(paid.payment, prepaid))
    if left > prepaid:
        events.append(OverpaymentHeld(paid.payment, left - prepaid))
    return events


def _check_cash_day(paid: RecordPayment, act: Act) -> None:
    """Penalties and limitation go by the day of a payment, and of cash nobody but who took it knows that day.

    So a cashier takes cash down on the day; an earlier one is stated by whoever keeps the accounts.
    """
    alone = paid.method is Method.CASH and act.acting_as is Capacity.CASHIER
    reject_if(alone and paid.paid_on < local_date(act.recorded_at - TOLERANCE), "cash_day", field="paid_on")


def payment_reversed(
    account: FeeAccount, payment: UUID, reason: ReversalReason, text: Personal, act: Act
) -> list[Event]:
    """The payment does not stand; what was refunded of it is owed back, each refund by itself and at once."""
    found = account.payments.get(payment)
    refuse_if(found is None, "unknown_payment")
    assert found is not None
    refuse_done(found.told if found.reversed else None, "payment_reversed")
    refuse_if(bool(account.invoiced(payment)), "invoice_first")
    waits = any(refund.payment == payment and refund.pending for refund in account.refunds.values())
    refuse_if(waits, "refund_first")
    undone = tuple(Allocation(bill, amount) for bill, amount in found.allocated.items() if amount)
    return [PaymentReversed(payment, reason, undone, text), *_reclaimed(account, payment, local_date(act.recorded_at))]


def _reclaimed(account: FeeAccount, payment: UUID, today: date) -> list[BillIssued]:
    """What was paid out of a payment that did not come, owed by its payer, whose money it was taken for."""
    assert account.dwelling is not None
    paid, found = account.payments[payment], list[BillIssued]()
    for id, refund in account.refunds.items():
        if refund.payment != payment or refund.stage is not RefundStage.PAID:
            continue
        assert refund.paid_on is not None
        found.append(
            BillIssued(
                dwelling=account.dwelling,
                building=account.building,
                bill=uuid5(id, "reclaimed"),
                number=f"TH-{paid.receipt}-{len(found) + 1}",
                item=FeeItem.RECLAIMED_REFUND,
                since=today,
                until=today + timedelta(days=1),
                payer=paid.payer,
                amount=refund.amount,
                due=today,
                basis=Basis(),
                reference=id,
                reclaims=Reclaim(id, payment, paid.receipt, refund.paid_on),
            )
        )
    return found


def payment_undone(account: FeeAccount, payment: UUID, act: Act) -> list[Event]:
    """A slip of the hand is taken back by whoever made it, within seconds; afterwards others decide about it."""
    found = payment_of(account, payment)
    refuse_if(found.line is not None, "undo_on_statement")
    refuse_if(found.taken is None or found.taken.actor != act.actor, "undo_not_own")
    late = found.taken is None or act.recorded_at > found.taken.recorded_at + UNDO_WITHIN
    refuse_if(late, "undo_too_late", seconds=int(UNDO_WITHIN.total_seconds()))
    refuse_if(bool(found.refunded), "refunded_before")
    return payment_reversed(account, payment, ReversalReason.AT_ONCE, None, act)


def payment_of(account: FeeAccount, payment: UUID) -> Payment:
    refuse_if(payment not in account.payments, "unknown_payment")
    found = account.payments[payment]
    refuse_done(found.told if found.reversed else None, "payment_reversed")
    return found
