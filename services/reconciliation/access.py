"""Which statements of a bank or provider a member may see, and how the file comes."""

from functools import partial
from uuid import UUID

from domain.catalogue import POWERS, may
from domain.reconciliation.file import StartStatement
from domain.refusal import refuse_if
from projections.reconciliation import lines as statement_lines
from services.commands.ask import Forbidden
from services.commands.plan import PlanFor
from services.fees.access import payment_row
from services.fees.plans import MoneyTaken
from services.http.uploads import file_of, form_with_file
from services.log.not_found import NotFound
from services.product import Product
from services.reconciliation.files import StatementImports
from services.reconciliation.formats.limits import LARGEST_FILE
from services.reconciliation.plans import found_at_desk
from services.reconciliation.previews import StatementImport
from services.sessions.member import Member

PAGE = 40

statement_form = partial(form_with_file, largest=LARGEST_FILE)
statement_of = partial(file_of, name="statement")


def desk_plan(product: Product, who: Member, line: UUID, dwelling: UUID, payment: UUID) -> PlanFor[MoneyTaken]:
    """The line is about a payment that the desk took down, and no other line was found for it.

    Accounts have noted that only lately; of what was found before only the view knows.
    """
    row = payment_row(product, who, payment)
    with product.lend(who) as conn:
        found = statement_lines.of_desk(conn, [payment])
    refuse_if((row.line or found.get(payment)) not in (None, line), "payment_on_statement")
    return found_at_desk(line, dwelling, payment)


def check_keeper(who: Member, estate: str) -> None:
    """Statements are taken over by who keeps the accounts of the estate. Raises ``NotFound`` or ``Forbidden``."""
    if estate not in who.estates:
        raise NotFound
    if not may(who.capacity, StartStatement):
        raise Forbidden("capacity", capacity=who.capacity, may=POWERS[StartStatement])


def statement_found(product: Product, who: Member, id: UUID) -> StatementImport:
    """A file of one of the member's own estates."""
    found = product.part(StatementImports).one(id)
    check_keeper(who, found.estate)
    return found
