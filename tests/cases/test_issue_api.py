"""The notebook over HTTP: noting, versions, keys, photos named in a body, and what a case may not forget."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from starlette.testclient import TestClient

from tests.conftest import FIRST, SECOND, Demo


@pytest.fixture(scope="module")
def head(demo: Demo) -> TestClient:
    return demo.sign_in_patient("head")


def noted(client: TestClient, **more: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/issues", json={"estate": FIRST, "text": "路灯不亮", **more})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def a_photo(client: TestClient, estate: str = FIRST) -> str:
    picture = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(picture, "PNG")
    answer = client.post("/api/v1/photos", params={"estate": estate}, files={"photo": picture.getvalue()})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["photo"])


def code(answer: Any) -> str:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return str(answer.json()["code"])


# -- photos named in a body ------------------------------------------------------------------------------------------


def test_only_a_photo_of_the_estate_is_attached(demo: Demo, head: TestClient) -> None:
    """Forgetting a case destroys the keys of its photos: no other id may get in."""
    steward = head.get(f"/api/v1/stations/{FIRST}/stewards").json()[0]["person"]
    elsewhere = a_photo(demo.sign_in("head2"), SECOND)
    issue = noted(head)["issue"]
    for wrong in (steward, issue, elsewhere, str(uuid4())):
        assert code(head.post(f"/api/v1/issues/{issue}/attach-photo", json={"photo": wrong})) == "unknown_photo"
        body = {"estate": FIRST, "text": "带照片", "photos": [wrong]}
        assert code(head.post("/api/v1/issues", json=body)) == "unknown_photo"
    assert head.post(f"/api/v1/issues/{issue}/attach-photo", json={"photo": a_photo(head)}).status_code == 200


def test_a_forgotten_case_takes_its_photos_with_it(head: TestClient) -> None:
    photo, other = a_photo(head), a_photo(head)
    issue = noted(head, photos=[photo])["issue"]
    assert head.get(f"/api/v1/photos/{photo}").status_code == 200
    assert head.post(f"/api/v1/issues/{issue}/drop-issue", json={"reason": "看错了"}).status_code == 200
    forgotten = head.post(f"/api/v1/issues/{issue}/forget-case", json={"ground": "RESIDENT_ASKED"})
    assert forgotten.status_code == 200
    assert code(head.get(f"/api/v1/photos/{photo}")) == "not_found"
    assert head.get(f"/api/v1/photos/{other}").status_code == 200


# -- when it happened ------------------------------------------------------------------------------------------------


def test_the_coming_hour_has_not_happened(demo: Demo, head: TestClient) -> None:
    body = {"estate": FIRST, "text": "路灯不亮", "occurredAt": (demo.now + timedelta(hours=1)).isoformat()}
    assert code(head.post("/api/v1/issues", json=body)) == "future"


@pytest.mark.parametrize(
    ("at", "refused"),
    [
        ("0001-01-01T00:00:00+14:00", "too_long_ago"),
        ("1026-11-23T08:00:00+08:00", "too_long_ago"),
        ("9999-12-31T23:59:59-12:00", "future"),
    ],
)
def test_times_that_cannot_be(head: TestClient, at: str, refused: str) -> None:
    body = {"estate": FIRST, "text": "路灯不亮", "occurredAt": at}
    assert code(head.post("/api/v1/issues", json=body)) == refused


def test_a_time_needs_an_offset(head: TestClient) -> None:
    body = {"estate": FIRST, "text": "路灯不亮", "occurredAt": "2026-11-20T08:00:00"}
    answer = head.post("/api/v1/issues", json=body)
    assert code(answer) == "invalid"
    assert [each["field"] for each in answer.json()["errors"]] == ["occurredAt"]


# -- noting and looking ----------------------------------------------------------------------------------------------


def test_what_was_noted_is_there_at_once(head: TestClient) -> None:
    """Nobody has to wait for the views or to know about positions: one's own writes are shown."""
    answer = head.post("/api/v1/issues", json={"estate": FIRST, "text": "门禁坏了", "building": "1"})
    body = answer.json()
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    assert answer.headers["Location"] == f"/api/v1/issues/{body['issue']}"
    line = head.get(answer.headers["Location"]).json()
    assert (line["number"], line["text"], line["status"]) == (body["number"], "门禁坏了", "NOTED")
    board = head.get(f"/api/v1/stations/{FIRST}/board").json()
    assert body["number"] in [each["number"] for each in board["inbox"]]


