"""How the views, and whatever else follows the log, stand."""

from projections.standings import Overview, overview
from services.product import House


def how_followings_stand(house: House) -> Overview:
    """As the database tells it, whoever follows. Raises what the driver, the pool or the log raises."""
    with house.database.app.connection(timeout=2) as conn:
        return overview(conn, house.follower.groups, house.log.last_position())
