"""What each event of an account means in money: told once, for everybody who adds up bills, payments or months.

An event is a few movements: something is billed, received, settled, held, given back. Whoever counts reads these and
never the events, so an event that is new has to say here what it moves before anything type-checks.
"""

from datetime import date
from typing import NamedTuple, assert_never
from uuid import UUID

from domain.fees.fee_account.events import (
    BillIssued,
    BillVoided,
    Event,
    FeeAccountOpened,
    InvoiceIssued,
    InvoiceRequested,
    InvoiceRequestWithdrawn,
    InvoiceReversed,
    OverpaymentHeld,
    PaymentAllocated,
    PaymentFoundOnStatement,
    PaymentRecorded,
    PaymentReleasedFromStatement,
    PaymentReversed,
    PrepaymentDrawn,
    PrepaymentHeld,
    PrepaymentRefunded,
    RefundApproved,
    RefundRejected,
    RefundRequested,
    RefundReturned,
    RefundReturnFound,
    RefundReturnWithdrawn,
    WaiverGranted,
)
from domain.fees.fee_account.vocabulary import (
    InvoiceStage,
    Method,
    RefundReason,
    RefundStage,
    ReversalReason,
    VoidReason,
    WaiverReason,
)
from domain.money.items import FeeItem


class Billed(NamedTuple):
    """So much is to be paid."""

    bill: UUID
    amount: int
    payer: UUID
    item: FeeItem


class Waived(NamedTuple):
    """So much of a bill need not be paid."""

    bill: UUID
    amount: int
    reason: WaiverReason
    rule: str


class Voided(NamedTuple):
    """Nothing of a bill is to be paid; ``Released`` tell what becomes of that which was."""

    bill: UUID
    reason: VoidReason


class Received(NamedTuple):
    """Money came in; what becomes of it is told next, by what it ``Settled`` and what is ``Held``."""

    payment: UUID
    amount: int
    payer: UUID
    method: Method
    paid_on: date


class Settled(NamedTuple):
    """Money that came in pays a bill at once."""

    payment: UUID
    bill: UUID
    amount: int


class Held(NamedTuple):
    """Money that came in is kept for its payer: in advance, or ``overpaid``."""

    payment: UUID
    amount: int
    overpaid: bool


class Drawn(NamedTuple):
    """Money that was held pays a bill."""

    payment: UUID
    bill: UUID
    amount: int


class Released(NamedTuple):
    """Money on a bill that does not stand is held in advance."""

    payment: UUID
    bill: UUID
    amount: int


class Reversed(NamedTuple):
    """All of a payment is gone; ``settled`` of it paid bills, which ``Undone`` tell one by one."""

    payment: UUID
    settled: int
    reason: ReversalReason


class Undone(NamedTuple):
    """So much of a bill is open again, as its payment does not stand."""

    payment: UUID
    bill: UUID
    amount: int


class Refunded(NamedTuple):
    """Money that was held goes out again, ``overpaid`` of it having been paid too much."""

    refund: UUID
    payment: UUID
    amount: int
    overpaid: int
    method: Method
    paid_on: date


class Returned(NamedTuple):
    """A refund that went out came back: it is held again, ``overpaid`` of it as paid too much."""

    refund: UUID
    payment: UUID
    amount: int
    overpaid: int
    method: Method
    returned_on: date


class RefundAsked(NamedTuple):
    """Somebody wants money back: it is spoken for from now on."""

    refund: UUID
    payment: UUID
    amount: int
    reason: RefundReason


class RefundDecided(NamedTuple):
    """Whether it may go back; where it was rejected, the money is spoken for no longer."""

    refund: UUID
    payment: UUID
    stage: RefundStage


class InvoiceMoved(NamedTuple):
    """How far an invoice has come: what one stands for may not be invoiced again, nor go back.

    ``number`` and ``issued_on`` are those of the tax office, for the blue one or for the red one that reverses it.
    """

    invoice: UUID
    payment: UUID
    stage: InvoiceStage
    number: str | None = None
    issued_on: date | None = None


Movement = (
    Billed
    | Waived
    | Voided
    | Received
    | Settled
    | Held
    | Drawn
    | Released
    | Reversed
    | Undone
    | Refunded
    | Returned
    | RefundAsked
    | RefundDecided
    | InvoiceMoved
)


