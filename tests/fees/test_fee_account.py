"""A fee account's rules: one bill for one day, every fen of a payment accounted for, nothing edited."""

import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from domain.calendar import local_date
from domain.capacity import Capacity
from domain.fees.fee_account import (
    FEE_ACCOUNT,
    Allocation,
    ApproveRefund,
    BillIssued,
    BillVoided,
    CorrectBill,
    Draw,
    DrawPrepayment,
    FeeAccount,
    FindPaymentOnStatement,
    Freed,
    GrantWaiver,
    IssueBill,
    Method,
    OpenFeeAccount,
    OverpaymentHeld,
    PaymentAllocated,
    PaymentFoundOnStatement,
    PaymentRecorded,
    PaymentReleasedFromStatement,
    PaymentReversed,
    PayRefund,
    PrepaymentDrawn,
    PrepaymentHeld,
    PrepaymentRefunded,
    RecordInvoice,
    RecordPayment,
    RefundApproved,
    RefundReason,
    RefundRequested,
    ReleasePaymentFromStatement,
    RequestInvoice,
    RequestRefund,
    ReversalReason,
    ReverseInvoice,
    ReversePayment,
    VoidBill,
    VoidReason,
    WaiverReason,
    WithdrawInvoiceRequest,
)
from domain.money.allocation import AllocationOrder
from domain.money.items import FeeItem
from tests.fees.examples import (
    BILL,
    DUE,
    DWELLING,
    ESTATE_CODE,
    INVOICE,
    ISSUE,
    NEXT_BILL,
    NEXT_OWNER,
    PAID_ON,
    PAY,
    PAYMENT,
    REFUND,
)
from tests.scenario import CLERK, HEAD, MONDAY, Scenario

OTHER_PAYMENT = UUID(int=0x300)
CASHIER = Capacity.CASHIER
TODAY = local_date(MONDAY)
INVOICE_40000 = RequestInvoice(INVOICE, PAYMENT, 40000, 600, 37736, 2264, "邹老师")


def opened() -> Scenario[FeeAccount]:
    account = Scenario(FEE_ACCOUNT, FEE_ACCOUNT.initial).by(CLERK, CASHIER)
    return account.when(OpenFeeAccount(DWELLING, ESTATE_CODE, "3"))


def billed() -> Scenario[FeeAccount]:
    return opened().when(ISSUE)


def next_year(bill: UUID = NEXT_BILL) -> IssueBill:
    return replace(
        ISSUE, bill=bill, number="20270101-0001-00001", since=ISSUE.until, until=date(2028, 1, 1), due=date(2027, 6, 30)
    )


def pay(amount: int, **fields: object) -> RecordPayment:
    return replace(PAY, amount=amount, **fields)  # type: ignore[arg-type]


def test_script_9_five_hundred_on_arrears() -> None:
    """500.00 on 643.46: all of it goes to the bill, 143.46 stay open."""
    paid = billed().when(PAY)
    paid.then(PaymentRecorded, PaymentAllocated(PAYMENT, (Allocation(BILL, 50000),)))
    paid.holds(lambda account: account.balance == 14346 and account.bills[BILL].open == 14346)


def test_inv_41_amounts_are_above_zero_and_below_the_limit() -> None:
    for amount in (0, -1, 10**15):
        billed().refused(pay(amount), "amount")
        opened().refused(replace(ISSUE, amount=amount), "amount")


def test_inv_43_no_day_of_an_item_is_billed_twice() -> None:
    account = billed()
    half = replace(ISSUE, bill=NEXT_BILL, since=date(2026, 12, 1), until=date(2027, 3, 1))
    account.refused(half, "already_billed", number=ISSUE.number)
    account.when(next_year()).then(BillIssued)
    account.when(replace(half, item=FeeItem.PARKING)).then(BillIssued)
    account.when(VoidBill(BILL, VoidReason.WRONG_PERIOD), half).then(BillIssued)


def test_the_same_bill_again_changes_nothing() -> None:
    billed().when(ISSUE).then()


def test_a_repair_is_billed_once() -> None:
    repair = replace(ISSUE, item=FeeItem.IN_HOME_REPAIR, reference=UUID(int=9), until=date(2026, 1, 2))
    account = opened().when(repair)
    account.refused(replace(repair, bill=NEXT_BILL, since=date(2026, 5, 1), until=date(2026, 5, 2)), "already_billed")
    account.when(replace(repair, bill=NEXT_BILL, reference=UUID(int=8))).then(BillIssued)


