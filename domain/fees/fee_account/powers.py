"""Who may give which command about a fee account."""

from collections.abc import Mapping
from typing import Any

from domain.capacity import ACCOUNTS, HEADS, MONEY, PRODUCT, Capacity
from domain.fees.fee_account.commands import (
    ApproveRefund,
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

POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    OpenFeeAccount: ACCOUNTS | PRODUCT,
    IssueBill: ACCOUNTS | PRODUCT,
    VoidBill: ACCOUNTS | PRODUCT,
    CorrectBill: ACCOUNTS | PRODUCT,
    RecordPayment: MONEY,
    DrawPrepayment: ACCOUNTS | PRODUCT,
    ReversePayment: ACCOUNTS,
    UndoPayment: MONEY,
    FindPaymentOnStatement: ACCOUNTS,
    ReleasePaymentFromStatement: ACCOUNTS,
    RequestRefund: MONEY,
    ApproveRefund: ACCOUNTS,
    RejectRefund: ACCOUNTS,
    PayRefund: MONEY,
    ReturnRefund: ACCOUNTS,
    WithdrawRefundReturn: ACCOUNTS,
    GrantWaiver: HEADS,
    RequestInvoice: MONEY,
    WithdrawInvoiceRequest: MONEY,
    RecordInvoice: ACCOUNTS,
    ReverseInvoice: ACCOUNTS,
}
