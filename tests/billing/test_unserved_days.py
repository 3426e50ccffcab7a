"""A contract that ends gives back what was paid for days it does not serve: by itself, then refunded by two people."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import uuid4

import pytest

from domain.contracts.fee_basis import FEE_BASIS, Contract, ContractSigned, ContractTerminated, fee_basis_stream
from domain.fees.fee_account import (
    ApproveRefund,
    GrantWaiver,
    IssueBill,
    Method,
    RefundReason,
    VoidReason,
    WaiverReason,
    fee_account_stream,
)
from domain.money.formula import line_amount, months_between
from domain.money.items import FeeItem
from domain.months import months_later
from services.billing.unserved import take_off_unserved
from services.fees.plans import on_refund, pay_refund, request_refund
from tests.conftest import FIRST, Demo
from tests.fees.till import YEAR, Till

LISTED = "h-unserved"  # the part of the contracts page


@pytest.fixture
def till(demo: Demo) -> Iterator[Till]:
    yield Till(demo).opened()


@contextmanager
def ended(till: Till, day: date) -> Iterator[None]:
    """The estate's contract has ended; the next one follows afterwards, for the tests of others."""
    stream = fee_basis_stream(FIRST)
    contract = till.demo.product.log.load(FEE_BASIS, stream).state.contracts[-1]
    till.tell(FEE_BASIS, stream, ContractTerminated(contract.contract, day))
    try:
        yield
    finally:
        till.tell(FEE_BASIS, stream, following(contract, day))


def following(contract: Contract, day: date) -> ContractSigned:
    return ContractSigned(FIRST, uuid4(), f"C-{uuid4()}", contract.fee_mode, day, date(2090, 1, 1), contract.terms)


def taken_off(till: Till, day: date) -> None:
    till.demo.caught_up()
    take_off_unserved(till.demo.product, day)
    till.demo.caught_up()


def test_what_was_paid_beyond_the_end_is_held_and_refunded_by_two_people(demo: Demo, till: Till) -> None:
    end = till.today
    since = months_later(end.replace(day=1), -3)
    before, across, beyond = (till.bill(since=months_later(since, months)) for months in (-12, 0, 12))
    payment = till.take(3 * YEAR, bills=(before, across, beyond)).payment
    waived = Till(demo).opened()
    partly = waived.bill(since=since)
    waived.given(GrantWaiver(partly, 100, WaiverReason.HARDSHIP, "R-1"))
    with ended(till, end):
        taken_off(till, end)
        version = till.version
        taken_off(till, end)
        assert till.version == version  # once
    served = line_amount(8937, 6000, months_between(since, end))
    assert payment is not None
    bills = till.state.bills
    assert [bills[each].voided for each in (before, across, beyond)] == [False, True, True]
    new = next(each for id, each in bills.items() if id not in (before, across, beyond))
    assert (new.amount, new.paid, new.since, new.until) == (served, served, since, end)
    assert (till.state.prepaid, till.state.open) == (2 * YEAR - served, 0)
    history = [
        each for each in demo.product.log.history(fee_account_stream(till.dwelling)) if hasattr(each.event, "reason")
    ]
    assert {each.event.reason for each in history} == {VoidReason.CONTRACT_ENDED}
    assert {each.act.acting_as.value for each in history} == {"SYSTEM"}

    assert not waived.state.bills[partly].voided  # a person settles what was waived

    held = till.state.prepaid
    refund = till.do("cashier", request_refund(till.dwelling, payment, held, RefundReason.CONTRACT_ENDED)).refund
    assert refund is not None
    till.do("accountant", on_refund(till.dwelling, ApproveRefund(refund)))
    till.do("cashier", pay_refund(till.dwelling, refund, Method.WECHAT))
    assert (till.state.prepaid, till.state.balance) == (0, 0)


def test_what_a_person_has_to_settle_first_stands_on_the_page_and_draws_no_number(
    demo: Demo, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = months_later(till.today.replace(day=1), -3)
    bill = till.bill(since=since)
    days, due = (since, months_later(since, 1)), till.today
    till.given(
        IssueBill(uuid4(), "P-1", FeeItem.LATE_PENALTY, *days, till.owner, 100, due, contract="C-1", reference=bill)
    )

    def drawn(*_: object) -> str:
        raise AssertionError

    with ended(till, till.today):
        monkeypatch.setattr(demo.product.numbers, "draw", drawn)
        taken_off(till, till.today)
        assert LISTED in demo.sign_in("accountant").get(f"/contracts/{FIRST}").text
    assert not till.state.bills[bill].voided


def test_a_contract_that_another_follows_leaves_its_bills(demo: Demo, till: Till) -> None:
    bill = till.bill(since=months_later(till.today.replace(day=1), -3))
    with ended(till, till.today):
        pass
    taken_off(till, till.today)
    assert not till.state.bills[bill].voided
    assert LISTED not in demo.sign_in("accountant").get(f"/contracts/{FIRST}").text
