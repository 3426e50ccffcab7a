"""Invoices over HTTP: asked for on a payment, listed, recorded under their number, reversed red, and exported."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from domain.calendar import local_date
from domain.fees.fee_account import FEE_ACCOUNT, InvoiceStage
from domain.money.tax import rates_on
from projections.fees import invoices
from projections.fees.invoices import INVOICE_PAYERS, INVOICES, InvoiceRow, MadeOut
from services.fees.invoice_plans import NewInvoice, record_invoice, request_invoice, reverse_invoice, withdraw_request
from services.fees.invoice_sheets import SheetFormat, export
from services.http.act_route import act_at
from services.http.acting import AskingNow, etag, performing, showing
from services.http.acts import Done
from services.http.bodies import ActBody, Day, Text, default_of
from services.http.problems import language_of
from services.http.who import Accountant, Cashier, TheProduct, own
from services.product import Product
from services.sheets.writing import CSV, XLSX

router = APIRouter(prefix="/api/v1", tags=["invoices"])

PAGE = 40
Month = Annotated[str | None, Query(pattern=r"^20\d\d-(0[1-9]|1[0-2])$", examples=["2026-11"])]


@dataclass(frozen=True, slots=True)
class RateShape:
    """``rate`` in basis points: 600 are 6 %. Of one that is not ``confirmed`` the rule was not read at its source."""

    rate: int
    taxpayer: str
    since: date
    until: date | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class InvoiceShape:
    """Amounts in fen; ``title`` is gone once the payer is forgotten."""

    invoice: UUID
    dwelling: UUID
    payment: UUID
    stage: InvoiceStage
    amount: int
    rate: int
    net: int
    tax: int
    title: str | None
    tax_number: str | None
    email: str | None
    requested_at: datetime
    number: str | None
    issued_on: date | None
    red_number: str | None
    red_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class Requested:
    """As ``Done``, with the id of what was asked for."""

    invoice: UUID
    version: int
    position: int


class RequestBody(ActBody):
    """``amount`` in fen is all that no invoice stands for yet, unless it is said."""

    payment: UUID
    rate: Annotated[int, Field(strict=True, description="Basis points: 600 are 6 %.", examples=[300])]
    title: Annotated[Text, Field(examples=["林静怡"])]
    amount: Annotated[int, Field(strict=True, examples=[64346])] | None = None
    tax_number: Text | None = None
    email: Text | None = None


NOTHING_SAID = default_of(ActBody)


class RecordBody(ActBody):
    """The 20 digits of the tax office; spaces and hyphens between them do not matter."""

    number: Annotated[Text, Field(examples=["26352000000012345678"])]
    issued_on: date


class ReverseBody(ActBody):
    """The number of the red invoice, and why."""

    red_number: Annotated[Text, Field(examples=["26352000000012345679"])]
    issued_on: date
    text: Text | None = None


@router.get("/tax-rates")
def list_tax_rates(product: TheProduct, who: Cashier, day: Day | None = None) -> list[RateShape]:
    """Rates of value added tax in force today, or on a day."""
    held = rates_on(day or local_date(product.clock()))
    return [RateShape(each.rate, each.taxpayer.value, each.since, each.until, each.confirmed) for each in held]


@router.get("/estates/{estate}/invoices", dependencies=[showing(INVOICE_PAYERS, INVOICES)])
def list_invoices(
    estate: str,
    product: TheProduct,
    who: Cashier,
    stage: InvoiceStage = InvoiceStage.REQUESTED,
    month: Month = None,
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> list[InvoiceShape]:
    """Invoices of an estate at a stage, newest first, 40 a page.

    With a month those that were issued in it, also if they were reversed since; reversed in it; or asked for in it.
    """
    own(estate, who)
    with product.lend(who) as conn:
        rows = invoices.listed(conn, estate, stage, PAGE, (page - 1) * PAGE, month)
        out = invoices.made_out(conn, rows)
    return [invoice_shape(product, row, out.get(row.invoice)) for row in rows]


@router.get(
    "/estates/{estate}/invoices/export",
    dependencies=[showing(INVOICE_PAYERS, INVOICES)],
    response_class=Response,
    responses={200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in (XLSX, CSV)}}},
)
def export_invoices(
    estate: str,
    request: Request,
    product: TheProduct,
    who: Accountant,
    stage: InvoiceStage = InvoiceStage.REQUESTED,
    format: SheetFormat = SheetFormat.XLSX,
    month: Month = None,
) -> Response:
    """The list for the tax software, of one month or whole, 5,000 at most."""
    own(estate, who)
    return export(product, who, estate, stage, format, language_of(request), month)


@act_at(router, "/accounts/{dwelling}/invoices", name="request_invoice")
async def request_invoice_(
    dwelling: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Cashier,
    asking: AskingNow,
    body: RequestBody,
) -> Requested:
    """Ask for an invoice on a payment of a dwelling's account."""
    new = NewInvoice(body.rate, body.title, body.amount, body.tax_number, body.email)
    plan = request_invoice(dwelling, body.payment, new)
    answer = await performing(request, product, "RequestInvoice", asking.by(who, body.occurred_at), plan)
    response.headers["ETag"] = etag(answer.version)
    return Requested(answer.invoice, answer.version, answer.position)


