"""What spans orders and bills: work that is charged is charged by a bill of it."""

from collections.abc import Iterator

from projections.cases.orders import ORDERS
from projections.fees.bills import BILLS
from projections.projection import Connection
from services.capability import Check

_WITHOUT = (
    "SELECT o.key, o.charged FROM view.orders o LEFT JOIN view.bills b ON b.key = o.charged"
    " WHERE o.charged IS NOT NULL AND (b.key IS NULL OR b.body->>'reference' IS DISTINCT FROM o.key) ORDER BY o.key"
)


def charged_work(conn: Connection) -> Iterator[str]:
    """Orders that are charged by a bill that is none, or another's."""
    for order, bill in conn.execute(_WITHOUT):
        yield f"order {order} is charged by bill {bill}, which is not of it"


CHARGED_WORK = Check("orders and bills", (ORDERS, BILLS), among=charged_work)
