"""A line made an order of by mistake: it waits again, the order is none, and both stay on record."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from domain.cases import issue as issues
from domain.cases import work_order as orders
from domain.cases.category import Category, Priority
from domain.cases.issue import CaseForgotten, Status
from domain.erasure import ErasureGround
from domain.estates.place import Part
from tests.cases.examples import ORDER_ID, opening, order
from tests.cases.examples import noted as noted_line
from tests.conftest import FIRST, Demo
from tests.scenario import STEWARD

SEND, RECALL, TAKE_BACK = orders.DispatchSteward(STEWARD), orders.RecallDispatch(), orders.WithdrawWorkOrder()


@pytest.fixture(scope="module")
def head(demo: Demo) -> TestClient:
    return demo.sign_in_patient("head")


def done(answer: Any) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def line_and_order(client: TestClient, text: str) -> tuple[str, str]:
    issue = done(client.post("/api/v1/issues", json={"estate": FIRST, "text": text}))["issue"]
    to = f"/api/v1/issues/{issue}/promote-to-work-order"
    return issue, done(client.post(to, json={"category": "PUBLIC_LIGHTING"}))["order"]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (orders.OfferQuote("换龙头", 2000, 8000, 3500), "order_touched"),
        (orders.CallEmergencyService(orders.EmergencyService.LIFT_MAINTENANCE), "order_touched"),
        (SEND, "stage"),
        (orders.CancelWorkOrder("不用了"), "stage"),
    ],
)
def test_what_was_begun_is_not_taken_back(command: Any, code: str) -> None:
    private = order(opening(Category.APPLIANCE, Priority.P3, Part.PRIVATE))
    private.when(command).refused(TAKE_BACK, code)


def test_choosing_and_recalling_somebody_begins_nothing() -> None:
    order().when(orders.UndoAcceptance(), orders.AcceptWorkOrder(), SEND, RECALL, TAKE_BACK)
    order().when(SEND).steward().when(orders.DeclineWorkOrder("在忙")).desk().refused(TAKE_BACK, "order_touched")


def test_what_it_was_for_a_moment_is_forgotten_with_the_line() -> None:
    promoted = noted_line().when(issues.PromoteToWorkOrder(ORDER_ID, Category.PUBLIC_LIGHTING))
    back = promoted.when(issues.UndoPromotion()).then(issues.PromotionUndone(ORDER_ID))
    back.holds(lambda line: line.status is Status.TRIAGED and line.order is None)
    ground = ErasureGround.RESIDENT_ASKED
    back.when(issues.DropIssue("看错了"), issues.ForgetCase(ground)).then(CaseForgotten(ground, None, (ORDER_ID,)))


def test_the_line_waits_again_and_can_be_made_an_order_anew(head: TestClient) -> None:
    issue, first = line_and_order(head, "十一号灯不亮")
    done(head.post(f"/api/v1/issues/{issue}/undo-promotion"))
    line, gone = done(head.get(f"/api/v1/issues/{issue}")), done(head.get(f"/api/v1/work-orders/{first}"))
    assert (line["status"], line["order"], gone["stage"], gone["lane"]) == ("TRIAGED", None, "WITHDRAWN", "ended")
    assert (gone["on_time"], gone["clock"]["kind"]) == (None, "none")
    again = done(head.post(f"/api/v1/issues/{issue}/promote-to-work-order"))
    assert again["order"] != first and again["number"] > gone["number"]
    told = [each["event"] for each in done(head.get(f"/api/v1/issues/{issue}/history"))]
    assert told.count("WorkOrderOpened") == 2 and {"PromotionUndone", "WorkOrderWithdrawn"} <= {*told}
    refused = head.post(f"/api/v1/work-orders/{first}/withdraw-work-order")
    assert (refused.status_code, refused.json()["code"]) == (409, "stage") and refused.json()["done"]["name"]


def test_from_the_order_it_is_the_same_act(head: TestClient) -> None:
    issue, mistaken = line_and_order(head, "十二号灯不亮")
    done(head.post(f"/api/v1/work-orders/{mistaken}/withdraw-work-order"))
    assert done(head.get(f"/api/v1/issues/{issue}"))["status"] == "TRIAGED"


def test_not_once_somebody_is_sent(head: TestClient) -> None:
    issue, sent = line_and_order(head, "十三号灯不亮")
    steward = done(head.get(f"/api/v1/stations/{FIRST}/stewards"))[0]["person"]
    assert 'id="act-undo-promote"' in head.get(f"/issues/{issue}").text
    done(head.post(f"/api/v1/work-orders/{sent}/dispatch-steward", json={"steward": steward}))
    refused = head.post(f"/api/v1/issues/{issue}/undo-promotion")
    assert (refused.status_code, refused.json()["code"]) == (409, "stage")
    assert 'id="act-undo-promote"' not in head.get(f"/issues/{issue}").text
    assert done(head.get(f"/api/v1/issues/{issue}"))["status"] == "PROMOTED"


def test_forgetting_the_case_leaves_no_word_on_any_of_its_orders(head: TestClient) -> None:
    issue, mistaken = line_and_order(head, "十四号灯不亮，林家门口")
    done(head.post(f"/api/v1/issues/{issue}/undo-promotion"))
    done(head.post(f"/api/v1/issues/{issue}/drop-issue", json={"reason": "看错了"}))
    done(head.post(f"/api/v1/issues/{issue}/forget-case", json={"ground": "RESIDENT_ASKED"}))
    assert done(head.get(f"/api/v1/work-orders/{mistaken}"))["text"] is None


def test_at_the_desk_it_can_be_taken_back_from_either_page_and_for_several(head: TestClient) -> None:
    issue, mistaken = line_and_order(head, "十五号灯不亮")
    page = head.get(f"/orders/{mistaken}").text
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token and 'id="act-withdraw"' in page
    answer = head.post(f"/orders/{mistaken}/withdraw", data={"csrf": token[1], "key": "w1"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, f"/issues/{issue}")
    shown = head.get(f"/orders/{mistaken}").text
    assert f'href="/issues/{issue}"' in shown and 'id="f-main"' not in shown
    form = {"csrf": token[1], "act": "promote", "key": "w2", "of": [issue]}
    several = head.post(f"/notebook/{FIRST}/bulk", data=form).text
    undo = {
        "csrf": token[1],
        "act": "undo-promote",
        "key": "w3",
        "of": re.findall(r'name="of" value="([^"]+)"', several),
    }
    assert 'value="undo-promote"' in several
    assert head.post(f"/notebook/{FIRST}/bulk", data=undo).text.count("data-done") == 1
    assert done(head.get(f"/api/v1/issues/{issue}"))["status"] == "TRIAGED"
