"""A dwelling's account, arrears and cases in short, each with the way to where it stands in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from domain.calendar import local_date
from domain.capacity import STATION
from domain.cases.issue import WAITING
from domain.estates.places import Place
from projections.cases import notebook, orders
from projections.cases.notebook import NOTEBOOK, IssueLine
from projections.cases.orders import ORDERS, OrderCard
from projections.fees import accounts, bills, payments
from projections.fees.accounts import ACCOUNTS
from projections.fees.bills import BILLS
from projections.fees.payments import PAYMENTS
from projections.projection import Connection
from projections.register.dwellings import DwellingRow
from projections.search import case_words
from projections.search.case_words import CASE_WORDS, Sight
from services.console.visit import Visit
from services.http.who import READING
from services.register.beside import Beside
from services.sessions.member import Member
from services.words.figures import shown

MOST_CASES = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """In fen: ``open`` on all bills, ``held`` of what was paid, ``overdue`` of what is open since ``since``.

    ``owed`` is open of bills that are due, less what their payers hold; ``later`` falls due later.
    """

    open: int
    held: int
    owed: int = 0
    later: int = 0
    overdue: int = 0
    bills: int = 0
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of a dwelling, newest first: orders, and lines of the notebook that are none."""

    cards: Sequence[OrderCard] = ()
    lines: Sequence[IssueLine] = ()

    @property
    def running(self) -> int:
        """How many wait for something still."""
        return sum(card.lane != "ended" for card in self.cards) + sum(
            line.state.status in WAITING for line in self.lines
        )


def standing(conn: Connection, dwelling: UUID, today: date) -> Standing | None:
    """How the account stands; ``None`` where the dwelling has none."""
    row = accounts.account(conn, dwelling)
    if row is None:
        return None
    unpaid = bills.open_of(conn, [dwelling])
    late = sorted((each for each in unpaid if each.due < today), key=lambda each: each.due)
    due: dict[UUID, int] = {}
    for each in unpaid:
        if each.due <= today:
            due[each.payer] = due.get(each.payer, 0) + each.open
    for paid in payments.of_dwelling(conn, dwelling) if row.held and due else ():
        if paid.payer in due:
            due[paid.payer] -= paid.prepaid + paid.overpaid
    owed, later = sum(max(each, 0) for each in due.values()), sum(each.open for each in unpaid if each.due > today)
    overdue = sum(each.open for each in late)
    return Standing(row.open, row.held, owed, later, overdue, len(late), late[0].due if late else None)


def cases_of(conn: Connection, who: Member, row: DwellingRow) -> Cases | None:
    """The cases at a dwelling; ``None`` for those who see no cases."""
    if who.capacity not in READING or row.room is None:
        return None
    sight = Sight.REPORTERS if who.capacity in STATION else Sight.TEXTS
    place = Place(row.building, row.stairwell, row.room)
    issues = case_words.at_place(conn, row.estate, place, (), sight, MOST_CASES)
    cards = orders.of_cases(conn, issues)
    ordered = {card.issue for card in cards}
    noted = notebook.of_issues(conn, [each for each in issues if each not in ordered])
    return Cases(cards, [noted[each] for each in issues if each in noted])


def tell(here: Visit, row: DwellingRow) -> Mapping[str, Any]:
    """What the dwelling's page shows beside the register."""
    with here.lend() as conn:
        account = standing(conn, row.dwelling, local_date(here.voice.now))
        return {"account": account, "cases": cases_of(conn, here.member, row), "money": shown}


BESIDE = Beside((ACCOUNTS, BILLS, CASE_WORDS, NOTEBOOK, ORDERS, PAYMENTS), tell)
