"""Looking back over HTTP: what the station knew at a moment or a position, and nothing that was told later."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient

from domain.calendar import SHANGHAI
from tests.conftest import FIRST, SECOND, Demo

BOARD, ISSUES, ORDERS, STEWARDS, PEOPLE = (
    f"/api/v1/stations/{FIRST}/{part}" for part in ("board", "issues", "work-orders", "stewards", "people")
)
ESTATE = f"/api/v1/estates/{FIRST}"


@pytest.fixture(scope="module")
def head(demo: Demo) -> TestClient:
    return demo.sign_in_patient("head")


def done(answer: Any) -> dict[str, Any]:
    assert answer.status_code in (200, 201), answer.text
    body: dict[str, Any] = answer.json()
    return body


def noted(client: TestClient, text: str = "路灯不亮", **more: Any) -> dict[str, Any]:
    return done(client.post("/api/v1/issues", json={"estate": FIRST, "text": text, **more}))


def at(client: TestClient, place: str, as_of: object, **more: Any) -> Any:
    answer = client.get(place, params={"asOf": str(as_of), **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def inbox(board: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["issue"]: each for each in board["inbox"]}


def refused(client: TestClient, as_of: str, place: str = BOARD, language: str = "zh") -> tuple[int, str, str]:
    answer = client.get(place, params={"asOf": as_of}, headers={"Accept-Language": language})
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    return answer.status_code, body["code"], body["detail"]


# -- what is seen ----------------------------------------------------------------------------------------------------


def test_a_line_waits_again_on_the_board_of_before_it_was_dropped(head: TestClient) -> None:
    body = noted(head)  # given a line that waited
    done(head.post(f"/api/v1/issues/{body['issue']}/drop-issue", json={"reason": "看错了"}))
    then = at(head, BOARD, body["position"])  # when looked back
    assert inbox(then)[body["issue"]]["status"] == "NOTED"  # then it waits
    assert then["position"] == body["position"]
    assert body["issue"] not in inbox(at(head, BOARD, body["position"] - 1))
    assert body["issue"] not in inbox(done(head.get(BOARD)))


def test_orders_stand_in_the_lane_and_with_the_steward_of_then(head: TestClient) -> None:
    issue = noted(head)["issue"]
    opened = done(head.post(f"/api/v1/issues/{issue}/promote-to-work-order", json={"category": "PUBLIC_LIGHTING"}))
    order, stewards = opened["order"], done(head.get(f"/api/v1/stations/{FIRST}/stewards"))
    steward = stewards[0]["person"]
    sent = done(head.post(f"/api/v1/work-orders/{order}/dispatch-steward", json={"steward": steward}))
    done(head.post(f"/api/v1/work-orders/{order}/recall-dispatch", json={}))

    def loads(board: dict[str, Any]) -> int:
        return int(next(each["load"] for each in board["stewards"] if each["person"] == steward))

    before, after = at(head, BOARD, sent["position"] - 1), at(head, BOARD, sent["position"])
    assert loads(after) == loads(before) + 1
    lanes = {lane["lane"]: lane["total"] for lane in after["lanes"]}
    assert lanes["sent"] == {lane["lane"]: lane["total"] for lane in before["lanes"]}["sent"] + 1
    listed = at(head, ORDERS, sent["position"], lane="sent", limit=200)
    assert next(each for each in listed if each["order"] == order)["steward"] == steward
    assert order not in [each["order"] for each in done(head.get(ORDERS, params={"lane": "sent", "limit": 200}))]


def test_a_moment_stands_for_all_that_was_recorded_by_then(demo: Demo, head: TestClient) -> None:
    for position in (60, demo.product.log.last_position() // 2, demo.product.log.last_position()):
        moment = demo.product.log.recorded_at(position)
        then = at(head, BOARD, moment.isoformat())
        assert datetime.fromisoformat(then["as_of"]) == moment
        assert then["position"] >= position
        assert demo.product.log.recorded_at(then["position"]) <= moment
        by_position = at(head, BOARD, then["position"])
        assert {**then, "as_of": None} == {**by_position, "as_of": None}


def test_every_offset_names_the_same_moment(demo: Demo, head: TestClient) -> None:
    moment = demo.now - timedelta(days=2)
    local = at(head, BOARD, moment.isoformat())
    assert local == at(head, BOARD, moment.astimezone(UTC).isoformat())
    plain = head.get(f"{BOARD}?asOf={moment.isoformat()}")  # its plus sign reads as a space
    assert plain.json() == local


def test_what_was_written_down_late_is_not_seen_before_it_was(demo: Demo, head: TestClient) -> None:
    yesterday = demo.now - timedelta(days=1)
    late = noted(head, "昨天就漏水了", occurredAt=yesterday.isoformat())
    hour_after = at(head, ISSUES, (yesterday + timedelta(hours=1)).isoformat(), limit=200)
    assert late["issue"] not in [each["issue"] for each in hour_after]
    assert late["issue"] in [each["issue"] for each in at(head, ISSUES, late["position"], limit=200)]


def test_clocks_say_what_they_said(demo: Demo, head: TestClient) -> None:
    """Of the demo's week, every morning at ten: ten minutes later a clock that runs has ten minutes less."""

    def clocks(moment: datetime) -> dict[str, tuple[str, int]]:
        board = at(head, BOARD, moment.isoformat())
        cards = [card for lane in board["lanes"] for card in lane["orders"]]
        return {
            f"{card['order']} {card['version']}": (card["clock"]["kind"], card["clock"]["seconds"]) for card in cards
        }

    compared = 0
    ten = demo.now.replace(hour=10, minute=0, second=0, microsecond=0)
    for morning in (ten - timedelta(days=days) for days in range(1, 6)):
        earlier, later = clocks(morning), clocks(morning + timedelta(minutes=10))
        for card in earlier.keys() & later.keys():
            (kind, seconds), (kind_later, seconds_later) = earlier[card], later[card]
            if kind_later in ("ok", "soon"):
                assert (kind in ("ok", "soon"), seconds - seconds_later) == (True, 600)
                compared += 1
            elif kind == "late":
                assert (kind_later, seconds_later - seconds) == ("late", 600)
                compared += 1
    assert compared


