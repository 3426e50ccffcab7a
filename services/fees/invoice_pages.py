"""Invoices of an estate: asked for, issued under a number, reversed red; and a file for the tax software."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from domain.calendar import local_date
from domain.capacity import ACCOUNTS
from domain.fees.fee_account import FEE_ACCOUNT, InvoiceStage, Payment, fee_account_stream
from domain.money.tax import from_elsewhere, rates_on, split
from domain.months import is_month
from domain.refusal import Refusal, reject_if
from domain.written.days import day as read_day
from projections.fees import invoices
from projections.fees.invoices import INVOICE_PAYERS, INVOICES, InvoiceRow, MadeOut
from projections.people import people
from projections.people.people import PEOPLE
from projections.register import dwellings, owners
from projections.register.dwellings import DWELLINGS
from projections.register.owners import OWNERS
from services.commands.ask import Forbidden, KeyReused, Stale
from services.commands.plan import Plan
from services.console.amounts import fen_of, typed
from services.console.answers import Wrong, refused
from services.console.lists import SIZE, filled, offset, sheet
from services.console.visit import CashVisit, FormFields, Visit
from services.fees.invoice_export import rate_words
from services.fees.invoice_plans import (
    NewInvoice,
    invoiceable,
    record_invoice,
    request_invoice,
    reverse_invoice,
    withdraw_request,
)
from services.fees.invoice_sheets import SheetFormat, export
from services.http.acting import perform
from services.log.not_found import NotFound
from services.words.figures import day, shown

router = APIRouter(include_in_schema=False)

_SHOWN = (DWELLINGS, INVOICE_PAYERS, INVOICES, PEOPLE)
_SHOWN_OF_REQUEST = (DWELLINGS, INVOICES, OWNERS)

USUAL = 300  # basis points, until a firm has asked for another rate
_COMMANDS = {"record": "RecordInvoice", "reverse": "ReverseInvoice", "withdraw": "WithdrawInvoiceRequest"}


@dataclass(frozen=True, slots=True)
class Shown:
    """An invoice with what stands elsewhere: to whom, where, on which receipt, and who asked for it."""

    row: InvoiceRow
    out: MadeOut | None
    dwelling: UUID
    label: str
    receipt: str
    by: str | None
    issued: str
    red: str

    @property
    def elsewhere(self) -> bool:
        """Whether another province's tax office issued it."""
        return bool(self.row.number and from_elsewhere(self.row.number))


@router.get("/invoices/{estate}")
def page(
    estate: str,
    visit: CashVisit,
    stage: InvoiceStage = InvoiceStage.REQUESTED,
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
    after: int = 0,
    month: str = "",
) -> Response:
    return _page(visit.at(estate), estate, stage, page, after, month=_month(month))


@router.get("/invoices/{estate}/export")
def export_file(
    estate: str,
    visit: CashVisit,
    stage: InvoiceStage = InvoiceStage.REQUESTED,
    format: SheetFormat = SheetFormat.XLSX,
    month: str = "",
) -> Response:
    """The same list for the tax software."""
    here = visit.at(estate)
    with here.lend() as conn:
        here.estate(conn, estate)
    if here.member.capacity not in ACCOUNTS:
        raise Forbidden("capacity", capacity=here.member.capacity, may=ACCOUNTS)
    return export(here.product, here.member, estate, stage, format, here.viewer.language, _month(month))


@router.get("/invoices/{estate}/request/{dwelling}/{payment}")
def request_page(estate: str, dwelling: UUID, payment: UUID, visit: CashVisit) -> Response:
    return _request_page(visit.at(estate), estate, dwelling, payment)


@router.post("/invoices/{estate}/request/{dwelling}/{payment}")
def request(estate: str, dwelling: UUID, payment: UUID, form: FormFields, visit: CashVisit) -> Response:
    here = visit.at(estate)
    _payment(here, estate, dwelling, payment)
    try:
        ask, plan = here.ask(form), request_invoice(dwelling, payment, _wanted(form))
        answer = perform(here.request, "RequestInvoice", lambda: here.product.handler.do(ask, plan))
    except (Refusal, Stale, Forbidden, KeyReused) as wrong:
        return refused(
            here,
            wrong,
            lambda errors, status: _request_page(here, estate, dwelling, payment, status, typed=form, errors=errors),
        )
    return here.done(answer, here.voice.say("invoice-done-request"), f"/invoices/{estate}", go=f"/invoices/{estate}")


@router.post("/invoices/{estate}/{dwelling}/{invoice}/{act}")
def act(estate: str, dwelling: UUID, invoice: UUID, act: str, form: FormFields, visit: CashVisit) -> Response:
    here = visit.at(estate)
    account = here.product.log.remembered(FEE_ACCOUNT, fee_account_stream(dwelling)).state
    if act not in _COMMANDS or account.estate != estate or estate not in here.member.estates:
        raise NotFound
    before = account.invoices[invoice].stage if invoice in account.invoices else InvoiceStage.REQUESTED
    try:
        ask, plan = here.ask(form), _plan(act, dwelling, invoice, form)
        answer = perform(here.request, _COMMANDS[act], lambda: here.product.handler.do(ask, plan))
    except (Refusal, Stale, Forbidden, KeyReused) as wrong:
        return refused(
            here,
            wrong,
            lambda errors, status: _page(
                here, estate, before, 1, 0, status, typed=form, errors=errors, wrong_at=f"{act}-{invoice}"
            ),
        )
    here_again = f"/invoices/{estate}?stage={before.value}"
    return here.done(answer, here.voice.say(f"invoice-done-{act}"), here_again, go=f"/invoices/{estate}")


