"""How many dwellings owe what is overdue, told beside the way to the page about them."""

from domain.calendar import local_date
from projections.fees import bills
from projections.fees.bills import BILLS
from projections.projection import Connection
from services.console.navigation import Waiting, Waits
from services.console.visit import Visit


def _owing(here: Visit, conn: Connection) -> Waits:
    found = bills.owing(conn, here.viewer.estate or "", local_date(here.voice.now))
    return Waits(said=here.voice.say("state-owing", n=found) if found else "")


OWING = Waiting((BILLS,), _owing)
