"""Fee accounts in figures: what is open and what is held, one row for each dwelling."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from domain.changed import changed
from domain.fees.fee_account import FEE_ACCOUNT, FeeAccountOpened, fee_account_stream
from domain.fees.fee_account.movements import (
    Billed,
    Drawn,
    Held,
    InvoiceMoved,
    Movement,
    Received,
    RefundAsked,
    RefundDecided,
    Refunded,
    Released,
    Returned,
    Reversed,
    Settled,
    Undone,
    Voided,
    Waived,
    moved_by,
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
    row = changed(row, version=version)
    for moved in moved_by(event):
        row = _after(row, moved)
    return row


def _after(row: AccountRow, moved: Movement) -> AccountRow:
    match moved:
        case Billed(bill, amount):
            return changed(row, bills=_moved(row.bills, bill, amount))
        case Voided(bill):
            return changed(row, bills={id: open for id, open in row.bills.items() if id != str(bill)})
        case Waived(bill, amount):
            return changed(row, bills=_moved(row.bills, bill, -amount))
        case Received(paid_on=paid_on):
            return changed(row, last_paid_on=max(paid_on, row.last_paid_on or paid_on))
        case Settled(_, bill, amount):
            return changed(row, bills=_moved(row.bills, bill, -amount))
        case Held(payment, amount):
            return changed(row, payments=_moved(row.payments, payment, amount))
        case Drawn(payment, bill, amount):
            bills, payments = _moved(row.bills, bill, -amount), _moved(row.payments, payment, -amount)
            return changed(row, bills=bills, payments=payments)
        case Released(payment, _, amount):
            return changed(row, payments=_moved(row.payments, payment, amount))
        case Reversed(payment):
            return changed(row, payments={id: held for id, held in row.payments.items() if id != str(payment)})
        case Undone(_, bill, amount):
            return changed(row, bills=_moved(row.bills, bill, amount))
        case Refunded(payment=payment, amount=amount):
            return changed(row, payments=_moved(row.payments, payment, -amount))
        case Returned(payment=payment, amount=amount):
            return changed(row, payments=_moved(row.payments, payment, amount))
        case RefundAsked() | RefundDecided() | InvoiceMoved():
            return row
        case _:
            assert_never(moved)


def _moved(amounts: dict[str, int], by: UUID, amount: int) -> dict[str, int]:
    """Amounts after one of them moved; what came to nothing is left out."""
    id = str(by)
    after = {**amounts, id: amounts.get(id, 0) + amount}
    if not after[id]:
        del after[id]
    return after


ACCOUNTS: View[AccountRow] = View(
    name="accounts",
    row=AccountRow,
    keys=keys,
    events=_KINDS,
    evolve=evolve,
    estates=lambda row: (row.estate,),
    indexes=("(estate)", "(estate) WHERE holds = 'true'"),
    columns={"estate": "body->>'estate'", "holds": "(body->'payments' <> '{}'::jsonb)::text"},
    withheld=(),
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
