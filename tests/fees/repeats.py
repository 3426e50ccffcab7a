"""What comes of commands about money that are given once more."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from domain.capacity import Capacity
from domain.fees import fee_account as fees
from domain.fees import invoice_number as numbers
from domain.fees import provider_number as provided
from domain.fees import receipt_book as receipts
from domain.fees.fee_account import FEE_ACCOUNT, Method
from domain.fees.invoice_number import INVOICE_NUMBER
from domain.fees.provider_number import PROVIDER_NUMBER
from domain.fees.receipt_book import RECEIPT_BOOK
from tests.fees.examples import (
    BILL,
    DUE,
    DWELLING,
    ESTATE_CODE,
    INVOICE,
    ISSUE,
    LINE,
    NEXT_BILL,
    NEXT_OWNER,
    PAID_ON,
    PAY,
    PAYMENT,
    REFUND,
)  # fmt: skip
from tests.repeats import Repeat, anew, harmless, refused
from tests.scenario import CLERK, HEAD, Scenario

_DESK = replace(PAY, line=None, evidence=None)
_OTHER = UUID(int=0x9001)
_NUMBER, _RED = "26352000000000000001", "26352000000000000002"
_UNOPENED = Scenario(FEE_ACCOUNT, FEE_ACCOUNT.initial).by(CLERK, Capacity.CASHIER)
_OPENED = _UNOPENED.when(fees.OpenFeeAccount(DWELLING, ESTATE_CODE, "3"))
_BILLED = _OPENED.when(ISSUE)
_PAID = _BILLED.when(_DESK)
_HELD = _OPENED.when(replace(_DESK, prepay_limit=50000))
_ASKED = _HELD.when(fees.RequestRefund(REFUND, PAYMENT, 1000, fees.RefundReason.MOVED_OUT))
_BY_HEAD = _ASKED.by(HEAD, Capacity.STATION_HEAD)
_APPROVED = _BY_HEAD.when(fees.ApproveRefund(REFUND))
_INVOICE = fees.RequestInvoice(INVOICE, PAYMENT, 40000, 600, 37736, 2264, "邹老师")
_WANTED = _PAID.when(_INVOICE)
_ISSUED = _WANTED.when(fees.RecordInvoice(INVOICE, _NUMBER, PAID_ON))
_INSTEAD = replace(ISSUE, bill=NEXT_BILL, number="2", amount=60000)
_PAY_OUT = fees.PayRefund(REFUND, Method.BANK_TRANSFER, PAID_ON, "回单 0042")
_WAIVER = fees.GrantWaiver(BILL, 346, fees.WaiverReason.HARDSHIP, "困难家庭减免办法第三条", "低保户")

REPEATS: tuple[Repeat, ...] = (
    harmless(_UNOPENED, fees.OpenFeeAccount(DWELLING, ESTATE_CODE, "3"),
             fees.OpenFeeAccount(DWELLING, ESTATE_CODE, "4")),
    harmless(_OPENED, ISSUE, replace(ISSUE, amount=1), replace(ISSUE, payer=NEXT_OWNER), replace(ISSUE, due=PAID_ON)),
    refused(_BILLED, fees.VoidBill(BILL, fees.VoidReason.WRONG_AREA), "bill_voided",
            fees.VoidBill(BILL, fees.VoidReason.OTHER)),
    refused(_BILLED, fees.CorrectBill(BILL, fees.VoidReason.WRONG_AREA, _INSTEAD), "bill_voided",
            fees.CorrectBill(BILL, fees.VoidReason.OTHER, replace(_INSTEAD, bill=_OTHER))),
    refused(_BILLED, _DESK, "payment_recorded", replace(_DESK, amount=1), replace(_DESK, method=Method.CASH)),
    harmless(_HELD.when(ISSUE), fees.DrawPrepayment(DUE)),
    refused(_PAID, fees.ReversePayment(PAYMENT, fees.ReversalReason.BOUNCED), "payment_reversed",
            fees.ReversePayment(PAYMENT, fees.ReversalReason.OTHER)),
    refused(_PAID, fees.UndoPayment(PAYMENT), "payment_reversed"),
    harmless(_PAID, fees.FindPaymentOnStatement(PAYMENT, LINE), fees.FindPaymentOnStatement(PAYMENT, _OTHER)),
    harmless(_PAID.when(fees.FindPaymentOnStatement(PAYMENT, LINE)), fees.ReleasePaymentFromStatement(PAYMENT, LINE)),
    refused(_HELD, fees.RequestRefund(REFUND, PAYMENT, 1000, fees.RefundReason.MOVED_OUT), "refund_requested",
            fees.RequestRefund(REFUND, PAYMENT, 2000, fees.RefundReason.MOVED_OUT)),
    refused(_BY_HEAD, fees.ApproveRefund(REFUND), "refund_approved"),
    refused(_BY_HEAD, fees.RejectRefund(REFUND), "refund_rejected"),
    refused(_APPROVED, _PAY_OUT, "refund_paid", *(replace(_PAY_OUT, method=each) for each in Method if each is not
            _PAY_OUT.method)),
    refused(_APPROVED.when(_PAY_OUT), fees.ReturnRefund(REFUND, PAID_ON), "refund_returned",
            fees.ReturnRefund(REFUND, date(2026, 11, 21))),
    refused(_APPROVED.when(_PAY_OUT, fees.ReturnRefund(REFUND, PAID_ON, LINE)), fees.WithdrawRefundReturn(REFUND),
            "refund_paid"),
    refused(_BILLED, _WAIVER, "waiver_granted"),
    refused(_PAID, _INVOICE, "invoice_requested", replace(_INVOICE, title="别人"), told=True),
    refused(_WANTED, fees.WithdrawInvoiceRequest(INVOICE), "invoice_withdrawn"),
    refused(_WANTED, fees.RecordInvoice(INVOICE, _NUMBER, PAID_ON), "invoice_not_requested",
            fees.RecordInvoice(INVOICE, _RED, PAID_ON)),
    refused(_ISSUED, fees.ReverseInvoice(INVOICE, _RED, PAID_ON), "invoice_not_issued",
            fees.ReverseInvoice(INVOICE, "26352000000000000003", date(2026, 11, 21))),
    anew(Scenario(RECEIPT_BOOK, RECEIPT_BOOK.initial), receipts.IssueReceipt(ESTATE_CODE, PAYMENT, DWELLING, 50000),
         "a part of taking a payment, which is refused"),
    harmless(Scenario(INVOICE_NUMBER, INVOICE_NUMBER.initial), numbers.UseInvoiceNumber(ESTATE_CODE, INVOICE),
             numbers.UseInvoiceNumber(ESTATE_CODE, _OTHER), numbers.UseInvoiceNumber(ESTATE_CODE, INVOICE, red=True)),
    refused(Scenario(PROVIDER_NUMBER, PROVIDER_NUMBER.initial),
            provided.TakeProviderNumber(ESTATE_CODE, DWELLING, PAYMENT), "reference_taken",
            provided.TakeProviderNumber(ESTATE_CODE, DWELLING, _OTHER), told=False),
)  # fmt: skip
