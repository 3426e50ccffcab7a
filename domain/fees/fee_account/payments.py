"""Payments: what comes in and settles bills, what is held and drawn, what did not stand."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from domain.calendar import local_date
from domain.capacity import Capacity
from domain.fees.fee_account.bills import bill_of, check_amount
from domain.fees.fee_account.commands import RecordPayment
from domain.fees.fee_account.events import (
    Event,
    OverpaymentHeld,
    PaymentAllocated,
    PaymentRecorded,
    PaymentReversed,
    PrepaymentHeld,
)
from domain.fees.fee_account.state import Bill, FeeAccount, Payment
from domain.fees.fee_account.vocabulary import Allocation, Draw, Method, ReversalReason
from domain.money.allocation import AllocationOrder, Debt, DebtPart, allocate
from domain.money.amount import yuan
from domain.money.items import FeeItem
from domain.recorded import Act
from domain.refusal import refuse_done, refuse_if, reject_if
from domain.told_late import TOLERANCE
from domain.words import Personal

FIRST_PAID = date(2000, 1, 1)  # before that somebody mistyped the year


def check_paid_on(day: date, act: Act) -> None:
    """Money changed hands on a day that has come, and not in another age."""
    reject_if(day > local_date(act.recorded_at), "future", field="paid_on")
    reject_if(day < FIRST_PAID, "too_long_ago", field="paid_on")


def payment_received(account: FeeAccount, paid: RecordPayment, act: Act) -> list[Event]:
    refuse_if(paid.payment in account.payments, "payment_recorded")
    check_amount(paid.amount)
    check_paid_on(paid.paid_on, act)
    _check_cash_day(paid, act)
    for named in paid.bills:
        refuse_if(not bill_of(account, named).open, "bill_settled", number=account.bills[named].number)
    theirs = _debts(account, lambda id, bill: bill.payer == paid.payer or id in paid.bills)
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


def prepayment_draws(account: FeeAccount, day: date, order: AllocationOrder) -> tuple[Draw, ...]:
    """Each payer's money pays the payer's own bills, the oldest money first."""
    draws: list[Draw] = []
    pots: dict[UUID, dict[UUID, int]] = {}  # by payer and payment
    for id, payment in account.payments.items():
        if account.available(id) > 0:
            pots.setdefault(payment.payer, {})[id] = account.available(id)
    for payer, left in pots.items():
        due = _debts(account, lambda _, bill, payer=payer: bill.payer == payer and bill.due <= day)  # type: ignore[misc]
        for bill, amount in allocate(sum(left.values()), due, order):
            for payment_id, held in left.items():
                drawn = min(amount, held)
                if drawn:
                    draws.append(Draw(payment_id, bill, drawn))
                    left[payment_id] -= drawn
                    amount -= drawn
    return tuple(draws)


def payment_reversed(account: FeeAccount, payment: UUID, reason: ReversalReason, text: Personal) -> list[Event]:
    found = account.payments.get(payment)
    refuse_if(found is None, "unknown_payment")
    assert found is not None
    refuse_done(found.told if found.reversed else None, "payment_reversed")
    refuse_if(bool(account.invoiced(payment)), "invoice_first")
    back = found.refunded or any(refund.payment == payment and refund.pending for refund in account.refunds.values())
    refuse_if(bool(back), "refunded_before")
    undone = tuple(Allocation(bill, amount) for bill, amount in found.allocated.items() if amount)
    return [PaymentReversed(payment, reason, undone, text)]


def _debts(account: FeeAccount, wanted: Callable[[UUID, Bill], bool]) -> list[Debt]:
    found = []
    for id, bill in account.open_bills().items():
        if not wanted(id, bill):
            continue
        part, principal, due = DebtPart.PRINCIPAL, None, bill.due
        if bill.item in (FeeItem.LATE_PENALTY, FeeItem.ENFORCEMENT_COST) and bill.reference is not None:
            part = DebtPart.PENALTY if bill.item is FeeItem.LATE_PENALTY else DebtPart.COST
            principal, due = bill.reference, account.bills[bill.reference].due
        found.append(Debt(id, bill.open, due, part, principal))
    return found


def payment_of(account: FeeAccount, payment: UUID) -> Payment:
    refuse_if(payment not in account.payments, "unknown_payment")
    found = account.payments[payment]
    refuse_done(found.told if found.reversed else None, "payment_reversed")
    return found
