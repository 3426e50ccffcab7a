"""Routes of the views as such: how far each is, where one halted, what it skips and why."""

from fastapi import APIRouter

from projections.catalogue import VIEWS
from projections.standings import Standings, standings
from services.http.who import Administrator, TheHouse
from services.product import House

router = APIRouter(prefix="/api/v1", tags=["running it"])


def how_views_stand(house: House) -> Standings:
    """As the database tells it, whoever follows. Raises what the driver, the pool or the log raises."""
    with house.database.app.connection(timeout=2) as conn:
        return standings(conn, VIEWS, house.log.last_position())


@router.get("/views")
def list_views(house: TheHouse, who: Administrator) -> Standings:
    """How every view stands. The reasons of skips are for those who run the machine."""
    return how_views_stand(house)
