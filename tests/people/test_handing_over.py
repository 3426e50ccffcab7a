"""Nobody's work ends while something is in hand: refused with what there is, or handed over in the same act."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from domain.capacity import Capacity
from domain.cases.work_order import WORK_ORDER
from domain.people.person import PERSON
from services.demo.cast import FIRST
from tests.conftest import Demo

HEAD, ADMIN = "head", "admin"


def squad(head: TestClient) -> dict[str, dict[str, Any]]:
    return {each["person"]: each for each in head.get(f"/api/v1/stations/{FIRST}/stewards").json()}


def ordered(head: TestClient) -> str:
    """A new order that waits to be dispatched."""
    issue = head.post("/api/v1/issues", json={"estate": FIRST, "text": "3栋1单元门口路灯不亮"}).json()["issue"]
    made = head.post(f"/api/v1/issues/{issue}/promote-to-work-order", json={"category": "PUBLIC_LIGHTING"})
    return str(made.json()["order"])


def a_steward(demo: Demo, head: TestClient, name: str) -> str:
    person = str(head.post("/api/v1/people", json={"name": name, "another": True}).json()["person"])
    head.post(f"/api/v1/people/{person}/enrol-steward", json={"roles": ["REPAIRER"], "party_member": True})
    since = {"estate": FIRST, "since": demo.now.isoformat()}
    assert head.post(f"/api/v1/people/{person}/attach-steward-to-estate", json=since).status_code == 200
    return person


def release(demo: Demo, **more: Any) -> dict[str, Any]:
    return {"estate": FIRST, "until": demo.now.isoformat()} | more


def test_a_steward_with_orders_is_let_go_only_to_a_successor(demo: Demo) -> None:
    head = demo.sign_in_patient(HEAD)
    going, coming = a_steward(demo, head, "要走的"), a_steward(demo, head, "接手的")
    order = ordered(head)
    head.post(f"/api/v1/work-orders/{order}/dispatch-steward", json={"steward": going})
    path = f"/api/v1/people/{going}/release-steward-from-estate"
    kept = head.post(path, json=release(demo))
    assert (kept.status_code, kept.json()["code"]) == (409, "in_hand") and "1张工单" in kept.json()["detail"]
    for successor, code in ((going, "successor_same"), (str(UUID(int=5)), "successor_no_steward")):
        assert head.post(path, json=release(demo, successor=successor)).json()["code"] == code
    assert head.post(path, json=release(demo, successor=coming)).status_code == 200
    state = demo.product.log.load(WORK_ORDER, UUID(order)).state
    assert (state.steward, state.owner) == (UUID(coming), UUID(coming))
    assert "移交给接手的" in head.get(f"/orders/{order}").text


def test_whoever_answers_for_lines_is_relieved_only_to_somebody_at_the_desk(demo: Demo) -> None:
    admin = demo.sign_in_patient(ADMIN)
    person = admin.post("/api/v1/people", json={"name": "站务新人"}).json()["person"]
    post = {"capacity": "DISPATCHER", "estate": FIRST, "since": demo.now.isoformat()}
    admin.post(f"/api/v1/people/{person}/appoint", json=post)
    made = admin.post("/api/v1/accounts", json={"username": "newclerk", "person": person})
    demo.passwords["newclerk"] = made.json()["password"]
    clerk = demo.sign_in_patient("newclerk")
    issue = clerk.post("/api/v1/issues", json={"estate": FIRST, "text": "楼道灯坏了"}).json()["issue"]
    relief = {"capacity": "DISPATCHER", "estate": FIRST, "until": demo.now.isoformat()}
    asked = admin.get(f"/people/{FIRST}/{person}/relieve?capacity=DISPATCHER")
    assert "手上还有 1 件" in asked.text and issue not in asked.text  # administrators see no case
    refused = admin.post(f"/api/v1/people/{person}/relieve", json=relief)
    assert refused.json()["code"] == "in_hand"
    disabled = admin.post("/api/v1/accounts/newclerk/disable")
    assert (disabled.status_code, disabled.json()["code"]) == (409, "in_hand")
    me = demo.sign_in(HEAD).get("/api/v1/session").json()["person"]
    assert admin.post("/api/v1/accounts/newclerk/disable", json={"successor": me}).status_code == 204
    assert clerk.get("/api/v1/session").status_code == 401
    assert demo.product.log.load(PERSON, UUID(person)).state.disabled
    assert "移交给林静怡" in demo.sign_in(HEAD).get(f"/issues/{issue}").text
    assert admin.post("/api/v1/accounts/newclerk/enable").status_code == 204
    assert demo.sign_in("newclerk").get("/api/v1/session").status_code == 200


def test_who_is_away_disabled_or_gone_is_neither_suggested_nor_sent(demo: Demo) -> None:
    head, admin = demo.sign_in_patient(HEAD), demo.sign_in_patient(ADMIN)
    away, off = a_steward(demo, head, "请假的"), a_steward(demo, head, "停用的")
    order = ordered(head)
    path = f"/api/v1/work-orders/{order}"

    def suggested() -> set[str]:
        return {each["steward"] for each in head.get(f"{path}/dispatch-suggestions").json()}

    assert {away, off} <= suggested()
    leave = {"kind": "LEAVE", "since": demo.now.isoformat(), "until": (demo.now + timedelta(days=2)).isoformat()}
    assert head.post(f"/api/v1/people/{away}/plan-absence", json=leave).status_code == 200
    assert admin.post(f"/api/v1/people/{off}/disable-person").status_code == 200
    assert not {away, off} & suggested()
    for steward, code in ((away, "steward_absent"), (off, "steward_disabled")):
        refused = head.post(f"{path}/dispatch-steward", json={"steward": steward})
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    assert head.post(f"/api/v1/people/{away}/cancel-absence", json={"absence": 1}).status_code == 200
    assert away in suggested()


def test_who_has_no_shift_now_comes_last_and_may_be_sent(demo: Demo) -> None:
    head = demo.sign_in_patient(HEAD)
    steward = a_steward(demo, head, "夜班的")
    order = ordered(head)
    local = demo.now
    other = (local.hour + 6) % 24
    shifts = [{"weekday": day, "opens": other * 60, "closes": other * 60 + 60} for day in range(1, 8)]
    set_ = head.post(f"/api/v1/people/{steward}/set-weekly-shifts", json={"estate": FIRST, "shifts": shifts})
    assert set_.status_code == 200
    found = head.get(f"/api/v1/work-orders/{order}/dispatch-suggestions").json()
    mine = next(each for each in found if each["steward"] == steward)
    assert mine["on_duty"] is False
    fitting = [each["on_duty"] for each in found if each["fitting"]]
    assert fitting == sorted(fitting, reverse=True)
    assert head.post(f"/api/v1/work-orders/{order}/dispatch-steward", json={"steward": steward}).status_code == 200


def test_a_load_counts_what_is_in_hand_elsewhere(demo: Demo) -> None:
    head, other = demo.sign_in_patient(HEAD), "350902002999-002"
    steward = a_steward(demo, head, "两边跑的")
    order = ordered(head)
    head.post(f"/api/v1/work-orders/{order}/dispatch-steward", json={"steward": steward})
    name = next(each for each in ("centre", "head2") if each in demo.passwords)
    boss = demo.sign_in_patient(name)
    since = {"estate": other, "since": demo.now.isoformat()}
    assert boss.post(f"/api/v1/people/{steward}/attach-steward-to-estate", json=since).status_code == 200
    there = {each["person"]: each for each in boss.get(f"/api/v1/stations/{other}/stewards").json()}
    assert (there[steward]["load"], there[steward]["everywhere"]) == (0, 1)


@pytest.mark.parametrize("act", ["relieve", "disable"])
def test_the_last_administrator_stays(demo: Demo, act: str) -> None:
    admin = demo.sign_in(ADMIN)
    person = admin.get("/api/v1/session").json()["person"]
    if act == "disable":
        refused = admin.post("/api/v1/accounts/admin/disable")
    else:
        until = (demo.now + timedelta(days=30)).isoformat()
        relief = {"capacity": Capacity.ADMINISTRATOR.value, "estate": FIRST, "until": until}
        refused = admin.post(f"/api/v1/people/{person}/relieve", json=relief)
    assert (refused.status_code, refused.json()["code"]) == (409, "last_administrator")


def test_somebody_known_is_offered_masked_and_taken_on_again_as_the_same(demo: Demo) -> None:
    admin = demo.sign_in_patient(ADMIN)
    person = admin.post("/api/v1/people", json={"name": "欧阳建国", "phone": "13955556603"}).json()["person"]
    for again in ({"name": "欧阳", "phone": "+86 139 5555 6603"}, {"name": " 欧阳 建国"}):
        refused = admin.post("/api/v1/people", json=again)
        assert (refused.status_code, refused.json()["code"]) == (409, "person_known")
    csrf = admin.post("/api/v1/session", json={"username": ADMIN, "password": demo.passwords[ADMIN]}).json()["csrf"]
    form = {"csrf": csrf, "name": "欧阳建国", "phone": "139-5555-6603", "capacity": "DISPATCHER"}
    page = admin.post(f"/people/{FIRST}", data=form)
    assert page.status_code == 409 and f"/people/{FIRST}/{person}/appoint" in page.text
    assert "欧**" in page.text and "139****6603" in page.text
    given = admin.post(f"/people/{FIRST}/{person}/appoint", data={"csrf": csrf, "capacity": "DISPATCHER"})
    assert given.status_code in (200, 303) and "欧阳建国" in admin.get(f"/people/{FIRST}").text
    other = admin.post("/api/v1/people", json={"name": "欧阳建国", "another": True})
    assert other.status_code == 201 and other.json()["person"] != person