def test_what_was_forgotten_since_stays_forgotten(head: TestClient) -> None:
    body = noted(
        head, "三栋老王家的事", reporter="王建国", phone="13800138000", building="3", dwelling="101", stairwell="1"
    )
    assert inbox(at(head, BOARD, body["position"]))[body["issue"]]["text"] == "三栋老王家的事"
    done(head.post(f"/api/v1/issues/{body['issue']}/drop-issue", json={"reason": "看错了"}))
    done(head.post(f"/api/v1/issues/{body['issue']}/forget-case", json={"ground": "RESIDENT_ASKED"}))
    answer = head.get(BOARD, params={"asOf": body["position"]})
    line = inbox(answer.json())[body["issue"]]
    assert (line["status"], line["number"]) == ("NOTED", body["number"])
    personal = {line[name] for name in ("text", "reporter", "phone", "dwelling", "outcome")}
    assert (personal, line["forgotten"], line["photos"]) == ({None}, True, [])
    assert "王" not in str(line)


def test_nothing_can_be_done_in_the_past(head: TestClient) -> None:
    body = noted(head)
    promoted = done(
        head.post(f"/api/v1/issues/{noted(head)['issue']}/promote-to-work-order", json={"category": "GREENERY"})
    )
    last = promoted["position"]
    assert inbox(done(head.get(BOARD)))[body["issue"]]["allowed"]
    board = at(head, BOARD, last)
    cards = [card for lane in board["lanes"] for card in lane["orders"]]
    assert cards and all(each["allowed"] == [] for each in (*board["inbox"], *cards))
    assert all(each["allowed"] == [] for each in (*at(head, ISSUES, last), *at(head, ORDERS, last)))


def test_the_answer_says_which_point_it_stands_for(head: TestClient) -> None:
    body = noted(head)
    for place in (BOARD, ISSUES, ORDERS, STEWARDS, PEOPLE, ESTATE):
        answer = head.get(place, params={"asOf": body["position"]})
        assert answer.headers["X-Position"] == str(body["position"])
        assert datetime.fromisoformat(answer.headers["X-As-Of"]).utcoffset() is not None
        assert "X-As-Of" not in head.get(place).headers
    assert done(head.get(BOARD))["as_of"] is None