def _plan(act: str, dwelling: UUID, invoice: UUID, form: Mapping[str, str]) -> Plan:
    if act == "withdraw":
        return withdraw_request(dwelling, invoice)
    issued_on = _day(form.get("issued_on", ""))
    if act == "record":
        return record_invoice(dwelling, invoice, form.get("number", ""), issued_on)
    return reverse_invoice(dwelling, invoice, form.get("red_number", ""), issued_on, form.get("text") or None)


def _wanted(form: Mapping[str, str]) -> NewInvoice:
    rate = form.get("rate", "")
    return NewInvoice(
        rate=int(rate) if rate.isascii() and rate.isdecimal() and len(rate) < 6 else 0,
        title=form.get("title", ""),
        amount=fen_of(form["amount"]) if form.get("amount") else None,
        tax_number=form.get("tax_number") or None,
        email=form.get("email") or None,
    )


def _day(written: str) -> date:
    return read_day(written, "body", field="issued_on")


def _payment(here: Visit, estate: str, dwelling: UUID, payment: UUID) -> Payment:
    account = here.product.log.remembered(FEE_ACCOUNT, fee_account_stream(dwelling)).state
    if account.estate != estate or estate not in here.member.estates or payment not in account.payments:
        raise NotFound
    return account.payments[payment]


def _month(written: str) -> str | None:
    reject_if(bool(written) and not is_month(written), "month", field="month")
    return written or None


def _page(
    here: Visit,
    estate: str,
    stage: InvoiceStage,
    page: int,
    after: int,
    status: int = 200,
    month: str | None = None,
    **said: Any,
) -> Response:
    stale = here.caught_up(after, _SHOWN)
    with here.lend() as conn:
        here.estate(conn, estate)
        page, rows = filled(
            page, lambda each: list(invoices.listed(conn, estate, stage, SIZE + 1, offset(each), month))
        )
        counts = invoices.counted(conn, estate)
        found = _shown(here, conn, rows)
    context: dict[str, Any] = {
        "stage": stage,
        "month": month or "",
        "stages": [(each, counts.get(each, 0)) for each in InvoiceStage],
        "sheet": sheet(found, page),
        "may": here.member.capacity in ACCOUNTS,
        "today": local_date(here.product.clock()).isoformat(),
        "money": shown,
        "rate_words": rate_words,
        "stale": stale,
        "typed": {},
        "errors": {},
        "wrong_at": "",
    }
    return here.html("invoices.html", status=status, here="fees", tab="invoices", **(context | said))


def _shown(here: Visit, conn: Any, rows: Sequence[InvoiceRow]) -> list[Shown]:
    accounts = {row.account: here.product.log.remembered(FEE_ACCOUNT, row.account).state for row in rows}
    labels = dwellings.labels(conn, [each.dwelling for each in accounts.values() if each.dwelling])
    out, names = invoices.made_out(conn, rows), people.named(conn, {row.requested_by for row in rows})
    found = []
    for row in rows:
        account = accounts[row.account]
        assert account.dwelling is not None  # it has an invoice, so it was opened
        found.append(
            Shown(
                row=row,
                out=out.get(row.invoice),
                dwelling=account.dwelling,
                label=labels.get(account.dwelling, ""),
                receipt=account.payments[row.payment].receipt if row.payment in account.payments else "",
                by=names.get(row.requested_by),
                issued=day(row.issued_on) if row.issued_on else "",
                red=day(row.red_on) if row.red_on else "",
            )
        )
    return found


def _request_page(
    here: Visit, estate: str, dwelling: UUID, payment: UUID, status: int = 200, **said: Mapping[str, str] | Wrong
) -> Response:
    stale = here.caught_up(0, _SHOWN_OF_REQUEST)
    paid = _payment(here, estate, dwelling, payment)
    account = here.product.log.remembered(FEE_ACCOUNT, fee_account_stream(dwelling)).state
    left = invoiceable(account, payment)
    with here.lend() as conn:
        here.estate(conn, estate)
        label = dwellings.labels(conn, [dwelling]).get(dwelling, "")
        name = owners.named(conn, [paid.payer]).get(paid.payer)
        usual = invoices.last_rate(conn, estate)
    rates = rates_on(local_date(here.product.clock()))
    context: dict[str, Any] = {
        "stale": stale,
        "paid": paid,
        "paid_on": day(paid.paid_on),
        "label": label,
        "name": name or "",
        "left": left,
        "usual": str(usual or USUAL),
        "rates": [(each, rate_words(each.rate), *split(left, each.rate)) for each in rates],
        "action": f"/invoices/{estate}/request/{dwelling}/{payment}",
        "account": f"/accounts/{dwelling}",
        "money": shown,
        "plain": typed,
        "typed": {},
        "errors": {},
    }
    return here.html("invoice_request.html", status=status, here="fees", tab="invoices", **(context | said))
