"""Arrears of an estate, reckoned when somebody looks: bills past their day, and what was said about them since.

Nothing is kept besides: a bill is in arrears because a day has passed, which is no event.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.arrears.dunning import Dunning, Hindered, Suit
from domain.arrears.limitation import WorkingDays
from domain.arrears.overdue import Ageing, Debtor, OpenBill, Overdue, ageing, debtors
from projections.arrears import dunnings
from projections.fees import bills, payments
from projections.fees.bills import BillRow
from projections.projection import Connection


@dataclass(frozen=True, slots=True)
class Case:
    """One debtor of one dwelling, with what moves the limitation. ``version`` is that of the dwelling's dunning."""

    dwelling: UUID
    building: str
    debtor: Debtor
    version: int
    suits: tuple[Suit, ...]
    hindrances: tuple[Hindered, ...]


@dataclass(frozen=True, slots=True)
class BuildingArrears:
    """What is owed in one building; tells of no dwelling."""

    building: str
    amount: int
    dwellings: int
    ages: tuple[Ageing, ...]


def cases(conn: Connection, estate: str, today: date, calendar: WorkingDays) -> list[Case]:
    """Everybody who owes something overdue; whose first claim lapses soonest comes first."""
    said = dunnings.of_estate(conn, estate)
    by_dwelling: dict[UUID, list[BillRow]] = {}
    for row in bills.overdue(conn, estate, today):
        by_dwelling.setdefault(row.dwelling, []).append(row)
    paid_on = payments.part_paid(conn, [row for rows in by_dwelling.values() for row in rows if row.paid])
    found = []
    for dwelling, rows in by_dwelling.items():
        known = said.get(dwelling)
        state, version = (known.state, known.version) if known else (Dunning(), 0)
        open_bills = [_open_bill(row, paid_on.get(row.bill, ())) for row in rows]
        for debtor in debtors(open_bills, state, today, calendar):
            suits = tuple(each for each in state.suits if each.payer == debtor.payer)
            hindrances = tuple(each for each in state.hindrances if each.payer == debtor.payer)
            found.append(Case(dwelling, rows[0].building or "", debtor, version, suits, hindrances))
    return sorted(found, key=lambda case: (case.debtor.last_day, case.debtor.since, str(case.dwelling)))


def _open_bill(row: BillRow, paid_on: tuple[date, ...]) -> OpenBill:
    return OpenBill(
        row.bill, row.number, row.item, row.since, row.until, row.payer, row.amount, row.open, row.due, paid_on
    )


def all_of(found: Iterable[Case]) -> list[Overdue]:
    """The overdue bills of all of them."""
    return [each for case in found for each in case.debtor.bills]


def in_building(found: Iterable[Case], building: str) -> list[Case]:
    """Those of one building, or all where none is named."""
    return [case for case in found if not building or case.building == building]


def by_building(found: Sequence[Case]) -> list[BuildingArrears]:
    """What is owed in each building, in reading order."""
    owed = []
    for building in sorted({case.building for case in found}, key=lambda code: (code.rjust(6), code)):
        here = [case for case in found if case.building == building]
        bills_here = all_of(here)
        amount = sum(each.bill.open for each in bills_here)
        owed.append(BuildingArrears(building, amount, len({case.dwelling for case in here}), tuple(ageing(bills_here))))
    return owed


def lapsing(found: Iterable[Case], today: date) -> list[Overdue]:
    """Bills that lapse within the time of warning, or have."""
    return [each for each in all_of(found) if each.lapsed(today) or (each.close(today) and each.held is None)]


def to_confirm(found: Iterable[Case], today: date) -> list[Overdue]:
    """Bills that would lapse within the time of warning, or had, if what holds them did not go on."""
    return [each for each in all_of(found) if each.close(today) and each.held is not None and not each.lapsed(today)]
