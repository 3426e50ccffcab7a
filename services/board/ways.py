"""What waits at each way, for whoever looks: the numbers beside areas and pages."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from services.console.visit import Visiting
from services.log.not_found import NotFound

router = APIRouter(include_in_schema=False)


@router.get("/waits/{estate}")
def waits(estate: str, visit: Visiting) -> Response:
    """``areas`` and ``pages``: ``n`` and what is ``said``, by key; ``foot`` by area. Nothing is told of what lags."""
    if estate not in visit.member.estates:
        raise NotFound
    here = visit.at(estate)
    areas: dict[str, int] = {}
    pages: dict[str, dict[str, Any]] = {}
    foot: dict[str, tuple[str, str]] = {}
    found = here.viewer.navigation.waiting(here.member.capacity, estate)
    current = {key for key, each in found.items() if not here.caught_up(0, each.views)}
    with here.lend() as conn:
        for area, page in sorted(current):
            told = found[area, page].count(here, conn)
            areas[area] = areas.get(area, 0) + told.n
            if page:
                pages[page] = {"n": told.n, "said": told.said}
            if told.foot:
                foot[area] = told.foot
    return JSONResponse({"areas": areas, "pages": pages, "foot": foot}, headers={"Cache-Control": "no-store"})
