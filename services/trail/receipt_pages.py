"""Receipts as they are handed out: for people of the station, and for whoever holds the address of one."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response

from services.console.visit import Visit, visiting
from services.http.addresses import origin
from services.http.who import Allowing, TheProduct
from services.log.not_found import NotFound
from services.paper.press import qr
from services.sessions.member import Member
from services.threads.try_later import TryLater
from services.tlog.proof import SUFFIX
from services.trail.publishing import Forked
from services.trail.receipts import MAY, PREFIX, NotYet, Receipt, Receipts
from services.trail.serving import FOR_ALL

router = APIRouter(tags=["audit"])
pages = APIRouter(include_in_schema=False)

Handing = Annotated[Member, Depends(Allowing(MAY))]
HandingVisit = Annotated[Visit, Depends(visiting(Allowing(MAY)))]
_NONE: Mapping[str, str] = MappingProxyType({})
Position = Annotated[str, Path(max_length=60, description="Of the event in the log: one more than the entry's index.")]


@router.get("/api/v1/audit/receipts/{position}", response_class=Response)
def get_receipt(position: Position, product: TheProduct, who: Handing) -> Response:
    """The receipt of an event by its position in the log: a ``.tlog-proof`` with the newest cosigned checkpoint.

    It shows the fields of the event; what is personal among them only to whoever told the event.
    """
    return _file(_given(lambda: product.part(Receipts).of_own(_number(position), who)))


@pages.get(PREFIX + "/{position}/{token}")
def fetch(position: Position, token: Annotated[str, Path(max_length=60)], product: TheProduct) -> Response:
    """For whoever holds the address, which stands in the command's answer and in the QR code on paper."""
    receipts = product.part(Receipts)
    return _file(_given(lambda: receipts.of_holder(_number(position), token.removesuffix(SUFFIX))), FOR_ALL)


@pages.get(PREFIX + "/{position}")
def page(position: Position, visit: HandingVisit) -> Response:
    """A receipt to be printed."""
    receipts = visit.product.part(Receipts)
    receipt = _given(lambda: receipts.of_own(_number(position), visit.member))
    path = receipts.address(receipt.position)
    address = origin(visit.product) + path
    code = qr(f"{origin(visit.product)}/audit/verify#{path}")  # whoever scans it sees at once what it proves
    side = code["side"]
    dark = [divmod(at, side)[::-1] for at, sign in enumerate(code["rows"]) if sign == "0"]
    return visit.html(
        "trail_receipt.html",
        here="fork",
        receipt=receipt,
        shown=[each for each in receipt.shown if not each.name.startswith("@")],
        address=address,
        side=side,
        dark=dark,
        here_only=visit.here_only,
    )


def _number(text: str) -> int:
    """Raises ``NotFound`` for what is no position."""
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise NotFound
    return int(text)


def _given(make: Callable[[], Receipt]) -> Receipt:
    try:
        return make()
    except (NotYet, Forked):  # of a log that is not the one that was cosigned nothing is handed out
        raise TryLater from None


def _file(receipt: Receipt, headers: Mapping[str, str] = _NONE) -> Response:
    name = f"jinlin-{receipt.index}{SUFFIX}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(receipt.proof.text(), media_type="text/plain", headers={**headers, **disposition})
