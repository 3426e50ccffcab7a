"""The cash drawer: what goes in and out, what is counted, and differences that nobody edits away."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.cash.drawer import (
    CASH_DRAWER,
    DENOMINATIONS,
    MOST_PIECES,
    CashDrawer,
    CashPaidOut,
    CashReversed,
    CashTaken,
    CloseDrawer,
    CountDrawer,
    DrawerClosed,
    DrawerCounted,
    DrawerOpened,
    OpenDrawer,
    PayOutCash,
    Pieces,
    ReverseCash,
    TakeCash,
    drawer_stream,
)
from domain.refusal import Refusal
from tests.cash.examples import ESTATE_CODE
from tests.scenario import CLERK, HEAD, Scenario

PAYMENT, OTHER_PAYMENT, REFUND = (UUID(int=n) for n in range(0x700, 0x703))


def untouched() -> Scenario[CashDrawer]:
    return Scenario(CASH_DRAWER, CASH_DRAWER.initial)


def opened(float_: int = 20000) -> Scenario[CashDrawer]:
    return untouched().when(OpenDrawer(ESTATE_CODE, float_))


def counted(*pieces: tuple[int, int]) -> CountDrawer:
    return CountDrawer(tuple(Pieces(value, count) for value, count in pieces))


def test_it_opens_with_change_in_it() -> None:
    opened().then(DrawerOpened(ESTATE_CODE, 20000, 0)).holds(lambda drawer: drawer.expected == 20000)
    opened().refused(OpenDrawer(ESTATE_CODE, 20000), "drawer_open")
    untouched().refused(OpenDrawer(ESTATE_CODE, -1), "amount")
    untouched().refused(OpenDrawer(ESTATE_CODE, 10**12), "amount")
    untouched().when(OpenDrawer(ESTATE_CODE, 0)).then(DrawerOpened(ESTATE_CODE, 0, 0))


def test_the_first_cash_opens_it_with_what_was_left() -> None:
    untouched().when(TakeCash(ESTATE_CODE, PAYMENT, 50000)).then(
        DrawerOpened(ESTATE_CODE, 0, 0), CashTaken(PAYMENT, 50000)
    )
    closed = opened(50000).when(counted((10000, 5)), CloseDrawer(20000))
    closed.later(days=1).when(TakeCash(ESTATE_CODE, PAYMENT, 64346)).then(
        DrawerOpened(ESTATE_CODE, 20000, 20000), CashTaken(PAYMENT, 64346)
    ).holds(lambda drawer: drawer.expected == 84346)


def test_opening_with_other_change_than_was_left_needs_a_reason() -> None:
    closed = opened(50000).when(counted((10000, 5)), CloseDrawer(20000)).later(days=1)
    closed.refused(OpenDrawer(ESTATE_CODE, 30000), "drawer_float", left=20000, field="reason")
    closed.when(OpenDrawer(ESTATE_CODE, 30000, "银行换来的零钱")).then(
        DrawerOpened(ESTATE_CODE, 30000, 20000, "银行换来的零钱")
    )
    closed.when(OpenDrawer(ESTATE_CODE, 20000)).then(DrawerOpened(ESTATE_CODE, 20000, 20000))


def test_cash_goes_in_and_out() -> None:
    taken = opened().when(TakeCash(ESTATE_CODE, PAYMENT, 50000)).then(CashTaken(PAYMENT, 50000))
    taken.when(PayOutCash(ESTATE_CODE, REFUND, 30000)).then(CashPaidOut(REFUND, 30000)).holds(
        lambda drawer: (drawer.expected, drawer.paid_out) == (40000, 30000)
    )
    taken.when(ReverseCash(ESTATE_CODE, PAYMENT, 50000)).then(CashReversed(PAYMENT, 50000)).holds(
        lambda drawer: drawer.expected == 20000 and PAYMENT not in drawer.payments
    )
    for amount in (0, -1, 10**12):
        taken.refused(TakeCash(ESTATE_CODE, OTHER_PAYMENT, amount), "amount")


def test_nothing_leaves_it_that_is_not_inside() -> None:
    opened().refused(PayOutCash(ESTATE_CODE, REFUND, 20001), "drawer_short", inside=20000)
    opened().refused(ReverseCash(ESTATE_CODE, PAYMENT, 20001), "drawer_short", inside=20000)
    untouched().refused(PayOutCash(ESTATE_CODE, REFUND, 1), "drawer_short", inside=0)
    closed = opened(50000).when(counted((10000, 5)), CloseDrawer(20000))
    closed.when(PayOutCash(ESTATE_CODE, REFUND, 20000)).then(
        DrawerOpened(ESTATE_CODE, 20000, 20000), CashPaidOut(REFUND, 20000)
    )


def test_it_is_counted_by_notes_and_coins() -> None:
    opened().when(counted((100, 3), (10000, 2), (50, 0))).then(DrawerCounted(20300, (Pieces(10000, 2), Pieces(100, 3))))
    opened().when(CountDrawer(())).then(DrawerCounted(0, ()))
    opened().refused(counted((300, 1)), "drawer_denomination")
    opened().refused(counted((100, 1), (100, 2)), "drawer_denomination")
    opened().refused(counted((100, -1)), "drawer_pieces")
    opened().refused(counted((100, MOST_PIECES + 1)), "drawer_pieces", most=MOST_PIECES)
    untouched().refused(counted((100, 1)), "drawer_closed")


def test_a_difference_is_stated_with_its_reason() -> None:
    short = opened().when(TakeCash(ESTATE_CODE, PAYMENT, 50000), counted((10000, 6), (5000, 3)))
    short.refused(CloseDrawer(20000), "drawer_difference", difference=5000)
    short.when(CloseDrawer(20000, "找零多收，已贴条")).then(
        DrawerClosed(70000, 75000, 5000, 20000, "找零多收，已贴条")
    ).holds(lambda drawer: (drawer.opened_at, drawer.left, drawer.expected) == (None, 20000, 20000))
    missing = opened().when(counted((10000, 1)))
    missing.refused(CloseDrawer(0), "drawer_difference", difference=-10000)
    missing.when(CloseDrawer(10000, "少一张，待查")).then(DrawerClosed(20000, 10000, -10000, 10000, "少一张，待查"))


def test_what_was_left_open_over_midnight_is_closed_before_more_goes_in_or_out() -> None:
    late = opened().when(TakeCash(ESTATE_CODE, PAYMENT, 50000)).later(days=1)
    day = str(late.state.opened_on)
    late.refused(TakeCash(ESTATE_CODE, OTHER_PAYMENT, 100), "drawer_earlier_day", day=day)
    late.refused(PayOutCash(ESTATE_CODE, REFUND, 100), "drawer_earlier_day", day=day)
    late.refused(ReverseCash(ESTATE_CODE, OTHER_PAYMENT, 100), "drawer_earlier_day", day=day)  # counted long ago
    late.when(ReverseCash(ESTATE_CODE, PAYMENT, 50000)).then(CashReversed(PAYMENT, 50000))  # it lies in there
    closed = late.when(counted((10000, 7)), CloseDrawer(20000)).then(DrawerClosed(70000, 70000, 0, 20000))
    closed.when(TakeCash(ESTATE_CODE, OTHER_PAYMENT, 100)).then(
        DrawerOpened(ESTATE_CODE, 20000, 20000), CashTaken(OTHER_PAYMENT, 100)
    )


def test_it_closes_only_as_counted() -> None:
    opened().refused(CloseDrawer(0), "drawer_not_counted")
    exact = opened().when(counted((10000, 2)))
    exact.when(CloseDrawer(0)).then(DrawerClosed(20000, 20000, 0, 0))
    for left in (-1, 20001):
        exact.refused(CloseDrawer(left), "drawer_left", counted=20000)
    exact.when(TakeCash(ESTATE_CODE, PAYMENT, 100)).refused(CloseDrawer(0), "drawer_not_counted")
    exact.when(CloseDrawer(0)).refused(CloseDrawer(0), "drawer_closed")
    untouched().refused(CloseDrawer(0), "drawer_closed")


def test_every_cashier_has_a_drawer_of_their_own() -> None:
    assert drawer_stream(ESTATE_CODE, CLERK) == drawer_stream(ESTATE_CODE, CLERK)
    assert len({drawer_stream(ESTATE_CODE, CLERK), drawer_stream(ESTATE_CODE, HEAD), drawer_stream("-", CLERK)}) == 3


_AMOUNTS = st.integers(1, 10**7)
_STEPS = st.one_of(
    st.builds(TakeCash, st.just(ESTATE_CODE), st.uuids(), _AMOUNTS),
    st.builds(PayOutCash, st.just(ESTATE_CODE), st.uuids(), _AMOUNTS),
    st.builds(ReverseCash, st.just(ESTATE_CODE), st.uuids(), _AMOUNTS),
    st.builds(OpenDrawer, st.just(ESTATE_CODE), st.integers(0, 10**6), st.just("换零")),
    st.builds(
        CountDrawer,
        st.dictionaries(st.sampled_from(DENOMINATIONS), st.integers(0, 500)).map(
            lambda found: tuple(Pieces(value, pieces) for value, pieces in found.items())
        ),
    ),
    st.builds(CloseDrawer, st.integers(0, 10**6), st.just("待查")),
)


@given(st.lists(_STEPS, max_size=30))
def test_what_lies_inside_is_the_sum_of_what_happened(steps: list[object]) -> None:
    """No step leads below zero, and what moved is what the facts say, over any number of sessions."""
    now, left = untouched(), 0
    for step in steps:
        try:
            now = now.when(step)
        except Refusal:
            continue
        for event in now.outcome:
            match event:
                case DrawerOpened(_, float_):
                    left = float_
                case CashTaken(_, amount):
                    left += amount
                case CashPaidOut(_, amount) | CashReversed(_, amount):
                    left -= amount
                case DrawerClosed(expected, inside, difference, kept):
                    assert (expected, inside - expected) == (left, difference)
                    left = kept
        assert now.state.expected == left >= 0
