"""What each command of an account brings about, and what refuses it."""

from collections.abc import Sequence
from typing import assert_never

from domain.decider import Decider
from domain.fees.fee_account.bills import bill_corrected, bill_issued, bill_of, bill_voided, check_amount
from domain.fees.fee_account.commands import (
    ApproveRefund,
    Command,
    CorrectBill,
    DrawPrepayment,
    FindPaymentOnStatement,
    GrantWaiver,
    IssueBill,
    OpenFeeAccount,
    PayRefund,
    RecordInvoice,
    RecordPayment,
    RejectRefund,
    ReleasePaymentFromStatement,
    RequestInvoice,
    RequestRefund,
    ReverseInvoice,
    ReversePayment,
    VoidBill,
    WithdrawInvoiceRequest,
)
from domain.fees.fee_account.events import (
    Event,
    FeeAccountOpened,
    InvoiceIssued,
    InvoiceRequestWithdrawn,
    InvoiceReversed,
    PaymentFoundOnStatement,
    PaymentReleasedFromStatement,
    PrepaymentDrawn,
    RefundApproved,
    RefundRejected,
    RefundRequested,
    WaiverGranted,
)
from domain.fees.fee_account.evolve import evolve
from domain.fees.fee_account.invoices import check_invoice_number, invoice_of, invoice_requested
from domain.fees.fee_account.payments import payment_of, payment_received, payment_reversed, prepayment_draws
from domain.fees.fee_account.powers import POWERS
from domain.fees.fee_account.refunds import check_invoiced, refund_of, refund_paid
from domain.fees.fee_account.state import FeeAccount
from domain.fees.fee_account.vocabulary import InvoiceStage, RefundStage
from domain.money.amount import yuan
from domain.recorded import Act
from domain.refusal import refuse_if, reject_if


def decide(command: Command, account: FeeAccount, act: Act) -> Sequence[Event]:
    """INV-41 to 54, as far as one account can tell; what contracts allow comes with the commands."""
    refuse_if(not isinstance(command, OpenFeeAccount) and account.dwelling is None, "unknown_account")
    match command:
        case OpenFeeAccount(dwelling, estate, building):
            return [FeeAccountOpened(dwelling, estate, building)] if account.dwelling is None else []
        case IssueBill():
            return [] if command.bill in account.bills else [bill_issued(account, command)]
        case VoidBill(bill, reason, text):
            return [] if bill_of(account, bill).voided else [bill_voided(account, bill, reason, text)]
        case CorrectBill():
            return bill_corrected(account, command)
        case RecordPayment():
            return payment_received(account, command, act)
        case DrawPrepayment(day, order):
            draws = prepayment_draws(account, day, order)
            return [PrepaymentDrawn(draws)] if draws else []
        case ReversePayment(payment, reason, text):
            return payment_reversed(account, payment, reason, text)
        case FindPaymentOnStatement(payment, line):
            found = payment_of(account, payment)
            refuse_if(found.line not in (None, line), "payment_on_statement")
            return [PaymentFoundOnStatement(payment, line)] if found.line is None else []
        case ReleasePaymentFromStatement(payment, line):
            refuse_if(payment not in account.payments, "unknown_payment")
            found = account.payments[payment]
            if found.line != line:
                return []
            refuse_if(found.brought, "line_payment_stands")
            return [PaymentReleasedFromStatement(payment, line)]
        case RequestRefund(refund, payment, amount, reason, text):
            if refund in account.refunds:
                return []
            check_amount(amount)
            payment_of(account, payment)
            most = account.available(payment)
            reject_if(amount > most, "refund_too_much", most=yuan(most))
            check_invoiced(account, payment, amount, RefundStage.REQUESTED, RefundStage.APPROVED)
            return [RefundRequested(refund, payment, amount, reason, text)]
        case ApproveRefund(refund):
            asked = refund_of(account, refund)
            if asked.stage in (RefundStage.APPROVED, RefundStage.PAID):
                return []
            refuse_if(asked.stage is RefundStage.REJECTED, "refund_rejected")
            refuse_if(asked.asked_by == act.actor, "second_person")
            check_invoiced(account, asked.payment, asked.amount, RefundStage.APPROVED)
            return [RefundApproved(refund, asked.payment)]
        case RejectRefund(refund):
            asked = refund_of(account, refund)
            refuse_if(asked.stage is RefundStage.PAID, "refund_paid")
            return [] if asked.stage is RefundStage.REJECTED else [RefundRejected(refund, asked.payment)]
        case PayRefund():
            return refund_paid(account, command, act)
        case GrantWaiver(bill, amount, reason, rule, text):
            check_amount(amount)
            most = bill_of(account, bill).open
            reject_if(amount > most, "waiver_too_much", most=yuan(most))
            return [WaiverGranted(bill, amount, reason, rule, text)]
        case RequestInvoice():
            return invoice_requested(account, command)
        case WithdrawInvoiceRequest(invoice):
            asked_for = invoice_of(account, invoice)
            if asked_for.stage is InvoiceStage.WITHDRAWN:
                return []
            refuse_if(asked_for.stage is not InvoiceStage.REQUESTED, "invoice_issued")
            return [InvoiceRequestWithdrawn(invoice, asked_for.payment)]
        case RecordInvoice(invoice, number, issued_on):
            asked_for = invoice_of(account, invoice)
            refuse_if(asked_for.stage is not InvoiceStage.REQUESTED, "invoice_not_requested")
            check_invoice_number(number, issued_on, act)
            return [InvoiceIssued(invoice, asked_for.payment, number, issued_on)]
        case ReverseInvoice(invoice, red_number, issued_on, text):
            issued = invoice_of(account, invoice)
            refuse_if(issued.stage is not InvoiceStage.ISSUED, "invoice_not_issued")
            check_invoice_number(red_number, issued_on, act)
            reject_if(issued.issued_on is not None and issued_on < issued.issued_on, "red_before_blue")
            return [InvoiceReversed(invoice, issued.payment, red_number, issued_on, text)]
        case _:
            assert_never(command)


FEE_ACCOUNT: Decider[Command, FeeAccount, Event] = Decider(
    name="FeeAccount",
    initial=FeeAccount(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
