"""A refund that the bank sends back: its payer is owed it again, in every figure, and it may be paid out anew."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from domain.calendar import local_date
from domain.capacity import Capacity
from domain.closing.ledger import Ledger, figures
from domain.fees import fee_account as fees
from domain.fees.fee_account import FEE_ACCOUNT, FeeAccount, Method
from domain.recorded import Act
from tests.fees.examples import BILL, INVOICE, LINE, PAID_ON, PAYMENT, REFUND
from tests.fees.test_fee_account import billed, pay
from tests.fees.test_refunds_view import ASKED, PAID, TODAY
from tests.fees.test_refunds_view import PAYMENT as VIEWED
from tests.fees.test_refunds_view import REFUND as SEEN
from tests.fees.test_refunds_view import refund as row_of
from tests.scenario import CLERK, HEAD, MONDAY, Scenario

BACK = fees.ReturnRefund(REFUND, MONDAY.date(), LINE)
OUT = fees.WithdrawRefundReturn(REFUND)
OTHER_LINE = UUID(int=0x991)


def paid_out(amount: int = 30_000, method: Method = Method.BANK_TRANSFER, **paid: Any) -> Scenario[FeeAccount]:
    account = billed().when(pay(100_000, prepay_limit=100_000, **paid))
    ask = fees.RequestRefund(REFUND, PAYMENT, amount, fees.RefundReason.OVERPAID)
    asked = account.by(CLERK, Capacity.ACCOUNTANT).when(ask)
    return asked.by(HEAD, Capacity.STATION_HEAD).when(
        fees.ApproveRefund(REFUND), fees.PayRefund(REFUND, method, PAID_ON)
    )


def test_what_came_back_is_held_for_its_payer_again_and_may_go_out_anew() -> None:
    back = paid_out().when(BACK)
    back.then(fees.RefundReturned(REFUND, PAYMENT, 30_000, 0, Method.BANK_TRANSFER, MONDAY.date(), LINE))
    payment = back.state.payments[PAYMENT]
    assert (payment.prepaid, payment.refunded, back.state.available(PAYMENT)) == (35_654, 0, 35_654)
    again = fees.RequestRefund(OTHER_LINE, PAYMENT, 30_000, fees.RefundReason.OVERPAID)
    anew = back.by(CLERK, Capacity.ACCOUNTANT).when(again).by(HEAD, Capacity.STATION_HEAD)
    out = anew.when(fees.ApproveRefund(OTHER_LINE), fees.PayRefund(OTHER_LINE, Method.BANK_TRANSFER, MONDAY.date()))
    assert out.state.payments[PAYMENT].refunded == 30_000


def test_what_was_paid_too_much_comes_back_as_paid_too_much() -> None:
    account = billed().when(pay(100_000, prepay_limit=10_000, accept_excess=True))
    asked = account.by(CLERK, Capacity.ACCOUNTANT).when(
        fees.RequestRefund(REFUND, PAYMENT, 30_000, fees.RefundReason.OVERPAID)
    )
    out = asked.by(HEAD, Capacity.STATION_HEAD).when(
        fees.ApproveRefund(REFUND), fees.PayRefund(REFUND, Method.BANK_TRANSFER, PAID_ON)
    )
    held = out.when(BACK).state.payments[PAYMENT]
    assert (held.overpaid, held.prepaid) == (25_654, 10_000)


def test_a_refund_comes_back_once_after_it_was_paid_out_and_only_by_a_bank() -> None:
    out = paid_out()
    waiting = billed().when(pay(100_000, prepay_limit=100_000)).by(CLERK, Capacity.ACCOUNTANT)
    waiting = waiting.when(fees.RequestRefund(REFUND, PAYMENT, 1, fees.RefundReason.OVERPAID))
    waiting.refused(BACK, "refund_not_paid")
    out.refused(replace(BACK, refund=OTHER_LINE), "unknown_refund")
    out.refused(replace(BACK, returned_on=PAID_ON - timedelta(days=1)), "returned_before_paid", day=PAID_ON)
    out.refused(replace(BACK, returned_on=MONDAY.date() + timedelta(days=1)), "future")
    out.when(BACK).refused(replace(BACK, line=OTHER_LINE), "refund_returned")
    out.when(BACK).when(BACK).then()  # the same line says nothing new
    by_hand = out.when(replace(BACK, line=None))
    by_hand.when(BACK).then(fees.RefundReturnFound(REFUND, PAYMENT, LINE))
    paid_out(method=Method.CASH).refused(BACK, "refund_in_cash")
    for again in (
        fees.ApproveRefund(REFUND),
        fees.RejectRefund(REFUND),
        fees.PayRefund(REFUND, Method.CASH, PAID_ON),
    ):
        out.when(BACK).refused(again, "refund_returned")


def test_of_money_that_never_came_the_claim_is_paid_instead_and_a_return_leaves_none() -> None:
    bounced = fees.ReversePayment(PAYMENT, fees.ReversalReason.BOUNCED)
    paid_out().when(bounced).refused(BACK, "refund_reclaimed")
    back = paid_out().when(BACK, bounced)
    assert list(back.state.bills) == [BILL] and back.state.payments[PAYMENT].refunded == 0


def test_other_money_taken_for_it_goes_its_own_way_unless_it_was_used() -> None:
    back = paid_out().when(BACK)
    withdrawn = back.when(OUT)
    told = fees.RefundReturnWithdrawn(REFUND, PAYMENT, 30_000, 0, Method.BANK_TRANSFER, MONDAY.date())
    withdrawn.then(told)
    assert withdrawn.state.payments == paid_out().state.payments
    assert withdrawn.state.refunds[REFUND].line is None
    withdrawn.refused(OUT, "refund_paid")
    paid_out().refused(OUT, "refund_paid")
    withdrawn.when(replace(BACK, line=OTHER_LINE)).then(fees.RefundReturned)
    asked = back.by(CLERK, Capacity.ACCOUNTANT).when(
        fees.RequestRefund(OTHER_LINE, PAYMENT, 30_000, fees.RefundReason.OTHER)
    )
    asked.refused(OUT, "refund_used_again")
    invoiced = back.when(fees.RequestInvoice(INVOICE, PAYMENT, 90_000, 0, 90_000, 0, "邹老师"))
    invoiced.refused(OUT, "refund_invoiced", most="100.00")


def test_every_month_foots_and_the_one_of_the_return_tells_it() -> None:
    """The bank tells: 1000.00 in, 300.00 out in November; 300.00 in again in December."""
    november = Act(CLERK, Capacity.ACCOUNTANT, MONDAY, MONDAY)
    later = MONDAY + timedelta(days=9)
    december = Act(CLERK, Capacity.ACCOUNTANT, later, later)
    ledger, entries = Ledger(), list[Any]()
    for event in paid_out().happened:
        entries += ledger.entries(event, november)
    closed = figures(entries, "2026-11")
    back = fees.ReturnRefund(REFUND, local_date(later))
    events = FEE_ACCOUNT.consider(back, paid_out().state, december)
    for event in events:
        entries += ledger.entries(event, december)
    now = figures(entries, "2026-12")
    assert figures(entries, "2026-11") == closed and closed.foots and now.foots
    assert (now.returned, now.refunded, now.received, now.held_end) == (30_000, 0, 0, closed.held_end + 30_000)
    assert [(share.of, share.amount) for share in now.returned_by_method] == [("BANK_TRANSFER", 30_000)]
    assert not replace(now, returned=0).foots


def test_the_view_tells_when_it_came_back_and_by_which_line() -> None:
    out = (*PAID, ASKED, fees.ApproveRefund(SEEN), fees.PayRefund(SEEN, Method.ALIPAY, TODAY))
    back = row_of(*out, fees.ReturnRefund(SEEN, TODAY))
    assert (back.stage, back.returned_on, back.line, back.payment) == (fees.RefundStage.RETURNED, TODAY, None, VIEWED)
    assert back.returned is not None and back.returned.who == HEAD
    assert row_of(*out, fees.ReturnRefund(SEEN, TODAY), fees.ReturnRefund(SEEN, TODAY, LINE)).line == LINE
    withdrawn = row_of(*out, fees.ReturnRefund(SEEN, TODAY, LINE), fees.WithdrawRefundReturn(SEEN))
    assert (withdrawn.stage, withdrawn.returned, withdrawn.line) == (fees.RefundStage.PAID, None, None)
    assert withdrawn.paid_on == TODAY
