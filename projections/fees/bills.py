"""Bills as they stand: one row each, with what is paid, waived and still open of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.sql import SQL

from domain.changed import changed
from domain.fees.fee_account import Basis, BillIssued, VoidReason
from domain.fees.fee_account.moved import bill_after
from domain.fees.fee_account.movements import OF_BILLS, Voided, about_bill, bills_moved, moved_by
from domain.money.items import PERIODIC, FeeItem
from domain.money.repair_costs import RepairCosts
from domain.recorded import Recorded
from projections.projection import Connection, View, fetch, select, shown

LONGEST = timedelta(days=366)  # no bill by period charges for more days
_PERIODIC = sorted(item.value for item in PERIODIC)


@dataclass(frozen=True)
class BillRow:
    """Amounts in fen; ``until`` is excluded. ``standing`` is ``OPEN``, ``SETTLED`` or ``VOID``."""

    bill: UUID
    dwelling: UUID
    estate: str
    building: str | None
    number: str
    item: FeeItem
    since: date
    until: date
    payer: UUID
    amount: int
    due: date
    basis: Basis
    contract: str | None
    clause: str | None
    schedule: UUID | None
    run: UUID | None
    reference: UUID | None
    corrects: UUID | None
    issued_at: datetime
    issued_version: int  # of the account: where the bill stands in its history
    standing: str = "OPEN"
    paid: int = 0
    waived: int = 0
    void_reason: VoidReason | None = None
    costs: RepairCosts | None = None

    @property
    def open(self) -> int:
        """What is still to be paid."""
        return self.amount - self.paid - self.waived if self.standing == "OPEN" else 0


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    return map(str, bills_moved(recorded.event))


def evolve(row: BillRow | None, recorded: Recorded[Any]) -> BillRow | None:
    event = recorded.event
    if isinstance(event, BillIssued):
        return _issued(event, recorded)
    if row is None:
        return None
    for moved in moved_by(event):
        if about_bill(moved) == row.bill:
            row = _voided(row, moved) if isinstance(moved, Voided) else _standing(bill_after(row, moved))
    return row


def _voided(row: BillRow, voided: Voided) -> BillRow:
    return changed(row, standing="VOID", void_reason=voided.reason)


def _issued(event: BillIssued, recorded: Recorded[Any]) -> BillRow:
    assert recorded.estate is not None
    return BillRow(
        bill=event.bill,
        dwelling=event.dwelling,
        estate=recorded.estate,
        building=event.building,
        number=event.number,
        item=event.item,
        since=event.since,
        until=event.until,
        payer=event.payer,
        amount=event.amount,
        due=event.due,
        basis=event.basis,
        contract=event.contract,
        clause=event.clause,
        schedule=event.schedule,
        run=event.run,
        reference=event.reference,
        corrects=event.corrects,
        issued_at=recorded.act.recorded_at,
        issued_version=recorded.version,
        costs=event.costs,
    )


def _standing(row: BillRow) -> BillRow:
    if row.standing == "VOID":
        return row
    settled = row.paid + row.waived >= row.amount
    return changed(row, standing="SETTLED" if settled else "OPEN")


BILLS: View[BillRow] = View(
    name="bills",
    row=BillRow,
    keys=keys,
    events=OF_BILLS,
    evolve=evolve,
    estates=lambda row: (row.estate,),
    indexes=(
        "(dwelling, since)",
        "(estate, due) WHERE standing = 'OPEN'",
        "(run, number) WHERE run IS NOT NULL",
        "(number)",
        "(estate, since)",
    ),
    columns={
        "dwelling": "body->>'dwelling'",
        "estate": "body->>'estate'",
        "building": "body->>'building'",
        "item": "body->>'item'",
        "since": "body->>'since'",
        "due": "body->>'due'",
        "standing": "body->>'standing'",
        "run": "body->>'run'",
        "number": "body->>'number'",
    },
    withheld=(),
)


def bill(conn: Connection, id: UUID) -> BillRow | None:
    """One bill, if the connection may see its estate."""
    return fetch(conn, BILLS, str(id))


def of_dwelling(conn: Connection, dwelling: UUID) -> list[BillRow]:
    """All bills of a dwelling, the oldest first."""
    return select(conn, BILLS, "dwelling = %s ORDER BY since, number", (str(dwelling),))


def open_of(conn: Connection, dwellings: Sequence[UUID]) -> list[BillRow]:
    """Bills of these dwellings with something to pay, the oldest first."""
    wanted = [str(each) for each in dwellings]
    return select(conn, BILLS, "dwelling = ANY(%s) AND standing = 'OPEN' ORDER BY dwelling, since", (wanted,))


def overdue(conn: Connection, estate: str, day: date) -> list[BillRow]:
    """Open bills of an estate that were due before ``day``, the oldest first."""
    return select(
        conn, BILLS, "estate = %s AND standing = 'OPEN' AND due < %s ORDER BY due, number", (estate, day.isoformat())
    )


def owing(conn: Connection, estate: str, day: date) -> int:
    """How many dwellings of an estate owe what was due before ``day``."""
    query = SQL("SELECT count(DISTINCT dwelling) FROM {} WHERE estate = %s AND standing = 'OPEN' AND due < %s").format(
        shown(conn, BILLS)
    )
    row = conn.execute(query, (estate, day.isoformat())).fetchone()
    return int(row[0]) if row else 0


def of_run(conn: Connection, run: UUID, limit: int, offset: int = 0) -> list[BillRow]:
    """Bills that a run issued, by number."""
    return select(conn, BILLS, "run = %s ORDER BY number LIMIT %s OFFSET %s", (str(run), limit, offset))


def by_number(conn: Connection, estate: str, number: str) -> BillRow | None:
    """The bill with this number in an estate."""
    found = select(conn, BILLS, "number = %s AND estate = %s LIMIT 1", (number, estate))
    return found[0] if found else None


def open_numbers(conn: Connection, estate: str) -> list[tuple[str, UUID, UUID]]:
    """Number, dwelling and id of every open bill of an estate."""
    found = conn.execute("SELECT number, dwelling, key FROM bills WHERE estate = %s AND standing = 'OPEN'", (estate,))
    return [(number, UUID(dwelling), UUID(bill)) for number, dwelling, bill in found]


def billed(
    conn: Connection, estate: str, since: date, until: date
) -> dict[tuple[UUID, FeeItem], list[tuple[date, date]]]:
    """The days of a period that bills of an estate charge already, by dwelling and item."""
    found: dict[tuple[UUID, FeeItem], list[tuple[date, date]]] = {}
    query = (
        "SELECT dwelling, item, since, body->>'until' FROM bills"
        " WHERE estate = %s AND since >= %s AND since < %s AND standing <> 'VOID' AND body->>'until' > %s"
    )
    values = (estate, (since - LONGEST).isoformat(), until.isoformat(), since.isoformat())
    for dwelling, item, begins, ends in conn.execute(query, values):
        days = (date.fromisoformat(begins), date.fromisoformat(ends))
        found.setdefault((UUID(dwelling), FeeItem(item)), []).append(days)
    return found


def beyond(conn: Connection, estate: str, contract: str, day: date) -> list[BillRow]:
    """Bills by period under a contract that charge for days from ``day`` on."""
    where = (
        "estate = %s AND since >= %s AND standing <> 'VOID' AND item = ANY(%s)"
        " AND body->>'contract' = %s AND body->>'until' > %s ORDER BY since, number"
    )
    values = (estate, (day - LONGEST).isoformat(), _PERIODIC, contract, day.isoformat())
    return select(conn, BILLS, where, values)


def period_before(conn: Connection, estate: str, day: date) -> tuple[date, date] | None:
    """The days for which most bills were issued that end by ``day``, of the latest such days."""
    query = (
        "SELECT since, body->>'until', count(*) FROM bills WHERE estate = %s AND since >= %s AND since < %s"
        " AND standing <> 'VOID' AND item = ANY(%s) AND body->>'until' <= %s"
        " GROUP BY 1, 2 ORDER BY 2 DESC, 3 DESC LIMIT 1"
    )
    values = (estate, (day - LONGEST).isoformat(), day.isoformat(), _PERIODIC, day.isoformat())
    row = conn.execute(query, values).fetchone()
    return (date.fromisoformat(row[0]), date.fromisoformat(row[1])) if row else None


def of_period(conn: Connection, estate: str, since: date, until: date) -> list[BillRow]:
    """Bills that stand and charge by period for days of a period, in no order."""
    where = "estate = %s AND since >= %s AND since < %s AND standing <> 'VOID' AND item = ANY(%s)"
    return select(conn, BILLS, where, (estate, since.isoformat(), until.isoformat(), _PERIODIC))


def billed_until(conn: Connection, estate: str, item: FeeItem) -> Mapping[UUID, date]:
    """The day to which each dwelling of an estate is billed for an item (excluded)."""
    found = conn.execute(
        "SELECT dwelling, max(body->>'until') FROM bills"
        " WHERE estate = %s AND item = %s AND standing <> 'VOID' GROUP BY dwelling",
        (estate, item.value),
    )
    return {UUID(dwelling): date.fromisoformat(until) for dwelling, until in found}


def count_of_run(conn: Connection, run: UUID) -> int:
    """How many bills a run issued."""
    row = conn.execute("SELECT count(*) FROM bills WHERE run = %s", (str(run),)).fetchone()
    return int(row[0]) if row else 0
