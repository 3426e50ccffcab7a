"""What is held pays what falls due day by day, whoever looks when; and what was served, before any of it goes back."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import SHANGHAI
from domain.capacity import Capacity
from domain.fees import fee_account as fees
from domain.fees.fee_account import FEE_ACCOUNT, Draw, FeeAccount, Method, RefundReason
from domain.money.allocation import AllocationOrder
from domain.money.items import FeeItem
from domain.recorded import Act
from tests.fees.examples import BILL, ISSUE, NEXT_OWNER, OWNER, PAYMENT, REFUND
from tests.fees.test_fee_account import opened, pay
from tests.scenario import HEAD, MONDAY

TODAY = MONDAY.date()
DAY = timedelta(days=1)


def act(day: date) -> Act:
    now = datetime.combine(day, time(9), SHANGHAI)
    return Act(HEAD, Capacity.SYSTEM, now, now)


def looked(account: FeeAccount, day: date, order: AllocationOrder) -> FeeAccount:
    """As it stands after somebody's look on that day."""
    events = FEE_ACCOUNT.consider(fees.DrawPrepayment(day, order), account, act(day))
    return FEE_ACCOUNT.fold([(event, act(day)) for event in events], account)


def told(account: FeeAccount) -> list[tuple[UUID, dict[UUID, int], int]]:
    return [(id, dict(each.allocated), each.held) for id, each in account.payments.items()]


_BILLS = st.lists(
    st.tuples(st.integers(-40, 60), st.integers(1, 900), st.booleans(), st.booleans()), min_size=1, max_size=7
)


@given(
    _BILLS,
    st.lists(st.tuples(st.integers(1, 1500), st.booleans()), min_size=1, max_size=4),
    st.frozensets(st.integers(0, 60)),
    st.sampled_from(AllocationOrder),
)
def test_it_is_the_same_account_in_whatever_order_people_look(
    bills: list[tuple[int, int, bool, bool]],
    money: list[tuple[int, bool]],
    looks: frozenset[int],
    order: AllocationOrder,
) -> None:
    account = opened()
    for n, (amount, first) in enumerate(money):
        payer = OWNER if first else NEXT_OWNER
        account = account.when(pay(amount, payment=UUID(int=0x900 + n), payer=payer, prepay_limit=amount, order=order))
    for n, (due, amount, first, penalty) in enumerate(bills):
        bill = replace(
            ISSUE, bill=UUID(int=0x700 + n), number=str(n), amount=amount, due=TODAY + due * DAY, costs=None,
            payer=OWNER if first else NEXT_OWNER, item=FeeItem.OTHER, reference=None,
        )  # fmt: skip
        if penalty and n:
            bill = replace(bill, item=FeeItem.LATE_PENALTY, reference=UUID(int=0x700), since=ISSUE.since + n * DAY,
                           until=ISSUE.since + (n + 1) * DAY)  # fmt: skip
        account = account.when(bill)
    once = looked(account.state, TODAY + 60 * DAY, order) if not looks else account.state
    for day in sorted({*looks, 60}):
        once = looked(once, TODAY + day * DAY, order)
    every_day = account.state
    for day in range(61):
        every_day = looked(every_day, TODAY + day * DAY, order)
    assert told(once) == told(every_day)
    assert {id: bill.paid for id, bill in once.bills.items()} == {id: bill.paid for id, bill in every_day.bills.items()}
    for payer in (OWNER, NEXT_OWNER):  # nobody holds money beside a bill of his own that is due
        assert not once.held_of(payer) or not any(
            bill.due <= TODAY + 60 * DAY for bill in once.open_bills(payer).values()
        )


