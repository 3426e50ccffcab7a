"""Letters on their way: each once, by real servers, held at night, tried again, given up, and never in a log line."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import structlog
from starlette.testclient import TestClient

from domain.calendar import SHANGHAI
from domain.telling.occasions import NoticeWay
from services.demo.cast import FIRST
from services.product import Product
from services.runtime.telling_settings import TellingSettings
from services.telling.letters import leave_mail, mail_of
from services.telling.outward import Refused, post
from services.telling.post_room import LEASE, PostRoom
from services.telling.ways import Letter, Way, ways
from tests.conftest import Demo
from tests.telling.servers import Mailed, Posted, http_server, smtp_server

PHONE = "13911112222"
ADDRESS = "repairer@example.com"


@dataclass
class Room:
    """The post room over the demo, by a clock that stands until it is told."""

    demo: Demo
    now: datetime
    out: dict[NoticeWay, Way]
    quiet: tuple[int, int] = (0, 0)  # never

    def __post_init__(self) -> None:
        known = self.demo.product.settings
        of_room = replace(known, telling=replace(known.telling, quiet=self.quiet))
        self.product: Product = replace(self.demo.product, clock=lambda: self.now, settings=of_room)
        self.room = PostRoom(self.product, self.out)

    def step(self) -> int:
        self.demo.caught_up()
        last = self.demo.product.log.last_position()
        assert self.demo.product.positions.wait("telling", last, 30)
        return self.room.step()

    def rows(self, order: str, *columns: str) -> list[tuple[Any, ...]]:
        with self.product.database.lend_by_id() as conn:
            asked = f"SELECT {', '.join(columns)} FROM log.letters WHERE order_id = %s ORDER BY channel, what"
            return conn.execute(asked.encode(), (order,)).fetchall()


@pytest.fixture
def mail() -> Iterator[Mailed]:
    with smtp_server() as made:
        yield made


@pytest.fixture
def web() -> Iterator[Posted]:
    with http_server() as made:
        yield made


def settings(mail: Mailed | None = None, web: Posted | None = None, shape: str = "plain") -> TellingSettings:
    address = f"http://127.0.0.1:{web.port}" if web else None
    return TellingSettings(
        mail=f"smtp://127.0.0.1:{mail.port}" if mail else None, mail_from="station@example.com",
        webhook=address and f"{address}/hook", webhook_shape=shape, webhook_secret="s3cret",
        sms=address and f"{address}/sms", sms_secret="s3cret", private=True,
    )  # fmt: skip


def reported(head: TestClient, text: str = "3栋1单元门口路灯不亮") -> tuple[str, str]:
    issue = head.post(
        "/api/v1/issues", json={"estate": FIRST, "text": text, "reporter": "邹老师", "phone": PHONE, "building": "3"}
    ).json()["issue"]
    made = head.post(f"/api/v1/issues/{issue}/promote-to-work-order", json={"category": "PUBLIC_LIGHTING"})
    return issue, made.json()["order"]


def sent(demo: Demo) -> tuple[str, str, UUID]:
    head = demo.sign_in_patient("head")
    issue, order = reported(head)
    steward = demo.sign_in("repairer").get("/api/v1/session").json()["person"]
    done = head.post(f"/api/v1/work-orders/{order}/dispatch-steward", json={"steward": steward})
    assert done.status_code == 200, done.text
    return issue, order, UUID(steward)


def test_the_steward_is_told_once_by_every_way(demo: Demo, mail: Mailed, web: Posted) -> None:
    _, order, steward = sent(demo)
    leave_mail(demo.product, steward, ADDRESS)
    room = Room(demo, demo.now, dict(ways(settings(mail, web))))
    assert room.step() > 0 and room.step() == 0
    card = demo.sign_in("head").get(f"/api/v1/work-orders/{order}").json()
    said = [str(each.get_payload(decode=True), "utf-8") for each in mail.came if each["To"] == ADDRESS]
    assert sum(card["number"] in each for each in said) == 1
    hooks = [each for each in web.came if each[0] == "/hook" and card["number"] in each[2].decode()]
    assert len(hooks) == 1 and PHONE not in hooks[0][2].decode() and "邹老师" not in hooks[0][2].decode()
    signed = hmac.digest(b"s3cret", hooks[0][2], hashlib.sha256).hex()
    assert hooks[0][1]["X-Jinlin-Signature"] == f"sha256={signed}"
    bell = demo.sign_in("repairer").get("/api/v1/bell").json()
    assert [each["what"] for each in bell if each["order"] == order] == ["SENT"]


def test_what_was_taken_back_before_it_went_is_told_to_nobody(demo: Demo, web: Posted) -> None:
    _, recalled, _ = sent(demo)
    issue, withdrawn = reported(demo.sign_in("head"), "5栋1单元的灯不亮")
    head = demo.sign_in_patient("head")
    assert head.post(f"/api/v1/work-orders/{recalled}/recall-dispatch").status_code == 200
    assert head.post(f"/api/v1/issues/{issue}/undo-promotion").status_code == 200
    room = Room(demo, demo.now, dict(ways(settings(None, web))))
    room.step()
    numbers = [head.get(f"/api/v1/work-orders/{each}").json()["number"] for each in (recalled, withdrawn)]
    numbers.append(head.get(f"/api/v1/issues/{issue}").json()["number"])
    assert not [each for each in web.came if any(number in each[2].decode() for number in numbers)]


def test_whoever_reported_it_is_told_at_the_promise_and_at_the_end(demo: Demo, web: Posted) -> None:
    head = demo.sign_in_patient("head")
    issue, order = reported(head, "5栋2单元的灯不亮")
    room = Room(demo, demo.now, dict(ways(settings(None, web))))
    room.step()
    room.step()
    number = head.get(f"/api/v1/issues/{issue}").json()["number"]
    texts = [each for each in web.came if each[0] == "/sms" and number in each[2].decode()]
    assert len(texts) == 1 and web.body(web.came.index(texts[0]))["to"] == PHONE
    head.post(f"/api/v1/work-orders/{order}/cancel-work-order", json={"reason": "又亮了"})
    room.now = demo.now
    room.step()
    ends = [each for each in web.came if each[0] == "/sms" and number in each[2].decode()]
    assert len(ends) == 2 and "又亮了" not in ends[1][2].decode()


def test_a_deadline_tells_the_heads_before_and_after_once(demo: Demo) -> None:
    head = demo.sign_in_patient("head")
    _, order = reported(head, "7栋门口的灯不亮")
    due = datetime.fromisoformat(head.get(f"/api/v1/work-orders/{order}").json()["clock"]["due"])
    room = Room(demo, due - timedelta(minutes=10), {})
    for moment in (due - timedelta(minutes=10), due - timedelta(minutes=1), due, due + timedelta(minutes=5)):
        room.now = moment
        room.step()
    me = UUID(head.get("/api/v1/session").json()["person"])
    told = [what for what, person in room.rows(order, "what", "person") if person == me]
    assert sorted(told) == ["DUE_SOON", "OVERDUE"]


@pytest.mark.parametrize("tell", ["DESK", "STEWARD", "STATION_HEAD"])
def test_the_end_of_a_pause_tells_whom_it_names_and_nobody_once_it_is_prolonged(demo: Demo, tell: str) -> None:
    head = demo.sign_in_patient("head")
    _, order, steward = sent(demo)
    me = UUID(head.get("/api/v1/session").json()["person"])
    for act in ("take-work-order", "record-arrival", "start-work"):
        assert head.post(f"/api/v1/work-orders/{order}/{act}").status_code == 200
    end = demo.now + timedelta(hours=3)
    body = {"cause": "PARTS", "until": end.isoformat(), "tell": tell}
    assert head.post(f"/api/v1/work-orders/{order}/suspend-work", json=body).status_code == 200
    room = Room(demo, end - timedelta(minutes=1), {})
    rung = {"DESK": {me}, "STEWARD": {steward}, "STATION_HEAD": {me}}[tell]

    def ends() -> list[UUID]:
        room.step()
        return [person for what, person in room.rows(order, "what", "person") if what == "PAUSE_OVER"]

    assert ends() == []
    for room.now in (end, end + timedelta(minutes=5)):
        found = ends()
        assert rung <= set(found) and len(found) == len(set(found))
    told = len(found)
    longer = {"until": (end + timedelta(days=1)).isoformat()}
    assert head.post(f"/api/v1/work-orders/{order}/prolong-pause", json=longer).status_code == 200
    room.now = end + timedelta(minutes=10)
    assert len(ends()) == told
    room.now = end + timedelta(days=1, minutes=1)
    assert len(ends()) == 2 * told


def test_at_night_it_waits_for_the_morning_but_in_danger(demo: Demo, web: Posted) -> None:
    _, order, steward = sent(demo)
    night = demo.now.astimezone(SHANGHAI)
    begins, ends = (night - timedelta(hours=1)).hour * 60, (night + timedelta(hours=2)).hour * 60
    room = Room(demo, night, dict(ways(settings(None, web))), (begins, ends))
    room.step()
    waiting = [next_at for state, next_at in room.rows(order, "state", "next_at") if state == "WAITING"]
    assert waiting and {each.astimezone(SHANGHAI).hour * 60 for each in waiting} == {ends}
    head = demo.sign_in_patient("head")
    line = {"estate": FIRST, "text": "电梯里困了人", "phone": PHONE, "building": "3"}
    issue = head.post("/api/v1/issues", json=line).json()["issue"]
    made = head.post(f"/api/v1/issues/{issue}/promote-to-work-order", json={"category": "LIFT_TRAPPED"}).json()["order"]
    head.post(f"/api/v1/work-orders/{made}/dispatch-steward", json={"steward": str(steward)})
    room.step()
    assert {state for (state,) in room.rows(made, "state")} == {"SENT"}


def test_a_try_that_fails_is_repeated_with_growing_pauses_and_given_up(demo: Demo, web: Posted) -> None:
    _, order, _ = sent(demo)
    web.answers = [(503, {}, {})]
    room = Room(demo, demo.now, dict(ways(settings(None, web))))
    with structlog.testing.capture_logs() as lines:
        for _ in range(12):
            room.step()
            room.now += timedelta(hours=13)
    assert {state for (state,) in room.rows(order, "state")} == {"SENT", "FAILED"}  # the bell's was sent
    told = str(lines)
    assert "letter_failed" in told and PHONE not in told and "邹老师" not in told and "status_503" in told
    hooks = [each[1]["X-Jinlin-Id"] for each in web.came if each[0] == "/hook"]
    assert len(set(hooks)) < len(hooks) == 7 * len(set(hooks))
    web.answers = [(200, {}, {})]
    head = demo.sign_in("head")
    failed = [each for each in head.get("/api/v1/letters", params={"state": "FAILED"}).json() if each["order"] == order]
    assert failed and "status_503" in head.get("/letters?state=FAILED").text
    assert PHONE not in head.get("/letters").text
    for each in failed:
        assert head.post(f"/api/v1/letters/{each['letter']}/resend").status_code == 204
    room.step()
    assert {state for (state,) in room.rows(order, "state")} == {"SENT"}


def test_what_is_killed_between_sending_and_noting_is_tried_once_more_under_its_id(demo: Demo) -> None:
    _, order, _ = sent(demo)
    came: list[UUID] = []

    def killed(letter: Letter) -> None:
        came.append(letter.id)
        if len(came) == 1:
            raise KeyboardInterrupt  # no error of a way: nothing is noted

    room = Room(demo, demo.now, {NoticeWay.WEBHOOK: killed})
    with pytest.raises(KeyboardInterrupt):
        room.step()
    first = came[0]
    room.step()
    assert came.count(first) == 1  # nobody else may be at it
    room.now += LEASE + timedelta(seconds=1)
    room.step()
    room.now += timedelta(days=1)
    room.step()
    assert came.count(first) == 2
    assert {state for (state,) in room.rows(order, "state")} == {"SENT"}


def test_a_history_tells_nobody(demo: Demo) -> None:
    Room(demo, demo.now + timedelta(hours=3), {}).step()
    with demo.product.database.lend_by_id() as conn:
        found = dict(conn.execute("SELECT state, count(*) FROM log.occasions GROUP BY 1").fetchall())
    assert found.get("SKIPPED", 0) > 10 and "NEW" not in found


@pytest.mark.parametrize(
    ("shape", "answer", "accepted"),
    [
        ("wecom", {"errcode": 0}, True), ("wecom", {"errcode": 93000}, False),
        ("dingtalk", {"errcode": 310000}, False), ("feishu", {"code": 0}, True), ("feishu", {"code": 19021}, False),
    ],
)  # fmt: skip
def test_a_robot_gets_its_shape(web: Posted, shape: str, answer: dict[str, Any], accepted: bool) -> None:
    web.answers = [(200, answer, {})]
    way = ways(settings(None, web, shape))[NoticeWay.WEBHOOK]
    letter = Letter(UUID(int=3), "", "通知", "WO-1 派给您", datetime(2026, 11, 23, tzinfo=SHANGHAI))
    if accepted:
        way(letter)
    else:
        with pytest.raises(Refused, match="not_accepted"):
            way(letter)
    path, _, raw = web.came[0]
    assert "WO-1 派给您" in raw.decode()
    assert ("sign=" in path) == (shape == "dingtalk") and ('"sign"' in raw.decode()) == (shape == "feishu")


def test_no_redirect_is_followed_and_no_private_address_reached(web: Posted) -> None:
    web.answers = [(302, {}, {"Location": f"http://127.0.0.1:{web.port}/elsewhere"})]
    with pytest.raises(Refused, match="status_302"):
        post(f"http://127.0.0.1:{web.port}/hook", b"{}", {}, private=True)
    assert [each[0] for each in web.came] == ["/hook"]
    for address in ("127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "0.0.0.0"):
        with pytest.raises((Refused, OSError)):
            post(f"http://{address}:{web.port}/hook", b"{}", {}, private=False)
    assert len(web.came) == 1


def test_an_address_is_sealed_and_forgotten_with_the_person(demo: Demo) -> None:
    head = demo.sign_in_patient("head")
    person = UUID(head.post("/api/v1/people", json={"name": "要抹去的", "another": True}).json()["person"])
    leave_mail(demo.product, person, ADDRESS)
    with demo.product.database.app.connection() as conn:
        kept = str(conn.execute("SELECT * FROM log.addresses").fetchall())
    assert ADDRESS not in kept and mail_of(demo.product, person) == ADDRESS
    demo.product.vault.destroy(person)
    assert mail_of(demo.product, person) is None


def test_the_bell_rings_and_is_read(demo: Demo) -> None:
    sent(demo)
    Room(demo, demo.now, {}).step()
    repairer = demo.sign_in("repairer")
    new = sum(each["read_at"] is None for each in repairer.get("/api/v1/bell").json())
    assert new and str(new) in repairer.get("/bell/unread").text and "派给您" in repairer.get("/bell").text
    assert repairer.post("/api/v1/bell/read").status_code == 204
    assert not repairer.get("/bell/unread").text.strip()
    assert repairer.post("/api/v1/bell/mail", json={"address": "nonsense"}).json()["code"] == "mail_address"
    assert repairer.get("/letters").status_code == 403
