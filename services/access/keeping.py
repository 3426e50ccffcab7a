"""Which accounts an administrator keeps: those of people with a post in the own estates."""

from uuid import UUID

from projections.people import people
from services.log.not_found import NotFound
from services.product import Product
from services.sessions.accounts import Accounts


def may_keep(product: Product, estates: frozenset[str], person: UUID) -> bool:
    """Whether the person holds or held a post in one of these estates."""
    with product.database.lend(estates) as conn:
        return people.person(conn, person) is not None


def kept_accounts(product: Product, estates: frozenset[str]) -> dict[str, UUID]:
    """Every account that the keeper of these estates may change, with its person."""
    with product.database.lend(estates) as conn:
        theirs = {row.person for row in people.everybody(conn, sorted(estates))}
    return {each.username: each.person for each in product.part(Accounts).everybody() if each.person in theirs}


def kept_account(product: Product, estates: frozenset[str], username: str) -> str:
    """The username, if it is an account that the keeper of these estates may change. Raises ``NotFound``."""
    account = product.part(Accounts).account(username)
    if account is None or not may_keep(product, estates, account.person):
        raise NotFound
    return account.username
