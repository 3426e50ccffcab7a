"""How the views stand."""

from projections.catalogue import VIEWS
from projections.standings import Standings, standings
from services.product import House


def how_views_stand(house: House) -> Standings:
    """As the database tells it, whoever follows. Raises what the driver, the pool or the log raises."""
    with house.database.app.connection(timeout=2) as conn:
        return standings(conn, VIEWS, house.log.last_position())
