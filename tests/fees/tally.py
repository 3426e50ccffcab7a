"""What the events of fee accounts add up to, by another way than the product's: what each payment gave to each bill."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from domain.fees.fee_account import (
    BillIssued,
    BillVoided,
    PaymentAllocated,
    PaymentRecorded,
    PaymentReversed,
    PrepaymentDrawn,
    PrepaymentRefunded,
    RefundReturned,
    RefundReturnWithdrawn,
    WaiverGranted,
)


class Tally:
    """Bills and payments of any number of accounts, in fen. Fails where an event gives what is not there."""

    def __init__(self) -> None:
        self.bills: dict[UUID, BillIssued] = {}
        self.payments: dict[UUID, PaymentRecorded] = {}
        self.voided: set[UUID] = set()
        self.reversed: set[UUID] = set()
        self._of_bill: defaultdict[UUID, Counter[UUID]] = defaultdict(Counter)  # what each payment gave to it
        self._of_payment: defaultdict[UUID, Counter[UUID]] = defaultdict(Counter)  # what it gave to each bill
        self.waived: Counter[UUID] = Counter()
        self.refunded: Counter[UUID] = Counter()  # by payment

    def add(self, event: Any) -> None:
        """One more event; those that move no money change nothing."""
        match event:
            case BillIssued(bill=bill):
                assert bill not in self.bills and event.amount > 0
                self.bills[bill] = event
            case PaymentRecorded(payment=payment):
                assert payment not in self.payments and event.amount > 0
                self.payments[payment] = event
            case PaymentAllocated(payment=payment, allocations=parts):
                self._give((payment, part.bill, part.amount) for part in parts)
            case PrepaymentDrawn(draws):
                self._give((draw.payment, draw.bill, draw.amount) for draw in draws)
            case WaiverGranted(bill=bill, amount=amount):
                assert 0 < amount <= self.open(bill)
                self.waived[bill] += amount
            case BillVoided(bill=bill, freed=freed):
                assert bill not in self.voided
                assert {each.payment: each.amount for each in freed} == self.payers_of(bill)
                for payment in self._of_bill.pop(bill, ()):
                    del self._of_payment[payment][bill]
                self.voided.add(bill)
            case PaymentReversed(payment=payment, undone=undone):
                assert payment not in self.reversed
                assert {each.bill: each.amount for each in undone} == self.paid_by(payment)
                for bill in self._of_payment.pop(payment, ()):
                    del self._of_bill[bill][payment]
                self.reversed.add(payment)
            case (
                PrepaymentRefunded(payment=payment, amount=amount)
                | RefundReturnWithdrawn(payment=payment, amount=amount)
            ):
                assert 0 < amount <= self.held(payment)
                self.refunded[payment] += amount
            case RefundReturned(payment=payment, amount=amount):
                assert 0 < amount <= self.refunded[payment] and payment not in self.reversed
                self.refunded[payment] -= amount

    def _give(self, parts: Iterable[tuple[UUID, UUID, int]]) -> None:
        for payment, bill, amount in parts:
            assert 0 < amount <= min(self.held(payment), self.open(bill))
            self._of_bill[bill][payment] += amount
            self._of_payment[payment][bill] += amount

    def paid_by(self, payment: UUID) -> dict[UUID, int]:
        """What a payment gave, by bill."""
        return dict(self._of_payment[payment])

    def payers_of(self, bill: UUID) -> dict[UUID, int]:
        """What was given to a bill, by payment."""
        return dict(self._of_bill[bill])

    def paid(self, bill: UUID) -> int:
        return self._of_bill[bill].total()

    def open(self, bill: UUID) -> int:
        """What is still to be paid of a bill."""
        return 0 if bill in self.voided else self.bills[bill].amount - self.paid(bill) - self.waived[bill]

    def held(self, payment: UUID) -> int:
        """What is left of a payment."""
        gone = self._of_payment[payment].total() + self.refunded[payment]
        return 0 if payment in self.reversed else self.payments[payment].amount - gone

    def cash(self) -> int:
        """What came in and did not go out again; below zero where more was refunded than came."""
        came = sum(event.amount for id, event in self.payments.items() if id not in self.reversed)
        return came - sum(self.refunded.values())

    def reclaimed(self) -> int:
        """What was refunded of money that never came."""
        return sum(self.refunded[id] for id in self.reversed)

    def standing(self, dwelling: UUID | None = None) -> dict[UUID, BillIssued]:
        """Bills that are not void."""
        return {
            id: event
            for id, event in self.bills.items()
            if id not in self.voided and dwelling in (None, event.dwelling)
        }

    def overdue(self, today: date) -> dict[tuple[UUID, UUID], int]:
        """What is open and was due before ``today``, by dwelling and payer."""
        found: Counter[tuple[UUID, UUID]] = Counter()
        for id, event in self.bills.items():
            if self.open(id) and event.due < today:
                found[event.dwelling, event.payer] += self.open(id)
        return dict(found)
