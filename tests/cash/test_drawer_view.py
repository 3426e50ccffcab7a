"""What the view of a drawer keeps of everything that can happen to it."""

from typing import Any
from uuid import UUID

from domain.cash.drawer import (
    CASH_DRAWER,
    CashDrawer,
    CloseDrawer,
    CountDrawer,
    OpenDrawer,
    PayOutCash,
    Pieces,
    ReverseCash,
    TakeCash,
)
from domain.recorded import Recorded
from projections.cash.drawers import DRAWERS, DrawerRow
from projections.projection import fold, keyed
from tests.cash.examples import ESTATE_CODE
from tests.scenario import CLERK, Scenario

DRAWER, PAYMENT, OTHER, REFUND = (UUID(int=n) for n in range(0x700, 0x704))


def row(*commands: Any) -> DrawerRow:
    """The row as it reads once it has been kept, after these commands; every step of it was kept as well."""
    now: Scenario[CashDrawer] = Scenario(CASH_DRAWER, CASH_DRAWER.initial)
    kept: DrawerRow | None = None
    version = 0
    for command in commands:
        now = now.when(command)
        for event in now.outcome:
            version += 1
            recorded = Recorded(version, UUID(int=version), DRAWER, version, event, now.act, ESTATE_CODE, DRAWER, None)
            written = fold(DRAWERS, {str(DRAWER): kept}, keyed(DRAWERS, [recorded])).written
            kept = DRAWERS.as_kept(written[str(DRAWER)][0])
    assert kept is not None and kept.version == version
    assert kept.state.expected == now.state.expected
    return kept


OPEN = OpenDrawer(ESTATE_CODE, 20000)
TAKEN = (OPEN, TakeCash(ESTATE_CODE, PAYMENT, 50000), TakeCash(ESTATE_CODE, OTHER, 1000))


def test_it_keeps_what_moved_since_it_was_opened() -> None:
    found = row(*TAKEN, PayOutCash(ESTATE_CODE, REFUND, 3000), ReverseCash(ESTATE_CODE, OTHER, 1000))
    assert [(each.event, each.amount, each.about) for each in found.movements] == [
        ("DrawerOpened", 20000, None),
        ("CashTaken", 50000, PAYMENT),
        ("CashTaken", 1000, OTHER),
        ("CashPaidOut", -3000, REFUND),
        ("CashReversed", -1000, OTHER),
    ]
    assert sum(each.amount for each in found.movements) == found.state.expected == 67000
    assert (found.cashier, found.state.payments) == (CLERK, (PAYMENT,))


def test_a_count_holds_until_something_moves() -> None:
    count = CountDrawer((Pieces(10000, 7), Pieces(1000, 1)))
    assert row(*TAKEN, count).denominations == (Pieces(10000, 7), Pieces(1000, 1))
    assert row(*TAKEN, count, TakeCash(ESTATE_CODE, REFUND, 1)).denominations == ()


def test_it_keeps_how_it_was_closed_the_newest_first() -> None:
    found = row(
        *TAKEN,
        CountDrawer((Pieces(10000, 7),)),
        CloseDrawer(20000, "少十元"),
        OPEN,
        CountDrawer((Pieces(10000, 2),)),
        CloseDrawer(0),
    )
    assert [(each.taken, each.expected, each.difference, each.left, each.reason) for each in found.closings] == [
        (0, 20000, 0, 0, None),
        (51000, 71000, -1000, 20000, "少十元"),
    ]
    assert (found.movements, found.state.opened_at, found.state.left) == ((), None, 0)
