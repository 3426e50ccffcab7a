"""What people do with cash drawers: open, count and close one's own. Its cash moves by payments and refunds.

One that its cashier left open, whoever keeps the accounts may count and close: the facts say who did.
"""

from uuid import UUID

from domain.capacity import ACCOUNTS
from domain.cash.drawer import CASH_DRAWER, CloseDrawer, CountDrawer, OpenDrawer, drawer_stream
from services.commands.ask import Forbidden
from services.commands.plan import Attempt, Plan, Planned
from services.log.not_found import NotFound


def on_drawer(estate: str, command: OpenDrawer | CountDrawer | CloseDrawer, cashier: UUID | None = None) -> Plan:
    """Something done with the caller's drawer in an estate, or with the one of ``cashier``, which is not opened so."""

    def make(attempt: Attempt) -> Planned:
        attempt.check_power(type(command), estate)
        attempt.estate(estate)
        caller = attempt.ask.caller
        stream = drawer_stream(estate, cashier or caller.person)
        loaded = attempt.at(CASH_DRAWER, stream)
        if cashier not in (None, caller.person):
            if caller.capacity not in ACCOUNTS:
                raise Forbidden("capacity", capacity=caller.capacity, may=ACCOUNTS)
            if loaded.version == 0 or isinstance(command, OpenDrawer):
                raise NotFound
        return attempt.decided(CASH_DRAWER, stream, loaded, command, stream, estate)

    return Plan(make)
