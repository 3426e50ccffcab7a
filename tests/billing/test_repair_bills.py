"""Work in homes is billed as it was agreed to."""

import re
from typing import Any

import pytest

from tests.billing.test_bill_runs import BUILDING, Estate, ready
from tests.conftest import FIRST, Demo


@pytest.fixture
def estate(demo: Demo) -> Estate:
    return ready(demo)


def repaired(estate: Estate, room: str = "101", **costs: int) -> str:
    """A finished order for a dwelling of building 9; the resident agreed to these costs, if there are any."""
    clerk, steward = estate.demo.sign_in("clerk"), estate.demo.sign_in("repairer")
    noted = {"estate": FIRST, "text": "厨房龙头漏水", "building": BUILDING, "stairwell": "1", "dwelling": room}
    issue = clerk.post("/api/v1/issues", json=noted).json()["issue"]
    promoted = clerk.post(
        f"/api/v1/issues/{issue}/promote-to-work-order", json={"category": "APPLIANCE", "part": "PRIVATE"}
    ).json()
    order: str = promoted["order"]
    person = steward.get("/api/v1/session").json()["person"]
    acts: list[tuple[Any, str, dict[str, Any]]] = [
        (clerk, "dispatch-steward", {"steward": person}), (steward, "take-work-order", {}),
        (steward, "record-arrival", {}),
    ]  # fmt: skip
    if costs:
        acts += [
            (steward, "offer-quote", {"text": "换龙头", **costs}),
            (steward, "accept-quote", {"consent": "SIGNED"}),
        ]
    acts += [(steward, "start-work", {}), (steward, "complete-work", {"summary": "好了", "signed_off": True})]
    for client, act, body in acts:
        answer = client.post(f"/api/v1/work-orders/{order}/{act}", json=body)
        assert answer.status_code == 200, (act, answer.text)
    return order


def test_work_in_a_home_is_billed_as_it_was_agreed_to(estate: Estate) -> None:
    order = repaired(estate, call_out=2000, labour=8000, material=3500)
    accountant = estate.demo.sign_in("accountant")
    where = f"/api/v1/accounts/{estate.homes[0]}/charges"
    wanted = {"item": "IN_HOME_REPAIR", "reference": order}
    for body, code in (
        ({"item": "IN_HOME_REPAIR"}, "repair_order_missing"),
        (wanted | {"costs": {"labour": 13501}}, "over_quote"),
        (wanted | {"costs": {"labour": -1, "material": 2}}, "amount"),
        (wanted | {"costs": {}}, "amount"),
        ({"item": "KEY_CARD", "costs": {"labour": 1}}, "costs_elsewhere"),
        ({"item": "PROPERTY_FEE"}, "no_price_shown"),
    ):
        assert accountant.post(where, json=body).json()["code"] == code, body
    elsewhere = accountant.post(f"/api/v1/accounts/{estate.homes[1]}/charges", json=wanted)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "repair_elsewhere")
    assert estate.demo.sign_in("cashier").post(where, json=wanted).status_code == 403
    assert accountant.post(where, json=wanted | {"costs": {"labour": 8000, "material": 3000}}).status_code == 201
    again = accountant.post(where, json=wanted).json()
    assert (again["code"], again["done"]["acting_as"]) == ("repair_charged", "ACCOUNTANT")
    account = accountant.get(f"/api/v1/accounts/{estate.homes[0]}").json()
    bill = next(each for each in account["bills"] if each["item"] == "IN_HOME_REPAIR" and not each["voided"])
    assert (bill["amount"], bill["open"]) == (11000, 11000)
    estate.demo.caught_up()
    whole = estate.demo.sign_in("cashier").get(f"/api/v1/bills/{bill['bill']}").json()
    assert whole["costs"] == {"call_out": 0, "labour": 8000, "material": 3000} and whole["reference"] == order
    assert estate.demo.sign_in("committee").get(f"/api/v1/bills/{bill['bill']}").status_code == 403
    correct = f"/api/v1/bills/{bill['bill']}/correct"
    for correction, code in (({"amount": 9000}, "costs_needed"), ({"costs": {"labour": 20000}}, "over_quote")):
        assert accountant.post(correct, json={"reason": "OTHER"} | correction).json()["code"] == code
    assert accountant.post(correct, json={"reason": "OTHER", "costs": {"labour": 12000}}).status_code == 200
    page = accountant.get(f"/accounts/{estate.homes[0]}?year={estate.today.year}").text
    assert "¥120.00" in page and "¥110.00" in page


