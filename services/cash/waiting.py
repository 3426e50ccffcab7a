"""How the own cash drawer stands, told beside the way to it and at the foot of the pages about money."""

from domain.calendar import local_date
from domain.cash.drawer import drawer_stream
from projections.cash import drawers
from projections.cash.drawers import DRAWERS
from projections.fees import payments
from projections.fees.payments import PAYMENTS
from projections.projection import Connection
from services.console.navigation import Waiting, Waits
from services.console.visit import Visit
from services.words.figures import shown


def _drawer(here: Visit, conn: Connection) -> Waits:
    own = drawers.drawer(conn, drawer_stream(here.viewer.estate or "", here.member.person))
    if own is None or own.state.opened_at is None:
        return Waits(said=here.voice.say("state-drawer-shut") if own else "")
    n, amount = payments.taken_on(conn, here.viewer.estate or "", local_date(here.voice.now), here.member.person)
    return Waits(
        said=here.voice.say("state-drawer-open"),
        foot=(
            here.voice.say("state-drawer-holds", amount=shown(own.state.expected)),
            here.voice.say("state-taken-today", n=n, amount=shown(amount)),
        ),
    )


OWN_DRAWER = Waiting((DRAWERS, PAYMENTS), _drawer)
