"""Any sequence of bills, payments, corrections, reversals, refunds, owner changes and waivers keeps every invariant."""

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.capacity import Capacity
from domain.fees import fee_account as fees
from domain.fees.fee_account import FEE_ACCOUNT, FeeAccount, Method
from domain.money.allocation import AllocationOrder
from domain.money.items import PERIODIC, FeeItem
from domain.months import months_later
from domain.recorded import Act
from domain.refusal import Refusal
from tests.fees.examples import DWELLING, ESTATE_CODE
from tests.scenario import MONDAY

OWNERS = [UUID(int=n) for n in range(1, 4)]
PEOPLE = [UUID(int=n) for n in range(11, 13)]
AMOUNT = st.integers(-5, 200_000)
MONTH = st.integers(0, 23).map(lambda months: months_later(date(2025, 1, 1), months))


class Ledger(RuleBasedStateMachine):
    """``cash``: what came in less what went out, kept the way a cashier would, beside the account.

    ``reclaimed``: what went out of money that never came, and is owed back.
    """

    def __init__(self) -> None:
        super().__init__()
        self.state = FeeAccount()
        self.happened: list[tuple[Any, Act]] = []
        self.ids = iter(range(1000, 10**9))
        self.cash = 0
        self.reclaimed = 0

    def id(self) -> UUID:
        return UUID(int=next(self.ids))

    def do(self, command: Any, person: UUID = PEOPLE[0]) -> list[Any]:
        act = Act(person, Capacity.ACCOUNTANT, MONDAY, MONDAY)
        try:
            events = list(FEE_ACCOUNT.consider(command, self.state, act))
        except Refusal:
            return []
        self.happened += [(event, act) for event in events]
        self.state = FEE_ACCOUNT.fold([(event, act) for event in events], self.state)
        return events

    @initialize()
    def open(self) -> None:
        self.do(fees.OpenFeeAccount(DWELLING, ESTATE_CODE, "3"))

    def _bill(self, since: date, months: int, item: FeeItem, payer: UUID, amount: int) -> fees.IssueBill:
        return fees.IssueBill(
            bill=self.id(),
            number=str(next(self.ids)),
            item=item,
            since=since,
            until=months_later(since, months),
            payer=payer,
            amount=amount,
            due=since + timedelta(days=30),
        )

    @rule(
        since=MONTH,
        months=st.integers(1, 12),
        item=st.sampled_from([FeeItem.PROPERTY_FEE, FeeItem.PARKING]),
        payer=st.sampled_from(OWNERS),
        amount=AMOUNT,
    )
    def issue(self, since: date, months: int, item: FeeItem, payer: UUID, amount: int) -> None:
        self.do(self._bill(since, months, item, payer, amount))

    @rule(amount=AMOUNT, payer=st.sampled_from(OWNERS), limit=AMOUNT, excess=st.booleans(), data=st.data())
    def pay(self, amount: int, payer: UUID, limit: int, excess: bool, data: st.DataObject) -> None:
        named = data.draw(st.lists(st.sampled_from(list(self.state.bills)), max_size=2)) if self.state.bills else []
        order = data.draw(st.sampled_from(AllocationOrder))
        paid_on = MONDAY.date()
        command = fees.RecordPayment(
            self.id(), payer, amount, Method.CASH, paid_on, "r", order, tuple(named), limit, excess
        )
        if self.do(command):
            self.cash += amount

    @rule(day=MONTH, order=st.sampled_from(AllocationOrder))
    def draw(self, day: date, order: AllocationOrder) -> None:
        self.do(fees.DrawPrepayment(day, order))

    @precondition(lambda self: self.state.bills)
    @rule(data=st.data(), amount=AMOUNT)
    def waive(self, data: st.DataObject, amount: int) -> None:
        bill = data.draw(st.sampled_from(list(self.state.bills)))
        self.do(fees.GrantWaiver(bill, amount, fees.WaiverReason.MEDIATION, "3"))

    @precondition(lambda self: self.state.bills)
    @rule(data=st.data(), amount=AMOUNT, correct=st.booleans(), payer=st.sampled_from(OWNERS))
    def void(self, data: st.DataObject, amount: int, correct: bool, payer: UUID) -> None:
        id = data.draw(st.sampled_from(list(self.state.bills)))
        if not correct:
            self.do(fees.VoidBill(id, fees.VoidReason.OTHER))
            return
        old = self.state.bills[id]
        instead = self._bill(old.since, 1, old.item, payer, amount)
        self.do(fees.CorrectBill(id, fees.VoidReason.WRONG_PAYER, instead))

    @precondition(lambda self: self.state.payments)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(list(self.state.payments)))
        if self.do(fees.ReversePayment(id, fees.ReversalReason.OTHER)):
            self.cash -= self.state.payments[id].amount
            self.reclaimed += self.state.payments[id].refunded

    @precondition(lambda self: self.state.payments)
    @rule(data=st.data(), found=st.booleans())
    def statement(self, data: st.DataObject, found: bool) -> None:
        """Whatever statements say of a payment moves no money, and it has one line at most."""
        id = data.draw(st.sampled_from(list(self.state.payments)))
        before = self.state
        line = self.id() if found else before.payments[id].line or self.id()
        kind = fees.FindPaymentOnStatement if found else fees.ReleasePaymentFromStatement
        happened = self.do(kind(id, line))
        had = before.payments[id].line
        assert bool(happened) == (not before.payments[id].reversed and had is None if found else had is not None)
        assert (self.state.balance, self.state.bills) == (before.balance, before.bills)

    @precondition(lambda self: self.state.payments)
    @rule(data=st.data(), amount=AMOUNT, person=st.sampled_from(PEOPLE))
    def ask_back(self, data: st.DataObject, amount: int, person: UUID) -> None:
        id = data.draw(st.sampled_from(list(self.state.payments)))
        self.do(fees.RequestRefund(self.id(), id, amount, fees.RefundReason.OTHER), person)

    @precondition(lambda self: self.state.refunds)
    @rule(
        data=st.data(),
        person=st.sampled_from(PEOPLE),
        act=st.sampled_from(
            [fees.ApproveRefund, fees.RejectRefund, lambda id: fees.PayRefund(id, Method.CARD, MONDAY.date())]
        ),
    )
    def decide_refund(self, data: st.DataObject, person: UUID, act: Callable[[UUID], Any]) -> None:
        id = data.draw(st.sampled_from(list(self.state.refunds)))
        for event in self.do(act(id), person):
            if isinstance(event, fees.PrepaymentRefunded):
                self.cash -= event.amount
                assert self.state.refunds[id].asked_by != next(
                    recorded.actor for past, recorded in self.happened if past == fees.RefundApproved(id, event.payment)
                )

    @precondition(lambda self: self.state.refunds)
    @rule(data=st.data(), out=st.booleans())
    def comes_back(self, data: st.DataObject, out: bool) -> None:
        id = data.draw(st.sampled_from(list(self.state.refunds)))
        act = fees.WithdrawRefundReturn(id) if out else fees.ReturnRefund(id, MONDAY.date())
        for event in self.do(act):
            self.cash += -event.amount if out else event.amount

    @precondition(lambda self: self.state.payments)
    @rule(data=st.data(), amount=AMOUNT)
    def invoice(self, data: st.DataObject, amount: int) -> None:
        id = data.draw(st.sampled_from(list(self.state.payments)))
        self.do(fees.RequestInvoice(self.id(), id, amount, 0, amount, 0, "邹老师"))

    # -- what always holds ---------------------------------------------------------------------------------------

    @invariant()
    def every_fen_of_a_payment_is_somewhere(self) -> None:
        for payment in self.state.payments.values():
            parts = sum(payment.allocated.values()) + payment.prepaid + payment.overpaid + payment.refunded
            assert parts == (payment.refunded if payment.reversed else payment.amount)
            assert min(payment.prepaid, payment.overpaid, *payment.allocated.values(), 0) >= 0

    @invariant()
    def what_bills_got_is_what_payments_gave(self) -> None:
        for id, bill in self.state.bills.items():
            assert bill.paid == sum(payment.allocated.get(id, 0) for payment in self.state.payments.values())
            assert 0 <= bill.open <= bill.amount

    @invariant()
    def the_balance_is_what_was_billed_less_what_came(self) -> None:
        owed = sum(bill.amount - bill.waived for bill in self.state.bills.values() if not bill.voided)
        assert self.state.balance == owed - self.cash - self.reclaimed

    @invariant()
    def what_went_out_of_money_that_never_came_is_owed_back_by_who_got_it(self) -> None:
        claims = {bill.reference: bill for bill in self.state.bills.values() if bill.item is FeeItem.RECLAIMED_REFUND}
        gone = {
            id: refund
            for id, refund in self.state.refunds.items()
            if refund.stage is fees.RefundStage.PAID and self.state.payments[refund.payment].reversed
        }
        assert claims.keys() == gone.keys()
        for id, refund in gone.items():
            assert (claims[id].amount, claims[id].payer) == (refund.amount, self.state.payments[refund.payment].payer)
            assert not claims[id].voided and claims[id].due == MONDAY.date()

    @invariant()
    def no_day_is_billed_twice(self) -> None:
        for item in PERIODIC:
            spans = sorted(
                (bill.since, bill.until) for bill in self.state.bills.values() if bill.item is item and not bill.voided
            )
            assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))

    @invariant()
    def invoices_are_covered(self) -> None:
        for id, payment in self.state.payments.items():
            assert self.state.invoiced(id) <= (0 if payment.reversed else payment.amount - payment.refunded)

    @invariant()
    def money_asked_back_is_there(self) -> None:
        assert all(self.state.available(id) >= 0 for id in self.state.payments)

    @invariant()
    def the_state_is_the_fold_of_what_happened(self) -> None:
        assert FEE_ACCOUNT.fold(self.happened) == self.state


Ledger.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestLedger = Ledger.TestCase
