"""Invoices on money that was received, by the numbers of the tax office."""

from datetime import date
from uuid import UUID

from domain.calendar import local_date
from domain.fees.fee_account.bills import check_amount
from domain.fees.fee_account.commands import RequestInvoice
from domain.fees.fee_account.events import Event, InvoiceRequested
from domain.fees.fee_account.payments import payment_of
from domain.fees.fee_account.state import FeeAccount, Invoice
from domain.money.amount import yuan
from domain.recorded import Act
from domain.refusal import refuse_done, refuse_if, reject_if


def invoice_requested(account: FeeAccount, new: RequestInvoice) -> list[Event]:
    refuse_done(account.invoices[new.invoice].told if new.invoice in account.invoices else None, "invoice_requested")
    check_amount(new.amount)
    reject_if(new.net + new.tax != new.amount or new.tax < 0 or new.net <= 0, "invoice_split")
    payment_of(account, new.payment)
    most = account.invoiceable(new.payment)
    reject_if(new.amount > most, "invoice_too_much", most=yuan(most))
    return [
        InvoiceRequested(
            new.invoice, new.payment, new.amount, new.rate, new.net, new.tax, new.title, new.tax_number, new.email
        )
    ]


def check_invoice_number(number: str, issued_on: date, act: Act) -> None:
    """20 digits, of which the first two are the year (all-digital invoices, 数电票)."""
    reject_if(len(number) != 20 or not (number.isascii() and number.isdecimal()), "invoice_number")
    reject_if(number[:2] != f"{issued_on:%y}", "invoice_number")
    reject_if(issued_on > local_date(act.recorded_at), "future", field="issued_on")


def invoice_of(account: FeeAccount, invoice: UUID) -> Invoice:
    refuse_if(invoice not in account.invoices, "unknown_invoice")
    return account.invoices[invoice]
