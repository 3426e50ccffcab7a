"""What a backup tells of what people saw when it was taken, so that a drill can compare: views, money, receipts."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from projections.catalogue import VIEWS
from projections.fees.accounts import ACCOUNTS
from projections.fees.payments import PAYMENTS
from services.backup.archive import ViewTold
from services.backup.tables import Counted, rows_out
from services.fees.receipt_tokens import ReceiptTokens

_MAC = b"jinlin backup of a view"


def views_told(
    conn: "Connection[Any]", product_key: bytes, stopping: Callable[[], bool] = lambda: False
) -> tuple[ViewTold, ...]:
    """Every view at its position, as one who sees all rows."""
    found = []
    marks = {name: (at, shape) for name, at, shape in conn.execute("SELECT name, position, shape FROM view.positions")}
    for view in VIEWS:
        if view.name not in marks:
            continue
        query = SQL('SELECT key, estates, body FROM view.{} ORDER BY key COLLATE "C"').format(Identifier(view.name))
        counted, mac = Counted(), hmac.new(product_key, _MAC + view.name.encode(), hashlib.sha256)
        for chunk in counted.through(rows_out(conn, query, stopping)):
            mac.update(chunk)
        found.append(ViewTold(view.name, *marks[view.name], counted.rows, mac.hexdigest()))
    return tuple(found)


def figures_told(conn: "Connection[Any]", product_key: bytes) -> dict[str, Any]:
    """Sums in cents and counts, and a digest of the codes on all receipts: as one who sees all rows."""
    payments = Identifier(PAYMENTS.name)
    sums = conn.execute(
        SQL(
            "SELECT count(*), coalesce(sum((body->>'amount')::bigint), 0),"
            " coalesce(sum((body->>'refunded')::bigint), 0) FROM view.{}"
        ).format(payments)
    ).fetchone() or (0, 0, 0)
    owed = conn.execute(
        SQL(
            "SELECT count(*), coalesce(sum((SELECT coalesce(sum(value::bigint), 0) FROM jsonb_each_text(body->'bills'))"
            "), 0) FROM view.{}"
        ).format(Identifier(ACCOUNTS.name))
    ).fetchone() or (0, 0)
    tokens, codes = ReceiptTokens(product_key), hashlib.sha256()
    receipts = SQL(
        "SELECT (body->>'dwelling')::uuid, (body->>'payment')::uuid FROM view.{} ORDER BY key COLLATE \"C\""
    ).format(payments)
    with conn.cursor() as cursor:
        for dwelling, payment in cursor.stream(receipts):
            codes.update(tokens.of(dwelling, payment).encode())
    return {
        "payments": sums[0],
        "paid": int(sums[1]),
        "refunded": int(sums[2]),
        "accounts": owed[0],
        "owed": int(owed[1]),
        "receipt_codes": codes.hexdigest(),
    }
