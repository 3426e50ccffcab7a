"""Lines of the notebook grow late themselves, and the orders made of them since they were reported."""

from datetime import datetime, timedelta
from uuid import UUID

from domain.calendar import SHANGHAI
from domain.cases.category import Category, Priority
from domain.cases.issue import ISSUE, GiveAdvice, IssueNoted, TriageIssue
from domain.cases.line_promise import LinePromise
from domain.recorded import Recorded
from projections.cases.line_clock import line_clock
from projections.cases.notebook import IssueLine, evolve
from tests.cases.examples import ESTATE_CODE, NOTE, noted
from tests.conftest import FIRST, Demo
from tests.scenario import MONDAY, Scenario


def line(story: Scenario) -> IssueLine:  # type: ignore[type-arg]
    """The line after all that happened to it, at its own time."""
    found: IssueLine | None = None
    for number, event in enumerate(story.happened, 1):
        act = story.act if not isinstance(event, IssueNoted) else story.act._replace(occurred_at=MONDAY)
        found = evolve(found, Recorded(number, UUID(int=number), UUID(int=7), number, event, act, ESTATE_CODE,
                                       UUID(int=7), None))  # fmt: skip
    assert found is not None
    return found


def test_a_line_that_waits_grows_late() -> None:
    waits = line(noted())
    assert waits.due == MONDAY + timedelta(hours=2)  # as ordinary work is taken in
    assert [line_clock(waits, MONDAY + timedelta(minutes=m)).kind for m in (0, 89, 91, 119, 120)] == [
        "ok", "ok", "soon", "soon", "late",
    ]  # fmt: skip
    over = line_clock(waits, MONDAY + timedelta(days=3, hours=2))
    assert (over.kind, over.span) == ("late", timedelta(hours=36))  # service time


def test_a_line_counts_by_what_it_is_sorted_as() -> None:
    leak = line(noted().later(minutes=5).when(TriageIssue(Category.PIPE_LEAK)))
    assert leak.due == MONDAY + timedelta(minutes=30)
    assert leak.state.priority is Priority.P2
    done = line(noted().later(minutes=5).when(GiveAdvice("已报街道")))
    assert done.due is None and line_clock(done, MONDAY + timedelta(days=9)).kind == "none"


def test_no_step_of_a_line_is_dated_before_the_one_it_follows() -> None:
    sorted_ = noted().later(hours=2).when(TriageIssue(Category.PIPE_LEAK))
    early = sorted_.act._replace(occurred_at=MONDAY + timedelta(hours=1))
    sorted_.refused(GiveAdvice("已报街道"), "before_last_step", act=early)


def test_lines_of_earlier_versions_count_by_the_usual_hours() -> None:
    evening = datetime(2026, 11, 23, 19, tzinfo=SHANGHAI)
    old = ISSUE.evolve(ISSUE.initial, ISSUE.consider(NOTE, ISSUE.initial, noted().act)[0], noted().act)
    assert old.promise == LinePromise()
    assert LinePromise().answer_by(Priority.P3, evening) == datetime(2026, 11, 24, 9, tzinfo=SHANGHAI)


def test_board_lists_and_programs_show_a_line_that_is_late_and_the_order_made_of_it(demo: Demo) -> None:
    head = demo.sign_in_patient("head")
    before = head.get(f"/api/v1/stations/{FIRST}/issues?show=late").json()
    then = (demo.now - timedelta(days=3)).isoformat()
    told = {"estate": FIRST, "text": "2栋3单元二楼栏杆松了", "occurredAt": then}
    issue = head.post("/api/v1/issues", json=told).json()["issue"]
    shown = head.get(f"/api/v1/issues/{issue}").json()
    assert shown["clock"]["kind"] == "late" and shown["clock"]["seconds"] > 0
    late = head.get(f"/api/v1/stations/{FIRST}/issues?show=late").json()
    assert issue in {each["issue"] for each in late} and len(late) == len(before) + 1
    board = head.get(f"/board/{FIRST}").text
    assert f'data-n="{len(late)}" href="/notebook/{FIRST}?show=late"' in board
    assert "二楼栏杆松了" in head.get(f"/notebook/{FIRST}?show=late").text
    order = head.post(f"/api/v1/issues/{issue}/promote-to-work-order", json={"category": "PIPE_LEAK"}).json()["order"]
    card = head.get(f"/api/v1/work-orders/{order}").json()
    assert card["clock"]["kind"] == "late"
    noted_at = datetime.fromisoformat(then)
    assert datetime.fromisoformat(card["deadlines"]["accept_by"]) <= noted_at + timedelta(hours=14)
    page = head.get(f"/orders/{order}").text
    assert "超" in page
    assert issue not in {each["issue"] for each in head.get(f"/api/v1/stations/{FIRST}/issues?show=late").json()}


def test_what_came_back_is_ours_again(demo: Demo) -> None:
    """Passed on to the city and sent back: over HTTP, by the form, and once only."""
    head = demo.sign_in_patient("head")
    issue = head.post("/api/v1/issues", json={"estate": FIRST, "text": "门口路灯不亮"}).json()["issue"]
    made = head.post(f"/api/v1/issues/{issue}/promote-to-work-order", json={"category": "PUBLIC_LIGHTING"}).json()
    order = f"/api/v1/work-orders/{made['order']}"
    assert head.post(f"{order}/refer-work-order", json={"to": "MUNICIPAL", "reason": "市政路灯"}).status_code == 200
    assert "退回再办" in head.get(f"/orders/{made['order']}").text
    assert "BringBackWorkOrder" in head.get(order).json()["allowed"]
    assert head.post(f"{order}/bring-back-work-order", json={"reason": "市政退回"}).status_code == 200
    again = head.post(f"{order}/bring-back-work-order", json={"reason": "市政退回"})
    assert (again.status_code, again.json()["code"]) == (409, "stage")
    assert head.get(order).json()["stage"] == "ACCEPTED"
    assert "退回来接着办" in head.get(f"/orders/{made['order']}").text
