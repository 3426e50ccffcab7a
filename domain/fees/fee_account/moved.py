"""What a movement makes of one bill or payment, whoever keeps it."""

from collections.abc import Mapping
from typing import Protocol, TypeVar, assert_never
from uuid import UUID

from domain.changed import changed
from domain.fees.fee_account.movements import (
    Billed,
    Drawn,
    Held,
    InvoiceMoved,
    Movement,
    Received,
    RefundAsked,
    RefundDecided,
    Refunded,
    Released,
    Returned,
    Reversed,
    Settled,
    Undone,
    Voided,
    Waived,
)


class _Bill(Protocol):
    """``paid`` and ``waived`` in fen. What was voided is told by who keeps it."""

    @property
    def paid(self) -> int: ...
    @property
    def waived(self) -> int: ...


class _Payment(Protocol):
    """What of a payment is held, and went back, in fen."""

    @property
    def prepaid(self) -> int: ...
    @property
    def overpaid(self) -> int: ...
    @property
    def refunded(self) -> int: ...


B = TypeVar("B", bound=_Bill)
P = TypeVar("P", bound=_Payment)


def bill_after(bill: B, moved: Movement) -> B:
    """A bill after a movement of its own."""
    match moved:
        case Settled(amount=amount) | Drawn(amount=amount):
            return changed(bill, paid=bill.paid + amount)
        case Released(amount=amount) | Undone(amount=amount):
            return changed(bill, paid=bill.paid - amount)
        case Waived(amount=amount):
            return changed(bill, waived=bill.waived + amount)
        case (
            Billed()
            | Voided()
            | Received()
            | Held()
            | Reversed()
            | Refunded()
            | Returned()
            | RefundAsked()
            | RefundDecided()
            | InvoiceMoved()
        ):
            return bill
        case _:
            assert_never(moved)


def payment_after(payment: P, moved: Movement) -> P:
    """A payment after a movement of its own: what of it is held and went back."""
    match moved:
        case Held(amount=amount, overpaid=False) | Released(amount=amount):
            return changed(payment, prepaid=payment.prepaid + amount)
        case Held(amount=amount):
            return changed(payment, overpaid=payment.overpaid + amount)
        case Drawn(amount=amount):
            prepaid = min(payment.prepaid, amount)  # what was prepaid goes before what was paid too much
            overpaid = payment.overpaid - (amount - prepaid)
            return changed(payment, prepaid=payment.prepaid - prepaid, overpaid=overpaid)
        case Refunded(amount=amount, overpaid=overpaid):
            return changed(
                payment,
                prepaid=payment.prepaid - (amount - overpaid),
                overpaid=payment.overpaid - overpaid,
                refunded=payment.refunded + amount,
            )
        case Returned(amount=amount, overpaid=overpaid):
            return changed(
                payment,
                prepaid=payment.prepaid + (amount - overpaid),
                overpaid=payment.overpaid + overpaid,
                refunded=payment.refunded - amount,
            )
        case Reversed():
            return changed(payment, prepaid=0, overpaid=0)
        case (
            Billed()
            | Waived()
            | Voided()
            | Received()
            | Settled()
            | Undone()
            | RefundAsked()
            | RefundDecided()
            | InvoiceMoved()
        ):
            return payment
        case _:
            assert_never(moved)


def given_after(given: Mapping[UUID, int], moved: Movement) -> Mapping[UUID, int]:
    """What a payment gave to each bill, after a movement of its own."""
    match moved:
        case Settled(bill=bill, amount=amount) | Drawn(bill=bill, amount=amount):
            return {**given, bill: given.get(bill, 0) + amount}
        case Released(bill=bill) | Undone(bill=bill):
            return {id: amount for id, amount in given.items() if id != bill}
        case Billed() | Waived() | Voided() | Received() | Held() | Reversed() | Refunded():
            return given
        case Returned() | RefundAsked() | RefundDecided() | InvoiceMoved():
            return given
        case _:
            assert_never(moved)
