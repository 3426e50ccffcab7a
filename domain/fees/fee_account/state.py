"""The account of a dwelling as it stands: bills, payments, refunds and invoices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from uuid import UUID, uuid5

from domain.fees.fee_account.vocabulary import InvoiceStage, Method, RefundReason, RefundStage, WaiverReason
from domain.money.items import NO_FEES, PERIODIC, FeeItem
from domain.recorded import Act

_STREAMS = UUID("7a1f0f0a-6e0c-4a9b-9f52-3a3c2b6d1e24")  # namespace of fee accounts


@lru_cache(4_096)  # a line of a run asks four times
def fee_account_stream(dwelling: UUID) -> UUID:
    """The stream of a dwelling's account."""
    return uuid5(_STREAMS, dwelling.hex)


@dataclass(frozen=True)
class Waiver:
    amount: int
    reason: WaiverReason
    rule: str
    told: Act


@dataclass(frozen=True)
class Bill:
    """A bill as it stands: ``paid`` and ``waived`` of ``amount``, in fen."""

    number: str
    item: FeeItem
    since: date
    until: date
    payer: UUID
    amount: int
    due: date
    reference: UUID | None = None
    paid: int = 0
    waived: int = 0
    voided: bool = False
    contract: str | None = None
    told: Act | None = None  # whose act voided it
    waivers: tuple[Waiver, ...] = ()

    @property
    def open(self) -> int:
        """What is still to be paid."""
        return 0 if self.voided else self.amount - self.paid - self.waived


@dataclass(frozen=True)
class Payment:
    """A payment as it stands: ``amount`` = allocated + prepaid + overpaid + refunded, unless it is reversed.

    Then nothing of it is allocated or held; what was ``refunded`` of it went out all the same.

    ``line`` is the line of a statement that is about it: one that ``brought`` it, or one that the desk was ahead of.
    """

    payer: UUID
    amount: int
    method: Method
    paid_on: date
    receipt: str
    line: UUID | None = None
    brought: bool = False
    allocated: Mapping[UUID, int] = field(default_factory=dict)
    prepaid: int = 0
    overpaid: int = 0
    refunded: int = 0
    reversed: bool = False
    told: Act | None = None  # whose act reversed it
    taken: Act | None = None  # whose act took it down

    @property
    def held(self) -> int:
        return self.prepaid + self.overpaid


@dataclass(frozen=True)
class Refund:
    payment: UUID
    amount: int
    asked_by: UUID
    reason: RefundReason
    stage: RefundStage = RefundStage.REQUESTED
    told: Act | None = None  # whose act brought it to its stage
    method: Method | None = None  # how it was paid out
    paid_on: date | None = None
    overpaid: int = 0  # so much of it was held as overpaid
    line: UUID | None = None  # of a statement that brought it back

    @property
    def pending(self) -> bool:
        """Its money is spoken for."""
        return self.stage in (RefundStage.REQUESTED, RefundStage.APPROVED)


@dataclass(frozen=True)
class Invoice:
    """``issued_on`` is the day of the last one: of the red invoice, where it was reversed."""

    payment: UUID
    amount: int
    stage: InvoiceStage = InvoiceStage.REQUESTED
    issued_on: date | None = None
    told: Act | None = None  # whose act brought it to its stage

    @property
    def stands(self) -> bool:
        return self.stage in (InvoiceStage.REQUESTED, InvoiceStage.ISSUED)


@dataclass(frozen=True)
class FeeAccount:
    """Everything by its id, in the order of happening. What is voided or reversed stays."""

    dwelling: UUID | None = None
    estate: str | None = None
    building: str | None = None
    bills: Mapping[UUID, Bill] = field(default_factory=dict)
    payments: Mapping[UUID, Payment] = field(default_factory=dict)
    refunds: Mapping[UUID, Refund] = field(default_factory=dict)
    invoices: Mapping[UUID, Invoice] = field(default_factory=dict)
    day: date | None = None  # of the last event

    @property
    def open(self) -> int:
        """What is to be paid on all bills, in fen."""
        return sum(bill.open for bill in self.bills.values())

    @property
    def prepaid(self) -> int:
        return sum(payment.prepaid for payment in self.payments.values())

    @property
    def overpaid(self) -> int:
        return sum(payment.overpaid for payment in self.payments.values())

    @property
    def balance(self) -> int:
        """What is owed, less what is held; below zero is the payers' credit."""
        return self.open - self.prepaid - self.overpaid

    def held_of(self, payer: UUID) -> int:
        """What is held of one payer."""
        return sum(each.held for each in self.payments.values() if each.payer == payer)

    def owed_on(self, day: date, payer: UUID | None = None) -> int:
        """What is owed on a day, of one payer or of all: bills that are due by then, less what their payer holds."""
        due: dict[UUID, int] = {}
        for bill in self.open_bills(payer).values():
            if bill.due <= day:
                due[bill.payer] = due.get(bill.payer, 0) + bill.open
        return sum(max(open - self.held_of(owing), 0) for owing, open in due.items())

    def not_due_on(self, day: date, payer: UUID | None = None) -> int:
        """What is open of bills that fall due later."""
        return sum(bill.open for bill in self.open_bills(payer).values() if bill.due > day)

    def open_bills(self, payer: UUID | None = None) -> dict[UUID, Bill]:
        """Bills with something to pay, of one payer or of all."""
        return {id: bill for id, bill in self.bills.items() if bill.open and payer in (None, bill.payer)}

    def available(self, payment: UUID) -> int:
        """What is held of a payment and not asked back."""
        asked = sum(refund.amount for refund in self.refunds.values() if refund.payment == payment and refund.pending)
        return self.payments[payment].held - asked

    def invoiced(self, payment: UUID) -> int:
        """What invoices stand for a payment."""
        return sum(
            invoice.amount for invoice in self.invoices.values() if invoice.payment == payment and invoice.stands
        )

    def invoiceable(self, payment: UUID) -> int:
        """What of a payment no invoice stands for, and is not asked back: so much may be invoiced, or refunded."""
        return max(self.uninvoiced(payment, RefundStage.REQUESTED, RefundStage.APPROVED), 0)

    def uninvoiced(self, payment: UUID, *going: RefundStage) -> int:
        """What of a payment no invoice stands for, less refunds in these stages; below zero what stands too much."""
        paid = self.payments[payment]
        leaves = sum(each.amount for each in self.refunds.values() if each.payment == payment and each.stage in going)
        back = sum(amount for bill, amount in paid.allocated.items() if self.bills[bill].item in NO_FEES)
        return paid.amount - paid.refunded - back - leaves - self.invoiced(payment)

    def last_invoice(self, payer: UUID) -> date | None:
        """The day of the last invoice, blue or red, on a payer's money."""
        theirs = (each for each in self.invoices.values() if self.payments[each.payment].payer == payer)
        return max((each.issued_on for each in theirs if each.issued_on is not None), default=None)

    def billed(self, item: FeeItem, since: date, until: date, reference: UUID | None = None) -> UUID | None:
        """A bill that stands and charges any of these days, or this occasion, already (INV-43)."""
        by_days = item in PERIODIC or item is FeeItem.LATE_PENALTY
        if not by_days and reference is None:
            return None
        for id, bill in self.bills.items():
            if bill.item is item and bill.reference == reference and not bill.voided:  # noqa: SIM102
                if not by_days or (bill.since < until and since < bill.until):
                    return id
        return None
