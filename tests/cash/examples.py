"""One telling example of every command and event of a cash drawer."""

from typing import Any
from uuid import UUID

from domain.cash import drawer as drawers

ESTATE_CODE = "350902002999-001"
PAYMENT, REFUND = UUID(int=0x200), UUID(int=0x201)

COMMANDS: tuple[Any, ...] = (
    drawers.OpenDrawer(ESTATE_CODE, 30000, "从银行换了零钱"),
    drawers.TakeCash(ESTATE_CODE, PAYMENT, 64346),
    drawers.PayOutCash(ESTATE_CODE, REFUND, 10724),
    drawers.ReverseCash(ESTATE_CODE, PAYMENT, 64346),
    drawers.CountDrawer((drawers.Pieces(10000, 6), drawers.Pieces(100, 3))),
    drawers.CloseDrawer(20000, "找零多给一元"),
)
EVENTS: tuple[Any, ...] = (
    drawers.DrawerOpened(ESTATE_CODE, 30000, 20000, "从银行换了零钱"),
    drawers.CashTaken(PAYMENT, 64346),
    drawers.CashPaidOut(REFUND, 10724),
    drawers.CashReversed(PAYMENT, 64346),
    drawers.DrawerCounted(60300, (drawers.Pieces(10000, 6), drawers.Pieces(100, 3))),
    drawers.DrawerClosed(60400, 60300, -100, 20000, "找零多给一元"),
)
