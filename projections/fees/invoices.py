"""Invoices: asked for, issued by the tax office under a number, reversed red; and to whom each is made out.

What is personal stands in a view of its own with one row per payer, which goes when the payer is forgotten.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, assert_never
from uuid import UUID

from domain.changed import changed
from domain.fees.fee_account import InvoiceRequested, InvoiceReversed, InvoiceStage
from domain.fees.fee_account.movements import OF_INVOICES, InvoiceMoved, moved_by
from domain.months import end_of, first_day
from domain.recorded import Recorded
from domain.register.owner import OwnerForgotten
from domain.words import Personal
from projections.projection import OWN_STREAM, Connection, View, fetch, select


@dataclass(frozen=True)
class InvoiceRow:
    """Amounts in fen, ``rate`` in basis points; ``account`` is the stream that its commands go to."""

    invoice: UUID
    estate: str
    account: UUID
    payment: UUID
    payer: UUID
    amount: int
    rate: int
    net: int
    tax: int
    stage: InvoiceStage
    requested_at: datetime
    requested_by: UUID
    version: int
    changed_at: datetime
    number: str | None = None
    issued_on: date | None = None
    red_number: str | None = None
    red_on: date | None = None


@dataclass(frozen=True, slots=True)
class MadeOut:
    """To whom, as printed on it; ``because`` is why it was reversed."""

    title: Personal
    tax_number: Personal = None
    email: Personal = None
    because: Personal = None


@dataclass(frozen=True)
class PayerRow:
    """All invoices of one payer by their ids."""

    payer: UUID
    estates: tuple[str, ...] = ()
    made_out: Mapping[str, MadeOut] = field(default_factory=dict)


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    return [str(moved.invoice) for moved in moved_by(recorded.event) if isinstance(moved, InvoiceMoved)]


def evolve(row: InvoiceRow | None, recorded: Recorded[Any]) -> InvoiceRow | None:
    event, act = recorded.event, recorded.act
    if isinstance(event, InvoiceRequested) and recorded.estate is not None:
        return InvoiceRow(
            invoice=event.invoice,
            estate=recorded.estate,
            account=recorded.stream,
            payment=event.payment,
            payer=recorded.correlation,
            amount=event.amount,
            rate=event.rate,
            net=event.net,
            tax=event.tax,
            stage=InvoiceStage.REQUESTED,
            requested_at=act.recorded_at,
            requested_by=act.actor,
            version=recorded.version,
            changed_at=act.recorded_at,
        )
    if row is None:
        return None
    row = changed(row, version=recorded.version, changed_at=act.recorded_at)
    for moved in moved_by(event):
        row = _after(row, moved) if isinstance(moved, InvoiceMoved) else row
    return row


def _after(row: InvoiceRow, moved: InvoiceMoved) -> InvoiceRow:
    match moved.stage:
        case InvoiceStage.REQUESTED | InvoiceStage.WITHDRAWN:
            return changed(row, stage=moved.stage)
        case InvoiceStage.ISSUED:
            return changed(row, stage=moved.stage, number=moved.number, issued_on=moved.issued_on)
        case InvoiceStage.REVERSED:
            return changed(row, stage=moved.stage, red_number=moved.number, red_on=moved.issued_on)
        case _:
            assert_never(moved.stage)


INVOICES: View[InvoiceRow] = View(
    name="invoices",
    row=InvoiceRow,
    keys=keys,
    events=OF_INVOICES,
    evolve=evolve,
    estates=lambda row: (row.estate,),
    columns={
        "estate": "body->>'estate'",
        "stage": "body->>'stage'",
        "payment": "body->>'payment'",
        "requested_at": "body->>'requested_at'",
        "issued_on": "body->>'issued_on'",
    },
    indexes=("(estate, stage, requested_at DESC) INCLUDE (estates)", "(payment)", "(estate, issued_on)"),
)


def payer_keys(recorded: Recorded[Any]) -> Iterable[str]:
    if isinstance(recorded.event, InvoiceRequested | InvoiceReversed):
        return (str(recorded.correlation),)
    return (str(recorded.stream),) if isinstance(recorded.event, OwnerForgotten) else ()


def evolve_payer(row: PayerRow | None, recorded: Recorded[Any]) -> PayerRow | None:
    event = recorded.event
    if isinstance(event, OwnerForgotten):
        return None
    row = row or PayerRow(recorded.correlation)
    if recorded.estate is not None and recorded.estate not in row.estates:
        row = changed(row, estates=(*row.estates, recorded.estate))
    if isinstance(event, InvoiceRequested):
        new = MadeOut(event.title, event.tax_number, event.email)
        return changed(row, made_out={**row.made_out, str(event.invoice): new})
    if isinstance(event, InvoiceReversed) and (known := row.made_out.get(str(event.invoice))):
        red = MadeOut(known.title, known.tax_number, known.email, event.text)
        return changed(row, made_out={**row.made_out, str(event.invoice): red})
    return row


INVOICE_PAYERS: View[PayerRow] = View(
    name="invoice_payers",
    row=PayerRow,
    keys=payer_keys,
    events=frozenset({InvoiceRequested, InvoiceReversed, OwnerForgotten}),
    evolve=evolve_payer,
    estates=lambda row: row.estates,
    indexes=("USING gin (estates)",),
    made_of=f"{OWN_STREAM} UNION SELECT body->>'account' FROM view.invoices WHERE body->>'payer' = ANY(%(keys)s)",
)


def invoice(conn: Connection, id: UUID) -> InvoiceRow | None:
    """One invoice, if the connection may see it."""
    return fetch(conn, INVOICES, str(id))


def of_payment(conn: Connection, payment: UUID) -> list[InvoiceRow]:
    """Everything asked for on a payment, oldest first."""
    return select(conn, INVOICES, "payment = %s ORDER BY requested_at", (str(payment),))


def accounts_of(conn: Connection, payer: UUID) -> list[UUID]:
    """The accounts on which invoices were asked for on a payer's money."""
    row = fetch(conn, INVOICE_PAYERS, str(payer))
    found = select(conn, INVOICES, "key = ANY(%s)", (list(row.made_out),)) if row else []
    return sorted({each.account for each in found})


