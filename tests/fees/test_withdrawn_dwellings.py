"""A dwelling that left the register: nothing new is put on it, and what older logs put there can be brought home."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from domain.arrears.dunning import RemindedBy, SendReminder
from domain.erasure import ErasureGround
from domain.fees import fee_account as fees
from domain.fees.payment_reference import payment_reference
from domain.refusal import Refusal
from domain.register.dwelling import DWELLING, DwellingWithdrawn
from domain.register.owner import OWNER, OwnerForgotten, OwnerKind, OwnerRegistered
from services.arrears.penalty_plans import grant_waiver
from services.arrears.plans import Pick, on_debtor, write_demands
from services.billing.plans import void_bill
from services.billing.prepayments import draw_what_is_due
from services.fees.plans import draw_prepayment, on_refund, pay_refund, request_refund, reverse_payment
from services.reconciliation.files import StatementImports
from tests.conftest import FIRST, Demo
from tests.fees.till import YEAR, Till

SAID = "dwelling_withdrawn"


@pytest.fixture(scope="module")
def till(demo: Demo) -> Iterator[Till]:
    """As older logs have it: billed and paid, with money held of it, and taken out of the register all the same."""
    till, paid = Till(demo), uuid4()
    till.tell(OWNER, till.owner, OwnerRegistered(FIRST, OwnerKind.PERSON, "邹文静"))
    till.owned((till.owner, date(2020, 1, 1)))
    till.opened()
    till.bill(since=date(2023, 1, 1))
    money = {"payer": till.owner, "method": fees.Method.CARD, "paid_on": till.today, "receipt": "2026-000000"}
    till.given(fees.RecordPayment(paid, amount=YEAR + 5000, prepay_limit=5000, **money))  # type: ignore[arg-type]
    till.bill(since=date(2024, 1, 1))
    till.tell(DWELLING, till.dwelling, DwellingWithdrawn())
    demo.caught_up()
    yield till


@pytest.mark.parametrize(
    ("username", "path", "body"),
    [
        ("cashier", "/payments", {"dwelling": "{dwelling}", "amount": 100, "method": "WECHAT"}),
        ("cashier", "/payments", {"dwelling": "{dwelling}", "amount": 100, "method": "CARD", "accept_excess": True}),
        ("accountant", "/accounts/{dwelling}/charges", {"item": "KEY_CARD"}),
        ("accountant", "/bills/{bill}/correct", {"reason": "WRONG_PRICE", "amount": 100}),
        ("accountant", "/dwellings/{dwelling}/penalties", {"bill": "{bill}"}),
        ("accountant", "/accounts/{dwelling}/invoices", {"payment": "{payment}", "rate": 600, "title": "邹文静"}),
        ("accountant", "/dwellings/{dwelling}/statement-links", {}),
    ],
)
def test_nothing_new_is_put_on_it(demo: Demo, till: Till, username: str, path: str, body: dict[str, Any]) -> None:
    payment = next(iter(till.state.payments))
    known = {"dwelling": till.dwelling, "bill": till.bills[1], "payment": payment}
    filled = {name: value.format(**known) if isinstance(value, str) else value for name, value in body.items()}
    before, client = till.version, demo.sign_in(username)
    answer = client.post(f"/api/v1{path.format(**known)}", json=filled)
    assert (answer.status_code, answer.json().get("code")) == (409, SAID), answer.text
    assert answer.json()["detail"] == "这一户已从台账撤下，要重新登记才能办"
    assert till.version == before


def test_nothing_is_drawn_for_it_and_nobody_is_asked_to_pay(demo: Demo, till: Till) -> None:
    before = till.version
    with pytest.raises(Refusal, match=SAID):
        till.do("accountant", draw_prepayment(till.dwelling, till.today))
    draw_what_is_due(demo.product, till.today)  # the daily work passes it over, and goes on
    reminder = on_debtor(Pick(till.dwelling, till.owner), SendReminder, (), {"by": RemindedBy.PHONE})
    with pytest.raises(Refusal, match=SAID):
        till.do("accountant", reminder)
    with pytest.raises(Refusal, match=SAID):
        till.do("accountant", write_demands(FIRST, [Pick(till.dwelling, till.owner)], date(2030, 1, 1)))
    assert till.version == before


def test_a_line_of_a_statement_about_it_is_left_to_a_person(demo: Demo, till: Till) -> None:
    client, product = demo.sign_in("accountant"), demo.product
    reference = payment_reference(till.dwelling)
    file = f"交易日期,摘要,金额\n2026-10-05,{reference},50.00\n".encode()
    sent = client.post(f"/api/v1/estates/{FIRST}/statements", files={"statement": file}).json()
    client.post(f"/api/v1/statements/{sent['id']}/confirm")
    product.part(StatementImports).until_idle()
    demo.caught_up()
    [line] = [each for each in client.get(f"/api/v1/estates/{FIRST}/statement-lines").json() if each["amount"] == 5000]
    by_hand = client.post(f"/api/v1/statement-lines/{line['id']}/match", json={"dwelling": str(till.dwelling)})
    assert (by_hand.status_code, by_hand.json()["code"]) == (409, SAID)


def test_what_lies_on_it_is_brought_home(demo: Demo, till: Till) -> None:
    [payment] = till.state.payments
    refund = till.do("cashier", request_refund(till.dwelling, payment, 5000, fees.RefundReason.OTHER)).refund
    till.do("accountant", on_refund(till.dwelling, fees.ApproveRefund(refund)))
    till.do("cashier", pay_refund(till.dwelling, refund, fees.Method.BANK_TRANSFER))
    paid, open_bill = till.bills
    for bill in (open_bill, paid):
        till.do("accountant", void_bill(till.dwelling, fees.VoidBill(bill, fees.VoidReason.OTHER)))
    assert (till.state.open, till.state.payments[payment].held) == (0, YEAR)
    rest = till.do("cashier", request_refund(till.dwelling, payment, YEAR, fees.RefundReason.OTHER)).refund
    till.do("accountant", on_refund(till.dwelling, fees.ApproveRefund(rest)))
    till.do("cashier", pay_refund(till.dwelling, rest, fees.Method.BANK_TRANSFER))
    assert (till.state.balance, till.state.payments[payment].held) == (0, 0)
    till.do("accountant", reverse_payment(till.dwelling, payment, fees.ReversalReason.BOUNCED))
    owed = till.state.open_bills(till.owner)
    assert sorted(bill.amount for bill in owed.values()) == [5000, YEAR]
    for claim, bill in owed.items():
        waiver = fees.GrantWaiver(claim, bill.open, fees.WaiverReason.OTHER, "第三条")
        till.do("head", grant_waiver(till.dwelling, waiver))
    assert till.state.balance == 0


def test_registered_anew_it_takes_money_again(demo: Demo) -> None:
    till = Till(demo)
    till.owned((till.owner, date(2020, 1, 1)))
    till.opened()
    till.tell(DWELLING, till.dwelling, DwellingWithdrawn())
    with pytest.raises(Refusal, match=SAID):
        till.take(100, payer=till.owner, accept_excess=True)
    till.owned((till.owner, date(2024, 1, 1)))
    assert till.take(100, payer=till.owner, accept_excess=True).receipt


def test_nobody_pays_or_is_billed_who_was_forgotten(demo: Demo) -> None:
    till, former = Till(demo), uuid4()
    till.tell(
        OWNER, former, OwnerRegistered(FIRST, OwnerKind.PERSON, "汪遗忘"), OwnerForgotten(ErasureGround.RESIDENT_ASKED)
    )
    till.owned((former, date(2015, 1, 1)), (till.owner, date(2020, 1, 1)))
    till.opened()
    with pytest.raises(Refusal, match="owner_forgotten"):
        till.take(100, payer=former, accept_excess=True)
    assert till.take(100, accept_excess=True).receipt
