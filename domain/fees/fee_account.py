"""The account of one dwelling: bills, payments, what each paid for, and what was taken back. Every balance folds it.

A bill is one line: one item, one span of days, one payer. Money is in a payment until it is allocated to bills; what is
left of it is held as prepaid (drawn down as bills fall due) or overpaid. So every fen of every bill names its payment.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import assert_never
from uuid import UUID, uuid5

from domain.calendar import local_date
from domain.changed import changed
from domain.decider import Decider
from domain.money.allocation import AllocationOrder, Debt, DebtPart, allocate
from domain.money.amount import LIMIT, yuan
from domain.money.evidence import Evidence
from domain.money.items import PERIODIC, FeeItem
from domain.money.repair_costs import RepairCosts
from domain.recorded import Act
from domain.refusal import refuse_if
from domain.words import CODE_LENGTH, NAME_LENGTH, Personal, personal

_STREAMS = UUID("7a1f0f0a-6e0c-4a9b-9f52-3a3c2b6d1e24")  # namespace of fee accounts
_CODE = {"limit": CODE_LENGTH}
FIRST_PAID = date(2000, 1, 1)  # before that somebody mistyped the year


@lru_cache(4_096)  # a line of a run asks four times
def fee_account_stream(dwelling: UUID) -> UUID:
    """The stream of a dwelling's account."""
    return uuid5(_STREAMS, dwelling.hex)


class Method(Enum):
    """How money came or went."""

    CASH = "CASH"
    CARD = "CARD"
    WECHAT = "WECHAT"
    ALIPAY = "ALIPAY"
    BANK_TRANSFER = "BANK_TRANSFER"


class VoidReason(Enum):
    """Why a bill does not stand."""

    WRONG_AREA = "WRONG_AREA"
    WRONG_PRICE = "WRONG_PRICE"
    WRONG_PAYER = "WRONG_PAYER"
    WRONG_PERIOD = "WRONG_PERIOD"
    NOT_SERVED = "NOT_SERVED"
    DISPUTE_UPHELD = "DISPUTE_UPHELD"
    CONTRACT_ENDED = "CONTRACT_ENDED"
    OTHER = "OTHER"


class ReversalReason(Enum):
    """Why a payment does not stand."""

    BOUNCED = "BOUNCED"
    WRONG_DWELLING = "WRONG_DWELLING"
    WRONG_AMOUNT = "WRONG_AMOUNT"
    ENTERED_TWICE = "ENTERED_TWICE"
    OTHER = "OTHER"


class WaiverReason(Enum):
    """Why part of a bill is let go."""

    HARDSHIP = "HARDSHIP"
    SERVICE_SHORTFALL = "SERVICE_SHORTFALL"
    MEDIATION = "MEDIATION"
    ROUNDING = "ROUNDING"
    OTHER = "OTHER"


class RefundReason(Enum):
    """Why money goes back."""

    OVERPAID = "OVERPAID"
    MOVED_OUT = "MOVED_OUT"
    CONTRACT_ENDED = "CONTRACT_ENDED"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Basis:
    """How an amount came about: area x price x (months + days/of_days) x factor, rounded half up (``fee_formula``).

    ``area`` in 0.01 m² (100 for a piece), ``unit_price`` in 0.0001 yuan, ``factor`` in 0.0001. A line that is one
    payer's part of a span has the ``whole`` in fen and the payer's ``share_days`` of ``share_of``. An amount that
    follows no formula, such as a quote, has an ``area`` of 0.
    """

    area: int = 0
    unit_price: int = 0
    months: int = 0
    days: int = 0
    of_days: int = 1
    factor: int = 10_000
    quantity: int = 1
    whole: int = 0
    share_days: int = 0
    share_of: int = 0


@dataclass(frozen=True, slots=True)
class Allocation:
    """So many fen of a payment go to a bill."""

    bill: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class Draw:
    """So many fen that were held of a payment go to a bill."""

    payment: UUID
    bill: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class Freed:
    """So many fen of a payment are held again, because their bill does not stand."""

    payment: UUID
    amount: int


# -- commands ----------------------------------------------------------------------------------------------------


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
    """Pay bills that are due by ``day`` with what their payers have prepaid."""

    day: date
    order: AllocationOrder = AllocationOrder.COSTS_INTEREST_PRINCIPAL


