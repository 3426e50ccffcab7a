"""Payments over HTTP: what is answered, and every way in which money must not be taken."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from domain.money.items import FeeItem
from projections.fees import refunds
from tests.conftest import FIRST, SECOND, Demo
from tests.fees.till import PARKING, YEAR, Till


@pytest.fixture
def till(demo: Demo) -> Iterator[Till]:
    yield Till(demo).opened()


def pay(client: TestClient, till: Till, amount: Any, method: Any = "WECHAT", **more: Any) -> Any:
    headers = more.pop("headers", {})
    body = {"dwelling": str(till.dwelling), "amount": amount, "method": method} | more
    return client.post("/api/v1/payments", json=body, headers=headers)


def account(client: TestClient, till: Till) -> Any:
    answer = client.get(f"/api/v1/accounts/{till.dwelling}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_500_yuan_on_arrears_of_643_46(demo: Demo, till: Till) -> None:
    cashier, bill = demo.sign_in_patient("cashier"), till.bill()
    before = account(cashier, till)
    assert (before["balance"], before["prepaid"], before["payments"]) == (YEAR, 0, [])
    [line] = before["bills"]
    assert {name: line[name] for name in ("bill", "item", "period", "amount", "open")} == {
        "bill": str(bill), "item": "PROPERTY_FEE", "period": "2025-01", "amount": YEAR, "open": YEAR,
    }  # fmt: skip
    answer = pay(cashier, till, 50000, "CASH", headers={"Idempotency-Key": "five-hundred"})
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert body["allocations"] == [{"bill": str(bill), "amount": 50000}]
    assert (body["prepaid"], body["overpaid"], body["balance"]) == (0, 0, YEAR - 50000)
    assert body["receipt"].startswith(f"{till.today.year}-")
    after = account(cashier, till)
    assert (after["balance"], after["bills"][0]["open"]) == (YEAR - 50000, YEAR - 50000)
    [payment] = after["payments"]
    assert (payment["payment"], payment["receipt"], payment["method"]) == (body["payment"], body["receipt"], "CASH")
    assert cashier.get(f"/api/v1/payments/{body['payment']}").json() == payment


def test_an_account_is_looked_back_at(demo: Demo, till: Till) -> None:
    cashier = demo.sign_in_patient("cashier")
    till.bill()
    first, second = (pay(cashier, till, 100).json() for _ in range(2))
    where = f"/api/v1/accounts/{till.dwelling}"
    assert cashier.get(f"{where}?asOf={first['position']}").json()["balance"] == first["balance"] == YEAR - 100
    then = cashier.get(f"{where}?asOf={second['position']}")
    assert (then.json()["balance"], then.headers["X-Position"]) == (YEAR - 200, str(second["position"]))
    assert cashier.get(f"{where}?asOf=1").status_code == 404
    assert cashier.get(f"{where}?asOf=2999-01-01T00:00:00+08:00").json()["code"] == "as_of_future"


def test_money_is_shown_of_a_year_that_has_no_bills(demo: Demo, till: Till) -> None:
    """Of January, before anything is billed, or long after the last bill."""
    till.owned((till.owner, date(2020, 1, 1)))
    for year in (2021, 2022, 2023):
        till.bill(since=date(year, 1, 1))
    cashier = demo.sign_in("cashier")
    payment = pay(cashier, till, YEAR).json()["payment"]
    demo.caught_up()
    assert f'id="p-{payment}"' in cashier.get(f"/accounts/{till.dwelling}").text


def test_a_repeat_gets_the_first_answer_also_when_more_has_happened(demo: Demo, till: Till) -> None:
    cashier = demo.sign_in("cashier")
    till.bill()
    key = {"Idempotency-Key": "once-only"}
    first = pay(cashier, till, 10000, headers=key)
    pay(cashier, till, 20000)
    assert pay(cashier, till, 10000, headers=key).json() == first.json()
    assert till.state.balance == YEAR - 30000
    other = pay(cashier, till, 10001, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


@pytest.mark.parametrize("amount", [0, -1, 10**12, 10**15, 2**63, 10**30])
def test_no_such_amount_of_money(demo: Demo, till: Till, amount: int) -> None:
    till.bill()
    answer = pay(demo.sign_in("cashier"), till, amount)
    assert (answer.status_code, answer.json()["code"]) == (422, "amount")
    assert till.version == 2


@pytest.mark.parametrize("amount", [1.5, 100.0, "100", "643.46", True, None, [1], {"fen": 1}])
def test_money_is_an_integer_of_fen(demo: Demo, till: Till, amount: Any) -> None:
    till.bill()
    answer = pay(demo.sign_in("cashier"), till, amount)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"][0]["field"] == "amount"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"method": "BARTER"}, "method"), ({"method": None}, "method"), ({"bills": ["x"]}, "bills"),
        ({"paid_on": "yesterday"}, "paid_on"), ({"accept_excess": "yes"}, "accept_excess"), ({"tip": 1}, "tip"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_by_its_field(demo: Demo, till: Till, more: Any, field: str) -> None:
    till.bill()
    answer = pay(demo.sign_in("cashier"), till, 100, **more)
    assert (answer.status_code, answer.json()["errors"][0]["field"].split(".")[0]) == (422, field)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_said_in_both_languages(demo: Demo, till: Till, language: str) -> None:
    till.bill()
    answer = pay(demo.sign_in("cashier"), till, 0, headers={"Accept-Language": language})
    assert (
        answer.json()["detail"]
        == {
            "zh": "金额要大于零，写到分为止，也别多打了零",
            "en": "The amount must be more than zero, down to the fen, and without a zero too many",
        }[language]
    )


def test_money_of_tomorrow_is_not_there_yet(demo: Demo, till: Till) -> None:
    till.bill()
    cashier, much = demo.sign_in("cashier"), 10**11
    for day, code in (
        (str(till.today + timedelta(days=1)), "future"),
        ("9999-12-31", "future"),
        ("0026-11-01", "too_long_ago"),
    ):
        for amount in (100, much):
            answer = pay(cashier, till, amount, paid_on=day)
            assert (answer.status_code, answer.json()["code"], answer.json()["errors"][0]["field"]) == (
                422,
                code,
                "paid_on",
            )


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"amount": "壹佰"}, "amount"),
        ({"paid_on": "2026-02-30"}, "paid_on"),
        ({"paid_on": "9999-12-31"}, "paid_on"),
        ({"paid_on": "0026-11-01"}, "paid_on"),
        ({"method": "CASH", "given": "1"}, "given"),
        ({"method": "BITCOIN"}, ""),
        ({"bill-x": "on"}, ""),
        ({"reference": "x" * 65}, "reference"),
    ],
)
def test_the_desk_says_at_the_field_what_is_wrong_and_keeps_what_was_typed(
    demo: Demo, till: Till, said: dict[str, str], field: str
) -> None:
    till.bill()
    till.owned((till.owner, date(2020, 1, 1)))
    demo.caught_up()
    cashier, page = demo.sign_in("cashier"), f"/fees/{FIRST}/{till.dwelling}"
    csrf = re.findall(r'name="csrf" value="([^"]*)"', cashier.get(page).text)[-1]
    form = {"csrf": csrf, "key": uuid4().hex, "amount": "7.13", "method": "WECHAT"} | said
    answer = cashier.post(page, data=form)
    assert answer.status_code == 422
    [sentence] = re.findall(r'data-error-of="([^"]*)" role="alert">[^<]', answer.text)
    assert sentence == field and f'value="{form["amount"]}"' in answer.text
    assert till.state.payments == {}


def test_a_dwelling_of_another_estate_is_not_there(demo: Demo) -> None:
    cashier, theirs = demo.sign_in("cashier"), Till(demo, estate=SECOND).opened()
    theirs.bill()
    for till in (theirs, Till(demo)):
        assert pay(cashier, till, 100).status_code == 404
        assert cashier.get(f"/api/v1/accounts/{till.dwelling}").status_code == 404
    assert theirs.version == 2


def test_who_may_look_and_who_may_take(demo: Demo, till: Till) -> None:
    till.bill()
    for username, look, take in (
        ("cashier", 200, 201), ("accountant", 200, 201), ("head", 200, 201), ("centre", 200, 201),
        ("clerk", 200, 403), ("committee", 403, 403), ("repairer", 403, 403), ("admin", 403, 403),
    ):  # fmt: skip
        client = demo.sign_in(username)
        assert client.get(f"/api/v1/accounts/{till.dwelling}").status_code == look, username
        assert pay(client, till, 100).status_code == take, username


def test_two_cashiers_see_what_the_other_did(demo: Demo, till: Till) -> None:
    first, second, bill = demo.sign_in("cashier"), demo.sign_in("accountant"), till.bill()
    seen = second.get(f"/api/v1/accounts/{till.dwelling}").headers["ETag"]
    assert pay(first, till, YEAR).status_code == 201
    stale = pay(second, till, YEAR, headers={"If-Match": seen})
    assert (stale.status_code, stale.json()["code"], stale.json()["version"]) == (412, "stale", till.version)
    named = pay(second, till, YEAR, bills=[str(bill)])
    assert (named.status_code, named.json()["code"]) == (409, "bill_settled")
    ahead = pay(second, till, 10000).json()
    assert (ahead["allocations"], ahead["prepaid"], ahead["balance"]) == ([], 10000, -10000)


def test_at_once_only_one_of_those_who_looked_takes_the_money(demo: Demo, till: Till) -> None:
    till.bill()
    clients = [demo.sign_in(username) for username in ("cashier", "accountant", "head") * 2]
    seen = clients[0].get(f"/api/v1/accounts/{till.dwelling}").headers["ETag"]
    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(lambda each: pay(each, till, YEAR, headers={"If-Match": seen}).status_code, clients))
    assert sorted(codes) == [201, 412, 412, 412, 412, 412]
    assert till.state.balance == 0


def test_bills_that_the_payer_names_come_first(demo: Demo, till: Till) -> None:
    cashier = demo.sign_in("cashier")
    year, parking = till.bill(), till.bill(PARKING, item=FeeItem.PARKING)
    body = pay(cashier, till, PARKING, bills=[str(parking)]).json()
    assert body["allocations"] == [{"bill": str(parking), "amount": PARKING}]
    assert till.state.bills[year].open == YEAR
    unknown = pay(cashier, till, 100, bills=[str(uuid4())])
    assert (unknown.status_code, unknown.json()["code"]) == (409, "unknown_bill")


def test_a_year_ahead_and_no_more(demo: Demo, till: Till) -> None:
    cashier = demo.sign_in("cashier")
    till.bill(since=till.today.replace(year=till.today.year - 1, month=1, day=1))
    much = pay(cashier, till, 3 * YEAR)
    assert (much.status_code, much.json()["code"]) == (422, "over_prepayment_limit")
    body = pay(cashier, till, 3 * YEAR, accept_excess=True).json()
    assert body["prepaid"] + body["overpaid"] == 2 * YEAR
    assert body["overpaid"] >= YEAR - 1
    assert body["balance"] == -2 * YEAR


def test_a_payment_is_reversed_once_and_only_by_who_keeps_the_accounts(demo: Demo, till: Till) -> None:
    cashier, accountant = demo.sign_in_patient("cashier"), demo.sign_in_patient("accountant")
    bill = till.bill()
    payment = pay(cashier, till, YEAR, "CASH").json()["payment"]
    body = {"reason": "WRONG_AMOUNT", "text": "多按了一个零"}
    where = f"/api/v1/payments/{payment}/reverse"
    assert cashier.post(where, json=body).status_code == 403
    inside = till.drawer("cashier").expected
    assert accountant.post(where, json=body).status_code == 200
    assert till.state.bills[bill].open == YEAR
    assert till.drawer("cashier").expected == inside - YEAR
    again = accountant.post(where, json=body)  # it is reversed already: nothing more happens
    assert (again.status_code, again.json()["code"]) == (409, "payment_reversed")
    assert till.drawer("cashier").expected == inside - YEAR
    assert accountant.get(f"/api/v1/payments/{payment}").json()["reversed"] is True
    assert accountant.post(where, json={"reason": "BECAUSE"}).status_code == 422
    assert accountant.post(f"/api/v1/payments/{uuid4()}/reverse", json=body).status_code == 404


def test_a_refund_takes_two_people(demo: Demo, till: Till) -> None:
    cashier, accountant, head = (demo.sign_in_patient(name) for name in ("cashier", "accountant", "head"))
    till.bill()
    payment = pay(cashier, till, YEAR + 5000, "CASH").json()["payment"]
    where = f"/api/v1/payments/{payment}/refunds"
    for amount in (0, -5, 10**15):
        assert accountant.post(where, json={"amount": amount, "reason": "OVERPAID"}).json()["code"] == "amount"
    much = accountant.post(where, json={"amount": 5001, "reason": "OVERPAID"})
    assert (much.status_code, much.json()["code"]) == (422, "refund_too_much")
    asked = accountant.post(where, json={"amount": 5000, "reason": "MOVED_OUT", "text": "已搬走"})
    assert asked.status_code == 201, asked.text
    refund = asked.json()["refund"]
    waiting = head.get(f"/api/v1/estates/{till.estate}/refunds").json()
    [mine] = [each for each in waiting if each["refund"] == refund]
    assert (mine["stage"], mine["asked"]["name"], mine["dwelling"]) == ("REQUESTED", "魏明珠", str(till.dwelling))

    early = cashier.post(f"/api/v1/refunds/{refund}/pay", json={"method": "CASH"})
    assert (early.status_code, early.json()["code"]) == (409, "refund_not_approved")
    same = accountant.post(f"/api/v1/refunds/{refund}/approve")
    assert (same.status_code, same.json()["code"]) == (409, "second_person")
    assert cashier.post(f"/api/v1/refunds/{refund}/approve").status_code == 403
    assert head.post(f"/api/v1/refunds/{refund}/approve").status_code == 200
    inside = till.drawer("cashier").expected
    assert cashier.post(f"/api/v1/refunds/{refund}/pay", json={"method": "CASH"}).status_code == 200
    assert till.drawer("cashier").expected == inside - 5000
    assert account(cashier, till)["balance"] == 0
    done = next(each for each in head.get(f"/api/v1/estates/{till.estate}/refunds").json() if each["refund"] == refund)
    assert (done["stage"], done["method"], done["decided"]["name"], done["paid"]["name"]) == (
        "PAID", "CASH", "林静怡", "江小燕",
    )  # fmt: skip


def test_a_refund_may_be_rejected_and_asked_for_again(demo: Demo, till: Till) -> None:
    cashier, accountant = demo.sign_in_patient("cashier"), demo.sign_in_patient("accountant")
    till.bill()
    payment = pay(cashier, till, YEAR + 5000).json()["payment"]
    where, body = f"/api/v1/payments/{payment}/refunds", {"amount": 5000, "reason": "OVERPAID"}
    refund = cashier.post(where, json=body).json()["refund"]
    assert cashier.post(where, json=body).json()["code"] == "refund_too_much"
    assert accountant.post(f"/api/v1/refunds/{refund}/reject").status_code == 200
    assert accountant.post(f"/api/v1/refunds/{refund}/approve").json()["code"] == "refund_rejected"
    assert cashier.post(where, json=body).status_code == 201
    assert accountant.post(f"/api/v1/refunds/{uuid4()}/approve").status_code == 404


def test_a_refund_is_approved_the_moment_it_was_asked_for(
    demo: Demo, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By another person, whose own acts say nothing of how far the view has to be."""
    cashier, accountant = demo.sign_in_patient("cashier"), demo.sign_in_patient("accountant")
    till.bill()
    payment = pay(cashier, till, YEAR + 5000).json()["payment"]
    refund = cashier.post(f"/api/v1/payments/{payment}/refunds", json={"amount": 100, "reason": "OVERPAID"}).json()
    shown, lags = refunds.refund, iter([True])
    monkeypatch.setattr(refunds, "refund", lambda conn, id: None if next(lags, False) else shown(conn, id))
    answer = accountant.post(f"/api/v1/refunds/{refund['refund']}/approve")
    assert answer.status_code == 200, answer.text


def test_nothing_personal_of_a_payment_lies_in_the_clear(demo: Demo, till: Till) -> None:
    cashier, reference = demo.sign_in_patient("cashier"), "4200002468202611209999"
    till.bill()
    answer = pay(cashier, till, 100, reference=reference)
    assert answer.status_code == 201
    with demo.product.database.follower.connection() as conn:
        for view in ("payments", "refunds", "drawers"):
            assert conn.execute(
                f"SELECT count(*) FROM view.{view} WHERE body::text LIKE %s", (f"%{reference}%",)
            ).fetchone() == (0,)
