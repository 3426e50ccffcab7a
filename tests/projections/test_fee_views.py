"""Bills, payments and accounts as views: after any sequence of acts each row says what the account's own fold says."""

from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis.stateful import invariant

from domain.fee_account import fee_account_stream
from domain.recorded import Recorded
from projections.accounts import ACCOUNTS
from projections.bills import BILLS
from projections.payments import PAYMENTS
from projections.projection import View, fold, keyed
from tests.domain.test_fee_account_machine import Ledger
from tests.fee_examples import DWELLING, ESTATE_CODE

STREAM = fee_account_stream(DWELLING)


class Shown(Ledger):
    """The ledger, and what is shown of it."""

    def rows(self, view: View[Any]) -> dict[UUID, Any]:
        told = [
            Recorded(number, UUID(int=number), STREAM, number, event, act, ESTATE_CODE, DWELLING, None)
            for number, (event, act) in enumerate(self.happened, 1)
        ]
        folded = fold(view, {}, keyed(view, told))
        return {UUID(key): view.as_kept(row) for key, (row, _) in folded.written.items()}

    @invariant()
    def every_bill_is_shown_as_it_stands(self) -> None:
        shown = self.rows(BILLS)
        assert shown.keys() == self.state.bills.keys()
        for id, bill in self.state.bills.items():
            row = shown[id]
            assert (row.amount, row.paid, row.waived, row.open) == (bill.amount, bill.paid, bill.waived, bill.open)
            assert (row.standing == "VOID") == bill.voided
            assert (row.standing == "OPEN") == bool(bill.open)

    @invariant()
    def every_payment_is_shown_as_it_stands(self) -> None:
        shown = self.rows(PAYMENTS)
        assert shown.keys() == self.state.payments.keys()
        for id, payment in self.state.payments.items():
            row = shown[id]
            assert {each.bill: each.amount for each in row.allocations} == payment.allocated
            told = (row.prepaid, row.overpaid, row.refunded, row.reversed is not None)
            assert told == (payment.prepaid, payment.overpaid, payment.refunded, payment.reversed)
            assert {line.refund: line.stage for line in row.refunds} == {
                refund: each.stage for refund, each in self.state.refunds.items() if each.payment == id
            }

    @invariant()
    def the_account_is_shown_as_it_stands(self) -> None:
        row = self.rows(ACCOUNTS)[STREAM] if self.happened else None
        if row is not None:
            assert (row.open, row.balance, row.version) == (self.state.open, self.state.balance, len(self.happened))
            assert row.bills == {str(id): bill.open for id, bill in self.state.open_bills().items()}


Shown.TestCase.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
TestShown = Shown.TestCase
