"""What is known of an estate when its money is read: its dwellings, open bills, payers, and what is owed."""

from dataclasses import dataclass

from domain.contracts.fee_basis import FeeBasis
from domain.fees.fee_account import FeeAccount
from domain.fees.payment_reference import payment_reference
from domain.register.dwelling import Dwelling
from projections.fees import bills
from projections.projection import Connection
from projections.reconciliation import lines as statement_lines
from projections.register import dwellings
from services.fees.plans import prepay_limit
from services.reconciliation.formats.against import Around
from services.reconciliation.formats.entry import Entry
from services.reconciliation.formats.homes import Homes
from services.reconciliation.formats.matching import Book, Debts, plain_number


@dataclass(frozen=True, slots=True)
class Known:
    """What the views know of an estate: references of dwellings, open bills by number, and payers by their marks."""

    estate: str
    book: Book


def known_of(conn: Connection, estate: str, around: Around | None = None) -> Known:
    """What is known of an estate by now; ``around`` of the others of the firm, and of owners."""
    rows = dwellings.unnamed(conn, estate)
    return Known(
        estate,
        Book(
            {payment_reference(row.dwelling): row.dwelling for row in rows},
            {plain_number(number): (dwelling, bill) for number, dwelling, bill in bills.open_numbers(conn, estate)},
            Homes((row.dwelling, row.building, row.stairwell, row.room) for row in rows if row.room is not None),
            statement_lines.payers(conn, estate),
            around=around or Around(),
        ),
    )


def debts_of(account: FeeAccount, dwelling: Dwelling, basis: FeeBasis, entry: Entry) -> Debts:
    """What is open for whoever would be taken for the payer, the oldest first."""
    owner = dwelling.owner_on(entry.at.date())
    if owner is None and account.bills:
        owner = max(account.bills.values(), key=lambda bill: (bill.until, bill.since)).payer
    theirs = [(bill.due, bill.since, id, bill.open) for id, bill in account.bills.items() if bill.payer == owner]
    open_ones = tuple((id, open) for _, _, id, open in sorted(theirs) if open > 0)
    if entry.amount <= sum(open for _, open in open_ones) or owner is None:
        return Debts(open_ones)
    return Debts(open_ones, prepay_limit(account, dwelling, basis, entry.at.date(), owner))