def test_people_are_there_while_they_hold_a_post(demo: Demo, head: TestClient) -> None:
    admin, yesterday = demo.sign_in_patient("admin"), demo.now - timedelta(days=1)
    person = done(admin.post("/api/v1/people", json={"name": "新来的小吴"}))["person"]
    post = {"capacity": "DISPATCHER", "estate": FIRST}
    place = f"/api/v1/people/{person}"
    came = done(admin.post(f"{place}/appoint", json={**post, "since": yesterday.isoformat()}))["position"]
    left = done(admin.post(f"{place}/relieve", json={**post, "until": demo.now.isoformat()}))["position"]

    def there(position: int) -> list[str | None]:
        return [each["name"] for each in at(head, PEOPLE, position) if each["person"] == person]

    assert [there(position) for position in (came - 1, came, left - 1, left)] == [
        [],
        ["新来的小吴"],
        ["新来的小吴"],
        [],
    ]


def test_stewards_have_in_hand_what_they_had(head: TestClient) -> None:
    body = noted(head)
    assert at(head, STEWARDS, body["position"]) == at(head, BOARD, body["position"])["stewards"]


def test_a_case_is_looked_back_at_with_its_history(head: TestClient) -> None:
    body = noted(head, "十栋路灯不亮", reporter="王建国", phone="13800138000")
    opened = done(head.post(f"/api/v1/issues/{body['issue']}/promote-to-work-order", json={"category": "GREENERY"}))
    done(head.post(f"/api/v1/work-orders/{opened['order']}/cancel-work-order", json={"reason": "报错了"}))
    issue, order = f"/api/v1/issues/{body['issue']}", f"/api/v1/work-orders/{opened['order']}"

    then = at(head, issue, body["position"])
    assert (then["status"], then["order"], then["version"], then["allowed"]) == ("NOTED", None, 1, [])
    assert [each["event"] for each in at(head, f"{issue}/history", body["position"])] == ["IssueNoted"]
    card = at(head, order, opened["position"])
    assert (card["lane"], card["allowed"]) == ("waiting", [])
    now, before = done(head.get(f"{order}/history")), at(head, f"{order}/history", opened["position"])
    assert before == now[: len(before)] and len(before) < len(now)
    assert before[-1]["position"] == opened["position"]
    for place in (issue, f"{issue}/history"):
        assert refused(head, str(body["position"] - 1), place)[:2] == (404, "not_found")
    for place in (order, f"{order}/history"):
        assert refused(head, str(body["position"]), place)[:2] == (404, "not_found")


def test_the_history_of_a_forgotten_case_has_no_words_of_then(head: TestClient) -> None:
    body = noted(head, "老王家的事", reporter="王建国")
    place = f"/api/v1/issues/{body['issue']}"
    assert at(head, f"{place}/history", body["position"])[0]["words"]["text"] == "老王家的事"
    tag = head.get(place, params={"asOf": body["position"]}).headers["ETag"]
    unchanged = {"params": {"asOf": body["position"]}, "headers": {"If-None-Match": tag}}
    assert head.get(place, **unchanged).status_code == 304
    act = head.post(f"{place}/drop-issue", json={"reason": "看错了"}, headers={"If-Match": tag})
    assert act.json()["code"] == "if_match"  # what is seen of the past is nothing to act on
    done(head.post(f"{place}/drop-issue", json={"reason": "看错了"}))
    done(head.post(f"{place}/forget-case", json={"ground": "RESIDENT_ASKED"}))
    assert at(head, f"{place}/history", body["position"])[0]["words"] == {}
    again = head.get(place, **unchanged)  # whoever kept it is told that it is another now
    assert again.status_code == 200
    assert (again.json()["text"], again.json()["forgotten"]) == (None, True)


def test_a_case_of_others_has_no_past(demo: Demo, head: TestClient) -> None:
    body, other = noted(head), demo.sign_in("head2")
    for part in ("", "/history"):
        place = f"/api/v1/issues/{body['issue']}{part}"
        assert refused(other, str(body["position"]), place)[:2] == (404, "not_found")


def test_hours_are_those_of_then(demo: Demo, head: TestClient) -> None:
    before = done(head.get(ESTATE))
    hours = {"opens": 420, "closes": 1260}
    changed = done(head.post(f"/api/v1/stations/{FIRST}/hours", json=hours))
    then, now = (at(head, ESTATE, changed["position"] - back) for back in (1, 0))
    assert (then["opens"], then["closes"], then["version"]) == (before["opens"], before["closes"], before["version"])
    assert (now["opens"], now["closes"]) == (420, 1260)


