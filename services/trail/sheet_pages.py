"""The Friday sheet as PDF, for whoever puts it on the notice board."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from services.log.not_found import NotFound
from services.trail.publishing import Forked
from services.trail.sheet_paper import sheets, wall_sheet
from services.trail.witness_pages import WitnessVisit
from services.trail.witness_standing import witness_standing

router = APIRouter(include_in_schema=False)


@router.get("/trail/{estate}/sheet.pdf")
def sheet(estate: str, visit: WitnessVisit) -> Response:
    """It tells of nobody and hangs in public: taking it is nothing to put on record."""
    here = visit.at(estate)
    with here.lend() as conn:
        place = here.estate(conn, estate)
    try:
        with here.product.database.lend_by_id() as conn:
            stands = witness_standing(here.product, conn, here.product.clock())
            paper = wall_sheet(here.product, conn, stands, place)
    except Forked:
        return RedirectResponse(f"/trail/{estate}/witnesses", 303)
    if paper is None:
        raise NotFound
    name = f"checkpoint-{paper.kept.size}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(sheets([paper], here.viewer.language), media_type="application/pdf", headers=headers)