@act_at(router, "/accounts/{dwelling}/invoices/{invoice}/withdraw")
async def withdraw_invoice_request(
    dwelling: UUID, invoice: UUID, request: Request, response: Response, product: TheProduct, who: Cashier,
    asking: AskingNow, body: ActBody = NOTHING_SAID,
) -> Done:  # fmt: skip
    """Take back what was asked for and not issued yet."""
    ask = asking.by(who, body.occurred_at)
    answer = await performing(request, product, "WithdrawInvoiceRequest", ask, withdraw_request(dwelling, invoice))
    response.headers["ETag"] = etag(answer.version)
    return Done(answer.version, answer.position)


@act_at(router, "/accounts/{dwelling}/invoices/{invoice}/record", name="record_invoice")
async def record_invoice_(
    dwelling: UUID, invoice: UUID, request: Request, response: Response, product: TheProduct, who: Accountant,
    asking: AskingNow, body: RecordBody,
) -> Done:  # fmt: skip
    """State the number under which the tax office issued it."""
    plan = record_invoice(dwelling, invoice, body.number, body.issued_on)
    answer = await performing(request, product, "RecordInvoice", asking.by(who, body.occurred_at), plan)
    response.headers["ETag"] = etag(answer.version)
    return Done(answer.version, answer.position)


@act_at(router, "/accounts/{dwelling}/invoices/{invoice}/reverse", name="reverse_invoice")
async def reverse_invoice_(
    dwelling: UUID, invoice: UUID, request: Request, response: Response, product: TheProduct, who: Accountant,
    asking: AskingNow, body: ReverseBody,
) -> Done:  # fmt: skip
    """State the number of the red invoice that reverses it. Nothing is deleted."""
    plan = reverse_invoice(dwelling, invoice, body.red_number, body.issued_on, body.text)
    answer = await performing(request, product, "ReverseInvoice", asking.by(who, body.occurred_at), plan)
    response.headers["ETag"] = etag(answer.version)
    return Done(answer.version, answer.position)


def invoice_shape(product: Product, row: InvoiceRow, out: MadeOut | None) -> InvoiceShape:
    """What is told of an invoice."""
    dwelling = product.log.remembered(FEE_ACCOUNT, row.account).state.dwelling
    assert dwelling is not None  # it has an invoice, so it was opened
    return InvoiceShape(
        invoice=row.invoice,
        dwelling=dwelling,
        payment=row.payment,
        stage=row.stage,
        amount=row.amount,
        rate=row.rate,
        net=row.net,
        tax=row.tax,
        title=out.title if out else None,
        tax_number=out.tax_number if out else None,
        email=out.email if out else None,
        requested_at=row.requested_at,
        number=row.number,
        issued_on=row.issued_on,
        red_number=row.red_number,
        red_on=row.red_on,
        version=row.version,
    )
