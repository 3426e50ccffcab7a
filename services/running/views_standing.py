"""How the views, and whatever else follows the log, stand."""

from collections.abc import Sequence

from projections.following import Group
from projections.standings import Overview, overview
from services.database.database import Database
from services.log.event_log import EventLog
from services.product import Product


def how_followings_stand(product: Product) -> Overview:
    """As the database tells it, whoever follows. Raises what the driver, the pool or the log raises."""
    return how_they_stand(product.database, product.follower.groups, product.log)


def how_they_stand(database: Database, groups: Sequence[Group], log: EventLog) -> Overview:
    """The same where there is no whole product, as in a follower's own process."""
    with database.at_hand.connection(timeout=2) as conn:
        return overview(conn, groups, log.last_position())
