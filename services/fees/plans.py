"""Money that is taken, taken back and paid back: the account, the receipt book and the drawer change together or not.

A payment's receipt is an event of the station's book in the same transaction as the payment: no payment is without its
number and no number without its payment. Cash goes through the drawer of whoever takes it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from domain.calendar import local_date
from domain.cash.drawer import CASH_DRAWER, CashDrawer, PayOutCash, ReverseCash, TakeCash, drawer_stream
from domain.contracts.fee_basis import FEE_BASIS, FeeBasis, fee_basis_stream
from domain.fees.fee_account import (
    FEE_ACCOUNT,
    LEAVING,
    ApproveRefund,
    DrawPrepayment,
    FeeAccount,
    Method,
    PaymentRecorded,
    PayRefund,
    RecordPayment,
    RefundReason,
    RejectRefund,
    RequestRefund,
    ReversalReason,
    ReversePayment,
    UndoPayment,
    check_paid_on,
    fee_account_stream,
)
from domain.fees.prepayment import last_rates, listed_rates, prepayment_limit
from domain.fees.receipt_book import RECEIPT_BOOK, IssueReceipt, receipt_book_stream, receipt_number
from domain.money.amount import yuan
from domain.money.evidence import Evidence
from domain.refusal import Rejection, refuse_if, reject_if
from domain.register.dwelling import DWELLING, Dwelling
from services.books.plans import check_open
from services.commands.ask import Answer
from services.commands.plan import Attempt, Plan, PlanFor, Planned, PlannedAs
from services.fees.drawing import after, changed_in_turn, decided, due_draws
from services.fees.dwelling_accounts import check_payer
from services.fees.provider_numbers import number_taken
from services.log.event_log import Change
from services.log.known_states import Loaded
from services.log.not_found import NotFound
from services.log.randomness import new_id


@dataclass(frozen=True, slots=True)
class NewPayment:
    """Money for a dwelling's account; what is ``None`` is usual: today, and the owner of that day.

    ``bills`` are those the payer names. ``accept_excess`` holds as overpaid what may not be held as prepaid.
    ``again``: under the provider's number in ``reference`` something was taken before, and this is another payment.
    """

    dwelling: UUID
    amount: int
    method: Method
    bills: tuple[UUID, ...] = ()
    paid_on: date | None = None
    payer: UUID | None = None
    reference: str | None = None
    again: bool = False
    accept_excess: bool = False
    line: UUID | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyTaken(Answer):
    """A payment and the number of its ``receipt``."""

    payment: UUID
    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundWanted(Answer):
    """A refund that somebody has to approve."""

    refund: UUID


def take_payment(new: NewPayment, payment: UUID | None = None) -> PlanFor[MoneyTaken]:
    """Take money."""
    id = payment or new_id()

    def make(attempt: Attempt) -> PlannedAs[MoneyTaken]:
        loaded = attempt.own(FEE_ACCOUNT, fee_account_stream(new.dwelling))
        attempt.check_power(RecordPayment, loaded.state.estate)
        attempt.check_version(loaded.version, fee_account_stream(new.dwelling))
        return payment_taken(attempt, new, id)

    return PlanFor(make, answers=MoneyTaken)


def payment_taken(attempt: Attempt, new: NewPayment, payment: UUID) -> PlannedAs[MoneyTaken]:
    """What taking this money changes; for plans in which it is a part."""
    stream = fee_account_stream(new.dwelling)
    loaded = attempt.at(FEE_ACCOUNT, stream)
    estate = loaded.state.estate
    if estate is None:
        raise NotFound
    day = new.paid_on or local_date(attempt.act.occurred_at)
    check_paid_on(day, attempt.act)
    check_open(attempt, estate, day)
    dwelling = attempt.at(DWELLING, new.dwelling).state
    refuse_if(dwelling.withdrawn, "dwelling_withdrawn")
    basis = attempt.at(FEE_BASIS, fee_basis_stream(estate)).state
    before = due_draws(attempt, loaded.state)
    account = after(attempt, loaded.state, before, draws=True)
    payer = _payer(account, dwelling, new, day)
    check_payer(attempt, dwelling, payer)
    year = local_date(attempt.act.recorded_at).year
    book_stream = receipt_book_stream(estate, year)
    book = attempt.at(RECEIPT_BOOK, book_stream)
    number = receipt_number(year, book.version + 1)
    command = RecordPayment(
        payment=payment,
        payer=payer,
        amount=new.amount,
        method=new.method,
        paid_on=day,
        receipt=number,
        bills=new.bills,
        order=basis.order_on(day),
        prepay_limit=0 if _is_owed(account, payer, new.amount) else prepay_limit(account, dwelling, basis, day, payer),
        accept_excess=new.accept_excess,
        reference=new.reference,
        line=new.line,
        evidence=new.evidence,
    )
    events = FEE_ACCOUNT.consider(command, account, attempt.act)
    receipt = RECEIPT_BOOK.consider(IssueReceipt(estate, payment, new.dwelling, new.amount), book.state, attempt.act)
    later = due_draws(attempt, after(attempt, account, events))
    changes = [
        *changed_in_turn(attempt, stream, loaded, before, events, later, payer),
        Change(book_stream, RECEIPT_BOOK.name, book.version, receipt, attempt.act, estate, book_stream),
    ]
    version = loaded.version + len(before) + len(events) + len(later)
    if new.line is None:
        changes += number_taken(attempt, estate, new.dwelling, payment, new.reference, again=new.again)
    if new.method is Method.CASH:
        changes.append(_own_drawer(attempt, estate, TakeCash(estate, payment, new.amount)))
    return PlannedAs(changes, MoneyTaken(stream, version, payment=payment, receipt=number))


def prepay_limit(account: FeeAccount, dwelling: Dwelling, basis: FeeBasis, day: date, payer: UUID) -> int:
    """What may be held in advance by the contract in force (INV-47); without one nothing is."""
    schedule = basis.schedule_on(day)
    listed = listed_rates(schedule, dwelling) if schedule else ()
    others = [rate for rate in last_rates(account) if rate.item not in {each.item for each in listed}]
    return prepayment_limit(account, [*listed, *others], day, basis.prepaid_until(day), payer)


def _is_owed(account: FeeAccount, payer: UUID, amount: int) -> bool:
    """Whether nothing of this money is paid in advance: then it need not be worked out how much could be."""
    return amount <= sum(bill.open for bill in account.bills.values() if bill.payer == payer)


def _payer(account: FeeAccount, dwelling: Dwelling, new: NewPayment, day: date) -> UUID:
    """Who pays: who is named, else who owes the named bills, else the owner of that day, else who was billed last.

    Money of the owner of today settles no debt of an earlier one unless that bill is named (INV-54).
    """
    owed = {bill.payer for bill in account.bills.values()}
    if new.payer is not None:
        known = owed | {each.owner for each in dwelling.ownerships}
        reject_if(new.payer not in known, "unknown_payer", field="payer")
        return new.payer
    named = {account.bills[bill].payer for bill in new.bills if bill in account.bills}
    if len(named) == 1:
        return named.pop()
    owner = dwelling.owner_on(day)
    if owner is not None:
        return owner
    refuse_if(not account.bills, "no_payer")
    return max(account.bills.values(), key=lambda bill: (bill.until, bill.since)).payer


def _own_drawer(attempt: Attempt, estate: str, command: TakeCash | PayOutCash | ReverseCash) -> Change:
    return _through(attempt, drawer_stream(estate, attempt.ask.caller.person), estate, command)


def _through(attempt: Attempt, stream: UUID, estate: str, command: TakeCash | PayOutCash | ReverseCash) -> Change:
    drawer: Loaded[CashDrawer] = attempt.at(CASH_DRAWER, stream)
    events = CASH_DRAWER.consider(command, drawer.state, attempt.act)
    return Change(stream, CASH_DRAWER.name, drawer.version, events, attempt.act, estate, stream)


# -- taken back ----------------------------------------------------------------------------------------------------


def reverse_payment(dwelling: UUID, payment: UUID, reason: ReversalReason, text: str | None = None) -> Plan:
    """Take back a payment that does not stand: its bills are open again, its receipt stays as it was.

    Its cash leaves the drawer that took it, as long as that is open; otherwise the caller's own.
    """
    return _taken_back(dwelling, payment, ReversePayment(payment, reason, text))


def undo_payment(dwelling: UUID, payment: UUID) -> Plan:
    """Take back what one has just taken oneself: a reversal like any other, by whoever made the slip."""
    return _taken_back(dwelling, payment, UndoPayment(payment))


def _taken_back(dwelling: UUID, payment: UUID, command: ReversePayment | UndoPayment) -> Plan:
    def make(attempt: Attempt) -> Planned:
        planned, account = _on_account(attempt, dwelling, payment, command)
        check_open(attempt, account.estate or "")
        paid = account.payments.get(payment)
        happens = any(change.events for change in planned.changes)
        if happens and paid is not None and paid.method is Method.CASH and account.estate is not None:
            back = ReverseCash(account.estate, payment, paid.amount)
            took = _drawer_of(attempt, dwelling, payment, account.estate)
            own = drawer_stream(account.estate, attempt.ask.caller.person)
            leaves = _through(attempt, took or own, account.estate, back)
            return Planned([*planned.changes, leaves], planned.answer)
        return planned

    return Plan(make)


def _drawer_of(attempt: Attempt, dwelling: UUID, payment: UUID, estate: str) -> UUID | None:
    """The open drawer in which the cash of a payment lies: it was put into that of whoever took it."""
    for recorded in attempt.reach.log.history(fee_account_stream(dwelling)):
        if isinstance(recorded.event, PaymentRecorded) and recorded.event.payment == payment:
            took = drawer_stream(estate, recorded.act.actor)
            return took if payment in attempt.at(CASH_DRAWER, took).state.payments else None
    return None


# -- paid back -----------------------------------------------------------------------------------------------------


def request_refund(
    dwelling: UUID, payment: UUID, amount: int, reason: RefundReason, text: str | None = None
) -> PlanFor[RefundWanted]:
    """Ask for money back that is held of a payment. Of whoever leaves, what was served is paid out of it first."""
    refund = new_id()

    def make(attempt: Attempt) -> PlannedAs[RefundWanted]:
        command = RequestRefund(refund, payment, amount, reason, text)
        try:
            planned, _ = _on_account(attempt, dwelling, payment, command)
        except Rejection as much:
            settled = _settled_first(attempt, dwelling, payment, reason)
            if much.code == "refund_too_much" and settled:
                raise Rejection("refund_settles_first", amount=yuan(settled), **much.facts) from None
            raise
        answer = RefundWanted(planned.answer.stream, planned.answer.version, refund=refund)
        return PlannedAs(planned.changes, answer)

    return PlanFor(make, answers=RefundWanted)


def _settled_first(attempt: Attempt, dwelling: UUID, payment: UUID, reason: RefundReason) -> int:
    """What a payer who leaves has to pay out of what is held, before any of it goes back."""
    account = attempt.own(FEE_ACCOUNT, fee_account_stream(dwelling)).state
    leaving = account.payments[payment].payer if payment in account.payments and reason in LEAVING else None
    draws = (each for event in due_draws(attempt, account, leaving) for each in getattr(event, "draws", ()))
    return sum(each.amount for each in draws)


def on_refund(dwelling: UUID, command: ApproveRefund | RejectRefund) -> Plan:
    """Approve or reject a refund."""

    def make(attempt: Attempt) -> Planned:
        return _on_account(attempt, dwelling, _payment_of(attempt, dwelling, command.refund), command)[0]

    return Plan(make)


def pay_refund(
    dwelling: UUID, refund: UUID, method: Method, paid_on: date | None = None, reference: str | None = None
) -> Plan:
    """Pay an approved refund out, today unless another day is named. Cash leaves the drawer of whoever pays it out."""

    def make(attempt: Attempt) -> Planned:
        day = paid_on or local_date(attempt.act.occurred_at)
        payment = _payment_of(attempt, dwelling, refund)
        planned, account = _on_account(attempt, dwelling, payment, PayRefund(refund, method, day, reference))
        check_open(attempt, account.estate or "", day)
        happens = any(change.events for change in planned.changes)
        if happens and method is Method.CASH and account.estate is not None:
            amount = account.refunds[refund].amount
            leaves = _own_drawer(attempt, account.estate, PayOutCash(account.estate, refund, amount))
            return Planned([*planned.changes, leaves], planned.answer)
        return planned

    return Plan(make)


def _payment_of(attempt: Attempt, dwelling: UUID, refund: UUID) -> UUID | None:
    found = attempt.own(FEE_ACCOUNT, fee_account_stream(dwelling)).state.refunds.get(refund)
    return found.payment if found else None


def _on_account(attempt: Attempt, dwelling: UUID, payment: UUID | None, command: Any) -> tuple[Planned, FeeAccount]:
    """What a command changes on an account; its personal fields are sealed under the key of who paid."""
    stream = fee_account_stream(dwelling)
    loaded = attempt.own(FEE_ACCOUNT, stream)
    attempt.check_power(type(command), loaded.state.estate)
    paid = loaded.state.payments.get(payment) if payment is not None else None
    leaving = paid.payer if paid and isinstance(command, RequestRefund) and command.reason in LEAVING else None
    planned = decided(attempt, stream, loaded, command, paid.payer if paid else stream, leaving)
    return planned, loaded.state


# -- drawn down ----------------------------------------------------------------------------------------------------


def draw_prepayment(dwelling: UUID, day: date) -> Plan:
    """Pay what is due by ``day`` with what was paid in advance; changes nothing where there is nothing to draw."""

    def make(attempt: Attempt) -> Planned:
        stream = fee_account_stream(dwelling)
        loaded = attempt.at(FEE_ACCOUNT, stream)
        if loaded.state.estate is None:
            raise NotFound
        attempt.check_power(DrawPrepayment, loaded.state.estate)
        check_open(attempt, loaded.state.estate)
        order = attempt.at(FEE_BASIS, fee_basis_stream(loaded.state.estate)).state.order_on(day)
        return attempt.decided(FEE_ACCOUNT, stream, loaded, DrawPrepayment(day, order), stream)

    return Plan(make)
