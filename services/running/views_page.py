"""How the product stands, for administrators: where it is reached, how far each view is, where one halted and why."""

from fastapi import APIRouter
from fastapi.responses import Response

from projections.skip import remedy
from services.console.visit import AdminVisit
from services.http.addresses import origin
from services.running.views_standing import how_followings_stand
from services.words.sentences import has, say

router = APIRouter(include_in_schema=False)


@router.get("/admin/views")
def page(visit: AdminVisit) -> Response:
    found, language = how_followings_stand(visit.product), visit.viewer.language

    def called(name: str) -> str:
        """A view in words, and any other following too, if its capability has words for it."""
        return say(language, f"view-{name}") if has(language, f"view-{name}") else name

    return visit.html(
        "views.html",
        here="views",
        found=found.views,
        others=found.others,
        called=called,
        remedy=remedy,
        address=origin(visit.product),
        fixed=visit.product.settings.public_url is not None,
        here_only=visit.here_only,
    )
