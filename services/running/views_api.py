"""Routes of the views as such: how far each is, where one halted, what it skips and why."""

from fastapi import APIRouter

from projections.standings import Standings
from services.http.who import Administrator, TheProduct
from services.running.views_standing import how_followings_stand

router = APIRouter(prefix="/api/v1", tags=["running it"])


@router.get("/views")
def list_views(product: TheProduct, who: Administrator) -> Standings:
    """How every view stands. The reasons of skips are for those who run the machine."""
    return how_followings_stand(product).views
