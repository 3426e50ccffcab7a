"""A person is switched off with the last account: the log says who did it, and nothing more is given to do.

Whatever is said in the log holds at once for signing in and for what is given to do; what the table of accounts says of
it is made good afterwards, also after a crash, by the day's work.
"""

from uuid import UUID

from domain.access.account import AccountGround
from domain.people.person import PERSON, DisablePerson, EnablePerson
from services.commands.ask import Ask, by_itself
from services.log.not_found import NotFound
from services.people.plans import on_person
from services.product import Product
from services.sessions.accounts import Accounts


def switched_off(
    product: Product,
    ask: Ask,
    username: str,
    successor: UUID | None = None,
    why: AccountGround = AccountGround.NOT_SAID,
) -> None:
    """Nobody signs in with it any more; with the last one of a person, nobody signs in as this person.

    Refuses ``in_hand`` and ``last_administrator``.
    """
    accounts = product.part(Accounts)
    person = _person(accounts, username)
    with product.database.app.connection() as conn, conn.transaction():  # two accounts of one person, at once
        conn.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7305))", (str(person),))
        theirs = accounts.of_person(person)
        if any(not each.disabled and each.username != username for each in theirs):
            accounts.disable(username, ask.caller.person, why)
            return
        product.handler.do(ask, on_person(person, DisablePerson(successor)))
        accounts.disable(username, ask.caller.person, why)


def _person(accounts: Accounts, username: str) -> UUID:
    account = accounts.account(username)
    if account is None:
        raise NotFound
    return account.person


def switched_on(product: Product, ask: Ask, username: str, why: AccountGround = AccountGround.NOT_SAID) -> None:
    """The person may sign in again, with this account."""
    accounts = product.part(Accounts)
    product.handler.do(ask, on_person(_person(accounts, username), EnablePerson()))
    accounts.enable(username, ask.caller.person, why)


def as_the_log_says(product: Product) -> None:
    """What a crash left undone; and people whose accounts an older product switched off without telling the log."""
    accounts = product.part(Accounts)
    by_person: dict[UUID, list[bool]] = {}
    for each in accounts.everybody():
        by_person.setdefault(each.person, []).append(each.disabled)
    for person, disabled in by_person.items():
        state = product.log.load(PERSON, person).state
        if state.disabled and not all(disabled):
            for each in accounts.of_person(person):
                if not each.disabled:
                    accounts.disable(each.username)
        elif all(disabled) and state.registered and not state.disabled and state.forgotten is None:
            _told(product, person)


def _told(product: Product, person: UUID) -> None:
    try:
        product.handler.do(by_itself(""), on_person(person, DisablePerson()))
    except NotFound:
        return


__all__ = ["as_the_log_says", "switched_off", "switched_on"]
