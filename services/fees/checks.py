"""What spans accounts and what they are about: no money on a dwelling that is none, every receipt there and once."""

from collections.abc import Iterator

from domain.fees.receipt_book import receipt_book_stream
from projections.fees.bills import BILLS
from projections.fees.payments import PAYMENTS
from projections.projection import Connection
from projections.register.dwellings import DWELLINGS
from services.capability import Check

_MONEY = (
    "SELECT m.dwelling, d.withdrawn, sum(m.bills), sum(m.payments) FROM ("
    " SELECT body->>'dwelling' AS dwelling, count(*) AS bills, 0 AS payments FROM view.bills GROUP BY 1"
    " UNION ALL SELECT body->>'dwelling', 0, count(*) FROM view.payments GROUP BY 1"
    ") AS m LEFT JOIN view.dwellings d ON d.key = m.dwelling"
    " WHERE d.key IS NULL OR d.withdrawn = 'true' GROUP BY 1, 2 ORDER BY 1"
)
_TWICE = (
    "SELECT estate, body->>'receipt', array_agg(key ORDER BY key) FROM view.payments"
    " GROUP BY 1, 2 HAVING count(*) > 1 ORDER BY 1, 2"
)
_BOOKS = (
    "SELECT estate, left(body->>'receipt', 4)::int, count(DISTINCT body->>'receipt'),"
    " max(substr(body->>'receipt', 6)::int) FROM view.payments GROUP BY 1, 2 ORDER BY 1, 2"
)
_RECEIPTS = "SELECT count(*) FROM log.stored_events WHERE originator_id = %s"


def money_and_dwellings(conn: Connection) -> Iterator[str]:
    """Bills and payments on dwellings that were withdrawn, or were never registered."""
    for dwelling, withdrawn, bills, payments in conn.execute(_MONEY):
        why = "was withdrawn" if withdrawn else "is in no register"
        yield f"dwelling {dwelling} {why}, and there are {bills} bills and {payments} payments on it"


def receipts_and_payments(conn: Connection) -> Iterator[str]:
    """Numbers that stand for two payments, and numbers of a book that stand for none."""
    for estate, receipt, payments in conn.execute(_TWICE):
        yield f"receipt {receipt} of estate {estate} is that of payments {', '.join(payments)}"
    for estate, year, numbers, last in conn.execute(_BOOKS).fetchall():
        row = conn.execute(_RECEIPTS, (receipt_book_stream(estate, year),)).fetchone()
        issued = row[0] if row else 0
        if not numbers == last == issued:
            yield (
                f"the receipt book {year} of estate {estate} has {issued} receipts,"
                f" its payments have {numbers} numbers up to {last}"
            )


MONEY_AND_DWELLINGS = Check("money and dwellings", (BILLS, PAYMENTS, DWELLINGS), among=money_and_dwellings)
RECEIPTS_AND_PAYMENTS = Check("receipts and payments", (PAYMENTS,), among=receipts_and_payments)
