"""``jinlin admit``: whoever has the machine lets an administrator in who cannot sign in any more, on record.

It is for the day on which the only administrator has left or forgotten the password. The log tells that somebody was
admitted, and what post that gave; the journal of accounts tells it too. The new password is shown once.
"""

import sys
from uuid import UUID

import structlog

from domain.capacity import Capacity
from domain.people import person as people
from domain.people.person import PERSON, Person
from domain.refusal import Refusal
from projections.estates.estates import ESTATES
from projections.people import people as rows
from projections.projection import select
from services.commands.ask import Ask, by_itself
from services.people.plans import on_person, register_person
from services.product import Product
from services.running.opening import reached
from services.running.wiring import built
from services.runtime.settings import Settings
from services.sessions import journal
from services.sessions.accounts import Accounts
from services.sessions.journal import AccountAct
from services.words.sentences import say

_POST = frozenset({Capacity.ADMINISTRATOR})
_ITSELF = by_itself("")


def admit(settings: Settings, username: str, name: str | None) -> int:
    """Let an account in, or make one for somebody new by the ``name``; its password is drawn and shown."""
    with reached(settings) as url, built(settings, url) as product:
        try:
            estates, password = admitted(product, username.strip().lower(), name)
        except NotAdmitted as wrong:
            print(f"jinlin: {wrong}", file=sys.stderr)
            return 2
        except Refusal as refusal:
            print(f"jinlin: {say('en', f'refused-{refusal.code}', **refusal.facts)}", file=sys.stderr)
            return 2
    structlog.get_logger().info("administrator_admitted")
    print(f"{username.strip().lower()} may sign in as an administrator of {', '.join(estates)}")
    print(f"password, shown this once: {password}")
    return 0


class NotAdmitted(Exception):
    """Nobody was let in; the text says why and what to do."""


def admitted(product: Product, username: str, name: str | None) -> tuple[list[str], str]:
    """The estates of the administrator let in, and the password. Raises ``NotAdmitted`` or ``Refusal``."""
    accounts = product.part(Accounts)
    account = accounts.account(username)
    if account is None and name is None:
        raise NotAdmitted(f"there is no account {username}; {_known(product)}. To make one: --name NAME")
    if account is not None and name is not None:
        raise NotAdmitted(f"there is an account {username} already; leave out --name to let it in")
    codes = _estates(product)
    if not codes:
        raise NotAdmitted("there is no estate yet")
    if account is not None:
        person = account.person
        missing = [code for code in codes if not _has_administrator(product, code, person)]
        state = product.log.load(PERSON, person).state
        if not missing and not _administered(product, state, codes):
            raise NotAdmitted(f"{username} is no administrator, and every estate has one who can sign in")
        _do(product, person, people.AdmitPerson())
    else:
        assert name is not None
        registered = product.handler.do(_ITSELF, register_person(people.RegisterPerson(name, another=True)))
        person, missing = registered.stream, codes
        _do(product, person, people.AdmitPerson())
    for code in missing:
        if not product.log.load(PERSON, person).state.stays(_POST, code, product.clock()):
            _do(product, person, people.Appoint(Capacity.ADMINISTRATOR, code, product.clock()))
    if account is None:
        password = accounts.create(username, person)
    else:
        accounts.enable(username)
        password = accounts.reset(username)
    with product.database.app.connection() as conn, conn.transaction():
        journal.write(conn, product.clock(), AccountAct.ADMITTED, username)
    return _administered(product, product.log.load(PERSON, person).state, codes), password


def _do(product: Product, person: UUID, command: people.Command) -> None:
    ask = Ask(_ITSELF.caller)
    product.handler.do(ask, on_person(person, command))


def _estates(product: Product) -> list[str]:
    with product.database.follower.connection() as conn:
        return [row.code for row in select(conn, ESTATES, "true ORDER BY key", ())]


def _administered(product: Product, person: Person, codes: list[str]) -> list[str]:
    return [code for code in codes if person.stays(_POST, code, product.clock())]


def _administrators(product: Product) -> dict[UUID, Person]:
    with product.database.follower.connection() as conn:
        found = select(conn, rows.PEOPLE, "true ORDER BY key", ())
    return {row.person: product.log.load(PERSON, row.person).state for row in found if row.state.posts}


def _has_administrator(product: Product, code: str, besides: UUID) -> bool:
    """Whether somebody else could sign in as one there."""
    able = {each.person for each in product.part(Accounts).everybody() if not each.disabled} - {besides}
    return any(
        who in able and not person.disabled and person.forgotten is None and person.stays(_POST, code, product.clock())
        for who, person in _administrators(product).items()
    )


def _known(product: Product) -> str:
    who = {person for person, state in _administrators(product).items() if _ever(state)}
    names = [each.username for each in product.part(Accounts).everybody() if each.person in who]
    return f"administrators have {', '.join(names)}" if names else "no administrator has one"


def _ever(person: Person) -> bool:
    return any(post.capacity is Capacity.ADMINISTRATOR for post in person.posts)