def test_void_work_is_billed_again_and_free_work_never(estate: Estate) -> None:
    order, free = repaired(estate, "102", labour=8000), repaired(estate, "102")
    accountant = estate.demo.sign_in("accountant")
    where = f"/api/v1/accounts/{estate.homes[1]}/charges"
    first = accountant.post(where, json={"item": "IN_HOME_REPAIR", "reference": order})
    assert first.status_code == 201
    account = accountant.get(f"/api/v1/accounts/{estate.homes[1]}").json()
    bill = next(each for each in account["bills"] if each["number"] == first.json()["number"])
    estate.demo.caught_up()
    assert accountant.post(f"/api/v1/bills/{bill['bill']}/void", json={"reason": "OTHER"}).status_code == 200
    again = accountant.post(where, json={"item": "IN_HOME_REPAIR", "reference": order})
    assert again.status_code == 201
    refused = accountant.post(where, json={"item": "IN_HOME_REPAIR", "reference": free})
    assert (refused.status_code, refused.json()["code"]) == (409, "quote_missing")
    steward = estate.demo.sign_in("repairer")
    assert (
        estate.demo.sign_in("clerk").post(f"/api/v1/work-orders/{free}/reject-work", json={"reason": "漏"}).is_success
    )
    late = steward.post(f"/api/v1/work-orders/{free}/offer-quote", json={"text": "换龙头", "labour": 8000})
    assert (late.status_code, late.json()["code"]) == (409, "quote_after_start")
    estate.demo.caught_up()
    page = steward.get(f"/orders/{free}").text
    assert "这张工单不收费" in page and f'action="/orders/{free}/quote"' not in page


def test_an_accountant_charges_and_corrects_on_pages(estate: Estate) -> None:
    order = repaired(estate, "201", labour=8000, material=3500)
    estate.demo.caught_up()
    accountant = estate.demo.sign_in("accountant")
    home = estate.homes[2]
    assert "¥115.00" in accountant.get(f"/bill-runs/{FIRST}").text
    page = accountant.get(f"/accounts/{home}/charge?order={order}").text
    csrf = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    form = {"csrf": csrf, "labour": "80", "material": "35.01", "call_out": ""}
    refused = accountant.post(f"/accounts/{home}/charge/{order}", data=form)
    assert refused.status_code == 409 and "115.00" in refused.text and 'value="35.01"' in refused.text
    taken = accountant.post(f"/accounts/{home}/charge/{order}", data=form | {"material": "30"}, follow_redirects=False)
    assert taken.status_code == 303
    card = {"csrf": csrf, "item": "KEY_CARD", "quantity": "-2"}
    assert accountant.post(f"/accounts/{home}/charge", data=card).status_code == 422
    estate.demo.caught_up()
    bills = accountant.get(f"/api/v1/accounts/{home}").json()["bills"]
    bill = next(each for each in bills if each["item"] == "IN_HOME_REPAIR")
    assert bill["amount"] == 11000 and "¥80.00" in accountant.get(f"/bills/{bill['bill']}").text
    assert "减免不转到新账单" not in accountant.get(f"/bills/{bill['bill']}").text
    waiver = {"bill": bill["bill"], "amount": 500, "reason": "HARDSHIP", "rule": "第三条"}
    assert estate.demo.sign_in("head").post(f"/api/v1/dwellings/{home}/waivers", json=waiver).is_success
    estate.demo.caught_up()
    assert "这张账单减免过 ¥5.00，减免不转到新账单" in accountant.get(f"/bills/{bill['bill']}").text
    wrong = accountant.post(f"/bills/{bill['bill']}/void", data={"csrf": csrf})
    assert wrong.status_code == 422  # no reason chosen
    void = {"csrf": csrf, "reason": "NOT_SERVED"}
    assert accountant.post(f"/bills/{bill['bill']}/void", data=void, follow_redirects=False).status_code == 303
    for username in ("cashier", "clerk", "committee"):
        assert estate.demo.sign_in(username).get(f"/bills/{bill['bill']}").status_code == 403