@dataclass(frozen=True, slots=True)
class ReversePayment:
    payment: UUID
    reason: ReversalReason
    text: Personal = personal(default=None)


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
    | FindPaymentOnStatement
    | ReleasePaymentFromStatement
    | RequestRefund
    | ApproveRefund
    | RejectRefund
    | PayRefund
    | GrantWaiver
    | RequestInvoice
    | WithdrawInvoiceRequest
    | RecordInvoice
    | ReverseInvoice
)

# -- events ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FeeAccountOpened:
    dwelling: UUID
    estate: str
    building: str | None = None


@dataclass(frozen=True, slots=True)
class BillIssued:
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
    | WaiverGranted
    | InvoiceRequested
    | InvoiceRequestWithdrawn
    | InvoiceIssued
    | InvoiceReversed
)

# -- state -------------------------------------------------------------------------------------------------------


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

    @property
    def open(self) -> int:
        """What is still to be paid."""
        return 0 if self.voided else self.amount - self.paid - self.waived


@dataclass(frozen=True)
class Payment:
    """A payment as it stands: ``amount`` = allocated + prepaid + overpaid + refunded, unless it is reversed.

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

    @property
    def held(self) -> int:
        return self.prepaid + self.overpaid


class RefundStage(Enum):
    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    PAID = "PAID"


@dataclass(frozen=True)
class Refund:
    payment: UUID
    amount: int
    asked_by: UUID
    stage: RefundStage = RefundStage.REQUESTED

    @property
    def pending(self) -> bool:
        """Its money is spoken for."""
        return self.stage in (RefundStage.REQUESTED, RefundStage.APPROVED)


class InvoiceStage(Enum):
    REQUESTED = "REQUESTED"
    ISSUED = "ISSUED"
    WITHDRAWN = "WITHDRAWN"
    REVERSED = "REVERSED"


@dataclass(frozen=True)
class Invoice:
    """``issued_on`` is the day of the last one: of the red invoice, where it was reversed."""

    payment: UUID
    amount: int
    stage: InvoiceStage = InvoiceStage.REQUESTED
    issued_on: date | None = None

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
        return paid.amount - paid.refunded - leaves - self.invoiced(payment)

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


# -- decide ------------------------------------------------------------------------------------------------------


def decide(command: Command, account: FeeAccount, act: Act) -> Sequence[Event]:
    """INV-41 to 54, as far as one account can tell; what contracts allow comes with the commands."""
    refuse_if(not isinstance(command, OpenFeeAccount) and account.dwelling is None, "unknown_account")
    match command:
        case OpenFeeAccount(dwelling, estate, building):
            return [FeeAccountOpened(dwelling, estate, building)] if account.dwelling is None else []
        case IssueBill():
            return [] if command.bill in account.bills else [_issued(account, command)]
        case VoidBill(bill, reason, text):
            return [] if _bill(account, bill).voided else [_voided(account, bill, reason, text)]
        case CorrectBill():
            return _corrected(account, command)
        case RecordPayment():
            return _received(account, command, act)
        case DrawPrepayment(day, order):
            draws = _draws(account, day, order)
            return [PrepaymentDrawn(draws)] if draws else []
        case ReversePayment(payment, reason, text):
            return _reversed(account, payment, reason, text)
        case FindPaymentOnStatement(payment, line):
            found = _payment(account, payment)
            refuse_if(found.line not in (None, line), "payment_on_statement")
            return [PaymentFoundOnStatement(payment, line)] if found.line is None else []
        case ReleasePaymentFromStatement(payment, line):
            refuse_if(payment not in account.payments, "unknown_payment")
            found = account.payments[payment]
            if found.line != line:
                return []
            refuse_if(found.brought, "line_payment_stands")
            return [PaymentReleasedFromStatement(payment, line)]
        case RequestRefund(refund, payment, amount, reason, text):
            if refund in account.refunds:
                return []
            _check_amount(amount)
            _payment(account, payment)
            most = account.available(payment)
            refuse_if(amount > most, "refund_too_much", most=yuan(most))
            _check_invoiced(account, payment, amount, RefundStage.REQUESTED, RefundStage.APPROVED)
            return [RefundRequested(refund, payment, amount, reason, text)]
        case ApproveRefund(refund):
            asked = _refund(account, refund)
            if asked.stage in (RefundStage.APPROVED, RefundStage.PAID):
                return []
            refuse_if(asked.stage is RefundStage.REJECTED, "refund_rejected")
            refuse_if(asked.asked_by == act.actor, "second_person")
            _check_invoiced(account, asked.payment, asked.amount, RefundStage.APPROVED)
            return [RefundApproved(refund, asked.payment)]
        case RejectRefund(refund):
            asked = _refund(account, refund)
            refuse_if(asked.stage is RefundStage.PAID, "refund_paid")
            return [] if asked.stage is RefundStage.REJECTED else [RefundRejected(refund, asked.payment)]
        case PayRefund():
            return _refunded(account, command, act)
        case GrantWaiver(bill, amount, reason, rule, text):
            _check_amount(amount)
            most = _bill(account, bill).open
            refuse_if(amount > most, "waiver_too_much", most=yuan(most))
            return [WaiverGranted(bill, amount, reason, rule, text)]
        case RequestInvoice():
            return _invoice_requested(account, command)
        case WithdrawInvoiceRequest(invoice):
            asked_for = _invoice(account, invoice)
            if asked_for.stage is InvoiceStage.WITHDRAWN:
                return []
            refuse_if(asked_for.stage is not InvoiceStage.REQUESTED, "invoice_issued")
            return [InvoiceRequestWithdrawn(invoice, asked_for.payment)]
        case RecordInvoice(invoice, number, issued_on):
            asked_for = _invoice(account, invoice)
            refuse_if(asked_for.stage is not InvoiceStage.REQUESTED, "invoice_not_requested")
            _check_invoice_number(number, issued_on, act)
            return [InvoiceIssued(invoice, asked_for.payment, number, issued_on)]
        case ReverseInvoice(invoice, red_number, issued_on, text):
            issued = _invoice(account, invoice)
            refuse_if(issued.stage is not InvoiceStage.ISSUED, "invoice_not_issued")
            _check_invoice_number(red_number, issued_on, act)
            refuse_if(issued.issued_on is not None and issued_on < issued.issued_on, "red_before_blue")
            return [InvoiceReversed(invoice, issued.payment, red_number, issued_on, text)]
        case _:
            assert_never(command)


def _issued(account: FeeAccount, new: IssueBill, corrects: UUID | None = None) -> BillIssued:
    _check_amount(new.amount)
    refuse_if(new.until <= new.since, "period")
    refuse_if(new.costs is not None and new.costs.total != new.amount, "costs_sum")
    there = account.billed(new.item, new.since, new.until, new.reference)
    refuse_if(there not in (None, corrects), "already_billed", number=account.bills[there].number if there else "")
    if new.item in (FeeItem.LATE_PENALTY, FeeItem.ENFORCEMENT_COST):
        about = account.bills.get(new.reference) if new.reference else None
        refuse_if(about is None or about.voided, "unknown_bill")
    assert account.dwelling is not None
    return BillIssued(
        dwelling=account.dwelling,
        building=account.building,
        bill=new.bill,
        number=new.number,
        item=new.item,
        since=new.since,
        until=new.until,
        payer=new.payer,
        amount=new.amount,
        due=new.due,
        basis=new.basis,
        contract=new.contract,
        clause=new.clause,
        schedule=new.schedule,
        run=new.run,
        reference=new.reference,
        corrects=corrects,
        costs=new.costs,
    )


def _voided(account: FeeAccount, bill: UUID, reason: VoidReason, text: Personal) -> BillVoided:
    hangs_on_it = any(other.reference == bill and not other.voided for other in account.bills.values())
    refuse_if(hangs_on_it, "bill_has_penalty")
    freed = tuple(
        Freed(id, payment.allocated[bill]) for id, payment in account.payments.items() if payment.allocated.get(bill)
    )
    return BillVoided(bill, reason, freed, text)


def _corrected(account: FeeAccount, correction: CorrectBill) -> list[Event]:
    if correction.instead.bill in account.bills:
        return []
    refuse_if(_bill(account, correction.bill).voided, "bill_voided")
    voided = _voided(account, correction.bill, correction.reason, correction.text)
    issued = _issued(account, correction.instead, correction.bill)
    draws, left = [], issued.amount
    for freed in voided.freed:
        same_payer = account.payments[freed.payment].payer == issued.payer
        if left and same_payer:
            draws.append(Draw(freed.payment, issued.bill, min(left, freed.amount)))
            left -= draws[-1].amount
    return [voided, issued, *([PrepaymentDrawn(tuple(draws))] if draws else [])]


def check_paid_on(day: date, act: Act) -> None:
    """Money changed hands on a day that has come, and not in another age."""
    refuse_if(day > local_date(act.recorded_at), "future", field="paid_on")
    refuse_if(day < FIRST_PAID, "too_long_ago", field="paid_on")


def _received(account: FeeAccount, paid: RecordPayment, act: Act) -> list[Event]:
    if paid.payment in account.payments:
        return []
    _check_amount(paid.amount)
    check_paid_on(paid.paid_on, act)
    for named in paid.bills:
        refuse_if(not _bill(account, named).open, "bill_settled", number=account.bills[named].number)
    theirs = _debts(account, lambda id, bill: bill.payer == paid.payer or id in paid.bills)
    given = allocate(paid.amount, theirs, paid.order, paid.bills)
    left = paid.amount - sum(amount for _, amount in given)
    prepaid = min(left, max(paid.prepay_limit, 0))
    most = paid.amount - left + prepaid
    refuse_if(left > prepaid and not paid.accept_excess, "over_prepayment_limit", field="amount", most=yuan(most))
    assert account.dwelling is not None
    events: list[Event] = [
        PaymentRecorded(
            dwelling=account.dwelling,
            building=account.building,
            payment=paid.payment,
            payer=paid.payer,
            amount=paid.amount,
            method=paid.method,
            paid_on=paid.paid_on,
            receipt=paid.receipt,
            line=paid.line,
            evidence=paid.evidence,
            reference=paid.reference,
        )
    ]
    if given:
        events.append(PaymentAllocated(paid.payment, tuple(Allocation(bill, amount) for bill, amount in given)))
    if prepaid:
        events.append(PrepaymentHeld(paid.payment, prepaid))
    if left > prepaid:
        events.append(OverpaymentHeld(paid.payment, left - prepaid))
    return events


def _draws(account: FeeAccount, day: date, order: AllocationOrder) -> tuple[Draw, ...]:
    """Each payer's money pays the payer's own bills, the oldest money first."""
    draws: list[Draw] = []
    pots: dict[UUID, dict[UUID, int]] = {}  # by payer and payment
    for id, payment in account.payments.items():
        if account.available(id) > 0:
            pots.setdefault(payment.payer, {})[id] = account.available(id)
    for payer, left in pots.items():
        due = _debts(account, lambda _, bill, payer=payer: bill.payer == payer and bill.due <= day)  # type: ignore[misc]
        for bill, amount in allocate(sum(left.values()), due, order):
            for payment_id, held in left.items():
                drawn = min(amount, held)
                if drawn:
                    draws.append(Draw(payment_id, bill, drawn))
                    left[payment_id] -= drawn
                    amount -= drawn
    return tuple(draws)


def _reversed(account: FeeAccount, payment: UUID, reason: ReversalReason, text: Personal) -> list[Event]:
    found = account.payments.get(payment)
    refuse_if(found is None, "unknown_payment")
    assert found is not None
    if found.reversed:
        return []
    refuse_if(bool(account.invoiced(payment)), "invoice_first")
    back = found.refunded or any(refund.payment == payment and refund.pending for refund in account.refunds.values())
    refuse_if(bool(back), "refunded_before")
    undone = tuple(Allocation(bill, amount) for bill, amount in found.allocated.items() if amount)
    return [PaymentReversed(payment, reason, undone, text)]


def _refunded(account: FeeAccount, paid: PayRefund, act: Act) -> list[Event]:
    refund = _refund(account, paid.refund)
    if refund.stage is RefundStage.PAID:
        return []
    refuse_if(refund.stage is not RefundStage.APPROVED, "refund_not_approved")
    check_paid_on(paid.paid_on, act)
    _check_invoiced(account, refund.payment, refund.amount)
    payment = account.payments[refund.payment]
    overpaid = min(payment.overpaid, refund.amount)
    return [
        PrepaymentRefunded(
            paid.refund, refund.payment, refund.amount, overpaid, paid.method, paid.paid_on, paid.reference
        )
    ]


def _check_invoiced(account: FeeAccount, payment: UUID, amount: int, *going: RefundStage) -> None:
    """INV-52 after a refund, and others in these stages, are paid out: no invoice exceeds what is kept of a payment."""
    most = account.uninvoiced(payment, *going)
    refuse_if(amount > most, "refund_invoiced", most=yuan(max(most, 0)), invoiced=yuan(account.invoiced(payment)))


def _invoice_requested(account: FeeAccount, new: RequestInvoice) -> list[Event]:
    if new.invoice in account.invoices:
        return []
    _check_amount(new.amount)
    refuse_if(new.net + new.tax != new.amount or new.tax < 0 or new.net <= 0, "invoice_split")
    _payment(account, new.payment)
    most = account.invoiceable(new.payment)
    refuse_if(new.amount > most, "invoice_too_much", most=yuan(most))
    return [
        InvoiceRequested(
            new.invoice, new.payment, new.amount, new.rate, new.net, new.tax, new.title, new.tax_number, new.email
        )
    ]


def _debts(account: FeeAccount, wanted: Callable[[UUID, Bill], bool]) -> list[Debt]:
    found = []
    for id, bill in account.open_bills().items():
        if not wanted(id, bill):
            continue
        part, principal, due = DebtPart.PRINCIPAL, None, bill.due
        if bill.item in (FeeItem.LATE_PENALTY, FeeItem.ENFORCEMENT_COST) and bill.reference is not None:
            part = DebtPart.PENALTY if bill.item is FeeItem.LATE_PENALTY else DebtPart.COST
            principal, due = bill.reference, account.bills[bill.reference].due
        found.append(Debt(id, bill.open, due, part, principal))
    return found


def _check_amount(amount: int) -> None:
    refuse_if(not 0 < amount < LIMIT, "amount")


def _check_invoice_number(number: str, issued_on: date, act: Act) -> None:
    """20 digits, of which the first two are the year (all-digital invoices, 数电票)."""
    refuse_if(len(number) != 20 or not (number.isascii() and number.isdecimal()), "invoice_number")
    refuse_if(number[:2] != f"{issued_on:%y}", "invoice_number")
    refuse_if(issued_on > local_date(act.recorded_at), "future", field="issued_on")


def _bill(account: FeeAccount, bill: UUID) -> Bill:
    refuse_if(bill not in account.bills, "unknown_bill")
    return account.bills[bill]


def _payment(account: FeeAccount, payment: UUID) -> Payment:
    refuse_if(payment not in account.payments, "unknown_payment")
    refuse_if(account.payments[payment].reversed, "payment_reversed")
    return account.payments[payment]


def _refund(account: FeeAccount, refund: UUID) -> Refund:
    refuse_if(refund not in account.refunds, "unknown_refund")
    return account.refunds[refund]


def _invoice(account: FeeAccount, invoice: UUID) -> Invoice:
    refuse_if(invoice not in account.invoices, "unknown_invoice")
    return account.invoices[invoice]


# -- evolve ------------------------------------------------------------------------------------------------------


def evolve(account: FeeAccount, event: Event, act: Act) -> FeeAccount:
    match event:
        case FeeAccountOpened(dwelling, estate, building):
            return changed(account, dwelling=dwelling, estate=estate, building=building)
        case BillIssued():
            bill = Bill(
                event.number,
                event.item,
                event.since,
                event.until,
                event.payer,
                event.amount,
                event.due,
                event.reference,
                contract=event.contract,
            )
            return changed(account, bills={**account.bills, event.bill: bill})
        case BillVoided(id, _, freed):
            bills = {**account.bills, id: changed(account.bills[id], voided=True, paid=0)}
            payments = dict(account.payments)
            for back in freed:
                payment = payments[back.payment]
                allocated = {bill: amount for bill, amount in payment.allocated.items() if bill != id}
                payments[back.payment] = changed(payment, allocated=allocated, prepaid=payment.prepaid + back.amount)
            return changed(account, bills=bills, payments=payments)
        case PaymentRecorded():
            line = event.line
            new = Payment(event.payer, event.amount, event.method, event.paid_on, event.receipt, line, line is not None)
            return changed(account, payments={**account.payments, event.payment: new})
        case PaymentAllocated(id, allocations):
            bills, allocated = dict(account.bills), dict(account.payments[id].allocated)
            for each in allocations:
                bills[each.bill] = changed(bills[each.bill], paid=bills[each.bill].paid + each.amount)
                allocated[each.bill] = allocated.get(each.bill, 0) + each.amount
            return _with_payment(changed(account, bills=bills), id, allocated=allocated)
        case PrepaymentHeld(id, amount):
            return _with_payment(account, id, prepaid=account.payments[id].prepaid + amount)
        case OverpaymentHeld(id, amount):
            return _with_payment(account, id, overpaid=account.payments[id].overpaid + amount)
        case PrepaymentDrawn(draws):
            return _drawn(account, draws)
        case PaymentReversed(id, _, undone):
            bills = dict(account.bills)
            for each in undone:
                bills[each.bill] = changed(bills[each.bill], paid=bills[each.bill].paid - each.amount)
            gone = {"reversed": True, "allocated": {}, "prepaid": 0, "overpaid": 0, "line": None}
            return _with_payment(changed(account, bills=bills), id, **gone)
        case PaymentFoundOnStatement(id, line):
            return _with_payment(account, id, line=line)
        case PaymentReleasedFromStatement(id):
            return _with_payment(account, id, line=None)
        case RefundRequested(id, payment, amount):
            return changed(account, refunds={**account.refunds, id: Refund(payment, amount, act.actor)})
        case RefundApproved(id):
            return _with_refund(account, id, RefundStage.APPROVED)
        case RefundRejected(id):
            return _with_refund(account, id, RefundStage.REJECTED)
        case PrepaymentRefunded(id, payment, amount, overpaid):
            paid = account.payments[payment]
            account = _with_refund(account, id, RefundStage.PAID)
            return _with_payment(
                account,
                payment,
                overpaid=paid.overpaid - overpaid,
                prepaid=paid.prepaid - (amount - overpaid),
                refunded=paid.refunded + amount,
            )
        case WaiverGranted(id, amount):
            waived = changed(account.bills[id], waived=account.bills[id].waived + amount)
            return changed(account, bills={**account.bills, id: waived})
        case InvoiceRequested(id, payment, amount):
            return changed(account, invoices={**account.invoices, id: Invoice(payment, amount)})
        case InvoiceRequestWithdrawn(id):
            return _with_invoice(account, id, stage=InvoiceStage.WITHDRAWN)
        case InvoiceIssued(id, _, _, issued_on):
            return _with_invoice(account, id, stage=InvoiceStage.ISSUED, issued_on=issued_on)
        case InvoiceReversed(id, _, _, issued_on):
            return _with_invoice(account, id, stage=InvoiceStage.REVERSED, issued_on=issued_on)
        case _:
            assert_never(event)


def _drawn(account: FeeAccount, draws: Sequence[Draw]) -> FeeAccount:
    bills, payments = dict(account.bills), dict(account.payments)
    for each in draws:
        bill, payment = bills[each.bill], payments[each.payment]
        bills[each.bill] = changed(bill, paid=bill.paid + each.amount)
        allocated = {**payment.allocated, each.bill: payment.allocated.get(each.bill, 0) + each.amount}
        prepaid = min(payment.prepaid, each.amount)  # what was prepaid goes before what was paid too much
        payments[each.payment] = changed(
            payment,
            allocated=allocated,
            prepaid=payment.prepaid - prepaid,
            overpaid=payment.overpaid - (each.amount - prepaid),
        )
    return changed(account, bills=bills, payments=payments)


def _with_payment(account: FeeAccount, id: UUID, **fields: object) -> FeeAccount:
    return changed(account, payments={**account.payments, id: changed(account.payments[id], **fields)})


def _with_refund(account: FeeAccount, id: UUID, stage: RefundStage) -> FeeAccount:
    return changed(account, refunds={**account.refunds, id: changed(account.refunds[id], stage=stage)})


def _with_invoice(account: FeeAccount, id: UUID, **fields: object) -> FeeAccount:
    return changed(account, invoices={**account.invoices, id: changed(account.invoices[id], **fields)})


FEE_ACCOUNT: Decider[Command, FeeAccount, Event] = Decider(
    name="FeeAccount",
    initial=FeeAccount(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
)
