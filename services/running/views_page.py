"""How the product stands, for administrators: where it is reached, how far each view is, where one halted and why."""

from fastapi import APIRouter
from fastapi.responses import Response

from projections.skip import remedy
from services.console.visit import AdminVisit
from services.http.addresses import origin
from services.running.views_standing import how_views_stand

router = APIRouter(include_in_schema=False)


@router.get("/admin/views")
def page(visit: AdminVisit) -> Response:
    return visit.html(
        "views.html",
        here="views",
        found=how_views_stand(visit.house),
        remedy=remedy,
        address=origin(visit.house, visit.request),
        fixed=visit.house.settings.public_url is not None,
        here_only=visit.here_only,
    )
