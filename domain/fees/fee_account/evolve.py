"""What each event makes of an account."""

from typing import assert_never
from uuid import UUID

from domain.calendar import local_date
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
    RefundReturned,
    RefundReturnFound,
    RefundReturnWithdrawn,
    WaiverGranted,
)
from domain.fees.fee_account.moved import bill_after, given_after, payment_after
from domain.fees.fee_account.movements import (
    Billed,
    Drawn,
    Held,
    InvoiceMoved,
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
    movements,
)
from domain.fees.fee_account.state import Bill, FeeAccount, Invoice, Payment, Refund, Waiver
from domain.fees.fee_account.vocabulary import InvoiceStage, RefundStage
from domain.recorded import Act


def evolve(account: FeeAccount, event: Event, act: Act) -> FeeAccount:
    after, day = _evolved(account, event, act), local_date(act.recorded_at)
    return after if after.day == day else changed(after, day=day)


def _evolved(account: FeeAccount, event: Event, act: Act) -> FeeAccount:
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
        case PaymentRecorded():
            line = event.line
            told = (event.payer, event.amount, event.method, event.paid_on, event.receipt)
            new = Payment(*told, line, line is not None, taken=act)
            return changed(account, payments={**account.payments, event.payment: new})
        case (
            PaymentAllocated()
            | PrepaymentHeld()
            | OverpaymentHeld()
            | PrepaymentDrawn()
            | BillVoided()
            | PaymentReversed()
        ):
            return _moved(account, event, act)
        case WaiverGranted(id, amount, reason, rule):
            moved = _moved(account, event, act)
            waived = moved.bills[id]
            waived = changed(waived, waivers=(*waived.waivers, Waiver(amount, reason, rule, act)))
            return changed(moved, bills={**moved.bills, id: waived})
        case PaymentFoundOnStatement(id, line):
            return _with_payment(account, id, line=line)
        case PaymentReleasedFromStatement(id):
            return _with_payment(account, id, line=None)
        case RefundRequested(id, payment, amount, reason):
            asked = Refund(payment, amount, act.actor, reason, told=act)
            return changed(account, refunds={**account.refunds, id: asked})
        case RefundApproved(id):
            return _with_refund(account, id, stage=RefundStage.APPROVED, told=act)
        case RefundRejected(id):
            return _with_refund(account, id, stage=RefundStage.REJECTED, told=act)
        case PrepaymentRefunded(id, method=method, paid_on=paid_on):
            paid = {"stage": RefundStage.PAID, "told": act, "method": method, "paid_on": paid_on}
            paid["overpaid"] = event.overpaid
            return _with_refund(_moved(account, event, act), id, **paid)
        case RefundReturned(id, line=line):
            return _with_refund(_moved(account, event, act), id, stage=RefundStage.RETURNED, told=act, line=line)
        case RefundReturnFound(id, line=line):
            return _with_refund(account, id, line=line)
        case RefundReturnWithdrawn(id):
            out = {"stage": RefundStage.PAID, "told": act, "line": None, "overpaid": event.overpaid}
            return _with_refund(_moved(account, event, act), id, **out)
        case InvoiceRequested(id, payment, amount):
            return changed(account, invoices={**account.invoices, id: Invoice(payment, amount, told=act)})
        case InvoiceRequestWithdrawn(id):
            return _with_invoice(account, id, stage=InvoiceStage.WITHDRAWN, told=act)
        case InvoiceIssued(id, _, _, issued_on):
            return _with_invoice(account, id, stage=InvoiceStage.ISSUED, issued_on=issued_on, told=act)
        case InvoiceReversed(id, _, _, issued_on):
            return _with_invoice(account, id, stage=InvoiceStage.REVERSED, issued_on=issued_on, told=act)
        case _:
            assert_never(event)


def _moved(account: FeeAccount, event: Event, act: Act) -> FeeAccount:
    """Money on bills and in payments after an event, by what it moves."""
    bills, payments = dict(account.bills), dict(account.payments)
    for moved in movements(event):
        match moved:
            case Settled(id, bill) | Drawn(id, bill) | Released(id, bill) | Undone(id, bill):
                bills[bill] = bill_after(bills[bill], moved)
                given = given_after(payments[id].allocated, moved)
                payments[id] = changed(payment_after(payments[id], moved), allocated=given)
            case Held(id) | Refunded(payment=id) | Returned(payment=id):
                payments[id] = payment_after(payments[id], moved)
            case Waived(bill):
                bills[bill] = bill_after(bills[bill], moved)
            case Voided(bill):
                bills[bill] = changed(bills[bill], voided=True, told=act)
            case Reversed(id):
                payments[id] = changed(payment_after(payments[id], moved), reversed=True, line=None, told=act)
            case Billed() | Received() | RefundAsked() | RefundDecided() | InvoiceMoved():
                pass  # what begins or goes on by it is told above
            case _:
                assert_never(moved)
    return changed(account, bills=bills, payments=payments)


def _with_payment(account: FeeAccount, id: UUID, **fields: object) -> FeeAccount:
    return changed(account, payments={**account.payments, id: changed(account.payments[id], **fields)})


def _with_refund(account: FeeAccount, id: UUID, **fields: object) -> FeeAccount:
    return changed(account, refunds={**account.refunds, id: changed(account.refunds[id], **fields)})


def _with_invoice(account: FeeAccount, id: UUID, **fields: object) -> FeeAccount:
    return changed(account, invoices={**account.invoices, id: changed(account.invoices[id], **fields)})
