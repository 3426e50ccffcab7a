"""Several at once: each keeps its event, version and refusal, what failed is named, and what was sent is taken back."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.conftest import FIRST, Demo

ORDERS, LINES = f"/api/v1/stations/{FIRST}/work-orders/bulk", f"/api/v1/stations/{FIRST}/issues/bulk"


@pytest.fixture(scope="module")
def head(demo: Demo) -> TestClient:
    return demo.sign_in_patient("head")


def done(answer: Any) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def noted(client: TestClient, text: str) -> str:
    found: str = done(client.post("/api/v1/issues", json={"estate": FIRST, "text": text}))["issue"]
    return found


def opened(client: TestClient, text: str) -> str:
    to = f"/api/v1/issues/{noted(client, text)}/promote-to-work-order"
    found: str = done(client.post(to, json={"category": "PUBLIC_LIGHTING"}))["order"]
    return found


def stage(client: TestClient, order: str) -> str:
    found: str = done(client.get(f"/api/v1/work-orders/{order}"))["stage"]
    return found


@pytest.fixture(scope="module")
def steward(head: TestClient) -> str:
    found: str = done(head.get(f"/api/v1/stations/{FIRST}/stewards"))[0]["person"]
    return found


def test_one_refusal_stops_no_other_and_is_named(head: TestClient, steward: str) -> None:
    good, stale, gone = opened(head, "一号灯不亮"), opened(head, "二号灯不亮"), opened(head, "三号灯不亮")
    done(head.post(f"/api/v1/work-orders/{gone}/cancel-work-order", json={"reason": "报错了"}))
    body = {
        "act": "dispatch-steward",
        "steward": steward,
        "of": [{"id": good}, {"id": stale, "version": 1}, {"id": gone}, {"id": "00000000-0000-0000-0000-00000000beef"}],
    }
    found = done(head.post(ORDERS, json=body))
    assert [(each["done"], each["code"]) for each in found] == [
        (True, None), (False, "stale"), (False, "stage"), (False, "not_found"),
    ]  # fmt: skip
    assert all(each["detail"] for each in found if not each["done"])
    assert (stage(head, good), stage(head, stale), stage(head, gone)) == ("DISPATCHED", "ACCEPTED", "CANCELLED")
    back = {"act": "recall-dispatch", "of": [{"id": good, "version": found[0]["version"]}]}
    assert [each["done"] for each in done(head.post(ORDERS, json=back))] == [True]
    assert stage(head, good) == "ACCEPTED"


def test_a_repeated_request_does_nothing_twice(head: TestClient, steward: str) -> None:
    order = opened(head, "四号灯不亮")
    body = {"act": "dispatch-steward", "steward": steward, "of": [{"id": order}]}
    first, again = (head.post(ORDERS, json=body, headers={"Idempotency-Key": "bulk-1"}) for _ in range(2))
    assert done(first) == done(again)


def test_lines_are_dropped_and_promoted_each_as_what_it_looks_like(head: TestClient) -> None:
    light, unclear, burning = noted(head, "楼道灯坏了"), noted(head, "嗯嗯"), noted(head, "电动车着火了")
    found = done(head.post(LINES, json={"act": "drop-issue", "reason": "试过了", "of": [{"id": burning}]}))
    assert [each["code"] for each in found] == ["danger_first"]
    found = done(head.post(LINES, json={"act": "promote-to-work-order", "of": [{"id": light}, {"id": unclear}]}))
    assert [(each["done"], each["code"]) for each in found] == [(True, None), (False, "not_triaged")]
    assert done(head.get(f"/api/v1/issues/{light}"))["category"] == "PUBLIC_LIGHTING"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"act": "dispatch-steward", "of": [{"id": "00000000-0000-0000-0000-00000000beef"}]}, "blank_text"),
        ({"act": "accept-work-order", "of": []}, "nothing_chosen"),
        ({"act": "burn", "of": [{"id": "00000000-0000-0000-0000-00000000beef"}]}, "invalid"),
        ({"act": "accept-work-order", "of": [{"id": f"{n:032x}"} for n in range(1, 43)]}, "too_many_chosen"),
    ],
)
def test_what_makes_no_sense_is_rejected_whole(head: TestClient, body: dict[str, Any], code: str) -> None:
    answer = head.post(ORDERS, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_dropped_lines_wait_again_when_it_is_undone(head: TestClient) -> None:
    one, two = noted(head, "八号灯"), noted(head, "九号灯")
    page = head.post(f"/notebook/{FIRST}/bulk", data={"act": "drop", "reason": "登重了", "of": [one, two]})
    assert page.text.count("data-done") == 2
    undo = re.findall(r'name="of" value="([^"]+)"', page.text)
    page = head.post(f"/notebook/{FIRST}/bulk", data={"act": "undo-drop", "key": "k3", "of": undo})
    assert page.text.count("data-done") == 2
    assert {done(head.get(f"/api/v1/issues/{each}"))["status"] for each in (one, two)} == {"NOTED"}


def test_nobody_acts_on_another_estate_s_orders(demo: Demo, head: TestClient) -> None:
    order = opened(head, "五号灯不亮")
    other = "/api/v1/stations/350902002999-002/work-orders/bulk"
    assert head.post(other, json={"act": "accept-work-order", "of": [{"id": order}]}).status_code == 404
    committee = demo.sign_in("committee")
    assert committee.post(ORDERS, json={"act": "accept-work-order", "of": [{"id": order}]}).status_code == 403


def test_on_the_page_each_is_named_and_all_that_was_done_is_undone_at_once(head: TestClient, steward: str) -> None:
    one, two = opened(head, "六号灯不亮"), opened(head, "七号灯不亮")
    versions = {each: done(head.get(f"/api/v1/work-orders/{each}"))["version"] for each in (one, two)}
    done(head.post(f"/api/v1/work-orders/{two}/dispatch-steward", json={"steward": steward}))
    form = {
        "act": "dispatch",
        "steward": steward,
        "key": "k1",
        "of": [f"{one}.{versions[one]}", f"{two}.{versions[two]}"],
    }
    page = head.post(f"/orders-of/{FIRST}/bulk", data=form)
    assert page.status_code == 200
    assert (page.text.count("data-done"), page.text.count("data-refused")) == (1, 1)
    assert "六号灯不亮" in page.text and "七号灯不亮" in page.text
    undo = re.findall(r'name="of" value="([^"]+)"', page.text)
    assert [each.partition(".")[0] for each in undo] == [one]
    page = head.post(f"/orders-of/{FIRST}/bulk", data={"act": "recall", "key": "k2", "of": undo})
    assert page.text.count("data-done") == 1
    assert (stage(head, one), stage(head, two)) == ("ACCEPTED", "DISPATCHED")


def test_orders_in_hand_go_to_somebody_else_at_once_and_back(head: TestClient, steward: str) -> None:
    other: str = done(head.get(f"/api/v1/stations/{FIRST}/stewards"))[1]["person"]
    chosen = [opened(head, f"{n}号井盖松动") for n in (1, 2)]
    body = {"act": "dispatch-steward", "steward": steward, "of": [{"id": each} for each in chosen]}
    done(head.post(ORDERS, json=body))
    blank = head.post(ORDERS, json=body | {"act": "reassign-steward", "steward": other})
    assert (blank.status_code, blank.json()["code"]) == (422, "blank_text")
    form = {"act": "reassign", "steward": other, "reason": "请假", "key": "k9", "of": chosen}
    page = head.post(f"/orders-of/{FIRST}/bulk", data=form)
    assert page.text.count("data-done") == 2
    assert {done(head.get(f"/api/v1/work-orders/{each}"))["steward"] for each in chosen} == {other}
    fields = dict(re.findall(r'name="(act|steward|reason)" value="([^"]+)"', page.text))
    undo = fields | {"key": "k10", "of": re.findall(r'name="of" value="([^"]+)"', page.text)}
    assert head.post(f"/orders-of/{FIRST}/bulk", data=undo).text.count("data-done") == 2
    assert {done(head.get(f"/api/v1/work-orders/{each}"))["steward"] for each in chosen} == {steward}


def test_what_was_accepted_at_once_is_taken_back_at_once(demo: Demo, head: TestClient) -> None:
    chosen = [opened(head, f"{n}号扶手松动") for n in (1, 2)]
    back = done(head.post(ORDERS, json={"act": "undo-acceptance", "of": [{"id": each} for each in chosen]}))
    assert all(each["done"] for each in back) and {stage(head, each) for each in chosen} == {"REPORTED"}
    page = head.post(f"/orders-of/{FIRST}/bulk", data={"act": "accept", "key": "k11", "of": chosen})
    assert page.text.count("data-done") == 2 and 'value="undo-accept"' in page.text
    undo = {"act": "undo-accept", "key": "k12", "of": re.findall(r'name="of" value="([^"]+)"', page.text)}
    assert head.post(f"/orders-of/{FIRST}/bulk", data=undo).text.count("data-done") == 2
    assert {stage(head, each) for each in chosen} == {"REPORTED"}


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"act": "dispatch", "of": []}, "请先勾选"),
        ({"act": "dispatch", "of": ["nonsense.1"]}, ""),
        ({"act": "dispatch", "steward": "x", "of": ["00000000-0000-0000-0000-00000000beef.1"]}, ""),
        ({"act": "drop", "of": ["00000000-0000-0000-0000-00000000beef.1"]}, ""),
    ],
)
def test_a_clumsy_form_says_what_is_wrong(head: TestClient, form: dict[str, Any], said: str) -> None:
    answer = head.post(f"/notebook/{FIRST}/bulk" if form["act"] == "drop" else f"/orders-of/{FIRST}/bulk", data=form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text and said in answer.text


def test_an_act_that_is_none_for_several_is_not_found(head: TestClient) -> None:
    form = {"act": "close", "of": ["00000000-0000-0000-0000-00000000beef.1"]}
    assert head.post(f"/orders-of/{FIRST}/bulk", data=form).status_code == 404
