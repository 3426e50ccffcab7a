"""What comes of commands about a cash drawer that are given once more."""

from domain.cash import drawer as drawers
from domain.cash.drawer import CASH_DRAWER
from tests.cash.examples import ESTATE_CODE, PAYMENT, REFUND
from tests.repeats import Repeat, anew, refused
from tests.scenario import Scenario

_CLOSED = Scenario(CASH_DRAWER, CASH_DRAWER.initial)
_OPEN = _CLOSED.when(drawers.OpenDrawer(ESTATE_CODE, 70000))
_FULL = _OPEN.when(drawers.TakeCash(ESTATE_CODE, PAYMENT, 60000))
_COUNT = drawers.CountDrawer((drawers.Pieces(10000, 7),))

REPEATS: tuple[Repeat, ...] = (
    refused(_CLOSED, drawers.OpenDrawer(ESTATE_CODE, 30000), "drawer_open", drawers.OpenDrawer(ESTATE_CODE, 1)),
    anew(_OPEN, drawers.TakeCash(ESTATE_CODE, PAYMENT, 100), "a part of taking a payment, which is refused"),
    anew(_FULL, drawers.PayOutCash(ESTATE_CODE, REFUND, 100), "a part of paying a refund out, which is refused"),
    anew(_FULL, drawers.ReverseCash(ESTATE_CODE, PAYMENT, 100), "a part of reversing a payment, which is refused"),
    anew(_OPEN, _COUNT, "whoever counts once more has counted once more"),
    refused(_OPEN.when(_COUNT), drawers.CloseDrawer(20000), "drawer_closed", drawers.CloseDrawer(1)),
)
