"""What someone asks for: everything that can be done with the account of a dwelling."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from domain.fees.fee_account.vocabulary import Basis, Method, RefundReason, ReversalReason, VoidReason, WaiverReason
from domain.money.allocation import AllocationOrder
from domain.money.evidence import Evidence
from domain.money.items import FeeItem
from domain.money.repair_costs import RepairCosts
from domain.words import CODE_LENGTH, NAME_LENGTH, Personal, personal

_CODE = {"limit": CODE_LENGTH}


@dataclass(frozen=True, slots=True)
class OpenFeeAccount:
    dwelling: UUID
    estate: str
    building: str | None = None


@dataclass(frozen=True, slots=True)
class IssueBill:
    """One line to pay. ``until`` is excluded; ``reference`` is what a single charge is about: an order, or a bill.

    ``costs`` are the parts of work in a home; they come to ``amount``.
    """

    bill: UUID
    number: str = field(metadata=_CODE)
    item: FeeItem
    since: date
    until: date
    payer: UUID
    amount: int
    due: date
    basis: Basis = Basis()
    contract: str | None = None
    clause: str | None = None
    schedule: UUID | None = None
    run: UUID | None = None
    reference: UUID | None = None
    costs: RepairCosts | None = None


@dataclass(frozen=True, slots=True)
class VoidBill:
    """A bill that should not stand; what was paid on it is held for the payer again."""

    bill: UUID
    reason: VoidReason
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class CorrectBill:
    """A bill that should read otherwise: it is voided and ``instead`` is issued, paid with what was paid on it."""

    bill: UUID
    reason: VoidReason
    instead: IssueBill
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class RecordPayment:
    """Money that came in. ``bills`` are those the payer names; ``prepay_limit`` is what may be held beyond all bills.

    What exceeds that is refused, or held as overpaid if ``accept_excess``: money on a bank account is there already.
    """

    payment: UUID
    payer: UUID
    amount: int
    method: Method
    paid_on: date
    receipt: str = field(metadata=_CODE)
    order: AllocationOrder = AllocationOrder.COSTS_INTEREST_PRINCIPAL
    bills: tuple[UUID, ...] = ()
    prepay_limit: int = 0
    accept_excess: bool = False
    reference: Personal = personal(CODE_LENGTH, default=None)
    line: UUID | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class DrawPrepayment:
    """Pay bills that are due by ``day`` with what their payers have prepaid.

    Whoever is ``leaving`` pays for what was served besides, due or not.
    """

    day: date
    order: AllocationOrder = AllocationOrder.COSTS_INTEREST_PRINCIPAL
    leaving: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReversePayment:
    payment: UUID
    reason: ReversalReason
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class UndoPayment:
    """Take back at once what one has just taken down oneself, before anything came of it."""

    payment: UUID


@dataclass(frozen=True, slots=True)
class FindPaymentOnStatement:
    """A line of a statement is about a payment that the desk took down: this one, and no other."""

    payment: UUID
    line: UUID


@dataclass(frozen=True, slots=True)
class ReleasePaymentFromStatement:
    """That line was about something else."""

    payment: UUID
    line: UUID


@dataclass(frozen=True, slots=True)
class RequestRefund:
    """Ask for money back that is held of a payment; a second person decides."""

    refund: UUID
    payment: UUID
    amount: int
    reason: RefundReason
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class ApproveRefund:
    refund: UUID


@dataclass(frozen=True, slots=True)
class RejectRefund:
    refund: UUID


@dataclass(frozen=True, slots=True)
class PayRefund:
    refund: UUID
    method: Method
    paid_on: date
    reference: Personal = personal(CODE_LENGTH, default=None)


@dataclass(frozen=True, slots=True)
class ReturnRefund:
    """A refund that was paid out came back: the bank could not pay it, and its payer is owed it again.

    ``line`` is the line of a statement that brought it; it may be named later, once the statement is there.
    """

    refund: UUID
    returned_on: date
    line: UUID | None = None


@dataclass(frozen=True, slots=True)
class WithdrawRefundReturn:
    """It did not come back after all: somebody took other money for it."""

    refund: UUID


@dataclass(frozen=True, slots=True)
class GrantWaiver:
    """Let go of part of a bill, by a rule that is named (INV-53)."""

    bill: UUID
    amount: int
    reason: WaiverReason
    rule: str = field(metadata={"limit": NAME_LENGTH})
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class RequestInvoice:
    """``rate`` in basis points; ``net`` and ``tax`` add up to ``amount``, which the payment must cover (INV-52)."""

    invoice: UUID
    payment: UUID
    amount: int
    rate: int
    net: int
    tax: int
    title: Personal = personal(100)
    tax_number: Personal = personal(30, default=None)
    email: Personal = personal(100, default=None)


@dataclass(frozen=True, slots=True)
class WithdrawInvoiceRequest:
    invoice: UUID


@dataclass(frozen=True, slots=True)
class RecordInvoice:
    """The tax office's 20-digit number of an invoice that was issued."""

    invoice: UUID
    number: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class ReverseInvoice:
    """An issued invoice is reversed by a red one; nothing is deleted."""

    invoice: UUID
    red_number: str
    issued_on: date
    text: Personal = personal(default=None)


Command = (
    OpenFeeAccount
    | IssueBill
    | VoidBill
    | CorrectBill
    | RecordPayment
    | DrawPrepayment
    | ReversePayment
    | UndoPayment
    | FindPaymentOnStatement
    | ReleasePaymentFromStatement
    | RequestRefund
    | ApproveRefund
    | RejectRefund
    | PayRefund
    | ReturnRefund
    | WithdrawRefundReturn
    | GrantWaiver
    | RequestInvoice
    | WithdrawInvoiceRequest
    | RecordInvoice
    | ReverseInvoice
)
