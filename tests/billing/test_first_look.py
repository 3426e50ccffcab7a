"""What is held pays a bill on its due day before anybody looks, and before and after whatever is done that day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from domain.calendar import SHANGHAI
from domain.capacity import Capacity
from domain.fees import fee_account as fees
from domain.fees.fee_account import Method, fee_account_stream
from domain.refusal import Rejection
from services.billing.prepayments import drawn_before_looking
from services.fees.plans import on_refund, pay_refund, request_refund, reverse_payment
from services.http.first_look import FirstLook
from services.running.daily import until_midnight
from tests.conftest import Demo
from tests.fees.examples import ISSUE, PAY
from tests.fees.till import Till

DAY = timedelta(days=1)


@pytest.fixture
def till(demo: Demo) -> Iterator[Till]:
    yield Till(demo).opened()


def bill(till: Till, number: int, amount: int, due: date) -> fees.IssueBill:
    since = date(2020 + number, 1, 1)
    return replace(
        ISSUE, number=f"x-{number}", payer=till.owner, amount=amount, due=due, since=since, until=since + DAY * 90,
    )  # fmt: skip


def held(till: Till, amount: int) -> fees.RecordPayment:
    payer = {"payer": till.owner, "receipt": "2026-900001", "line": None, "evidence": None}
    return replace(PAY, amount=amount, prepay_limit=amount, paid_on=till.today - 2 * DAY, **payer)


def test_whoever_looks_first_on_the_due_day_sees_it_paid(demo: Demo, till: Till) -> None:
    till.given(held(till, 700), bill(till, 1, 500, till.today))
    demo.caught_up()
    told = demo.sign_in("cashier").get(f"/api/v1/accounts/{till.dwelling}").json()
    assert (told["open"], told["prepaid"]) == (0, 200)
    [drawn] = [each for each in demo.product.log.history(fee_account_stream(till.dwelling))
               if isinstance(each.event, fees.PrepaymentDrawn)]  # fmt: skip
    assert drawn.act.acting_as is Capacity.SYSTEM


def test_it_is_done_once_a_day_and_views_that_lag_keep_nobody_waiting_again(demo: Demo) -> None:
    days: list[date] = []
    look = FirstLook(demo.product, lambda _, day: days.append(day))
    for _ in range(3):
        look.now()
    assert days == [demo.product.clock().astimezone(SHANGHAI).date()]


def test_a_payment_on_the_due_day_finds_the_bill_paid_and_an_act_that_opens_one_pays_it_again(till: Till) -> None:
    till.given(held(till, 700), bill(till, 1, 500, till.today - DAY))
    taken = till.take(300, accept_excess=True)
    assert till.version == taken.version
    payment = till.state.payments[taken.payment]
    assert (till.state.open, dict(payment.allocated), payment.held) == (0, {}, 300)  # what was held came first
    till.do("accountant", reverse_payment(till.dwelling, PAY.payment, fees.ReversalReason.BOUNCED))
    assert (till.state.open, till.state.payments[taken.payment].held) == (200, 0)  # and now the other one pays


def test_at_the_end_of_a_contract_what_was_served_is_paid_before_the_rest_goes_back(till: Till) -> None:
    served = bill(till, 1, 500, till.today + 30 * DAY)  # its days are over, it is due later
    till.given(held(till, 700), served)
    ended = fees.RefundReason.CONTRACT_ENDED
    with pytest.raises(Rejection) as much:
        till.do("cashier", request_refund(till.dwelling, PAY.payment, 700, ended))
    assert (much.value.code, much.value.facts) == ("refund_settles_first", {"amount": "5.00", "most": "2.00"})
    assert till.state.open == 500
    asked = till.do("cashier", request_refund(till.dwelling, PAY.payment, 200, ended))
    assert (till.state.open, till.version) == (0, asked.version)
    till.do("accountant", on_refund(till.dwelling, fees.ApproveRefund(asked.refund)))
    till.do("cashier", pay_refund(till.dwelling, asked.refund, Method.BANK_TRANSFER))
    assert (till.state.balance, till.state.payments[PAY.payment].refunded) == (0, 200)


def test_views_that_lag_put_it_off(demo: Demo, till: Till) -> None:
    till.given(held(till, 700), bill(till, 1, 500, till.today))
    demo.caught_up()
    drawn_before_looking(demo.product, till.today - DAY)
    assert till.state.open == 500  # not due yet on that day
    drawn_before_looking(demo.product, till.today)
    assert till.state.open == 0


@pytest.mark.parametrize(("hour", "seconds"), [(0, 86_401), (12, 43_201), (23, 3_601)])
def test_the_next_midnight_is_not_slept_through(hour: int, seconds: int) -> None:
    assert until_midnight(datetime(2026, 12, 1, hour, tzinfo=SHANGHAI)) == seconds
