"""Where the code on a receipt leads: whether it stands, for anybody who holds it. Names nobody and no dwelling."""

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from domain.fees.fee_account import FEE_ACCOUNT, fee_account_stream
from projections.estates import estates
from services.console import render
from services.console.viewer import Viewer
from services.fees.receipt_tokens import ReceiptTokens
from services.http.guessing import unless_guessed
from services.http.problems import language_of
from services.http.who import TheProduct
from services.product import Product
from services.words.figures import full_date, shown

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class VerifiedReceipt:
    """What a receipt says, and whether it still does; ``refunded`` and ``amount`` in fen."""

    number: str
    amount: int
    paid_on: date
    estate: str
    building: str | None
    void: bool
    refunded: int


@router.get("/verify/{token}")
def page(token: str, request: Request, product: TheProduct) -> Response:
    found = unless_guessed(request, "verify", lambda: _verified(product, token))
    viewer = Viewer(language=language_of(request), theme=request.cookies.get("theme", "auto"))
    day = full_date(viewer.language, found.paid_on) if found else ""
    html = render.html("verify.html", viewer, product.clock(), found=found, day=day, money=shown)
    headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    return HTMLResponse(html, 200 if found else 404, headers)


def _verified(product: Product, token: str) -> VerifiedReceipt | None:
    meant = ReceiptTokens(product.secret).read(token)
    account = product.log.remembered(FEE_ACCOUNT, fee_account_stream(meant.dwelling)).state if meant else None
    if meant is None or account is None or account.estate is None or meant.payment not in account.payments:
        return None
    payment = account.payments[meant.payment]
    with product.database.lend([account.estate]) as conn:
        place = estates.estate(conn, account.estate)
    return VerifiedReceipt(
        number=payment.receipt,
        amount=payment.amount,
        paid_on=payment.paid_on,
        estate=place.name if place else "",
        building=account.building,
        void=payment.reversed,
        refunded=payment.refunded,
    )