# -- what is not seen ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("nonsense", "as_of_unreadable"),
        ("", "as_of_unreadable"),
        ("0", "as_of_unreadable"),
        ("-3", "as_of_unreadable"),
        ("1.5", "as_of_unreadable"),
        ("٣", "as_of_unreadable"),
        ("2026-13-40T12:00:00+08:00", "as_of_unreadable"),
        ("0001-01-01T00:00:00+14:00", "as_of_unreadable"),
        ("2026-11-20T12:00:00", "offset_missing"),
        ("2026-11-20", "offset_missing"),
        ("9999-12-31T23:00:00+08:00", "as_of_future"),
        ("999999999999999999", "as_of_unwritten"),
        ("1999-12-31T23:00:00+08:00", "as_of_before"),
    ],
)
def test_a_point_that_cannot_be_is_refused(head: TestClient, said: str, code: str) -> None:
    for place in (BOARD, ISSUES, ORDERS, STEWARDS, PEOPLE, ESTATE):
        assert refused(head, said, place)[:2] == (422, code)


def test_an_estate_has_no_past_before_it_was_registered(demo: Demo) -> None:
    head = demo.sign_in("head2")
    registered = next(each for each in demo.product.log.read(0, 500) if each.estate == SECOND)
    place = f"/api/v1/stations/{SECOND}/board"
    assert refused(head, str(registered.position - 1), place)[:2] == (422, "as_of_before")
    assert at(head, place, registered.position)["inbox_total"] == 0


def test_a_refusal_says_what_to_do_in_both_languages(demo: Demo, head: TestClient) -> None:
    last = demo.product.log.last_position()
    assert refused(head, str(last + 50))[2] == f"日志还没写到那里，最后一条是第 {last} 条"
    began = demo.product.log.recorded_at(1).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    assert began in refused(head, "1999-12-31T23:00:00+08:00")[2]
    assert "begin at " + began in refused(head, "1999-12-31T23:00:00+08:00", language="en")[2]
    assert "offset" in refused(head, "2026-11-20T12:00:00", language="en")[2]
    too_long = head.get(BOARD, params={"asOf": "9" * 41}).json()
    assert (too_long["status"], too_long["errors"][0]["field"]) == (422, "asOf")


def test_another_estate_is_not_found_whenever_it_is_asked_for(demo: Demo, head: TestClient) -> None:
    for said in ("nonsense", "60", demo.now.isoformat()):
        for part in ("board", "issues", "work-orders", "stewards", "people"):
            place = f"/api/v1/stations/{SECOND}/{part}"
            assert refused(head, said, place)[:2] == (404, "not_found")
    assert refused(demo.sign_in("admin"), "60")[0] == 403
    assert demo.client().get(BOARD, params={"asOf": "60"}).status_code == 401


def test_one_of_two_own_estates_is_shown_alone(demo: Demo) -> None:
    centre, last = demo.sign_in("centre"), demo.product.log.last_position()
    here, there = (at(centre, f"/api/v1/stations/{each}/issues", last - 10, limit=200) for each in (FIRST, SECOND))
    assert here and there
    assert {each["estate"] for each in here} == {FIRST} and {each["estate"] for each in there} == {SECOND}


def test_a_view_that_lags_is_waited_for_and_then_said(demo: Demo) -> None:
    head = demo.sign_in("head")
    with psycopg.connect(demo.url) as held:
        held.execute("SELECT 1 FROM view.positions WHERE name = 'orders' FOR UPDATE")  # the follower has to wait
        body = noted(head)
        answer = head.get(BOARD, params={"asOf": body["position"]})
        assert (answer.status_code, answer.json()["code"]) == (503, "try_later")
        assert int(answer.headers["Retry-After"]) > 0
        assert at(head, BOARD, body["position"] - 1)["position"] == body["position"] - 1
    demo.caught_up()
    assert body["issue"] in inbox(at(head, BOARD, body["position"]))


def test_the_document_says_how_to_look_back(demo: Demo) -> None:
    document = demo.client().get("/api/v1/openapi.json").json()
    for part in ("board", "issues", "work-orders", "stewards", "people"):
        parameters = document["paths"][f"/api/v1/stations/{{estate}}/{part}"]["get"]["parameters"]
        [found] = [each for each in parameters if each["name"] == "asOf"]
        assert "offset" in found["description"] and found["required"] is False
