"""What spans issues and orders: each order has the issue it came from, and each issue the order it became."""

from collections.abc import Iterator

from projections.cases.notebook import NOTEBOOK
from projections.cases.orders import ORDERS
from projections.projection import Connection
from services.capability import Check

_WRONG = (
    (
        "SELECT o.key, o.issue FROM view.orders o LEFT JOIN view.notebook n ON n.key = o.issue"
        " WHERE n.key IS NULL ORDER BY o.key",
        "order {} is of issue {}, which is in no notebook",
    ),
    (
        "SELECT o.key, o.issue FROM view.orders o JOIN view.notebook n ON n.key = o.issue"
        " WHERE n.estate <> o.estate ORDER BY o.key",
        "order {} is of issue {}, which is in another estate",
    ),
    (
        "SELECT n.key, n.body->'state'->>'order' FROM view.notebook n"
        " LEFT JOIN view.orders o ON o.key = n.body->'state'->>'order'"
        " WHERE n.body->'state'->>'order' IS NOT NULL AND (o.key IS NULL OR o.issue <> n.key) ORDER BY n.key",
        "issue {} became order {}, which is not of it",
    ),
)


def orders_and_issues(conn: Connection) -> Iterator[str]:
    """Orders without their issue, and issues without the order that they became."""
    for query, said in _WRONG:
        for row in conn.execute(query.encode()):
            yield said.format(*row)


ORDERS_AND_ISSUES = Check("orders and issues", (ORDERS, NOTEBOOK), among=orders_and_issues)
