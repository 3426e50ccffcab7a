"""Nothing personal stands in the clear: not in the log, not in log lines, not in the metrics. Forgetting forgets."""

import io
import re
from contextlib import redirect_stderr

import psycopg
import pytest
from starlette.testclient import TestClient

from projections.catalogue import VIEWS
from services.demo.cast import FIRST, PEOPLE
from services.demo.stories import STORIES
from services.running.checking.of_log import check_log
from services.running.checking.of_views import check_views
from services.runtime import logs
from tests.conftest import Demo

TEXT = "阁楼天窗漏雨打湿藤椅"
REPORTER, PHONE, ROOM = "欧阳逐月", "13777770001", "602"
NOTE = "门锁暗号青梅七下"


def marked_words() -> set[str]:
    """Every personal word of the demo's week, and of the case below."""
    words = {TEXT, REPORTER, PHONE, NOTE}
    for story in STORIES:
        words |= {story.text, story.summary, story.reason, *(story.reporter or ())}
    for someone in PEOPLE:
        words |= {someone.name, someone.phone}
    return {word for word in words if word}


@pytest.fixture(scope="module")
def day(demo: Demo) -> tuple[Demo, str, str, str]:
    """A case through its whole life with marked words, told through the API while log lines are caught."""
    lines = io.StringIO()
    with redirect_stderr(lines):
        said = logs.configure()
        head = demo.sign_in("head")
        issue, order = whole_life(demo, head)
        head.post("/api/v1/issues", json={"estate": FIRST, "text": TEXT, "phone": PHONE, "dwelling": "x" * 10})
        head.get(f"/api/v1/issues/{issue}/no-such-thing-{PHONE}")
        said.flush()
    return demo, lines.getvalue(), issue, order


def whole_life(demo: Demo, head: TestClient) -> tuple[str, str]:
    def done(path: str, **body: object) -> dict[str, object]:
        answer = head.post(f"/api/v1/{path}", json=body)
        assert answer.status_code < 300, answer.text
        found: dict[str, object] = answer.json()
        return found

    place = {"building": "3", "stairwell": "2", "dwelling": ROOM}
    issue = done("issues", estate=FIRST, text=TEXT, reporter=REPORTER, phone=PHONE, **place)["issue"]
    promoted = done(f"issues/{issue}/promote-to-work-order", category="PIPE_LEAK", part="PRIVATE")
    order = promoted["order"]
    stewards = head.get(f"/api/v1/stations/{FIRST}/stewards").json()
    steward = next(each for each in stewards if "REPAIRER" in each["roles"])["person"]
    acts: list[tuple[str, dict[str, object]]] = [
        ("dispatch-steward", {"steward": steward}),
        ("take-work-order", {}),
        ("record-arrival", {}),
        ("start-work", {}),
        ("suspend-work", {"reason": NOTE}),
        ("resume-work", {}),
        ("complete-work", {"summary": NOTE, "signed_off": True}),
    ]
    for act, body in acts:
        done(f"work-orders/{order}/{act}", **body)
    clerk = demo.sign_in("clerk")
    for act, body in (
        ("verify-work", {"note": NOTE}),
        ("record-follow-up", {"reached": True, "note": NOTE}),
        ("close-work-order", {}),
    ):
        answer = clerk.post(f"/api/v1/work-orders/{order}/{act}", json=body)
        assert answer.status_code == 200, answer.text
    done(f"issues/{issue}/view-contact", reason=NOTE)
    return str(issue), str(order)


def test_no_table_of_the_log_holds_a_personal_word(day: tuple[Demo, str, str, str]) -> None:
    demo = day[0]
    with psycopg.connect(demo.url) as conn:
        tables = conn.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname IN ('log', 'vault', 'access', 'trail', 'jinlin')"
        ).fetchall()
        assert ("log", "stored_events") in tables
        for schema, table in tables:
            state = ", convert_from(state, 'UTF8')" if table == "stored_events" else ""
            rows = conn.execute(f'SELECT t::text {state} FROM "{schema}"."{table}" t').fetchall()
            text = "\n".join(str(row) for row in rows)
            found = {word for word in marked_words() if word in text or word.encode().hex() in text}
            assert not found, f"{schema}.{table}"


