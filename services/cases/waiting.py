"""What waits for the desk of a station: lines that nobody has looked at, orders to send out and to verify."""

from domain.capacity import STATION
from projections.cases import notebook_lists, order_lists
from projections.cases.notebook import NOTEBOOK
from projections.cases.orders import ORDERS
from projections.projection import Connection
from services.console.navigation import Waiting, Waits
from services.console.visit import Visit


def _lines(here: Visit, conn: Connection) -> Waits:
    if here.member.capacity not in STATION:
        return Waits()
    return Waits(notebook_lists.size(conn, here.viewer.estate or "", "waiting", here.voice.now))


def _to_do(here: Visit, conn: Connection) -> Waits:
    if here.member.capacity not in STATION:
        return Waits()
    sizes = order_lists.sizes(conn, here.viewer.estate or "", ("waiting", "checking"), here.voice.now)
    return Waits(sum(sizes.values()))


LINES = Waiting((NOTEBOOK,), _lines)
TO_DO = Waiting((ORDERS,), _to_do)