def test_inv_43_a_correction_is_a_void_and_a_new_bill_paid_with_what_was_paid() -> None:
    right = replace(ISSUE, bill=NEXT_BILL, number="K-1", amount=40000)
    corrected = billed().when(PAY, CorrectBill(BILL, VoidReason.WRONG_AREA, right))
    corrected.then(
        BillVoided(BILL, VoidReason.WRONG_AREA, (Freed(PAYMENT, 50000),)),
        BillIssued,
        PrepaymentDrawn((Draw(PAYMENT, NEXT_BILL, 40000),)),
    )
    corrected.holds(lambda account: account.prepaid == 10000 and account.open == 0 and account.balance == -10000)


def test_money_without_a_bill_is_prepaid_up_to_what_is_allowed() -> None:
    account = billed()
    account.refused(pay(70000), "over_prepayment_limit", field="amount", most="643.46")
    account.refused(pay(70000, prepay_limit=5000), "over_prepayment_limit", field="amount", most="693.46")
    account.when(pay(70000, prepay_limit=6000)).then(PaymentRecorded, PaymentAllocated, PrepaymentHeld(PAYMENT, 5654))
    account.when(pay(70000, prepay_limit=5000, accept_excess=True)).then(
        PaymentRecorded, PaymentAllocated, PrepaymentHeld(PAYMENT, 5000), OverpaymentHeld(PAYMENT, 654)
    )


def test_what_is_prepaid_pays_bills_as_they_fall_due() -> None:
    account = opened().when(pay(70000, prepay_limit=70000), ISSUE)
    account.when(DrawPrepayment(DUE - timedelta(days=1))).then()
    drawn = account.when(DrawPrepayment(DUE))
    drawn.then(PrepaymentDrawn((Draw(PAYMENT, BILL, 64346),)))
    drawn.holds(lambda account: (account.open, account.prepaid) == (0, 5654))
    drawn.when(DrawPrepayment(DUE)).then()


def test_inv_54_the_old_owners_debt_stays_with_the_old_owner() -> None:
    account = billed().when(replace(next_year(), payer=NEXT_OWNER))
    paid = account.when(pay(70000, payer=NEXT_OWNER, accept_excess=True))
    paid.holds(lambda account: account.bills[BILL].paid == 0 and account.bills[NEXT_BILL].open == 0)
    paid.when(DrawPrepayment(date(2028, 1, 1))).then()
    account.when(pay(64346, payer=NEXT_OWNER, bills=(BILL,))).holds(lambda account: account.bills[BILL].open == 0)


def test_bills_that_are_settled_or_unknown_cannot_be_named() -> None:
    account = billed().when(pay(64346))
    account.refused(pay(1, payment=OTHER_PAYMENT, bills=(BILL,)), "bill_settled", number=ISSUE.number)
    account.refused(pay(1, payment=OTHER_PAYMENT, bills=(NEXT_BILL,)), "unknown_bill")


def test_tomorrows_money_is_refused() -> None:
    billed().refused(pay(1, paid_on=date(2026, 11, 24)), "future")
    billed().refused(pay(1, paid_on=date(1926, 11, 23)), "too_long_ago")


def test_a_reversal_opens_the_bills_again() -> None:
    account = billed().when(pay(70000, prepay_limit=70000))
    reversed_ = account.when(ReversePayment(PAYMENT, ReversalReason.BOUNCED))
    reversed_.then(PaymentReversed(PAYMENT, ReversalReason.BOUNCED, (Allocation(BILL, 64346),)))
    reversed_.holds(lambda account: (account.open, account.prepaid, account.balance) == (64346, 0, 64346))
    reversed_.refused(ReversePayment(PAYMENT, ReversalReason.BOUNCED), "payment_reversed")


def test_one_line_of_a_statement_is_about_one_payment_of_the_desk() -> None:
    first, second = UUID(int=0x310), UUID(int=0x311)
    taken = billed().when(replace(PAY, line=None, evidence=None))
    found = taken.when(FindPaymentOnStatement(PAYMENT, first)).then(PaymentFoundOnStatement(PAYMENT, first))
    found.when(FindPaymentOnStatement(PAYMENT, first)).then()
    found.refused(FindPaymentOnStatement(PAYMENT, second), "payment_on_statement")
    found.when(ReleasePaymentFromStatement(PAYMENT, second)).then()
    free = found.when(ReleasePaymentFromStatement(PAYMENT, first))
    free.then(PaymentReleasedFromStatement(PAYMENT, first))
    free.when(FindPaymentOnStatement(PAYMENT, second)).then(PaymentFoundOnStatement(PAYMENT, second))
    gone = found.when(ReversePayment(PAYMENT, ReversalReason.ENTERED_TWICE))
    gone.holds(lambda account: account.payments[PAYMENT].line is None)
    gone.refused(FindPaymentOnStatement(PAYMENT, second), "payment_reversed")
    taken.refused(FindPaymentOnStatement(OTHER_PAYMENT, first), "unknown_payment")
    taken.refused(ReleasePaymentFromStatement(OTHER_PAYMENT, first), "unknown_payment")


