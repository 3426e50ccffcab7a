"""Fee accounts in figures: what is open and what is held, one row for each dwelling."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from domain.changed import changed
from domain.fees.fee_account import (
    FEE_ACCOUNT,
    BillIssued,
    BillVoided,
    FeeAccountOpened,
    OverpaymentHeld,
    PaymentAllocated,
    PaymentRecorded,
    PaymentReversed,
    PrepaymentDrawn,
    PrepaymentHeld,
    PrepaymentRefunded,
    WaiverGranted,
    fee_account_stream,
)
from domain.recorded import Recorded
from projections.projection import Connection, View, fetch, select


@dataclass(frozen=True)
class AccountRow:
    """``open`` on all bills and ``held`` (prepaid or overpaid) in fen; ``version`` of the account's stream.

    ``bills`` and ``payments`` are what is open of each bill and held of each payment by their ids, where there is any.
    """

    dwelling: UUID
    estate: str
    building: str | None
    version: int
    bills: dict[str, int]
    payments: dict[str, int]
    last_paid_on: date | None = None

    @property
    def open(self) -> int:
        return sum(self.bills.values())

    @property
    def held(self) -> int:
        return sum(self.payments.values())

    @property
    def balance(self) -> int:
        """What is owed, less what is held."""
        return self.open - self.held


_KINDS = frozenset(FEE_ACCOUNT.events)


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    return (str(recorded.stream),) if type(recorded.event) in _KINDS else ()


def evolve(row: AccountRow | None, recorded: Recorded[Any]) -> AccountRow | None:
    event, version = recorded.event, recorded.version
    if isinstance(event, FeeAccountOpened):
        return AccountRow(event.dwelling, event.estate, event.building, version, {}, {})
    if row is None:
        return None
    match event:
        case BillIssued(bill=bill, amount=amount):
            return changed(row, version=version, bills=_moved(row.bills, {bill: amount}))
        case BillVoided(bill=bill, freed=freed):
            bills = {id: open for id, open in row.bills.items() if id != str(bill)}
            back = {each.payment: each.amount for each in freed}
            return changed(row, version=version, bills=bills, payments=_moved(row.payments, back))
        case WaiverGranted(bill=bill, amount=amount):
            return changed(row, version=version, bills=_moved(row.bills, {bill: -amount}))
        case PaymentRecorded(paid_on=paid_on):
            return changed(row, version=version, last_paid_on=max(paid_on, row.last_paid_on or paid_on))
        case PaymentAllocated(allocations=parts):
            return changed(row, version=version, bills=_moved(row.bills, {part.bill: -part.amount for part in parts}))
        case PrepaymentHeld(payment, amount) | OverpaymentHeld(payment, amount):
            return changed(row, version=version, payments=_moved(row.payments, {payment: amount}))
        case PrepaymentDrawn(draws):
            bills, payments = row.bills, row.payments
            for draw in draws:
                bills = _moved(bills, {draw.bill: -draw.amount})
                payments = _moved(payments, {draw.payment: -draw.amount})
            return changed(row, version=version, bills=bills, payments=payments)
        case PaymentReversed(payment=payment, undone=parts):
            held = {id: amount for id, amount in row.payments.items() if id != str(payment)}
            bills = _moved(row.bills, {part.bill: part.amount for part in parts})
            return changed(row, version=version, bills=bills, payments=held)
        case PrepaymentRefunded(payment=payment, amount=amount):
            return changed(row, version=version, payments=_moved(row.payments, {payment: -amount}))
    return changed(row, version=version)


def _moved(amounts: dict[str, int], by: Mapping[UUID, int]) -> dict[str, int]:
    """Amounts after some of them moved; what came to nothing is left out."""
    after = dict(amounts)
    for each, amount in by.items():
        id = str(each)
        after[id] = after.get(id, 0) + amount
        if not after[id]:
            del after[id]
    return after


ACCOUNTS: View[AccountRow] = View(
    name="accounts",
    row=AccountRow,
    keys=keys,
    evolve=evolve,
    estates=lambda row: (row.estate,),
    indexes=("(estate)", "(estate) WHERE holds = 'true'"),
    columns={"estate": "body->>'estate'", "holds": "(body->'payments' <> '{}'::jsonb)::text"},
)


def account(conn: Connection, dwelling: UUID) -> AccountRow | None:
    """One dwelling's account, if the connection may see its estate."""
    return fetch(conn, ACCOUNTS, str(fee_account_stream(dwelling)))


def of_dwellings(conn: Connection, dwellings: Sequence[UUID]) -> dict[UUID, AccountRow]:
    """Accounts by dwelling."""
    wanted = [str(fee_account_stream(each)) for each in dwellings]
    return {row.dwelling: row for row in select(conn, ACCOUNTS, "key = ANY(%s)", (wanted,))}


def of_estate(conn: Connection, estate: str) -> list[AccountRow]:
    """All accounts of an estate."""
    return select(conn, ACCOUNTS, "estate = %s", (estate,))


def holding(conn: Connection, estates: Sequence[str]) -> list[AccountRow]:
    """Accounts of these estates on which something is held."""
    return select(conn, ACCOUNTS, "estate = ANY(%s) AND holds = 'true' ORDER BY key", (list(estates),))
