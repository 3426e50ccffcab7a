"""What is charged, for the notice board, as PDF."""

from fastapi import APIRouter, Request, Response

from domain.access.reading import Taken
from services.contracts.paper import BoardSize, price_displays
from services.contracts.price_display import price_papers
from services.http.addresses import opens_here_only, origin
from services.http.answers import PDF_RESPONSES, pdf
from services.http.handed_out import Taking
from services.http.problems import language_of
from services.http.who import BasisReader, TheProduct, own

router = APIRouter(prefix="/api/v1", tags=["payments"])


@router.get("/estates/{estate}/prices.pdf", response_class=Response, responses=PDF_RESPONSES)
def get_price_display(
    estate: str, request: Request, product: TheProduct, who: BasisReader, size: BoardSize = BoardSize.A4
) -> Response:
    """What is charged, for the notice board: the list that bills today, and those shown already that bill later."""
    own(estate, who)
    language = language_of(request)
    where = origin(product)
    # on the wall a code is for people's phones: one that leads every phone to itself is left out. A receipt keeps its
    # own wherever it leads: the station's desk checks by it, and its token stays good under a public address
    link = None if opens_here_only(where) else f"{where}/prices/{estate}"
    papers = price_papers(product, estate, language, link)
    taking = Taking(product, who, Taken.PRICES, estate, len(papers))
    return pdf(price_displays(papers, size, language), f"prices-{estate}", taking)
