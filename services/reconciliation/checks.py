"""What spans statement lines and accounts: each line that is matched stands for one payment, of its amount."""

from collections.abc import Iterator

from projections.fees.payments import PAYMENTS
from projections.fees.refunds import REFUNDS
from projections.projection import Connection
from projections.reconciliation.lines import STATEMENT_LINES
from services.capability import Check

_MATCHED = "l.body->>'stage' = 'MATCHED' AND l.body->>'refund' IS NULL"
_WRONG = (
    (
        "SELECT l.key, l.body->>'payment' FROM view.statement_lines l"
        " LEFT JOIN view.payments p ON p.key = l.body->>'payment'"
        f" WHERE {_MATCHED} AND p.key IS NULL ORDER BY l.key",
        "line {} is matched with payment {}, which is on no account",
    ),
    (
        "SELECT l.key, p.key FROM view.statement_lines l JOIN view.payments p ON p.key = l.body->>'payment'"
        f" WHERE {_MATCHED} AND p.body->>'dwelling' <> l.body->>'dwelling' ORDER BY l.key",
        "line {} is matched with payment {} of another dwelling",
    ),
    (
        "SELECT l.key, p.key FROM view.statement_lines l JOIN view.payments p ON p.key = l.body->>'payment'"
        f" WHERE {_MATCHED} AND p.body->>'amount' <> l.body->'told'->>'amount' ORDER BY l.key",
        "line {} is matched with payment {} of another amount",
    ),
    (
        "SELECT l.key, p.key FROM view.statement_lines l JOIN view.payments p ON p.key = l.body->>'payment'"
        f" WHERE {_MATCHED} AND p.body->>'reversed' IS NOT NULL ORDER BY l.key",
        "line {} is matched with payment {}, which does not stand",
    ),
    (
        "SELECT string_agg(l.key, ', ' ORDER BY l.key), l.body->>'payment' FROM view.statement_lines l"
        f" WHERE {_MATCHED} GROUP BY 2 HAVING count(*) > 1 ORDER BY 2",
        "lines {} are all matched with payment {}",
    ),
    (
        "SELECT p.key, p.body->>'line' FROM view.payments p LEFT JOIN view.statement_lines l"
        f" ON l.key = p.body->>'line' AND {_MATCHED} AND l.body->>'payment' = p.key"
        " WHERE p.body->>'line' IS NOT NULL AND p.body->>'reversed' IS NULL AND l.key IS NULL ORDER BY p.key",
        "payment {} came by line {}, which is not matched with it",
    ),
    (
        "SELECT l.key, l.body->>'refund' FROM view.statement_lines l"
        " LEFT JOIN view.refunds r ON r.key = l.body->>'refund' AND r.body->>'stage' = 'RETURNED'"
        " AND r.body->>'line' = l.key AND r.body->>'amount' = l.body->'told'->>'amount'"
        " WHERE l.body->>'stage' = 'MATCHED' AND l.body->>'refund' IS NOT NULL AND r.key IS NULL ORDER BY l.key",
        "line {} brought refund {} back, which is not known to be back by it",
    ),
    (
        "SELECT r.key, r.body->>'line' FROM view.refunds r LEFT JOIN view.statement_lines l"
        " ON l.key = r.body->>'line' AND l.body->>'stage' = 'MATCHED' AND l.body->>'refund' = r.key"
        " WHERE r.body->>'line' IS NOT NULL AND l.key IS NULL ORDER BY r.key",
        "refund {} came back by line {}, which is not matched with it",
    ),
)


def lines_and_payments(conn: Connection) -> Iterator[str]:
    """Lines without their payment or refund, those without their line, and money that counts twice."""
    for query, said in _WRONG:
        for row in conn.execute(query.encode()):
            yield said.format(*row)


LINES_AND_PAYMENTS = Check(
    "statement lines and payments", (STATEMENT_LINES, PAYMENTS, REFUNDS), among=lines_and_payments
)