def test_a_payment_that_a_line_brought_has_that_line() -> None:
    assert PAY.line is not None
    brought = billed().when(PAY)
    brought.refused(FindPaymentOnStatement(PAYMENT, UUID(int=0x311)), "payment_on_statement")
    brought.refused(ReleasePaymentFromStatement(PAYMENT, PAY.line), "line_payment_stands")


def test_refunds_need_a_second_person() -> None:
    held = opened().when(pay(10000, prepay_limit=10000))
    held.refused(RequestRefund(REFUND, PAYMENT, 10001, RefundReason.MOVED_OUT), "refund_too_much", most="100.00")
    asked = held.when(RequestRefund(REFUND, PAYMENT, 6000, RefundReason.MOVED_OUT))
    asked.refused(RequestRefund(UUID(int=7), PAYMENT, 5000, RefundReason.OVERPAID), "refund_too_much", most="40.00")
    asked.refused(ApproveRefund(REFUND), "second_person")
    asked.refused(PayRefund(REFUND, Method.CASH, PAID_ON), "refund_not_approved")
    approved = asked.by(HEAD, Capacity.STATION_HEAD).when(ApproveRefund(REFUND))
    approved.then(RefundApproved)
    paid = approved.when(PayRefund(REFUND, Method.CASH, PAID_ON))
    paid.then(PrepaymentRefunded(REFUND, PAYMENT, 6000, 0, Method.CASH, PAID_ON))
    paid.holds(lambda account: account.prepaid == 4000)
    paid.refused(PayRefund(REFUND, Method.CASH, PAID_ON), "refund_paid")
    asked.refused(ReversePayment(PAYMENT, ReversalReason.BOUNCED), "refund_first")
    approved.refused(ReversePayment(PAYMENT, ReversalReason.BOUNCED), "refund_first")


def test_money_asked_back_is_not_drawn() -> None:
    asked = opened().when(pay(10000, prepay_limit=10000), RequestRefund(REFUND, PAYMENT, 6000, RefundReason.MOVED_OUT))
    asked.when(ISSUE, DrawPrepayment(DUE)).then(PrepaymentDrawn((Draw(PAYMENT, BILL, 4000),)))


def test_inv_51_utilities_are_passed_on_as_they_are_whatever_they_are_paid_with() -> None:
    """No charge is made for handling: what was billed settles the bill to the fen, and nothing else is billed."""
    for method in Method:
        account = opened().when(
            replace(ISSUE, item=FeeItem.WATER_SHARED), pay(ISSUE.amount, method=method, paid_on=TODAY)
        )
        account.holds(lambda account: account.balance == 0 and [*account.bills] == [BILL])
    assert not [item.name for item in FeeItem if re.search("HANDLING|AGENCY|SERVICE_CHARGE|SURCHARGE", item.name)]


def test_inv_53_a_waiver_is_at_most_what_is_open() -> None:
    account = billed().when(PAY)
    waive = GrantWaiver(BILL, 14347, WaiverReason.HARDSHIP, "减免办法第三条")
    account.refused(waive, "waiver_too_much", most="143.46")
    account.when(replace(waive, amount=14346)).holds(lambda account: account.open == 0)


def test_inv_52_invoices_are_covered_by_the_payment_and_reversed_red() -> None:
    paid = billed().when(PAY)
    ask = RequestInvoice(INVOICE, PAYMENT, 50000, 600, 47170, 2830, "邹老师")
    paid.refused(replace(ask, amount=50001, net=47171), "invoice_too_much", most="500.00")
    paid.refused(replace(ask, net=47171), "invoice_split")
    asked = paid.when(ask)
    asked.refused(replace(ask, invoice=UUID(int=7), amount=1, net=1, tax=0), "invoice_too_much", most="0.00")
    asked.refused(ReversePayment(PAYMENT, ReversalReason.BOUNCED), "invoice_first")
    asked.refused(RecordInvoice(INVOICE, "2635200000000000001", PAID_ON), "invoice_number")
    issued = asked.when(RecordInvoice(INVOICE, "26352000000000000001", PAID_ON))
    issued.refused(ReverseInvoice(INVOICE, "26352000000000000002", PAID_ON - timedelta(1)), "red_before_blue")
    red = issued.when(ReverseInvoice(INVOICE, "26352000000000000002", PAID_ON))
    red.when(ReversePayment(PAYMENT, ReversalReason.BOUNCED)).then(PaymentReversed)


