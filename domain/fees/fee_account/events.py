"""What happened to bills and money; kept for ever, fields are only added."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.fees.fee_account.vocabulary import (
    Allocation,
    Basis,
    Draw,
    Freed,
    Method,
    Reclaim,
    RefundReason,
    ReversalReason,
    VoidReason,
    WaiverReason,
)
from domain.money.evidence import Evidence
from domain.money.items import FeeItem
from domain.money.repair_costs import RepairCosts
from domain.words import CODE_LENGTH, Personal, personal


@dataclass(frozen=True, slots=True)
class FeeAccountOpened:
    dwelling: UUID
    estate: str
    building: str | None = None


@dataclass(frozen=True, slots=True)
class BillIssued:
    """``reclaims`` names the refund that is owed back, where the bill is for that and for no fee."""

    dwelling: UUID
    building: str | None
    bill: UUID
    number: str
    item: FeeItem
    since: date
    until: date
    payer: UUID
    amount: int
    due: date
    basis: Basis
    contract: str | None = None
    clause: str | None = None
    schedule: UUID | None = None
    run: UUID | None = None
    reference: UUID | None = None
    corrects: UUID | None = None
    costs: RepairCosts | None = None
    reclaims: Reclaim | None = None


@dataclass(frozen=True, slots=True)
class BillVoided:
    bill: UUID
    reason: VoidReason
    freed: tuple[Freed, ...]
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class PaymentRecorded:
    dwelling: UUID
    building: str | None
    payment: UUID
    payer: UUID
    amount: int
    method: Method
    paid_on: date
    receipt: str
    line: UUID | None = None
    evidence: Evidence | None = None
    reference: Personal = personal(CODE_LENGTH, default=None)


@dataclass(frozen=True, slots=True)
class PaymentAllocated:
    payment: UUID
    allocations: tuple[Allocation, ...]


@dataclass(frozen=True, slots=True)
class PrepaymentHeld:
    payment: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class OverpaymentHeld:
    payment: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class PrepaymentDrawn:
    draws: tuple[Draw, ...]


@dataclass(frozen=True, slots=True)
class PaymentReversed:
    """``undone`` is what the payment had settled: those bills are open again."""

    payment: UUID
    reason: ReversalReason
    undone: tuple[Allocation, ...]
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class PaymentFoundOnStatement:
    """The desk had taken it down; the statement confirms it."""

    payment: UUID
    line: UUID


@dataclass(frozen=True, slots=True)
class PaymentReleasedFromStatement:
    payment: UUID
    line: UUID


@dataclass(frozen=True, slots=True)
class RefundRequested:
    refund: UUID
    payment: UUID
    amount: int
    reason: RefundReason
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class RefundApproved:
    refund: UUID
    payment: UUID


@dataclass(frozen=True, slots=True)
class RefundRejected:
    refund: UUID
    payment: UUID


@dataclass(frozen=True, slots=True)
class PrepaymentRefunded:
    """``overpaid`` of the ``amount`` was held as overpaid, the rest as prepaid."""

    refund: UUID
    payment: UUID
    amount: int
    overpaid: int
    method: Method
    paid_on: date
    reference: Personal = personal(CODE_LENGTH, default=None)


@dataclass(frozen=True, slots=True)
class RefundReturned:
    """The ``amount`` is held for the payer again, ``overpaid`` of it as overpaid, the rest as prepaid."""

    refund: UUID
    payment: UUID
    amount: int
    overpaid: int
    method: Method
    returned_on: date
    line: UUID | None = None


@dataclass(frozen=True, slots=True)
class RefundReturnFound:
    """It was known that the refund came back; the statement confirms it."""

    refund: UUID
    payment: UUID
    line: UUID


@dataclass(frozen=True, slots=True)
class RefundReturnWithdrawn:
    """The refund stays paid out: ``overpaid`` of the ``amount`` was held as overpaid until now."""

    refund: UUID
    payment: UUID
    amount: int
    overpaid: int
    method: Method
    withdrawn_on: date


@dataclass(frozen=True, slots=True)
class WaiverGranted:
    bill: UUID
    amount: int
    reason: WaiverReason
    rule: str
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class InvoiceRequested:
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
class InvoiceRequestWithdrawn:
    invoice: UUID
    payment: UUID


@dataclass(frozen=True, slots=True)
class InvoiceIssued:
    invoice: UUID
    payment: UUID
    number: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class InvoiceReversed:
    invoice: UUID
    payment: UUID
    red_number: str
    issued_on: date
    text: Personal = personal(default=None)


Event = (
    FeeAccountOpened
    | BillIssued
    | BillVoided
    | PaymentRecorded
    | PaymentAllocated
    | PrepaymentHeld
    | OverpaymentHeld
    | PrepaymentDrawn
    | PaymentReversed
    | PaymentFoundOnStatement
    | PaymentReleasedFromStatement
    | RefundRequested
    | RefundApproved
    | RefundRejected
    | PrepaymentRefunded
    | RefundReturned
    | RefundReturnFound
    | RefundReturnWithdrawn
    | WaiverGranted
    | InvoiceRequested
    | InvoiceRequestWithdrawn
    | InvoiceIssued
    | InvoiceReversed
)
