"""What each command of an account brings about, and what refuses it."""

from collections.abc import Sequence
from typing import assert_never

from domain.decider import Decider
from domain.fees.fee_account.bills import bill_corrected, bill_issued_once, bill_of, bill_voided, check_amount
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
    ReturnRefund,
    ReverseInvoice,
    ReversePayment,
    UndoPayment,
    VoidBill,
    WithdrawInvoiceRequest,
    WithdrawRefundReturn,
)
from domain.fees.fee_account.draws import prepayment_draws
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
from domain.fees.fee_account.payments import payment_of, payment_received, payment_reversed, payment_undone
from domain.fees.fee_account.powers import POWERS
from domain.fees.fee_account.refunds import (
    check_invoiced,
    check_refund,
    check_served,
    refund_of,
    refund_paid,
    refund_returned,
    return_withdrawn,
)
from domain.fees.fee_account.state import FeeAccount
from domain.fees.fee_account.vocabulary import GIVEN_REASONS, InvoiceStage, RefundStage
from domain.money.amount import yuan
from domain.recorded import Act
from domain.refusal import refuse_done, refuse_if, reject_if


def decide(command: Command, account: FeeAccount, act: Act) -> Sequence[Event]:
    """INV-41 to 54, as far as one account can tell; what contracts allow comes with the commands."""
    refuse_if(not isinstance(command, OpenFeeAccount) and account.dwelling is None, "unknown_account")
    match command:
        case OpenFeeAccount(dwelling, estate, building):
            known = (account.dwelling, account.estate, account.building)
            refuse_if(known not in ((None, None, None), (dwelling, estate, building)), "already_registered")
            return [FeeAccountOpened(dwelling, estate, building)] if account.dwelling is None else []
        case IssueBill():
            return bill_issued_once(account, command)
        case VoidBill(bill, reason, text):
            return [bill_voided(account, bill, reason, text)]
        case CorrectBill():
            return bill_corrected(account, command)
        case RecordPayment():
            return payment_received(account, command, act)
        case DrawPrepayment(day, order):
            draws = prepayment_draws(account, day, order, command.leaving)
            return [PrepaymentDrawn(draws)] if draws else []
        case ReversePayment(payment, reason, text):
            reject_if(reason not in GIVEN_REASONS, "reversal_reason", field="reason")
            return payment_reversed(account, payment, reason, text, act)
        case UndoPayment(payment):
            return payment_undone(account, payment, act)
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
            refuse_done(account.refunds[refund].told if refund in account.refunds else None, "refund_requested")
            check_amount(amount)
            payment_of(account, payment)
            check_served(account, payment, reason, act)
            most = account.available(payment)
            reject_if(amount > most, "refund_too_much", most=yuan(most))
            check_invoiced(account, payment, amount, RefundStage.REQUESTED, RefundStage.APPROVED)
            return [RefundRequested(refund, payment, amount, reason, text)]
        case ApproveRefund(refund):
            asked = refund_of(account, refund)
            check_refund(asked, *_OVER, RefundStage.APPROVED)
            refuse_if(asked.asked_by == act.actor, "second_person")
            check_served(account, asked.payment, asked.reason, act)
            check_invoiced(account, asked.payment, asked.amount, RefundStage.APPROVED)
            return [RefundApproved(refund, asked.payment)]
        case RejectRefund(refund):
            asked = refund_of(account, refund)
            check_refund(asked, *_OVER)
            return [RefundRejected(refund, asked.payment)]
        case PayRefund():
            return refund_paid(account, command, act)
        case ReturnRefund():
            return refund_returned(account, command, act)
        case WithdrawRefundReturn(refund):
            return return_withdrawn(account, refund, act)
        case GrantWaiver(bill, amount, reason, rule, text):
            check_amount(amount)
            same = (each for each in bill_of(account, bill).waivers if (each.amount, each.rule) == (amount, rule))
            refuse_done(next((each.told for each in same if each.reason is reason), None), "waiver_granted", reason)
            most = bill_of(account, bill).open
            reject_if(amount > most, "waiver_too_much", most=yuan(most))
            return [WaiverGranted(bill, amount, reason, rule, text)]
        case RequestInvoice():
            return invoice_requested(account, command)
        case WithdrawInvoiceRequest(invoice):
            asked_for = invoice_of(account, invoice)
            withdrawn = asked_for.stage is InvoiceStage.WITHDRAWN
            refuse_done(asked_for.told if withdrawn else None, "invoice_withdrawn")
            refuse_done(asked_for.told if asked_for.stage is not InvoiceStage.REQUESTED else None, "invoice_issued")
            return [InvoiceRequestWithdrawn(invoice, asked_for.payment)]
        case RecordInvoice(invoice, number, issued_on):
            asked_for = invoice_of(account, invoice)
            requested = asked_for.stage is InvoiceStage.REQUESTED
            refuse_done(None if requested else asked_for.told, "invoice_not_requested")
            check_invoice_number(number, issued_on, act)
            return [InvoiceIssued(invoice, asked_for.payment, number, issued_on)]
        case ReverseInvoice(invoice, red_number, issued_on, text):
            issued = invoice_of(account, invoice)
            refuse_done(issued.told if issued.stage is InvoiceStage.REVERSED else None, "invoice_not_issued")
            refuse_if(issued.stage is not InvoiceStage.ISSUED, "invoice_not_issued")
            check_invoice_number(red_number, issued_on, act)
            reject_if(issued.issued_on is not None and issued_on < issued.issued_on, "red_before_blue")
            return [InvoiceReversed(invoice, issued.payment, red_number, issued_on, text)]
        case _:
            assert_never(command)


_OVER = (RefundStage.PAID, RefundStage.REJECTED, RefundStage.RETURNED)

FEE_ACCOUNT: Decider[Command, FeeAccount, Event] = Decider(
    name="FeeAccount",
    initial=FeeAccount(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