def test_a_view_that_lags_is_shown_as_such(demo: Demo, head: TestClient) -> None:
    far = demo.product.log.last_position() + 1000
    assert head.get(f"/api/v1/stations/{FIRST}/board", params={"after": far}).headers["X-View-Lags"] == "true"
    assert "X-View-Lags" not in head.get(f"/api/v1/stations/{FIRST}/board", params={"after": 1}).headers


def test_a_version_seen_before_is_not_sent_again(head: TestClient) -> None:
    place = f"/api/v1/issues/{noted(head)['issue']}"
    tag = head.get(place).headers["ETag"]
    for known in (tag, f"W/{tag}", f'"77", {tag}', "*"):
        again = head.get(place, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert head.get(place, headers={"If-None-Match": '"77"'}).status_code == 200
    assert head.post(f"{place}/drop-issue", json={"reason": "重复"}).status_code == 200
    assert head.get(place, headers={"If-None-Match": tag}).status_code == 200


def test_an_act_on_a_stale_version_is_refused_and_does_nothing(head: TestClient) -> None:
    issue = noted(head)["issue"]
    place = f"/api/v1/issues/{issue}"
    first = head.post(f"{place}/triage-issue", json={"category": "GREENERY"}, headers={"If-Match": '"1"'})
    assert (first.status_code, first.headers["ETag"]) == (200, '"2"')
    late = head.post(f"{place}/drop-issue", json={"reason": "不要了"}, headers={"If-Match": '"1"'})
    assert (late.status_code, code(late), late.json()["version"]) == (412, "stale", 2)
    assert head.get(place).json()["status"] == "TRIAGED"


@pytest.mark.parametrize("tag", ['W/"1"', "1", '"1", "2"', '""', '"one"', '"-1"', '"99999999999999999999"'])
def test_only_one_strong_version_is_understood(head: TestClient, tag: str) -> None:
    place = f"/api/v1/issues/{noted(head)['issue']}/drop-issue"
    answer = head.post(place, json={"reason": "不要了"}, headers={"If-Match": tag})
    assert (answer.status_code, code(answer)) == (400, "if_match")


def test_an_act_that_says_nothing_needs_no_body(head: TestClient) -> None:
    order = an_order(head)
    answer = head.post(f"/api/v1/work-orders/{order}/call-emergency-service", json={"service": "FIRE_119"})
    assert answer.status_code == 200, answer.text
    missing = head.post(f"/api/v1/work-orders/{order}/change-priority")
    assert (missing.status_code, code(missing)) == (422, "invalid")
    assert (
        head.post(f"/api/v1/work-orders/{order}/dispatch-steward", json={"steward": steward(head)}).status_code == 200
    )
    assert head.post(f"/api/v1/work-orders/{order}/recall-dispatch").status_code == 200


def test_a_contact_is_shown_masked_until_somebody_says_why(head: TestClient) -> None:
    issue = noted(head, reporter="邹老师", phone="13912345678", building="1")["issue"]
    line = head.get(f"/api/v1/issues/{issue}").json()
    assert (line["reporter"], line["phone"]) == ("邹**", "139****5678")
    seen = head.post(f"/api/v1/issues/{issue}/view-contact", json={"reason": "回电"})
    assert (seen.json()["reporter"], seen.json()["phone"], seen.headers["ETag"]) == ("邹老师", "13912345678", '"2"')
    first, *_, looked = head.get(f"/api/v1/issues/{issue}/history").json()
    assert (first["words"]["reporter"], first["words"]["phone"]) == ("邹**", "139****5678")
    assert (looked["event"], looked["words"]) == ("ContactDataViewed", {"reason": "回电"})


@pytest.mark.parametrize("phone", ["28765432", "0591-28765432", "+86 591 2876 5432"])
def test_a_landline_is_masked_alike_for_programs_and_on_the_page(head: TestClient, phone: str) -> None:
    issue = noted(head, reporter="邹老师", phone=phone, building="1")["issue"]
    assert head.get(f"/api/v1/issues/{issue}").json()["phone"] == "****32"
    page = head.get(f"/issues/{issue}").text
    assert set(re.findall(r"\S*\*{4}\d*", page.replace(">", " "))) == {"****32"}
    assert "邹**" in page and phone not in page


def an_order(client: TestClient) -> str:
    issue = noted(client)["issue"]
    answer = client.post(f"/api/v1/issues/{issue}/promote-to-work-order", json={"category": "GREENERY"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["order"])


def steward(client: TestClient) -> str:
    return str(client.get(f"/api/v1/stations/{FIRST}/stewards").json()[0]["person"])


def test_an_order_tells_what_is_next_and_whom_to_send(head: TestClient) -> None:
    order = an_order(head)
    card = head.get(f"/api/v1/work-orders/{order}")
    assert card.headers["ETag"] == f'"{card.json()["version"]}"'
    assert {"DispatchSteward", "ChangePriority"} <= set(card.json()["allowed"])
    assert card.json()["deadlines"]["fix_by"] is not None
    ranked = head.get(f"/api/v1/work-orders/{order}/dispatch-suggestions").json()
    assert [each["fitting"] for each in ranked] == sorted((each["fitting"] for each in ranked), reverse=True)
    history = head.get(f"/api/v1/work-orders/{order}/history").json()
    assert [each["event"] for each in history][:2] == ["IssueNoted", "IssueTriaged"]
    assert all(each["actor_name"] and each["acting_as"] == "STATION_HEAD" for each in history)


def test_cases_of_two_estates_are_not_tied_together(demo: Demo) -> None:
    """A centre sees both, but neither station could follow."""
    centre = demo.sign_in("centre")
    here, there = noted(centre)["issue"], noted(centre, estate=SECOND)["issue"]
    assert code(centre.post(f"/api/v1/issues/{here}/merge-issue", json={"into": there})) == "other_estate"
    order = an_order(centre)
    body = {"estate": SECOND, "text": "又坏了", "follows": order}
    assert code(centre.post("/api/v1/issues", json=body)) == "other_estate"
    assert centre.post("/api/v1/issues", json=body | {"estate": FIRST}).status_code == 201


# -- a second click --------------------------------------------------------------------------------------------------


def test_a_repeated_request_gets_the_first_answer(demo: Demo, head: TestClient) -> None:
    key, body = {"Idempotency-Key": str(uuid4())}, {"estate": FIRST, "text": "只记一次", "building": "2"}
    first = head.post("/api/v1/issues", json=body, headers=key)
    before = demo.product.log.last_position()
    again = head.post("/api/v1/issues", json=body, headers=key)
    spaced = '{ "text": "只记一次",\n "building": "2", "estate": "' + FIRST + '" }'
    rewritten = head.post("/api/v1/issues", content=spaced, headers=key | {"Content-Type": "application/json"})
    assert {each.json()["issue"] for each in (first, again, rewritten)} == {first.json()["issue"]}
    assert {each.status_code for each in (first, again, rewritten)} == {201}
    assert demo.product.log.last_position() == before


def test_two_at_once_are_one(demo: Demo, head: TestClient) -> None:
    key, body = {"Idempotency-Key": str(uuid4())}, {"estate": FIRST, "text": "同时两次"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: head.post("/api/v1/issues", json=body, headers=key), range(8)))
    assert {each.status_code for each in answers} == {201}
    assert len({each.json()["issue"] for each in answers}) == 1


def test_a_key_belongs_to_one_request_of_one_person(demo: Demo, head: TestClient) -> None:
    key, body = {"Idempotency-Key": str(uuid4())}, {"estate": FIRST, "text": "我的"}
    mine = head.post("/api/v1/issues", json=body, headers=key).json()
    other = head.post("/api/v1/issues", json=body | {"text": "别的"}, headers=key)
    assert (other.status_code, code(other)) == (422, "key_reused")
    elsewhere = head.post(f"/api/v1/issues/{mine['issue']}/drop-issue", json={"reason": "看错"}, headers=key)
    assert code(elsewhere) == "key_reused"
    clerk = demo.sign_in("clerk").post("/api/v1/issues", json=body, headers=key).json()
    assert clerk["issue"] != mine["issue"]


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 129, "钥匙", "a\tb", "\x7f"])
def test_keys_are_visible_ascii(head: TestClient, key: str) -> None:
    answer = head.post(
        "/api/v1/issues", json={"estate": FIRST, "text": "试"}, headers={"Idempotency-Key": key.encode()}
    )
    assert (answer.status_code, code(answer)) == (400, "idempotency_key")
