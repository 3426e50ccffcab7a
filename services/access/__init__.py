"""Signing in, the own account, and the administrator's pages."""

from datetime import date

from domain.capacity import Capacity
from services.access import account_api, admin, api, journal_api, journal_page, me, sign_in
from services.access.entrance import Entrance
from services.access.last_administrator import RULES, administrator_stays
from services.access.on_record import OnRecord, deeds_told
from services.access.reading import JOURNAL_READING
from services.access.switching import as_the_log_says
from services.capability import Capability, DailyWork
from services.console.navigation import Entry
from services.product import Product
from services.sessions.accounts import Accounts

_ADMINISTRATORS = frozenset({Capacity.ADMINISTRATOR})
_AUDITORS = frozenset({Capacity.AUDITOR})


def accounts_pruned(product: Product, today: date) -> None:
    """Sessions that have run out stay so; tries, browsers and ended sessions past use are deleted."""
    product.part(Accounts).prune()


def accounts_switched(product: Product, today: date) -> None:
    """Accounts and the log say the same of who is disabled."""
    as_the_log_says(product)


CAPABILITY = Capability(
    api=(api.router, account_api.router, journal_api.router),
    parts=(Entrance, OnRecord),
    daily=(DailyWork(79, deeds_told), DailyWork(80, accounts_switched), DailyWork(90, accounts_pruned)),
    guards=(administrator_stays,),
    spanning=RULES,
    pages=(me.router, admin.router, journal_page.router, sign_in.router),
    entries=(
        Entry(
            "admin",
            "/admin/accounts",
            "id-badge-2",
            45,
            _ADMINISTRATORS,
            _ADMINISTRATORS,
            "admin-title",
            letter="a",
            home=_ADMINISTRATORS,
            keeper=Capacity.ADMINISTRATOR,
        ),
        Entry(
            "journal",
            journal_page.PATH,
            "history",
            46,
            _AUDITORS,
            JOURNAL_READING,
            "journal-title",
            letter="i",
            keeper=Capacity.AUDITOR,
        ),
    ),
)