def movements(event: Event) -> tuple[Movement, ...]:
    """What an event moves, in this order; nothing where it is not about money."""
    match event:
        case BillIssued():
            return (Billed(event.bill, event.amount, event.payer, event.item),)
        case PaymentRecorded():
            return (Received(event.payment, event.amount, event.payer, event.method, event.paid_on),)
        case PaymentAllocated(payment, allocations):
            return tuple(Settled(payment, each.bill, each.amount) for each in allocations)
        case PrepaymentHeld(payment, amount):
            return (Held(payment, amount, overpaid=False),)
        case OverpaymentHeld(payment, amount):
            return (Held(payment, amount, overpaid=True),)
        case PrepaymentDrawn(draws):
            return tuple(Drawn(each.payment, each.bill, each.amount) for each in draws)
        case WaiverGranted(bill, amount, reason, rule):
            return (Waived(bill, amount, reason, rule),)
        case BillVoided(bill, reason, freed):
            return (Voided(bill, reason), *(Released(each.payment, bill, each.amount) for each in freed))
        case PaymentReversed(payment, reason, undone):
            settled = sum(each.amount for each in undone)
            parts = (Undone(payment, each.bill, each.amount) for each in undone)
            return (Reversed(payment, settled, reason), *parts)
        case RefundRequested(refund, payment, amount, reason):
            return (RefundAsked(refund, payment, amount, reason),)
        case RefundApproved(refund, payment):
            return (RefundDecided(refund, payment, RefundStage.APPROVED),)
        case RefundRejected(refund, payment):
            return (RefundDecided(refund, payment, RefundStage.REJECTED),)
        case PrepaymentRefunded(refund, payment, amount, overpaid, method, paid_on):
            return (Refunded(refund, payment, amount, overpaid, method, paid_on),)
        case RefundReturned(refund, payment, amount, overpaid, method, returned_on):
            return (Returned(refund, payment, amount, overpaid, method, returned_on),)
        case RefundReturnWithdrawn(refund, payment, amount, overpaid, method, withdrawn_on):
            return (Refunded(refund, payment, amount, overpaid, method, withdrawn_on),)
        case InvoiceRequested(invoice, payment):
            return (InvoiceMoved(invoice, payment, InvoiceStage.REQUESTED),)
        case InvoiceRequestWithdrawn(invoice, payment):
            return (InvoiceMoved(invoice, payment, InvoiceStage.WITHDRAWN),)
        case InvoiceIssued(invoice, payment, number, issued_on):
            return (InvoiceMoved(invoice, payment, InvoiceStage.ISSUED, number, issued_on),)
        case InvoiceReversed(invoice, payment, red_number, issued_on):
            return (InvoiceMoved(invoice, payment, InvoiceStage.REVERSED, red_number, issued_on),)
        case FeeAccountOpened() | PaymentFoundOnStatement() | PaymentReleasedFromStatement() | RefundReturnFound():
            return ()
        case _:
            assert_never(event)


_EVENTS: frozenset[type[object]] = frozenset(Event.__args__)

# which events move something of a bill, of a payment, of a refund, of an invoice
OF_BILLS: frozenset[type[object]] = frozenset(
    {BillIssued, PaymentAllocated, PrepaymentDrawn, WaiverGranted, BillVoided, PaymentReversed}
)
OF_REFUNDS: frozenset[type[object]] = frozenset(
    {RefundRequested, RefundApproved, RefundRejected, PrepaymentRefunded, RefundReturned, RefundReturnWithdrawn}
)
OF_PAYMENTS: frozenset[type[object]] = OF_REFUNDS | {
    PaymentRecorded, PaymentAllocated, PrepaymentHeld, OverpaymentHeld, PrepaymentDrawn, BillVoided, PaymentReversed,
}  # fmt: skip
OF_INVOICES: frozenset[type[object]] = frozenset(
    {InvoiceRequested, InvoiceRequestWithdrawn, InvoiceIssued, InvoiceReversed}
)


def moved_by(event: object) -> tuple[Movement, ...]:
    """What an event of any stream moves on fee accounts."""
    return movements(event) if type(event) in _EVENTS else ()  # type: ignore[arg-type]


def about_bill(moved: Movement) -> UUID | None:
    """The bill that something is moved of, if it is one."""
    found: UUID | None = getattr(moved, "bill", None)
    return found


def about_payment(moved: Movement) -> UUID | None:
    """The payment that something is moved of, if it is one."""
    found: UUID | None = getattr(moved, "payment", None)
    return found


def bills_moved(event: object) -> list[UUID]:
    """The bills of which an event moves something."""
    found: dict[UUID, None] = {}
    for moved in moved_by(event):
        if (bill := about_bill(moved)) is not None:
            found[bill] = None
    return list(found)


def payments_moved(event: object) -> list[UUID]:
    """The payments of which an event moves something, and those of which somebody wants something back."""
    found: dict[UUID, None] = {}
    for moved in moved_by(event):
        if (payment := about_payment(moved)) is not None and not isinstance(moved, InvoiceMoved):
            found[payment] = None
    return list(found)
