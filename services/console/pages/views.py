"""How the views stand, for administrators: how far each is, where one halted, what it leaves out and why."""

from fastapi import APIRouter
from fastapi.responses import Response

from projections.skip import remedy
from services.console.pages.visit import AdminVisit
from services.http.views import how_views_stand

router = APIRouter(include_in_schema=False)


@router.get("/admin/views")
def page(visit: AdminVisit) -> Response:
    return visit.html("views.html", here="views", found=how_views_stand(visit.house), remedy=remedy)
