"""Receipts as PDF, one payment's or all of a day in one file."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from domain.access.reading import Taken
from projections.fees import payments
from projections.fees.payments import PAYMENTS, PaymentRow
from services.fees.paper import ReceiptSize, receipts
from services.fees.receipt_files import RECEIPTS, receipts_of_day
from services.fees.receipts import Wanted, receipt_papers
from services.http.acting import showing
from services.http.addresses import origin
from services.http.answers import PDF_RESPONSES, pdf
from services.http.bodies import Day
from services.http.handed_out import Taking
from services.http.problems import language_of
from services.http.showing import shown_soon
from services.http.who import Cashier, TheProduct, own
from services.log.not_found import NotFound
from services.product import Product
from services.sessions.member import Member

router = APIRouter(prefix="/api/v1", tags=["payments"])

_Again = Annotated[bool, Query(description="Printed before: the paper says so.")]


@router.get(
    "/payments/{payment}/receipt.pdf",
    dependencies=[showing(*RECEIPTS)],
    response_class=Response,
    responses=PDF_RESPONSES,
)
def get_receipt(
    payment: UUID,
    request: Request,
    product: TheProduct,
    who: Cashier,
    size: ReceiptSize = ReceiptSize.A5,
    again: _Again = False,
) -> Response:
    """The receipt of a payment, on A5 or for a roll of 80 mm; of a reversed one it says that it is void."""
    row = shown_soon(product, PAYMENTS, lambda: _row(product, who, payment))
    if row is None:
        raise NotFound
    language, wanted = language_of(request), [Wanted(row.dwelling, payment)]
    papers = receipt_papers(product, who.estates, wanted, language, origin(product), again)
    taking = Taking(product, who, Taken.RECEIPTS, row.estate, 1)
    return pdf(receipts(papers, size, language), f"receipt-{papers[0].number}", taking)


@router.get(
    "/estates/{estate}/receipts.pdf",
    dependencies=[showing(*RECEIPTS)],
    response_class=Response,
    responses=PDF_RESPONSES,
)
def get_receipts(
    estate: str,
    request: Request,
    product: TheProduct,
    who: Cashier,
    day: Day | None = None,
    size: ReceiptSize = ReceiptSize.A5,
    again: _Again = False,
) -> Response:
    """All receipts of payments of a day, today if none is named, in the order of their numbers."""
    own(estate, who)
    return receipts_of_day(product, who, estate, day, size, language_of(request), origin(product), again)


def _row(product: Product, who: Member, payment: UUID) -> PaymentRow | None:
    with product.lend(who) as conn:
        return payments.payment(conn, payment)
