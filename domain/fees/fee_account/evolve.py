"""What each event makes of an account."""

from collections.abc import Sequence
from typing import assert_never
from uuid import UUID

from domain.changed import changed
from domain.fees.fee_account.events import (
    BillIssued,
    BillVoided,
    Event,
    FeeAccountOpened,
    InvoiceIssued,
    InvoiceRequested,
    InvoiceRequestWithdrawn,
    InvoiceReversed,
    OverpaymentHeld,
    PaymentAllocated,
    PaymentFoundOnStatement,
    PaymentRecorded,
    PaymentReleasedFromStatement,
    PaymentReversed,
    PrepaymentDrawn,
    PrepaymentHeld,
    PrepaymentRefunded,
    RefundApproved,
    RefundRejected,
    RefundRequested,
    WaiverGranted,
)
from domain.fees.fee_account.state import Bill, FeeAccount, Invoice, InvoiceStage, Payment, Refund, RefundStage
from domain.fees.fee_account.vocabulary import Draw
from domain.recorded import Act


def evolve(account: FeeAccount, event: Event, act: Act) -> FeeAccount:
    match event:
        case FeeAccountOpened(dwelling, estate, building):
            return changed(account, dwelling=dwelling, estate=estate, building=building)
        case BillIssued():
            bill = Bill(
                event.number,
                event.item,
                event.since,
                event.until,
                event.payer,
                event.amount,
                event.due,
                event.reference,
                contract=event.contract,
            )
            return changed(account, bills={**account.bills, event.bill: bill})
        case BillVoided(id, _, freed):
            bills = {**account.bills, id: changed(account.bills[id], voided=True, paid=0)}
            payments = dict(account.payments)
            for back in freed:
                payment = payments[back.payment]
                allocated = {bill: amount for bill, amount in payment.allocated.items() if bill != id}
                payments[back.payment] = changed(payment, allocated=allocated, prepaid=payment.prepaid + back.amount)
            return changed(account, bills=bills, payments=payments)
        case PaymentRecorded():
            line = event.line
            new = Payment(event.payer, event.amount, event.method, event.paid_on, event.receipt, line, line is not None)
            return changed(account, payments={**account.payments, event.payment: new})
        case PaymentAllocated(id, allocations):
            bills, allocated = dict(account.bills), dict(account.payments[id].allocated)
            for each in allocations:
                bills[each.bill] = changed(bills[each.bill], paid=bills[each.bill].paid + each.amount)
                allocated[each.bill] = allocated.get(each.bill, 0) + each.amount
            return _with_payment(changed(account, bills=bills), id, allocated=allocated)
        case PrepaymentHeld(id, amount):
            return _with_payment(account, id, prepaid=account.payments[id].prepaid + amount)
        case OverpaymentHeld(id, amount):
            return _with_payment(account, id, overpaid=account.payments[id].overpaid + amount)
        case PrepaymentDrawn(draws):
            return _drawn(account, draws)
        case PaymentReversed(id, _, undone):
            bills = dict(account.bills)
            for each in undone:
                bills[each.bill] = changed(bills[each.bill], paid=bills[each.bill].paid - each.amount)
            gone = {"reversed": True, "allocated": {}, "prepaid": 0, "overpaid": 0, "line": None}
            return _with_payment(changed(account, bills=bills), id, **gone)
        case PaymentFoundOnStatement(id, line):
            return _with_payment(account, id, line=line)
        case PaymentReleasedFromStatement(id):
            return _with_payment(account, id, line=None)
        case RefundRequested(id, payment, amount):
            return changed(account, refunds={**account.refunds, id: Refund(payment, amount, act.actor)})
        case RefundApproved(id):
            return _with_refund(account, id, RefundStage.APPROVED)
        case RefundRejected(id):
            return _with_refund(account, id, RefundStage.REJECTED)
        case PrepaymentRefunded(id, payment, amount, overpaid):
            paid = account.payments[payment]
            account = _with_refund(account, id, RefundStage.PAID)
            return _with_payment(
                account,
                payment,
                overpaid=paid.overpaid - overpaid,
                prepaid=paid.prepaid - (amount - overpaid),
                refunded=paid.refunded + amount,
            )
        case WaiverGranted(id, amount):
            waived = changed(account.bills[id], waived=account.bills[id].waived + amount)
            return changed(account, bills={**account.bills, id: waived})
        case InvoiceRequested(id, payment, amount):
            return changed(account, invoices={**account.invoices, id: Invoice(payment, amount)})
        case InvoiceRequestWithdrawn(id):
            return _with_invoice(account, id, stage=InvoiceStage.WITHDRAWN)
        case InvoiceIssued(id, _, _, issued_on):
            return _with_invoice(account, id, stage=InvoiceStage.ISSUED, issued_on=issued_on)
        case InvoiceReversed(id, _, _, issued_on):
            return _with_invoice(account, id, stage=InvoiceStage.REVERSED, issued_on=issued_on)
        case _:
            assert_never(event)


def _drawn(account: FeeAccount, draws: Sequence[Draw]) -> FeeAccount:
    bills, payments = dict(account.bills), dict(account.payments)
    for each in draws:
        bill, payment = bills[each.bill], payments[each.payment]
        bills[each.bill] = changed(bill, paid=bill.paid + each.amount)
        allocated = {**payment.allocated, each.bill: payment.allocated.get(each.bill, 0) + each.amount}
        prepaid = min(payment.prepaid, each.amount)  # what was prepaid goes before what was paid too much
        payments[each.payment] = changed(
            payment,
            allocated=allocated,
            prepaid=payment.prepaid - prepaid,
            overpaid=payment.overpaid - (each.amount - prepaid),
        )
    return changed(account, bills=bills, payments=payments)


def _with_payment(account: FeeAccount, id: UUID, **fields: object) -> FeeAccount:
    return changed(account, payments={**account.payments, id: changed(account.payments[id], **fields)})


def _with_refund(account: FeeAccount, id: UUID, stage: RefundStage) -> FeeAccount:
    return changed(account, refunds={**account.refunds, id: changed(account.refunds[id], stage=stage)})


def _with_invoice(account: FeeAccount, id: UUID, **fields: object) -> FeeAccount:
    return changed(account, invoices={**account.invoices, id: changed(account.invoices[id], **fields)})