def test_a_penalty_that_falls_due_later_does_not_wait_for_principal_that_falls_due_after_it() -> None:
    """Looked at only at the end, all would be due together, and the principal would go first by this contract."""
    order = AllocationOrder.PRINCIPAL_FIRST
    first = replace(ISSUE, amount=100, due=TODAY - 90 * DAY)
    penalty = replace(
        ISSUE,
        bill=UUID(int=0x701),
        number="2",
        item=FeeItem.LATE_PENALTY,
        amount=50,
        due=TODAY + 10 * DAY,
        reference=BILL,
    )
    later = replace(ISSUE, bill=UUID(int=0x702), number="3", amount=80, due=TODAY + 20 * DAY, since=date(2027, 1, 1),
                    until=date(2028, 1, 1))  # fmt: skip
    account = opened().when(first, pay(190, prepay_limit=90), penalty, later)
    drawn = account.when(fees.DrawPrepayment(TODAY + 30 * DAY, order))
    drawn.then(fees.PrepaymentDrawn((Draw(PAYMENT, penalty.bill, 50), Draw(PAYMENT, later.bill, 40))))


def test_whoever_leaves_pays_first_for_what_was_served_and_then_gets_the_rest() -> None:
    served = replace(ISSUE, until=TODAY, due=TODAY + 30 * DAY)  # over, and not due yet
    held = opened().when(pay(100_000, prepay_limit=100_000), served)
    for reason in (RefundReason.CONTRACT_ENDED, RefundReason.MOVED_OUT):
        held.refused(fees.RequestRefund(REFUND, PAYMENT, 1000, reason), "refund_owes_first", amount="643.46")
    held.when(fees.RequestRefund(REFUND, PAYMENT, 1000, RefundReason.OVERPAID)).then(fees.RefundRequested)
    drawn = held.when(fees.DrawPrepayment(TODAY, leaving=OWNER))
    drawn.then(fees.PrepaymentDrawn((Draw(PAYMENT, BILL, 64346),)))
    asked = drawn.when(fees.RequestRefund(REFUND, PAYMENT, 35654, RefundReason.CONTRACT_ENDED)).then(
        fees.RefundRequested
    )
    late = replace(ISSUE, bill=UUID(int=0x703), number="9", item=FeeItem.PARKING, until=TODAY, due=TODAY + 30 * DAY)
    second = asked.when(late).by(HEAD, Capacity.ACCOUNTANT)  # a last bill for what was served came in between
    second.refused(fees.ApproveRefund(REFUND), "refund_owes_first", amount="643.46")
    approved = asked.by(HEAD, Capacity.ACCOUNTANT).when(fees.ApproveRefund(REFUND))
    approved.when(late).refused(fees.PayRefund(REFUND, Method.CASH, TODAY), "refund_owes_first", amount="643.46")
    approved.when(fees.PayRefund(REFUND, Method.CASH, TODAY)).then(fees.PrepaymentRefunded)


def test_days_to_come_are_not_served_and_keep_nobody_from_a_refund() -> None:
    coming = replace(ISSUE, until=TODAY + 40 * DAY, due=TODAY + 70 * DAY)
    held = opened().when(pay(100_000, prepay_limit=100_000), coming)
    held.when(fees.DrawPrepayment(TODAY, leaving=OWNER)).then()
    held.when(fees.RequestRefund(REFUND, PAYMENT, 1000, RefundReason.CONTRACT_ENDED)).then(fees.RefundRequested)


def test_what_is_owed_now_leaves_out_what_is_not_due_and_what_its_payer_holds() -> None:
    due, coming = replace(ISSUE, due=TODAY), replace(ISSUE, bill=UUID(int=0x704), number="2", item=FeeItem.PARKING,
                                                     amount=5000, due=TODAY + DAY)  # fmt: skip
    account = opened().when(due, coming).state
    assert (account.owed_on(TODAY), account.not_due_on(TODAY), account.open) == (64346, 5000, 69346)
    assert (account.owed_on(TODAY - DAY), account.owed_on(TODAY + DAY)) == (0, 69346)
    other = opened().when(replace(due, payer=NEXT_OWNER), pay(70000, prepay_limit=70000)).state
    assert (other.owed_on(TODAY), other.owed_on(TODAY, OWNER)) == (64346, 0)  # nobody's money pays another's bill
