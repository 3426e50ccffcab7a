"""Which month was closed last, told beside the way to closing the next."""

from projections.projection import Connection
from services.books.plans import books_of
from services.console.navigation import Waiting, Waits
from services.console.visit import Visit


def _last_closed(here: Visit, conn: Connection) -> Waits:
    closed = books_of(here.product.log, here.viewer.estate or "").closed
    return Waits(said=here.voice.say("state-closed", month=max(closed)) if closed else "")


LAST_CLOSED = Waiting((), _last_closed)