def test_no_log_line_holds_a_personal_word(day: tuple[Demo, str, str, str]) -> None:
    lines = day[1]
    assert lines.count('"event":"request"') > 15
    assert not {word for word in marked_words() if word in lines}


def test_the_metrics_hold_no_personal_word(day: tuple[Demo, str, str, str]) -> None:
    text = day[0].client().get("/metrics").text
    assert 'jinlin_commands_total{command="CompleteWork",outcome="done"}' in text
    assert not {word for word in marked_words() if word in text}


def test_problems_do_not_repeat_what_was_sent(demo: Demo) -> None:
    answer = demo.sign_in("head").post(
        "/api/v1/issues",
        json={"estate": FIRST, "text": TEXT, "building": "3", "dwelling": ROOM + "9", "phone": [PHONE]},
    )
    assert answer.status_code == 422
    assert TEXT not in answer.text
    assert PHONE not in answer.text


def test_contact_data_are_masked_until_somebody_looks(day: tuple[Demo, str, str, str]) -> None:
    demo, _, issue, _ = day
    demo.caught_up()
    head = demo.sign_in("head")
    shown = head.get(f"/api/v1/issues/{issue}").json()
    assert (shown["phone"], shown["reporter"]) == ("137****0001", "欧**")
    looked = head.post(f"/api/v1/issues/{issue}/view-contact", json={"reason": NOTE})
    assert looked.json() == {"reporter": REPORTER, "phone": PHONE, "dwelling": ROOM}
    demo.caught_up()
    events = [entry["event"] for entry in head.get(f"/api/v1/issues/{issue}/history").json()]
    assert events.count("ContactDataViewed") == 2


def test_forgetting_a_case_forgets_it_everywhere(day: tuple[Demo, str, str, str]) -> None:
    demo, _, issue, order = day
    head = demo.sign_in("head")
    gone = head.post(f"/api/v1/issues/{issue}/forget-case", json={"ground": "RESIDENT_ASKED"})
    assert gone.status_code == 200, gone.text
    demo.caught_up()

    shown = head.get(f"/api/v1/issues/{issue}").json()
    assert shown["forgotten"]
    assert (shown["text"], shown["reporter"], shown["phone"], shown["dwelling"]) == (None, None, None, None)
    assert head.get(f"/api/v1/work-orders/{order}").json()["text"] is None
    history = head.get(f"/api/v1/issues/{issue}/history")
    assert not [entry for entry in history.json() if entry["words"]]
    with psycopg.connect(demo.url) as conn:
        for view in VIEWS:
            text = str(conn.execute(f"SELECT body::text FROM view.{view.name}").fetchall())
            assert not [word for word in (TEXT, REPORTER, PHONE, NOTE) if word in text], view.name
    opened = [each for each in demo.product.log.read(0, 10_000) if str(each.correlation) == issue]
    assert opened
    assert not re.search("|".join((TEXT, REPORTER, PHONE, NOTE)), str(opened))


def test_after_forgetting_the_log_verifies_and_rebuilds(day: tuple[Demo, str, str, str]) -> None:
    demo = day[0]
    demo.caught_up()
    assert [*check_log(demo.product.database), *check_views(demo.product.database, demo.product.log)] == []


def test_a_forgotten_case_takes_nothing_in_any_more(day: tuple[Demo, str, str, str]) -> None:
    demo, _, issue, order = day
    head = demo.sign_in("head")
    answer = head.post(f"/api/v1/issues/{issue}/view-contact", json={"reason": NOTE})
    assert answer.json()["code"] == "case_forgotten"
    again = head.post(f"/api/v1/issues/{issue}/forget-case", json={"ground": "RESIDENT_ASKED"})
    assert again.status_code == 200
    late = head.post(f"/api/v1/work-orders/{order}/reopen-work-order", json={"reason": NOTE})
    assert late.json()["code"] == "case_forgotten"  # what would be said in it could be kept nowhere
