"""One box for everything: dwellings, orders, notebook lines, people, receipts and buildings, in whatever spelling."""

import re

from fastapi import APIRouter
from fastapi.responses import Response
from markupsafe import Markup, escape

from services.console.visit import Visiting
from services.search import looking
from services.search.looking import MOST, SHOWN, Found

router = APIRouter(include_in_schema=False)

MOST_IN_PALETTE = 5


@router.get("/search")
def page(visit: Visiting, q: str = "") -> Response:
    """The page; for the palette only what was found, a few of each."""
    wanted = looking.usable(q)
    palette = visit.request.headers.get("hx-request") is not None
    found, stale = Found(looked_in=looking.looked_in(visit.member)), ""
    if wanted:
        stale = visit.caught_up(0, SHOWN)
        with visit.lend() as conn:
            most = MOST_IN_PALETTE if palette else MOST
            found = looking.search(visit.product, visit.member, conn, wanted, most)
    template = "part/search_found.html" if palette else "search.html"
    return visit.html(template, here="search", q=wanted, found=found, marked=marked, stale=stale)


def marked(text: str | None, wanted: str) -> Markup:
    """Markup of a text with every word of the question marked wherever it stands."""
    words = sorted({word for word in wanted.split() if len(word) > 1 or not word.isascii()}, key=len, reverse=True)
    if not text or not words:
        return escape(text or "")
    parts = re.split(f"({'|'.join(map(re.escape, words))})", text, flags=re.IGNORECASE)
    wrapped = (
        Markup("<mark>{}</mark>").format(part) if index % 2 else escape(part) for index, part in enumerate(parts)
    )
    return Markup("").join(wrapped)
