"""The search finds what is on the screen, in every spelling, for those who may know it; and says what it looked in."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from domain.capacity import Capacity
from services.search.maps import Maps
from tests.conftest import FIRST, SECOND, Demo
from tests.members import member

TEXT = "六栋的老水泵夜里嗡嗡响，没法睡觉"
REPORTER, PHONE = "欧阳明珠", "13755501234"
OWNER, OWNER_PHONE = "司徒望舒", "13766600042"


@pytest.fixture(scope="module")
def ground(demo: Demo) -> dict[str, Any]:
    """A case and an owned dwelling at 6栋2单元401, another case of the same words elsewhere, and a receipt."""
    head, accountant = demo.sign_in_patient("head"), demo.sign_in_patient("accountant")
    place = {"building": "6", "stairwell": "2", "dwelling": "401"}
    noted = head.post(
        "/api/v1/issues", json={"estate": FIRST, "text": TEXT, "reporter": REPORTER, "phone": PHONE, **place}
    ).json()
    other = head.post("/api/v1/issues", json={"estate": FIRST, "text": "水泵旁边的灯不亮", "building": "5"}).json()
    made = accountant.post(
        "/api/v1/dwellings",
        json={"estate": FIRST, "building": "6", "stairwell": "2", "room": "401", "chargeable_area": 8935},
    ).json()["id"]
    accountant.post(
        f"/api/v1/dwellings/{made}/hand-over", json={"since": "2024-01-01", "name": OWNER, "phone": OWNER_PHONE}
    )
    demo.caught_up()
    return {"issue": noted["issue"], "number": noted["number"], "other": other["issue"], "home": made}


def found(client: TestClient, said: str) -> dict[str, Any]:
    answer = client.get("/api/v1/search", params={"q": said})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


SPELLINGS = [
    "6栋2单元401", "6-2-401", "6/2/401", "六栋二单元四零一", "６栋２单元４０１", "6 栋 2 单元 401", "6号楼2单元401室",
    "6#2-401", "6幢2单元401", "6 2 401", "building 6 unit 2 room 401", "6-2", "6栋2单元", "6栋", "６＃",
    "六号楼", "6栋401",
]  # fmt: skip


@pytest.mark.parametrize("said", SPELLINGS)
def test_a_place_is_found_in_every_spelling(demo: Demo, ground: dict[str, Any], said: str) -> None:
    told = found(demo.sign_in_patient("head"), said)
    assert ground["issue"] in [each["issue"] for each in told["issues"]]
    if "401" in said or "四" in said or "４" in said or said == "6-2" or "单元" in said:
        assert ground["home"] in [each["dwelling"] for each in told["dwellings"]]


@pytest.mark.parametrize(
    "said",
    [
        "嗡嗡响 水泵", "水泵 嗡嗡", "睡觉 六栋", "6栋 水泵", "水泵 6-2-401", "嗡", "没法睡觉 夜里 老水泵",
        "老\u3000水泵", "水\u200b泵 夜里",
    ],
)  # fmt: skip
def test_words_are_found_in_any_order(demo: Demo, ground: dict[str, Any], said: str) -> None:
    told = found(demo.sign_in_patient("head"), said)
    assert ground["issue"] in [each["issue"] for each in told["issues"]]
    assert ground["other"] not in [each["issue"] for each in told["issues"]]


@pytest.mark.parametrize(
    "said", [REPORTER, "明珠", "oymz", "ouyang", PHONE, "137 5550 1234", "55501234", "oymz 水泵", "+86 137-5550-1234"]
)
def test_the_station_finds_a_case_by_who_reported_it(demo: Demo, ground: dict[str, Any], said: str) -> None:
    head = found(demo.sign_in_patient("head"), said)
    assert [each["issue"] for each in head["issues"]] == [ground["issue"]]
    for capacity in (Capacity.RED_STEWARD, Capacity.RESIDENTS_COMMITTEE, Capacity.CASHIER):
        told = found(member(demo, capacity), said)
        assert ground["issue"] not in [each["issue"] for each in told["issues"]], capacity


def test_outside_nothing_is_found_by_what_is_personal(demo: Demo, ground: dict[str, Any]) -> None:
    committee = member(demo, Capacity.RESIDENTS_COMMITTEE)
    for said in ("嗡嗡响", "6-2-401", REPORTER, PHONE, OWNER, OWNER_PHONE, "stws"):
        told = found(committee, said)
        assert [told[each] for each in ("issues", "orders", "dwellings", "receipts")] == [[], [], [], []], said
    for there, elsewhere in (("6栋401", "6栋999"), ("6栋2单元401", "6栋2单元999")):  # a room says nothing more
        assert found(committee, there)["issues"] == found(committee, elsewhere)["issues"]
    by_number = found(committee, ground["number"])
    assert [each["issue"] for each in by_number["issues"]] == [ground["issue"]]
    assert by_number["issues"][0]["text"] is None
    assert ground["issue"] in [each["issue"] for each in found(committee, "6栋2单元")["issues"]]


@pytest.mark.parametrize("said", [OWNER, "望舒", "stws", "situ", OWNER_PHONE, "137 6660 0042", "6栋 司徒", "司徒 401"])
def test_a_dwelling_is_found_by_its_owner(demo: Demo, ground: dict[str, Any], said: str) -> None:
    for capacity, may in ((Capacity.CASHIER, True), (Capacity.STATION_HEAD, True), (Capacity.RED_STEWARD, False)):
        told = found(member(demo, capacity), said)
        assert (ground["home"] in [each["dwelling"] for each in told["dwellings"]]) is may, capacity


def test_numbers_and_receipts_are_found(demo: Demo, ground: dict[str, Any]) -> None:
    head, cashier = demo.sign_in_patient("head"), demo.sign_in_patient("cashier")
    for said in (ground["number"], ground["number"].lower(), ground["number"][-7:]):
        assert ground["issue"] in [each["issue"] for each in found(head, said)["issues"]]
    promoted = head.post(
        f"/api/v1/issues/{ground['other']}/promote-to-work-order",
        json={"category": "PUBLIC_LIGHTING", "priority": "P3"},
    ).json()
    demo.caught_up()
    assert [each["order"] for each in found(head, promoted["number"])["orders"]] == [promoted["order"]]
    money = {"dwelling": ground["home"], "amount": 100, "method": "WECHAT", "accept_excess": True}
    receipt = cashier.post("/api/v1/payments", json=money).json()["receipt"]
    demo.caught_up()
    for said in (receipt, receipt.replace("-", ""), f"收据 {receipt}"):
        assert [each["receipt"] for each in found(cashier, said)["receipts"]] == [receipt]


def test_an_empty_answer_says_what_was_searched(demo: Demo) -> None:
    head, committee = demo.sign_in_patient("head"), member(demo, Capacity.RESIDENTS_COMMITTEE)
    page = head.get("/search", params={"q": "没有这样的事"}).text
    for said in ("查过：", "工单和记录的文字", "报修人的姓名", "收据号"):
        assert said in page
    outside = committee.get("/search", params={"q": "没有这样的事"}).text
    assert (
        "查过：" in outside and "工单和记录的文字" not in outside and "电话" not in outside.split("查过：", 1)[1][:200]
    )
    assert found(head, "没有这样的事")["looked_in"] == [
        "numbers", "texts", "places", "reporters", "homes", "owners", "receipts", "people",
    ]  # fmt: skip


def test_other_estates_stay_other_estates(demo: Demo, ground: dict[str, Any]) -> None:
    """A function that looks behind the rule of estates keeps to it all the same."""
    query = "SELECT key FROM cases_holding(%s, %s, 2, 20)"
    with demo.product.database.lend([SECOND]) as conn:
        assert conn.execute(query, ([FIRST, SECOND], ["嗡嗡响"])).fetchall() == []
        assert conn.execute("SELECT key FROM cases_at(%s, '6', NULL, NULL, '{}', 2, 20)", (FIRST,)).fetchall() == []
    with demo.product.database.lend([FIRST]) as conn:
        assert conn.execute(query, ([FIRST, SECOND], ["嗡嗡响"])).fetchall() == [(ground["issue"],)]


def test_what_is_forgotten_is_found_no_more(demo: Demo) -> None:
    head = demo.sign_in_patient("head")
    said = {
        "estate": FIRST,
        "text": "专给忘掉的一句孤灯",
        "reporter": "忘川一",
        "phone": "13755509999",
        "building": "6",
    }
    noted = head.post("/api/v1/issues", json=said).json()
    demo.caught_up()
    assert found(head, "孤灯")["issues"] and found(head, "wcy")["issues"]
    head.post(f"/api/v1/issues/{noted['issue']}/give-advice", json={"advice": "已说明"})
    answer = head.post(f"/api/v1/issues/{noted['issue']}/forget-case", json={"ground": "RESIDENT_ASKED"})
    assert answer.status_code == 200, answer.text
    demo.caught_up()
    for asked in ("孤灯", "wcy", "13755509999"):
        assert found(head, asked)["issues"] == []
    with demo.product.database.lend([FIRST]) as conn:
        kept = conn.execute("SELECT body::text FROM case_words WHERE key = %s", (noted["issue"],)).fetchone()
    assert kept is not None and not any(word in kept[0] for word in ("孤灯", "忘川", "99999", "wcy"))


def test_what_was_corrected_is_found_where_it_is_now(demo: Demo) -> None:
    head = demo.sign_in_patient("head")
    said = {"estate": FIRST, "text": "地漏返味的一句", "building": "3", "reporter": "甲乙丙", "phone": "13755508888"}
    noted = head.post("/api/v1/issues", json=said).json()["issue"]
    moved = {"building": "4栋", "stairwell": "二单元", "dwelling": "２０１室"}
    assert head.post(f"/api/v1/issues/{noted}/correct-place", json=moved).status_code == 200
    named = {"reporter": "丁卯寅", "phone": "13755507777"}
    assert head.post(f"/api/v1/issues/{noted}/correct-reporter", json=named).status_code == 200
    demo.caught_up()
    for asked in ("4-2-201", "4栋 地漏", "丁卯寅", "13755507777"):
        assert noted in [each["issue"] for each in found(head, asked)["issues"]], asked
    alone = {"phone": "0593-7654321"}
    assert head.post(f"/api/v1/issues/{noted}/correct-reporter", json=alone).status_code == 200
    demo.caught_up()
    for asked in ("丁卯寅", "0593-7654321", "(0593)7654321"):
        assert noted in [each["issue"] for each in found(head, asked)["issues"]], asked
    for asked in ("3栋 地漏", "甲乙丙", "13755508888", "13755507777"):
        assert noted not in [each["issue"] for each in found(head, asked)["issues"]], asked


@pytest.mark.parametrize("outside_first", [True, False])
def test_a_map_that_is_kept_for_one_is_not_read_by_the_other(
    demo: Demo, ground: dict[str, Any], outside_first: bool
) -> None:
    """From outside no room is known; to the station each is, whoever searches first."""
    demo.product.part(Maps)._kept.clear()
    asking = [(member(demo, Capacity.RESIDENTS_COMMITTEE), False), (demo.sign_in("head"), True)]
    for client, knows in asking if outside_first else reversed(asking):
        rooms = {each["room"] for each in found(client, "6栋2单元401")["read_as"]}
        assert rooms == ({"401"} if knows else {None})
