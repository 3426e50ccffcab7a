"""What is told of accounts and payments."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.calendar import local_date
from domain.fees.fee_account import FEE_ACCOUNT, FeeAccount, Method, fee_account_stream
from domain.money.items import NO_FEES, FeeItem
from services.fees.plans import MoneyTaken
from services.log.known_states import Loaded
from services.product import Product


@dataclass(frozen=True, slots=True)
class AllocationShape:
    """So many fen of the payment went to a bill."""

    bill: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class Taken:
    """``allocations`` are what the payment settled; the rest is held as ``prepaid`` or ``overpaid``.

    ``balance`` is what is open less what is held, below zero what it is ahead; ``owed_now`` and ``not_due`` as the
    account tells them.
    """

    payment: UUID
    receipt: str
    allocations: list[AllocationShape]
    prepaid: int
    overpaid: int
    balance: int
    owed_now: int
    not_due: int
    version: int
    position: int


@dataclass(frozen=True, slots=True)
class BillShape:
    """One line to pay: ``period`` is its first month, ``since`` to ``until`` (excluded) its days; amounts in fen.

    ``refund`` is the one that is owed back, where the item is ``RECLAIMED_REFUND``.
    """

    bill: UUID
    number: str
    item: FeeItem
    period: str
    since: date
    until: date
    payer: UUID
    amount: int
    paid: int
    waived: int
    open: int
    due: date
    voided: bool
    refund: UUID | None


@dataclass(frozen=True, slots=True)
class PaymentShape:
    """A payment as it stands: ``amount`` is what was allocated, is held, or was paid back.

    ``line`` is the line of a statement that brought it, or confirms what the desk took down.
    """

    payment: UUID
    payer: UUID
    amount: int
    method: Method
    paid_on: date
    receipt: str
    allocations: list[AllocationShape]
    prepaid: int
    overpaid: int
    refunded: int
    reversed: bool
    line: UUID | None


@dataclass(frozen=True, slots=True)
class FeeAccountShape:
    """Everything on the account of a dwelling, also what was voided or reversed; ``balance`` is open less held.

    ``owed_now`` is open of bills that are due, less what their payers hold; ``not_due`` falls due later.
    """

    dwelling: UUID
    estate: str
    balance: int
    owed_now: int
    not_due: int
    open: int
    prepaid: int
    overpaid: int
    bills: list[BillShape]
    payments: list[PaymentShape]
    version: int


def account_shape(loaded: Loaded[FeeAccount], day: date) -> FeeAccountShape:
    """What is told of an account on a day."""
    account = loaded.state
    assert account.dwelling is not None and account.estate is not None
    return FeeAccountShape(
        dwelling=account.dwelling,
        estate=account.estate,
        balance=account.balance,
        owed_now=account.owed_on(day),
        not_due=account.not_due_on(day),
        open=account.open,
        prepaid=account.prepaid,
        overpaid=account.overpaid,
        bills=[
            BillShape(
                bill=id,
                number=bill.number,
                item=bill.item,
                period=f"{bill.since:%Y-%m}",
                since=bill.since,
                until=bill.until,
                payer=bill.payer,
                amount=bill.amount,
                paid=bill.paid,
                waived=bill.waived,
                open=bill.open,
                due=bill.due,
                voided=bill.voided,
                refund=bill.reference if bill.item in NO_FEES else None,
            )
            for id, bill in account.bills.items()
        ],
        payments=[payment_shape(account, id) for id in account.payments],
        version=loaded.version,
    )


def payment_shape(account: FeeAccount, id: UUID) -> PaymentShape:
    """What is told of a payment."""
    payment = account.payments[id]
    return PaymentShape(
        payment=id,
        payer=payment.payer,
        amount=payment.amount,
        method=payment.method,
        paid_on=payment.paid_on,
        receipt=payment.receipt,
        allocations=[AllocationShape(bill, amount) for bill, amount in payment.allocated.items()],
        prepaid=payment.prepaid,
        overpaid=payment.overpaid,
        refunded=payment.refunded,
        reversed=payment.reversed,
        line=payment.line,
    )


def taken_shape(product: Product, dwelling: UUID, answer: MoneyTaken) -> Taken:
    """What the payment did when it was taken, also where the answer is a repeated one."""
    account = as_of_version(product, dwelling, answer.version)
    payment = account.payments[answer.payment]
    assert payment.taken is not None
    day = local_date(payment.taken.recorded_at)
    return Taken(
        payment=answer.payment,
        receipt=answer.receipt,
        allocations=[AllocationShape(bill, amount) for bill, amount in payment.allocated.items()],
        prepaid=payment.prepaid,
        overpaid=payment.overpaid,
        balance=account.balance,
        owed_now=account.owed_on(day),
        not_due=account.not_due_on(day),
        version=answer.version,
        position=answer.position,
    )


def as_of_version(product: Product, dwelling: UUID, version: int) -> FeeAccount:
    """The account as it stood at a version: mostly the newest one."""
    stream = fee_account_stream(dwelling)
    loaded = product.log.load(FEE_ACCOUNT, stream)
    if loaded.version == version:
        return loaded.state
    return FEE_ACCOUNT.fold((recorded.event, recorded.act) for recorded in product.log.history(stream)[:version])
