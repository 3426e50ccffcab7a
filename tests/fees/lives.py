"""Lives of fee accounts at random: whatever was asked for over a year, and what of it happened."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import strategies as st

from domain.calendar import SHANGHAI
from domain.capacity import Capacity
from domain.fees import fee_account as fees
from domain.fees.fee_account import FEE_ACCOUNT, FeeAccount, Method
from domain.money.items import FeeItem
from domain.months import months_later
from domain.recorded import Act
from domain.refusal import Refusal
from tests.fees.examples import ESTATE_CODE

BEGIN = date(2025, 1, 1)
PEOPLE = (UUID(int=11), UUID(int=12))
OWNERS = (UUID(int=1), UUID(int=2))

T = TypeVar("T")
METHODS = tuple(Method)

Happened = list[tuple[Any, Act]]


@st.composite
def lives(
    draw: st.DrawFn, account: int = 0, building: str = "3", most: int = 30, estate: str = ESTATE_CODE
) -> Happened:
    """Events of one account in order, on days that only go on; money may be paid on earlier days."""
    number = iter(range(account * 10**6 + 1000, (account + 1) * 10**6))
    state, happened, day = FeeAccount(), Happened(), BEGIN
    for step in range(draw(st.integers(2, most))):
        day += timedelta(days=draw(st.integers(0, 25)))
        at = datetime.combine(day, time(9), SHANGHAI)
        act = Act(_one_of(draw, PEOPLE), Capacity.ACCOUNTANT, at, at)
        opening = fees.OpenFeeAccount(UUID(int=account + 1), estate, building)
        command = _command(draw, state, day, lambda: UUID(int=next(number))) if step else opening
        try:
            events = FEE_ACCOUNT.consider(command, state, act)
        except Refusal:
            continue
        happened += [(event, act) for event in events]
        state = FEE_ACCOUNT.fold([(event, act) for event in events], state)
    return happened


def _one_of(draw: st.DrawFn, choices: Sequence[T]) -> T:
    """As ``sampled_from``, which takes longer to be made anew for each choice than the choice itself."""
    return choices[draw(st.integers(0, len(choices) - 1))]


def _command(draw: st.DrawFn, state: FeeAccount, day: date, id: Callable[[], UUID]) -> Any:
    amount, text = draw(st.integers(1, 90_000)), "x"

    def bill(since: date, payer: UUID) -> fees.IssueBill:
        new, item = id(), _one_of(draw, (FeeItem.PROPERTY_FEE, FeeItem.PARKING))
        return fees.IssueBill(new, str(new.int), item, since, months_later(since, 1), payer, amount, since)

    month = months_later(BEGIN, draw(st.integers(0, 13)))
    kinds: list[Callable[[], Any]] = [
        lambda: bill(month, _one_of(draw, OWNERS)),
        lambda: bill(month, OWNERS[0]),
        lambda: fees.RecordPayment(
            id(),
            _one_of(draw, OWNERS),
            amount,
            _one_of(draw, METHODS),
            max(BEGIN, day - timedelta(days=draw(st.integers(0, 40)))),
            "r",
            prepay_limit=draw(st.integers(0, 50_000)),
            accept_excess=draw(st.booleans()),
        ),
        lambda: fees.DrawPrepayment(day),
    ]
    if state.bills:
        old = _one_of(draw, list(state.bills))
        kinds += [
            lambda: fees.GrantWaiver(old, min(amount, 5_000), fees.WaiverReason.MEDIATION, "3", text),
            lambda: fees.VoidBill(old, fees.VoidReason.OTHER, text),
            lambda: fees.CorrectBill(
                old, fees.VoidReason.WRONG_AREA, bill(state.bills[old].since, state.bills[old].payer), text
            ),
        ]
    if state.payments:
        paid = _one_of(draw, list(state.payments))
        kinds += [
            lambda: fees.ReversePayment(paid, fees.ReversalReason.OTHER, text),
            lambda: fees.FindPaymentOnStatement(paid, id()),
            lambda: fees.ReleasePaymentFromStatement(paid, state.payments[paid].line or id()),
            lambda: fees.RequestRefund(
                id(), paid, min(amount, max(state.available(paid), 1)), fees.RefundReason.OTHER, text
            ),
        ]
    if state.refunds:
        back = _one_of(draw, list(state.refunds))
        kinds += [
            lambda: fees.ApproveRefund(back),
            lambda: fees.PayRefund(back, _one_of(draw, METHODS), day),
            lambda: fees.ReturnRefund(back, day),
            lambda: fees.WithdrawRefundReturn(back),
        ]
    return _one_of(draw, kinds)()
