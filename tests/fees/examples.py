"""One telling example of every command and event of a fee account and of the receipt book."""

from datetime import date
from typing import Any
from uuid import UUID

from domain.fees import fee_account as fees
from domain.fees import invoice_number as numbers
from domain.fees import provider_number as provided
from domain.fees import receipt_book as receipts
from domain.fees.fee_account import Method
from domain.money.allocation import AllocationOrder
from domain.money.evidence import Evidence
from domain.money.items import FeeItem

ESTATE_CODE = "350902002999-001"
DWELLING, OWNER, NEXT_OWNER = (UUID(int=n) for n in range(0x200, 0x203))
BILL, NEXT_BILL, PAYMENT, REFUND, INVOICE, SCHEDULE, RUN, LINE = (UUID(int=n) for n in range(0x210, 0x218))
JANUARY, NEXT_JANUARY, DUE, PAID_ON = date(2026, 1, 1), date(2027, 1, 1), date(2026, 6, 30), date(2026, 11, 20)
BASIS = fees.Basis(area=8937, unit_price=6000, months=12)

ISSUE = fees.IssueBill(
    bill=BILL,
    number="20260101-0001-00001",
    item=FeeItem.PROPERTY_FEE,
    since=JANUARY,
    until=NEXT_JANUARY,
    payer=OWNER,
    amount=64346,
    due=DUE,
    basis=BASIS,
    contract="DHY-2025-01",
    clause="第八条",
    schedule=SCHEDULE,
    run=RUN,
)
PAY = fees.RecordPayment(
    payment=PAYMENT,
    payer=OWNER,
    amount=50000,
    method=Method.WECHAT,
    paid_on=PAID_ON,
    receipt="2026-000001",
    order=AllocationOrder.PRINCIPAL_FIRST,
    reference="4200002468202611201234567890",
    line=LINE,
    evidence=Evidence.BILL_NUMBER,
)

COMMANDS: tuple[Any, ...] = (
    fees.OpenFeeAccount(DWELLING, ESTATE_CODE, "3"),
    ISSUE,
    fees.VoidBill(BILL, fees.VoidReason.WRONG_AREA, "产权证上是 89.37"),
    fees.CorrectBill(BILL, fees.VoidReason.WRONG_AREA, ISSUE, "产权证上是 89.37"),
    PAY,
    fees.DrawPrepayment(DUE),
    fees.ReversePayment(PAYMENT, fees.ReversalReason.WRONG_DWELLING, "隔壁邻居的钱"),
    fees.UndoPayment(PAYMENT),
    fees.FindPaymentOnStatement(PAYMENT, LINE),
    fees.ReleasePaymentFromStatement(PAYMENT, LINE),
    fees.RequestRefund(REFUND, PAYMENT, 1000, fees.RefundReason.MOVED_OUT, "已搬走"),
    fees.ApproveRefund(REFUND),
    fees.RejectRefund(REFUND),
    fees.PayRefund(REFUND, Method.BANK_TRANSFER, PAID_ON, "回单 0042"),
    fees.ReturnRefund(REFUND, PAID_ON, LINE),
    fees.WithdrawRefundReturn(REFUND),
    fees.GrantWaiver(BILL, 346, fees.WaiverReason.HARDSHIP, "困难家庭减免办法第三条", "低保户"),
    fees.RequestInvoice(INVOICE, PAYMENT, 64346, 600, 60704, 3642, "邹老师", "350902199001011234", "zou@example.com"),
    fees.WithdrawInvoiceRequest(INVOICE),
    fees.RecordInvoice(INVOICE, "26352000000000000001", PAID_ON),
    fees.ReverseInvoice(INVOICE, "26352000000000000002", PAID_ON, "抬头写错"),
    receipts.IssueReceipt(ESTATE_CODE, PAYMENT, DWELLING, 50000),
    numbers.UseInvoiceNumber(ESTATE_CODE, INVOICE),
    provided.TakeProviderNumber(ESTATE_CODE, DWELLING, PAYMENT),
)

EVENTS: tuple[Any, ...] = (
    fees.FeeAccountOpened(DWELLING, ESTATE_CODE, "3"),
    fees.BillIssued(
        dwelling=DWELLING,
        building="3",
        bill=BILL,
        number="20260101-0001-00001",
        item=FeeItem.PROPERTY_FEE,
        since=JANUARY,
        until=NEXT_JANUARY,
        payer=OWNER,
        amount=64346,
        due=DUE,
        basis=BASIS,
        contract="DHY-2025-01",
        clause="第八条",
        schedule=SCHEDULE,
        run=RUN,
        reference=None,
        corrects=NEXT_BILL,
    ),
    fees.BillVoided(BILL, fees.VoidReason.WRONG_AREA, (fees.Freed(PAYMENT, 50000),), "产权证上是 89.37"),
    fees.PaymentRecorded(
        dwelling=DWELLING,
        building="3",
        payment=PAYMENT,
        payer=OWNER,
        amount=50000,
        method=Method.WECHAT,
        paid_on=PAID_ON,
        receipt="2026-000001",
        line=LINE,
        evidence=Evidence.BILL_NUMBER,
        reference="4200002468202611201234567890",
    ),
    fees.PaymentAllocated(PAYMENT, (fees.Allocation(BILL, 50000),)),
    fees.PrepaymentHeld(PAYMENT, 1000),
    fees.OverpaymentHeld(PAYMENT, 1000),
    fees.PrepaymentDrawn((fees.Draw(PAYMENT, BILL, 1000),)),
    fees.PaymentReversed(PAYMENT, fees.ReversalReason.WRONG_DWELLING, (fees.Allocation(BILL, 50000),), "隔壁邻居的钱"),
    fees.PaymentFoundOnStatement(PAYMENT, LINE),
    fees.PaymentReleasedFromStatement(PAYMENT, LINE),
    fees.RefundRequested(REFUND, PAYMENT, 1000, fees.RefundReason.MOVED_OUT, "已搬走"),
    fees.RefundApproved(REFUND, PAYMENT),
    fees.RefundRejected(REFUND, PAYMENT),
    fees.PrepaymentRefunded(REFUND, PAYMENT, 1000, 400, Method.BANK_TRANSFER, PAID_ON, "回单 0042"),
    fees.RefundReturned(REFUND, PAYMENT, 1000, 400, Method.BANK_TRANSFER, PAID_ON, LINE),
    fees.RefundReturnFound(REFUND, PAYMENT, LINE),
    fees.RefundReturnWithdrawn(REFUND, PAYMENT, 1000, 400, Method.BANK_TRANSFER, PAID_ON),
    fees.WaiverGranted(BILL, 346, fees.WaiverReason.HARDSHIP, "困难家庭减免办法第三条", "低保户"),
    fees.InvoiceRequested(INVOICE, PAYMENT, 64346, 600, 60704, 3642, "邹老师", "350902199001011234", "zou@example.com"),
    fees.InvoiceRequestWithdrawn(INVOICE, PAYMENT),
    fees.InvoiceIssued(INVOICE, PAYMENT, "26352000000000000001", PAID_ON),
    fees.InvoiceReversed(INVOICE, PAYMENT, "26352000000000000002", PAID_ON, "抬头写错"),
    receipts.ReceiptIssued(ESTATE_CODE, PAYMENT, DWELLING, 50000),
    numbers.InvoiceNumberUsed(ESTATE_CODE, INVOICE),
    provided.ProviderNumberTaken(ESTATE_CODE, DWELLING, PAYMENT),
)
