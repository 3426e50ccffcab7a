"""One fault, many reporters: nobody is lost by merging, no picture either, and what was done wrongly is put right."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from tests.conftest import FIRST, Demo


@pytest.fixture(scope="module")
def head(demo: Demo) -> TestClient:
    return demo.sign_in("head")


def said(client: TestClient, path: str, status: int = 200, **body: Any) -> Any:
    answer = client.post(f"/api/v1/{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def note(client: TestClient, text: str, **more: Any) -> str:
    issue: str = said(client, "issues", 201, estate=FIRST, text=text, **more)["issue"]
    return issue


def photo(client: TestClient) -> str:
    out = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    sent = client.post("/api/v1/photos", params={"estate": FIRST}, files={"photo": ("a.png", out.getvalue())})
    found: str = sent.json()["photo"]
    return found


def order_of(client: TestClient, issue: str, **more: Any) -> str:
    order: str = said(client, f"issues/{issue}/promote-to-work-order", 201, category="GREENERY", **more)["order"]
    return order


def line(demo: Demo, client: TestClient, issue: str, **asked: Any) -> Any:
    demo.caught_up()
    return client.get(f"/api/v1/issues/{issue}", params=asked).json()


def closed(demo: Demo, head: TestClient, order: str) -> None:
    steward = head.get(f"/api/v1/stations/{FIRST}/stewards").json()[0]["person"]
    said(head, f"work-orders/{order}/dispatch-steward", steward=steward)
    for act in ("take-work-order", "record-arrival", "start-work"):
        said(head, f"work-orders/{order}/{act}")
    said(head, f"work-orders/{order}/complete-work", summary="好了")
    clerk = demo.sign_in("clerk")
    said(clerk, f"work-orders/{order}/verify-work")
    said(clerk, f"work-orders/{order}/record-follow-up", reached=True)


def test_inv_19_a_chain_of_merges_keeps_every_reporter_and_every_photo(demo: Demo, head: TestClient) -> None:
    pictures = [photo(head) for _ in range(3)]
    a, b, c = (
        note(
            head, f"香樟枝压到车棚{n}", building="2", reporter=f"{n}先生", phone=f"1390000000{n}", photos=[pictures[n]]
        )
        for n in range(3)
    )
    said(head, f"issues/{a}/merge-issue", into=b)
    said(head, f"issues/{b}/merge-issue", into=c)
    assert line(demo, head, c)["me_too"] == 2
    order = order_of(head, c)
    late = note(head, "车棚上的枝", building="2", reporter="3先生", into=a)  # by way of one that was merged long ago
    assert line(demo, head, late)["merged_into"] == c
    told = head.get(f"/api/v1/work-orders/{order}/reporters").json()
    assert [each["issue"] for each in told] == [c, a, b, late]
    assert [each["owed"] for each in told] == [True] * 4
    page = head.get(f"/orders/{order}").text
    for each in pictures:
        assert page.count(f"/api/v1/photos/{each}?small=true") >= 1
    assert page.count('data-opens="answer-') >= 4


def test_closing_names_who_was_not_answered(demo: Demo, head: TestClient) -> None:
    first, other = note(head, "花坛缺口", reporter="甲女士"), note(head, "花坛缺一块", reporter="乙先生")
    nobody = note(head, "花坛")
    for each in (other, nobody):
        said(head, f"issues/{each}/merge-issue", into=first)
    order = order_of(head, first)
    closed(demo, head, order)
    demo.caught_up()
    owed = [each["issue"] for each in head.get(f"/api/v1/work-orders/{order}/reporters").json() if each["owed"]]
    assert owed == [other]  # the first one was called, and of the third nobody is known
    browser = demo.sign_in("clerk")
    csrf = browser.get("/api/v1/session").headers.get("x-csrf") or ""
    done = browser.post(f"/orders/{order}/close", data={"csrf": csrf}, headers={"Accept": "application/json"}).json()
    assert f"1 位报事人没答复：{line(demo, head, other)['number'][-4:]}" in done["toast"]
    said(head, f"issues/{other}/answer-reporter", answer="补好了")
    demo.caught_up()
    assert not [each for each in head.get(f"/api/v1/work-orders/{order}/reporters").json() if each["owed"]]


def test_merging_into_what_is_over_is_refused_or_opens_it_again(demo: Demo, head: TestClient) -> None:
    dropped, advised, gone, ended = (note(head, f"树洞{n}") for n in range(4))
    said(head, f"issues/{dropped}/drop-issue", reason="看错")
    said(head, f"issues/{advised}/give-advice", advice="已报街道")
    said(head, f"work-orders/{order_of(head, gone)}/cancel-work-order", reason="不修了")
    order = order_of(head, ended)
    closed(demo, head, order)
    said(head, f"work-orders/{order}/close-work-order")
    new = note(head, "树洞又来")
    for target, code in ((dropped, "merge_target"), (advised, "merge_target"), (gone, "merge_order")):
        assert said(head, f"issues/{new}/merge-issue", 409, into=target)["code"] == code
        refused = said(head, "issues", 409, estate=FIRST, text="树洞", into=target)
        assert refused["code"] == code and len(refused["detail"]) > 8
    assert said(head, f"issues/{new}/merge-issue", 422, into=new)["code"] == "merge_into_itself"
    said(head, f"issues/{new}/merge-issue", into=ended)
    demo.caught_up()
    shown = head.get(f"/api/v1/work-orders/{order}").json()
    assert shown["stage"] not in ("CLOSED", "FOLLOWED_UP")
    reopened = [e for e in head.get(f"/api/v1/work-orders/{order}/history").json() if e["event"] == "WorkOrderReopened"]
    assert reopened[0]["words"]["reason"] == line(demo, head, new)["number"]


def test_what_was_done_wrongly_is_taken_back_and_the_past_stays_as_it_was(demo: Demo, head: TestClient) -> None:
    one, other = note(head, "长椅松了"), note(head, "长椅坏了")
    said(head, f"issues/{one}/triage-issue", category="GREENERY")
    said(head, f"issues/{one}/merge-issue", into=other)
    demo.caught_up()
    then = str(demo.product.log.last_position())
    undone = said(head, f"issues/{one}/undo-merge")
    assert undone["version"] == 4
    back = line(demo, head, one)
    assert (back["status"], back["merged_into"]) == ("TRIAGED", None)
    assert line(demo, head, other)["me_too"] == 0
    assert (line(demo, head, other, asOf=then)["me_too"], line(demo, head, one, asOf=then)["merged_into"]) == (1, other)
    said(head, f"issues/{other}/drop-issue", reason="看错")
    said(head, f"issues/{other}/undo-drop")
    assert (line(demo, head, other)["status"], line(demo, head, other)["outcome"]) == ("NOTED", None)
    assert said(head, f"issues/{other}/undo-drop", 409)["code"] == "status"


def test_place_and_reporter_are_put_right_also_on_the_order(demo: Demo, head: TestClient) -> None:
    issue = note(head, "枯枝", building="1", reporter="某某")
    said(head, f"issues/{issue}/correct-place", building="3", stairwell="2")
    assert said(head, f"issues/{issue}/correct-place", 422, building="99")["code"] == "unknown_building"
    order = order_of(head, issue)
    demo.caught_up()
    assert head.get(f"/api/v1/work-orders/{order}").json()["building"] == "3"  # promoted as it was put right
    said(head, f"issues/{issue}/correct-place", building="2")
    said(head, f"issues/{issue}/correct-reporter", phone="13900000005")
    shown = line(demo, head, issue)
    assert (shown["building"], shown["stairwell"], shown["reporter"], shown["phone"]) == (
        "2",
        None,
        "某*",
        "139****0005",
    )
    card = head.get(f"/api/v1/work-orders/{order}").json()
    assert (card["building"], card["stairwell"]) == ("2", None)
    assert "枯枝" in head.get(f"/orders/{order}").text
    assert said(head, f"issues/{issue}/correct-reporter", 422)["code"] == "blank_text"


def test_a_wrong_photo_is_gone_for_good(demo: Demo, head: TestClient) -> None:
    wrong, right, foreign = photo(head), photo(head), photo(head)
    issue = note(head, "拍错了", photos=[wrong])
    said(head, f"issues/{issue}/attach-photo", photo=right, kind="AFTER")
    said(head, f"issues/{issue}/remove-photo", photo=wrong)
    said(head, f"issues/{issue}/remove-photo", photo=foreign)  # stands not here: nothing is done to it
    shown = line(demo, head, issue)
    assert (shown["photos"], shown["after"]) == ([right], [right])
    assert [head.get(f"/api/v1/photos/{each}").status_code for each in (wrong, right, foreign)] == [404, 200, 200]
    assert wrong not in head.get(f"/issues/{issue}").text


def test_what_was_reported_already_is_found_while_typing(demo: Demo, head: TestClient) -> None:
    waiting = note(head, "5栋1单元楼道灯不亮", building="5", stairwell="1")
    under_way = order_of(head, note(head, "5栋门口花坛缺口", building="5"))
    demo.caught_up()

    def found(text: str) -> list[Any]:
        answer = head.post(f"/api/v1/stations/{FIRST}/similar", json={"text": text})
        assert answer.status_code == 200, answer.text
        return [each["issue"] if each["order"] is None else each["order"] for each in answer.json()]

    assert found("5栋1单元的灯不亮 王阿姨13805931234")[0] == waiting
    assert waiting not in found("3栋1单元的灯不亮")
    assert under_way in found("5栋门口花坛又缺一块")
    assert found("5栋电梯困人了") == []  # what may cost a life is never only the same as another


@pytest.mark.parametrize("way", ["api", "desk"])
def test_a_number_never_stays_in_the_text(demo: Demo, head: TestClient, way: str) -> None:
    text = "6栋2单元401王阿姨138-0593-1234说水管漏了"
    if way == "api":
        issue = note(head, text)
    else:
        sent = head.post(f"/board/{FIRST}/notes", data={"text": text}, headers={"Accept": "application/json"})
        assert sent.status_code == 200, sent.text
        issue = sent.json()["issue"]
    shown = line(demo, head, issue)
    assert "138" not in shown["text"] and "水管漏了" in shown["text"]
    assert shown["phone"] == "138****1234"
    assert ("王阿姨" in shown["text"], shown["reporter"]) == (False, "王**")
    assert (shown["building"], shown["stairwell"]) == ("6", "2")


def test_a_name_that_was_none_goes_back_into_the_text(demo: Demo, head: TestClient) -> None:
    form = {"text": "6栋王阿姨说灯坏了", "lifted": "1", "reporter": "", "phone": ""}
    sent = head.post(f"/board/{FIRST}/notes", data=form, headers={"Accept": "application/json"}).json()
    assert line(demo, head, sent["issue"])["text"] == form["text"]
    form |= {"reporter": "王桂英", "phone": "13900000009"}
    sent = head.post(f"/board/{FIRST}/notes", data=form, headers={"Accept": "application/json"}).json()
    shown = line(demo, head, sent["issue"])
    assert (shown["text"], shown["phone"]) == ("6栋，灯坏了", "139****0009")
