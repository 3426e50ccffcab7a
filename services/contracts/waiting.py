"""How many days a contract still has once it asks to be looked after, told beside the way to it."""

from domain.calendar import local_date
from domain.capacity import ACCOUNTS
from domain.contracts.fee_basis import FEE_BASIS, Call, fee_basis_stream
from projections.projection import Connection
from services.console.navigation import Waiting, Waits
from services.console.visit import Visit


def _days_left(here: Visit, conn: Connection) -> Waits:
    if here.member.capacity not in ACCOUNTS:
        return Waits()
    state = here.product.log.remembered(FEE_BASIS, fee_basis_stream(here.viewer.estate or "")).state
    call = state.call(local_date(here.voice.now))
    if call is None or call.call not in (Call.TERM_ENDS, Call.NOTICE_RUNS):
        return Waits(said=here.voice.say("state-contract-over") if call else "")
    return Waits(said=here.voice.say("state-contract-left", n=call.days))


DAYS_LEFT = Waiting((), _days_left)