def test_inv_52_money_that_is_invoiced_goes_back_only_once_the_invoice_does() -> None:
    """It is said when it is asked for, not to whoever stands before the drawer with an approved refund."""
    held = opened().when(pay(50000, prepay_limit=50000), INVOICE_40000)
    back = RequestRefund(REFUND, PAYMENT, 10001, RefundReason.MOVED_OUT)
    held.refused(back, "refund_invoiced", most="100.00", invoiced="400.00")
    issued = held.when(RecordInvoice(INVOICE, "26352000000000000001", PAID_ON))
    issued.refused(back, "refund_invoiced", most="100.00", invoiced="400.00")
    asked = issued.when(replace(back, amount=6000))
    asked.refused(replace(back, refund=UUID(int=7), amount=4001), "refund_invoiced", most="40.00")
    asked.refused(replace(INVOICE_40000, invoice=UUID(int=7), amount=4001, net=4000, tax=1), "invoice_too_much")
    red = issued.when(ReverseInvoice(INVOICE, "26352000000000000002", PAID_ON))
    paid = (
        red.when(back)
        .by(HEAD, Capacity.STATION_HEAD)
        .when(ApproveRefund(REFUND), PayRefund(REFUND, Method.CASH, PAID_ON))
    )
    rest = replace(INVOICE_40000, invoice=UUID(int=7), amount=40000, net=37736, tax=2264)
    paid.refused(rest, "invoice_too_much", most="399.99")
    held.when(WithdrawInvoiceRequest(INVOICE), back).then(RefundRequested)


def test_inv_52_a_refund_asked_for_before_is_not_approved_against_an_invoice() -> None:
    """Logs of before hold refunds that an invoice stands against."""
    old = opened().when(pay(50000, prepay_limit=50000), INVOICE_40000)
    old = old.given(RefundRequested(REFUND, PAYMENT, 10001, RefundReason.OVERPAID))
    head = old.by(HEAD, Capacity.STATION_HEAD)
    head.refused(ApproveRefund(REFUND), "refund_invoiced", most="100.00", invoiced="400.00")
    head.when(WithdrawInvoiceRequest(INVOICE), ApproveRefund(REFUND)).then(RefundApproved)
    other = UUID(int=7)
    both = old.given(RefundRequested(other, PAYMENT, 10000, RefundReason.OVERPAID)).by(HEAD, Capacity.STATION_HEAD)
    both.when(ApproveRefund(other)).refused(ApproveRefund(REFUND), "refund_invoiced", most="0.00")
    approved = head.given(RefundApproved(REFUND, PAYMENT))
    approved.refused(PayRefund(REFUND, Method.CASH, PAID_ON), "refund_invoiced", most="100.00")


def test_a_bill_with_a_penalty_on_it_stays_until_the_penalty_goes() -> None:
    penalty = replace(
        ISSUE,
        bill=NEXT_BILL,
        item=FeeItem.LATE_PENALTY,
        amount=1448,
        reference=BILL,
        since=DUE,
        until=date(2026, 8, 14),
    )
    opened().refused(penalty, "unknown_bill")
    account = billed().when(penalty)
    account.refused(VoidBill(BILL, VoidReason.OTHER), "bill_has_penalty")
    law = account.when(pay(2000, order=AllocationOrder.COSTS_INTEREST_PRINCIPAL))
    law.holds(lambda account: account.bills[NEXT_BILL].open == 0 and account.bills[BILL].paid == 552)
    friendly = account.when(pay(2000, order=AllocationOrder.PRINCIPAL_FIRST))
    friendly.holds(lambda account: account.bills[NEXT_BILL].paid == 0 and account.bills[BILL].paid == 2000)
    account.when(VoidBill(NEXT_BILL, VoidReason.DISPUTE_UPHELD), VoidBill(BILL, VoidReason.OTHER)).then(BillVoided)


def test_nothing_happens_on_an_account_that_was_not_opened() -> None:
    Scenario(FEE_ACCOUNT, FEE_ACCOUNT.initial).refused(ISSUE, "unknown_account")


def test_a_cashier_states_no_earlier_day_for_cash() -> None:
    """Whoever keeps the accounts may; of other money a statement tells the day."""
    cash = pay(50000, method=Method.CASH, line=None, evidence=None)
    billed().refused(cash, "cash_day", field="paid_on")
    billed().when(replace(cash, paid_on=TODAY)).then(PaymentRecorded, PaymentAllocated)
    billed().by(HEAD, Capacity.ACCOUNTANT).when(cash).then(PaymentRecorded, PaymentAllocated)
    after_midnight = billed().at(MONDAY.replace(day=24, hour=0, minute=5))
    after_midnight.when(replace(cash, paid_on=TODAY)).then(PaymentRecorded, PaymentAllocated)
