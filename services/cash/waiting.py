"""How the own cash drawer stands, told beside the way to it and at the foot of the pages about money."""

from domain.cash.drawer import drawer_stream
from projections.cash import drawers
from projections.cash.drawers import DRAWERS
from projections.projection import Connection
from services.console.navigation import Waiting, Waits
from services.console.visit import Visit
from services.words.figures import shown


def _drawer(here: Visit, conn: Connection) -> Waits:
    own = drawers.drawer(conn, drawer_stream(here.viewer.estate or "", here.member.person))
    if own is None or own.state.opened_at is None:
        return Waits(said=here.voice.say("state-drawer-shut") if own else "")
    since = here.voice.say("state-drawer-since", time=here.voice.when(own.state.opened_at))
    return Waits(
        said=here.voice.say("state-drawer-open"),
        foot=(here.voice.say("state-drawer-holds", amount=shown(own.state.expected)), since),
    )


OWN_DRAWER = Waiting((DRAWERS,), _drawer)
