"""A payment that bounces after a refund: what went out of money that never came is owed back, as an item of its own."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from domain.arrears.overdue import PRINCIPAL
from domain.capacity import Capacity
from domain.closing.ledger import Ledger, figures
from domain.fees.fee_account import (
    FEE_ACCOUNT,
    Allocation,
    ApproveRefund,
    BillIssued,
    CorrectBill,
    DrawPrepayment,
    FeeAccount,
    GrantWaiver,
    Method,
    PaymentReversed,
    PayRefund,
    PrepaymentDrawn,
    Reclaim,
    RefundReason,
    RejectRefund,
    RequestInvoice,
    RequestRefund,
    ReversalReason,
    ReversePayment,
    UndoPayment,
    VoidBill,
    VoidReason,
    WaiverReason,
)
from domain.money.items import FeeItem
from domain.recorded import Act
from tests.fees.examples import BILL, INVOICE, ISSUE, NEXT_BILL, OWNER, PAID_ON, PAYMENT, REFUND
from tests.fees.test_fee_account import billed, pay
from tests.scenario import CLERK, HEAD, MONDAY, Scenario

SECOND, NEIGHBOUR, OTHERS = UUID(int=0x777), UUID(int=0x778), UUID(int=0x779)
BOUNCED = ReversePayment(PAYMENT, ReversalReason.BOUNCED)
TODAY = MONDAY.date()


def refunded(account: Scenario[FeeAccount], amount: int = 30_000, refund: UUID = REFUND) -> Scenario[FeeAccount]:
    asked = account.by(CLERK, Capacity.ACCOUNTANT).when(RequestRefund(refund, PAYMENT, amount, RefundReason.OVERPAID))
    approved = asked.by(HEAD, Capacity.STATION_HEAD).when(ApproveRefund(refund))
    return approved.when(PayRefund(refund, Method.BANK_TRANSFER, PAID_ON))


def paid() -> Scenario[FeeAccount]:
    return billed().when(pay(100_000, prepay_limit=100_000))


def claim_of(account: FeeAccount) -> UUID:
    return next(id for id, bill in account.bills.items() if bill.item is FeeItem.RECLAIMED_REFUND)


def test_what_was_refunded_of_money_that_never_came_is_owed_back_by_its_payer() -> None:
    bounced = refunded(paid()).when(BOUNCED)
    claim = bounced.outcome[-1]
    bounced.then(PaymentReversed(PAYMENT, ReversalReason.BOUNCED, (Allocation(BILL, 64346),)), BillIssued)
    assert isinstance(claim, BillIssued)
    assert (claim.item, claim.payer, claim.amount, claim.due) == (FeeItem.RECLAIMED_REFUND, OWNER, 30_000, TODAY)
    assert claim.number == f"TH-{pay(1).receipt}-1" and claim.reference == REFUND
    assert claim.reclaims == Reclaim(REFUND, PAYMENT, pay(1).receipt, PAID_ON)
    bounced.holds(lambda account: (account.open, account.prepaid) == (64346 + 30_000, 0))
    bounced.refused(BOUNCED, "payment_reversed")


def test_every_refund_is_a_claim_of_its_own() -> None:
    bounced = refunded(refunded(paid(), 10_000), 5_000, SECOND).when(BOUNCED)
    claims = [event for event in bounced.outcome if isinstance(event, BillIssued)]
    assert [(each.reference, each.amount, each.number[-2:]) for each in claims] == [
        (REFUND, 10_000, "-1"),
        (SECOND, 5_000, "-2"),
    ]
    assert len({each.bill for each in claims}) == 2


def test_a_refund_that_was_rejected_is_owed_by_nobody_and_one_that_waits_is_rejected_first() -> None:
    asked = paid().by(CLERK, Capacity.ACCOUNTANT).when(RequestRefund(REFUND, PAYMENT, 1, RefundReason.OVERPAID))
    asked.refused(BOUNCED, "refund_first")
    bounced = asked.when(RejectRefund(REFUND), BOUNCED)
    bounced.then(PaymentReversed)


def test_the_claim_is_paid_with_its_payers_money_and_nobody_elses() -> None:
    other = replace(ISSUE, bill=NEXT_BILL, payer=NEIGHBOUR, item=FeeItem.KEY_CARD, amount=1, reference=SECOND)
    theirs = pay(90_000, payment=OTHERS, payer=NEIGHBOUR, prepay_limit=90_000, bills=())
    bounced = refunded(paid().when(other, theirs)).when(BOUNCED)
    bounced.when(DrawPrepayment(TODAY)).then()
    own = pay(20_000, payment=SECOND, bills=(claim_of(bounced.state),))
    bounced.when(own).holds(lambda account: account.bills[claim_of(account)].open == 10_000)
    held = refunded(paid().when(pay(40_000, payment=SECOND, prepay_limit=40_000, bills=()))).when(BOUNCED)
    held.when(DrawPrepayment(TODAY)).then(PrepaymentDrawn).holds(lambda account: account.prepaid == 0)
    assert {each.payment for event in held.when(DrawPrepayment(TODAY)).outcome for each in event.draws} == {SECOND}


def test_a_claim_stands_but_what_cannot_be_got_back_may_be_waived() -> None:
    bounced = refunded(paid()).when(BOUNCED)
    claim = claim_of(bounced.state)
    bounced.refused(VoidBill(claim, VoidReason.OTHER), "reclaim_stands")
    bounced.refused(CorrectBill(claim, VoidReason.OTHER, replace(ISSUE, bill=SECOND)), "reclaim_stands")
    bounced.refused(replace(ISSUE, bill=SECOND, item=FeeItem.RECLAIMED_REFUND), "reclaim_by_itself")
    waived = bounced.when(GrantWaiver(claim, 30_000, WaiverReason.OTHER, "第三条"))
    waived.holds(lambda account: account.bills[claim].open == 0)
    assert FeeItem.RECLAIMED_REFUND not in PRINCIPAL  # no penalty rests on it (INV-49)


def test_money_that_pays_a_claim_back_is_no_income_and_has_no_invoice() -> None:
    bounced = refunded(paid()).when(BOUNCED)
    back = bounced.when(pay(40_000, payment=SECOND, bills=(claim_of(bounced.state),)))
    ask = RequestInvoice(INVOICE, SECOND, 10_001, 0, 10_001, 0, "邹老师")
    back.refused(ask, "invoice_too_much", most="100.00")
    back.when(replace(ask, amount=10_000, net=10_000))


def test_a_slip_is_not_undone_at_once_after_a_refund() -> None:
    by_hand = billed().when(pay(100_000, prepay_limit=100_000, line=None, evidence=None))
    refunded(by_hand).by(CLERK, Capacity.CASHIER).refused(UndoPayment(PAYMENT), "refunded_before")


def test_the_month_of_the_refund_stays_and_the_reversal_and_the_claim_stand_in_the_present_one() -> None:
    """The money side tells what the bank tells: 1000.00 in, 300.00 out in November; 1000.00 out in December."""
    november = Act(CLERK, Capacity.ACCOUNTANT, MONDAY, MONDAY)
    december = Act(CLERK, Capacity.ACCOUNTANT, *([MONDAY + timedelta(days=9)] * 2))
    before = refunded(paid()).state
    ledger, entries = Ledger(), list[Any]()
    for event in refunded(paid()).happened:
        entries += ledger.entries(event, november)
    closed = figures(entries, "2026-11")
    for event in FEE_ACCOUNT.consider(BOUNCED, before, december):
        entries += ledger.entries(event, december)
    assert figures(entries, "2026-11") == closed and closed.foots
    now = figures(entries, "2026-12")
    assert now.foots and (now.receivable_end, now.held_end) == (64346 + 30_000, 0)
    assert (now.reversed, now.refunded, now.reclaimed, now.billed, now.bills) == (100_000, 0, 30_000, 0, 0)
    assert now.billed_by_item == () and closed.received - closed.refunded - now.reversed == -30_000
