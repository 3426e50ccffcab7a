"""A slip of the hand at the desk: taken back within seconds, by whoever made it, and on record."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from domain.capacity import Capacity
from domain.fees.fee_account import (
    UNDO_WITHIN,
    Allocation,
    FindPaymentOnStatement,
    Method,
    PaymentReversed,
    ReversalReason,
    ReversePayment,
    UndoPayment,
)
from domain.refusal import Refusal
from services.fees.plans import undo_payment
from tests.conftest import Demo
from tests.fees.examples import BILL, LINE, PAY, PAYMENT
from tests.fees.test_fee_account import billed
from tests.fees.till import YEAR, Till
from tests.scenario import HEAD

TAKEN = billed().when(replace(PAY, line=None, evidence=None))
UNDO = UndoPayment(PAYMENT)


@pytest.fixture
def till(demo: Demo) -> Iterator[Till]:
    yield Till(demo).opened()


def test_an_undo_is_a_reversal_with_a_reason_of_its_own() -> None:
    undone = TAKEN.later(seconds=UNDO_WITHIN.total_seconds()).when(UNDO)
    undone.then(PaymentReversed(PAYMENT, ReversalReason.AT_ONCE, (Allocation(BILL, 50000),)))
    undone.holds(lambda account: (account.open, account.payments[PAYMENT].receipt) == (YEAR, PAY.receipt))
    undone.refused(UNDO, "payment_reversed")


def test_it_is_for_seconds_and_for_whoever_took_it() -> None:
    late = UNDO_WITHIN.total_seconds() + 1
    TAKEN.later(seconds=late).refused(UNDO, "undo_too_late", seconds=int(UNDO_WITHIN.total_seconds()))
    TAKEN.by(HEAD, Capacity.STATION_HEAD).refused(UNDO, "undo_not_own")
    TAKEN.refused(UndoPayment(BILL), "unknown_payment")


def test_nothing_is_undone_of_which_more_is_known() -> None:
    TAKEN.when(FindPaymentOnStatement(PAYMENT, LINE)).refused(UNDO, "undo_on_statement")
    billed().when(PAY).refused(UNDO, "undo_on_statement")  # a statement brought it


def test_nobody_names_that_reason_for_another_reversal() -> None:
    TAKEN.refused(ReversePayment(PAYMENT, ReversalReason.AT_ONCE), "reversal_reason")


def test_its_cash_leaves_the_drawer_and_the_accountant_cannot_undo_it(till: Till) -> None:
    till.bill()
    payment = till.take(50000, Method.CASH).payment
    inside = till.drawer("cashier").expected
    plan = undo_payment(till.dwelling, payment)
    with pytest.raises(Refusal) as refused:
        till.do("accountant", plan)
    assert refused.value.code == "undo_not_own"
    till.do("cashier", plan)
    assert till.drawer("cashier").expected == inside - 50000
    assert (till.state.open, till.state.payments[payment].reversed) == (YEAR, True)


def test_over_http_as_often_as_one_asks(demo: Demo, till: Till) -> None:
    till.bill()
    cashier = demo.sign_in("cashier")
    body = {"dwelling": str(till.dwelling), "amount": 50000, "method": "WECHAT"}
    payment = cashier.post("/api/v1/payments", json=body).json()["payment"]
    where, key = f"/api/v1/payments/{payment}/undo", {"Idempotency-Key": "undo-once"}
    first = cashier.post(where, headers=key)
    assert first.status_code == 200, first.text
    assert cashier.post(where, headers=key).json() == first.json()
    again = cashier.post(where)
    assert (again.status_code, again.json()["code"]) == (409, "payment_reversed")
    assert demo.sign_in("clerk").post(where).status_code == 403
