"""How the views, and whatever else follows the log, stand."""

from projections.standings import Overview, overview
from services.product import Product


def how_followings_stand(product: Product) -> Overview:
    """As the database tells it, whoever follows. Raises what the driver, the pool or the log raises."""
    with product.database.app.connection(timeout=2) as conn:
        return overview(conn, product.follower.groups, product.log.last_position())
