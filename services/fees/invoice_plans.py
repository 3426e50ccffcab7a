"""What is done about invoices: asked for on a payment, recorded under the tax office's number, reversed red."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.calendar import local_date
from domain.fees import fee_account as fees
from domain.fees.fee_account import FEE_ACCOUNT, FeeAccount, fee_account_stream
from domain.fees.invoice_number import INVOICE_NUMBER, UseInvoiceNumber, invoice_number_stream
from domain.money.tax import check_email, check_number, check_rate, check_tax_number, split
from domain.refusal import Refusal, refuse_if
from services.commands.ask import Answer
from services.commands.plan import Attempt, Plan, PlanFor, Planned, PlannedAs
from services.log.event_log import Change
from services.log.known_states import Loaded
from services.log.randomness import new_id


@dataclass(frozen=True, slots=True)
class NewInvoice:
    """What is asked for on a payment: all that no invoice stands for yet, unless ``amount`` says less."""

    rate: int
    title: str
    amount: int | None = None
    tax_number: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceWanted(Answer):
    """An invoice that the accountant has to issue."""

    invoice: UUID


def request_invoice(dwelling: UUID, payment: UUID, new: NewInvoice) -> PlanFor[InvoiceWanted]:
    """Ask for an invoice on a payment."""
    invoice = new_id()

    def make(attempt: Attempt) -> PlannedAs[InvoiceWanted]:
        stream = fee_account_stream(dwelling)
        loaded = attempt.own(FEE_ACCOUNT, stream)
        attempt.check_power(fees.RequestInvoice, loaded.state.estate)
        payer = _payer(loaded.state, payment)
        rate = check_rate(new.rate, local_date(attempt.act.occurred_at)).rate
        amount = invoiceable(loaded.state, payment) if new.amount is None else new.amount
        refuse_if(new.amount is None and amount == 0, "invoice_nothing_left")
        net, tax = split(amount, rate)
        command = fees.RequestInvoice(
            invoice,
            payment,
            amount,
            rate,
            net,
            tax,
            new.title,
            check_tax_number(new.tax_number),
            check_email(new.email),
        )
        planned = attempt.decided(FEE_ACCOUNT, stream, loaded, command, payer)
        return PlannedAs(planned.changes, InvoiceWanted(stream, planned.answer.version, invoice=invoice))

    return PlanFor(make, answers=InvoiceWanted)


def invoiceable(account: FeeAccount, payment: UUID) -> int:
    """Fen of a payment that may be invoiced; nothing of one that was reversed."""
    found = account.payments.get(payment)
    return 0 if found is None or found.reversed else account.invoiceable(payment)


def withdraw_request(dwelling: UUID, invoice: UUID) -> Plan:
    """Take back what was asked for and not issued yet."""

    def make(attempt: Attempt) -> Planned:
        account = fee_account_stream(dwelling)
        loaded = attempt.own(FEE_ACCOUNT, account)
        attempt.check_power(fees.WithdrawInvoiceRequest, loaded.state.estate)
        command = fees.WithdrawInvoiceRequest(invoice)
        return attempt.decided(FEE_ACCOUNT, account, loaded, command, _payer_of(loaded.state, invoice))

    return Plan(make)


def record_invoice(dwelling: UUID, invoice: UUID, number: str, issued_on: date) -> Plan:
    """The number under which the tax office issued it; no other invoice has it."""

    def make(attempt: Attempt) -> Planned:
        account = fee_account_stream(dwelling)
        loaded = attempt.own(FEE_ACCOUNT, account)
        attempt.check_power(fees.RecordInvoice, loaded.state.estate)
        command = fees.RecordInvoice(invoice, check_number(number, issued_on), issued_on)
        return _under(attempt, account, loaded, command, command.number, invoice, red=False)

    return Plan(make)


def reverse_invoice(dwelling: UUID, invoice: UUID, red_number: str, issued_on: date, text: str | None) -> Plan:
    """The number of the red invoice that reverses it."""

    def make(attempt: Attempt) -> Planned:
        account = fee_account_stream(dwelling)
        loaded = attempt.own(FEE_ACCOUNT, account)
        attempt.check_power(fees.ReverseInvoice, loaded.state.estate)
        command = fees.ReverseInvoice(invoice, check_number(red_number, issued_on, "red_number"), issued_on, text)
        return _under(attempt, account, loaded, command, command.red_number, invoice, red=True)

    return Plan(make)


def _under(
    attempt: Attempt,
    account: UUID,
    loaded: Loaded[FeeAccount],
    command: fees.RecordInvoice | fees.ReverseInvoice,
    number: str,
    invoice: UUID,
    red: bool,
) -> Planned:
    """The account and the number change together, or neither does."""
    planned = attempt.decided(FEE_ACCOUNT, account, loaded, command, _payer_of(loaded.state, invoice))
    stream, estate = invoice_number_stream(number), loaded.state.estate
    assert estate is not None  # the account exists
    used = attempt.at(INVOICE_NUMBER, stream)
    events = INVOICE_NUMBER.consider(UseInvoiceNumber(estate, invoice, red), used.state, attempt.act)
    taken = Change(stream, INVOICE_NUMBER.name, used.version, events, attempt.act, estate, invoice)
    return planned._replace(changes=[*planned.changes, taken])


def _payer(account: FeeAccount, payment: UUID) -> UUID:
    if payment not in account.payments:
        raise Refusal("unknown_payment")
    return account.payments[payment].payer


def _payer_of(account: FeeAccount, invoice: UUID) -> UUID:
    if invoice not in account.invoices:
        raise Refusal("unknown_invoice")
    return _payer(account, account.invoices[invoice].payment)
