"""The log for everybody, as C2SP tlog-tiles: its checkpoint, its tiles, its entries. Nobody needs an account.

What is full never changes, and is kept by whoever fetches it; so is a partial tile, whose width is in its address.
"""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from services.http.who import TheProduct
from services.log.not_found import NotFound
from services.tlog.refusals import Malformed
from services.tlog.tiles import WIDTH, Address, bundle, parse
from services.trail.publishing import Publisher
from services.trail.reading import entries, tile

PREFIX = "/audit/log"
_FOR_EVER = "public, max-age=31536000, immutable"
FOR_ALL = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

router = APIRouter(prefix=PREFIX, tags=["audit"], include_in_schema=False)


@router.get("/checkpoint")
def checkpoint(product: TheProduct) -> Response:
    """The newest checkpoint, with what cosignatures there are of it."""
    with product.database.app.connection() as conn:
        found = product.part(Publisher).newest(conn)
    if found is None:
        raise NotFound
    headers = {**FOR_ALL, "Cache-Control": "no-cache"}
    return Response(found.note.written(), media_type="text/plain", headers=headers)


@router.get("/{rest:path}")
def tile_or_entries(product: TheProduct, rest: Annotated[str, Path(max_length=60)]) -> Response:
    """A tile, or a bundle of entries, full or partial."""
    try:
        address = parse(rest)
    except Malformed:
        raise NotFound from None
    body = _body(product, address)
    if body is None:
        raise NotFound
    headers = {**FOR_ALL, "Cache-Control": _FOR_EVER}
    return Response(body, media_type="application/octet-stream", headers=headers)


def _body(product: TheProduct, address: Address) -> bytes | None:
    """The bytes at an address; ``None`` where there are not so many yet."""
    if address.n >= 2**48:
        return None
    with product.database.app.connection() as conn:
        if address.level is not None:
            return tile(conn, address.level, address.n, address.width)
        first = address.n * WIDTH
        found = entries(conn, first, first + address.width)
    return bundle(found) if len(found) == address.width else None