def listed(
    conn: Connection, estate: str, stage: InvoiceStage, limit: int, offset: int = 0, month: str | None = None
) -> list[InvoiceRow]:
    """Invoices of an estate at a stage, newest first.

    Of a month as it is told to the tax office: issued in it, though reversed since; reversed in it; asked for in it.
    """
    where, facts = "stage = %s", [stage.value]
    if month is not None:
        days = [first_day(month).isoformat(), end_of(month).isoformat()]
        match stage:
            case InvoiceStage.ISSUED:
                where, facts = "issued_on >= %s AND issued_on < %s", days
            case InvoiceStage.REVERSED:
                where, facts = "body->>'red_on' >= %s AND body->>'red_on' < %s", days
            case _:
                midnight = [f"{day}T00:00:00+08:00" for day in days]
                asked = "(body->>'requested_at')::timestamptz"
                where, facts = f"stage = %s AND {asked} >= %s AND {asked} < %s", [stage.value, *midnight]
    where = f"estate = %s AND {where} ORDER BY requested_at DESC, key LIMIT %s OFFSET %s"
    return select(conn, INVOICES, where, (estate, *facts, limit, offset))


def last_rate(conn: Connection, estate: str) -> int | None:
    """The rate that was asked for last in an estate, which is how its firm is taxed."""
    found = select(conn, INVOICES, "estate = %s ORDER BY requested_at DESC LIMIT 1", (estate,))
    return found[0].rate if found else None


def counted(conn: Connection, estate: str) -> dict[InvoiceStage, int]:
    """How many there are at each stage."""
    found = conn.execute("SELECT stage, count(*) FROM invoices WHERE estate = %s GROUP BY stage", (estate,))
    return {InvoiceStage(stage): int(number) for stage, number in found}


def made_out(conn: Connection, rows: Sequence[InvoiceRow]) -> dict[UUID, MadeOut]:
    """To whom these are made out; absent for payers who were forgotten."""
    payers = select(conn, INVOICE_PAYERS, "key = ANY(%s)", ([str(payer) for payer in {row.payer for row in rows}],))
    known = {invoice: to for payer in payers for invoice, to in payer.made_out.items()}
    return {row.invoice: known[str(row.invoice)] for row in rows if str(row.invoice) in known}
