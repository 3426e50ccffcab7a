"""What people do with their own cash drawer: open, count and close it. Its cash moves by payments and refunds."""

from domain.cash_drawer import CASH_DRAWER, CloseDrawer, CountDrawer, OpenDrawer, drawer_stream
from services.plan import Looking, Plan, Planned


def on_drawer(estate: str, command: OpenDrawer | CountDrawer | CloseDrawer) -> Plan:
    """Something done with the caller's drawer in an estate."""

    def make(look: Looking) -> Planned:
        look.check_power(type(command), estate)
        look.register(estate)
        stream = drawer_stream(estate, look.ask.caller.person)
        return look.decided(CASH_DRAWER, stream, look.at(CASH_DRAWER, stream), command, stream, estate)

    return Plan(make)
