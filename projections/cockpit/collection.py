"""What bills and payments of estates add up to: by building and month, by age, by method and day. Names nobody.

Sums over the rows of views: figures of their own would be one more fold to keep in step, and would make every bill run
wait for it.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from domain.arrears.overdue import Age, age_of
from domain.fees.fee_account import Method
from domain.money.items import NO_FEES
from domain.months import end_of, first_day
from projections.projection import Connection

NOT_COLLECTED = sorted(item.value for item in NO_FEES)  # what the rate leaves out, in figures and in lists


class Collected(NamedTuple):
    """Bills of one estate, building and month of service, in fen. What was voided, or is no fee, is in none of it."""

    estate: str
    building: str | None
    month: str
    billed: int
    paid: int
    waived: int
    bills: int

    @property
    def open(self) -> int:
        return self.billed - self.paid - self.waived


class Totals(NamedTuple):
    """Bills together, in fen."""

    billed: int = 0
    paid: int = 0
    waived: int = 0

    @property
    def open(self) -> int:
        return self.billed - self.paid - self.waived

    @property
    def rate(self) -> int | None:
        """How much of what was billed and not waived is paid, in hundredths of a per cent; ``None`` of nothing.

        Rounded down, so that all of it is said only where all of it is paid.
        """
        due = self.billed - self.waived
        return self.paid * 10_000 // due if due > 0 else None


class AgedSum(NamedTuple):
    """Open bills of one estate and age: ``None`` for those not due yet."""

    estate: str
    age: Age | None
    amount: int
    bills: int


class Taken(NamedTuple):
    """Payments of one estate, day and method that were not reversed, in fen."""

    estate: str
    day: date
    method: Method
    amount: int
    payments: int


class Held(NamedTuple):
    """What is held for payers, in fen, and how many payments have a refund that somebody has to see to."""

    estate: str
    held: int
    refunds: int


def collected(
    conn: Connection, estates: Sequence[str], since: str, until: str, due_by: date | None = None
) -> list[Collected]:
    """By estate, building and month of service, from one month to another, both included; if ``due_by`` a day, only
    bills that are due by then.
    """
    rows = conn.execute(
        "SELECT estate, building, left(since, 7) AS month, sum((body->>'amount')::bigint),"
        " sum((body->>'paid')::bigint), sum((body->>'waived')::bigint), count(*) FROM bills"
        " WHERE estate = ANY(%s) AND standing <> 'VOID' AND since >= %s AND since < %s AND due <= %s"
        " AND item <> ALL(%s)"
        " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        (
            list(estates),
            first_day(since).isoformat(),
            end_of(until).isoformat(),
            (due_by or date.max).isoformat(),
            NOT_COLLECTED,
        ),
    )
    return [Collected(estate, building, month, *map(int, sums)) for estate, building, month, *sums in rows]


def totals(rows: Sequence[Collected]) -> Totals:
    """All of them together."""
    return Totals(sum(row.billed for row in rows), sum(row.paid for row in rows), sum(row.waived for row in rows))


def aged(conn: Connection, estates: Sequence[str], today: date) -> list[AgedSum]:
    """What is open of all bills, by estate and age."""
    rows = conn.execute(
        "SELECT estate, due, sum((body->>'amount')::bigint - (body->>'paid')::bigint - (body->>'waived')::bigint),"
        " count(*) FROM bills WHERE estate = ANY(%s) AND standing = 'OPEN' GROUP BY 1, 2",
        (list(estates),),
    )
    found: dict[tuple[str, Age | None], tuple[int, int]] = {}
    for estate, due, amount, bills in rows:
        day = date.fromisoformat(due)
        key = (estate, age_of(day, today) if day < today else None)
        before = found.get(key, (0, 0))
        found[key] = (before[0] + int(amount), before[1] + bills)
    return [AgedSum(estate, age, amount, bills) for (estate, age), (amount, bills) in found.items()]


def taken(conn: Connection, estates: Sequence[str], since: date, until: date) -> list[Taken]:
    """Money that came in, from one day to another (excluded), by estate, day and method."""
    rows = conn.execute(
        "SELECT estate, paid_on, body->>'method', sum((body->>'amount')::bigint), count(*) FROM payments"
        " WHERE estate = ANY(%s) AND paid_on >= %s AND paid_on < %s AND body->>'reversed' IS NULL"
        " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        (list(estates), since.isoformat(), until.isoformat()),
    )
    return [
        Taken(estate, date.fromisoformat(day), Method(method), int(amount), payments)
        for estate, day, method, amount, payments in rows
    ]


def held(conn: Connection, estates: Sequence[str]) -> list[Held]:
    """What is held for payers, and how many payments somebody wants something back of, by estate."""
    wanted = (list(estates),)
    sums = conn.execute(  # of the accounts: theirs are few where payments are years'
        "SELECT estate, sum(amount::bigint) FROM accounts, jsonb_each_text(body->'payments') AS held (payment, amount)"
        " WHERE estate = ANY(%s) GROUP BY 1",
        wanted,
    )
    amounts = {estate: int(amount) for estate, amount in sums}
    refunds = conn.execute(
        "SELECT estate, count(*) FROM payments WHERE estate = ANY(%s) AND refund_waits IS NOT NULL GROUP BY 1", wanted
    )
    waiting = {estate: int(count) for estate, count in refunds}
    return [Held(estate, amounts.get(estate, 0), waiting.get(estate, 0)) for estate in estates]
