"""Stated times bend no promise: what is told late counts from when it was told, or somebody else vouches for it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.capacity import Capacity
from domain.cases.work_order import (
    CloseWorkOrder,
    CompleteWork,
    ConfirmStatedTime,
    Counts,
    DispatchSteward,
    RecordArrival,
    RecordFollowUp,
    RejectWork,
    ReopenWorkOrder,
    ResumeWork,
    Stage,
    StartWork,
    StatedTimeConfirmed,
    SuspendWork,
    ToldLate,
    VerifyWork,
    WorkCompleted,
)
from domain.told_late import TOLERANCE
from projections.cases.orders import OrderCard
from tests.cases.examples import STAGES, at_work, completed, order
from tests.cases.test_order_card import card
from tests.conftest import FIRST, Demo
from tests.scenario import HEAD, STEWARD, Scenario

DONE = CompleteWork("换灯头", signed_off=True)
OTHER_HEAD = UUID(int=0x51)


def told(story: Scenario[Any], command: Any, late: timedelta, **span: float) -> Scenario[Any]:
    """A command about what is said to have happened ``span`` from now, told ``late`` after that."""
    then = story.later(**span)
    act = then.act._replace(recorded_at=then.clock + late)
    return then.when(command, act=act).at(act.recorded_at)


def late_by(late: timedelta) -> tuple[OrderCard, Scenario[Any]]:
    """An order said to be done a minute before its deadline, told so much later, and its card."""
    story = at_work()
    deadline = story.state.fix_by
    assert deadline is not None
    begun = [(event, story.act) for event in story.happened]
    there = story.at(deadline - timedelta(minutes=1))
    act = there.act._replace(recorded_at=there.clock + late)
    done = there.when(DONE, act=act).at(act.recorded_at)
    return card([*begun, *((event, act) for event in done.outcome)]), done


def test_a_little_later_is_believed() -> None:
    found, done = late_by(TOLERANCE)
    done.then(WorkCompleted)
    assert found.on_time and not done.state.told_late


def test_an_order_told_done_after_its_deadline_is_late_whatever_time_is_stated() -> None:
    found, done = late_by(TOLERANCE + timedelta(seconds=1))
    done.then(WorkCompleted, ToldLate(Counts.FIX))
    assert found.on_time is False and found.completed_at is not None and found.state.fix_by is not None
    assert found.completed_at < found.state.fix_by  # as it was stated: both times are kept
    assert found.state.counted(Counts.FIX, found.completed_at) == done.clock


def test_a_second_person_vouches_for_the_stated_time() -> None:
    found, done = late_by(timedelta(hours=3))
    confirm = ConfirmStatedTime(Counts.FIX)
    done.by(STEWARD, Capacity.STATION_HEAD).refused(confirm, "second_person_time")
    vouched = done.head().when(confirm)
    vouched.then(StatedTimeConfirmed(Counts.FIX, found.completed_at))
    vouched.by(OTHER_HEAD, Capacity.STATION_HEAD).refused(confirm, "time_confirmed")
    story = [(event, done.act) for event in at_work().happened]
    again = card([*story, *((each, done.state.late(Counts.FIX).told) for each in done.outcome),
                  *((event, vouched.act) for event in vouched.outcome)])  # fmt: skip
    assert again.on_time
    late = again.state.late(Counts.FIX)
    assert late is not None and late.confirmed is not None and late.confirmed.actor == HEAD


def test_neither_who_did_it_nor_who_told_it_vouches() -> None:
    by_desk = told(at_work().desk(), DONE, timedelta(hours=2), minutes=30)
    for actor in (by_desk.actor, STEWARD):
        by_desk.by(actor, Capacity.STATION_HEAD).refused(ConfirmStatedTime(Counts.FIX), "second_person_time")
    order().head().refused(ConfirmStatedTime(Counts.FIX), "time_not_late")


@pytest.mark.parametrize(
    ("stage", "command", "of"),
    [
        (Stage.ACCEPTED, DispatchSteward(STEWARD), Counts.DISPATCH),
        (Stage.TAKEN, RecordArrival(), Counts.ARRIVE),
        (Stage.IN_PROGRESS, DONE, Counts.FIX),
        (Stage.IN_PROGRESS, SuspendWork("等配件"), Counts.PAUSE),
        (Stage.VERIFIED, RecordFollowUp(reached=True), Counts.FOLLOW_UP),
    ],
)
def test_everything_that_counts_is_marked(stage: Stage, command: Any, of: Counts) -> None:
    late = told(STAGES[stage](), command, timedelta(hours=1))
    assert late.outcome[-1] == ToldLate(of)
    assert late.state.counted(of, late.clock - timedelta(hours=1)) == late.clock
    assert not any(isinstance(each, ToldLate) for each in told(STAGES[stage](), command, TOLERANCE).outcome)


def test_a_pause_begins_when_it_is_told() -> None:
    """Stated five hours back it would give the steward five hours more."""
    story = at_work()
    paused = told(story, SuspendWork("等配件"), timedelta(hours=5), minutes=1)
    assert paused.state.suspended_at == paused.clock
    resumed = paused.when(ResumeWork())
    assert resumed.state.fix_by == story.state.fix_by
    vouched = paused.head().when(ConfirmStatedTime(Counts.PAUSE))
    assert vouched.state.suspended_at == paused.clock - timedelta(hours=5)
    resumed.head().refused(ConfirmStatedTime(Counts.PAUSE), "time_settled")


def test_nobody_is_asked_on_two_days_by_saying_so() -> None:
    asked = completed().when(VerifyWork()).later(days=1)
    once = told(asked, RecordFollowUp(reached=False), timedelta(minutes=1))
    again = told(once, RecordFollowUp(reached=False), timedelta(days=1), days=-1)
    again.refused(CloseWorkOrder(), "follow_up_first")
    told(once, RecordFollowUp(reached=False), timedelta(hours=1), days=1).when(CloseWorkOrder())


def test_what_is_told_anew_takes_its_place() -> None:
    late = told(at_work(), DONE, timedelta(hours=2)).desk()
    again = late.when(RejectWork("还在闪")).steward().when(StartWork(), DONE)
    assert not again.state.told_late
    closed = late.when(VerifyWork(), RecordFollowUp(reached=True), CloseWorkOrder(), ReopenWorkOrder("又坏了"))
    assert not closed.state.told_late


def test_what_was_told_late_before_counts_as_it_was_stated() -> None:
    """Events of earlier versions have no mark: what was judged by them stays as it was judged."""
    found, done = late_by(timedelta(hours=3))
    before = [(event, done.act) for event in at_work().happened]
    completion = [(event, found.state.late(Counts.FIX).told) for event in done.outcome if type(event) is WorkCompleted]
    assert card([*before, *completion]).on_time


def test_pages_and_programs_are_told_both_times(demo: Demo) -> None:
    """The desk takes an order in and says that it was two hours ago; the head of the centre vouches for it."""
    head, centre = demo.sign_in_patient("head"), demo.sign_in_patient("centre")
    then = {"occurredAt": (demo.now - timedelta(hours=2)).isoformat()}
    issue = head.post("/api/v1/issues", json={"estate": FIRST, "text": "路灯不亮"} | then).json()["issue"]
    opened = head.post(f"/api/v1/issues/{issue}/promote-to-work-order", json={"category": "PUBLIC_LIGHTING"} | then)
    order = f"/api/v1/work-orders/{opened.json()['order']}"
    [late] = head.get(order).json()["told_late"]
    assert (late["of"], late["confirmed_by"]) == ("ACCEPT", None)
    assert late["stated"][:16] == then["occurredAt"][:16] and late["told"] > late["stated"]
    page = head.get(f"/orders/{opened.json()['order']}").text
    assert "补记），按补记时算" in page and "受理是后来补记的" in page and "证实时间" not in page
    assert "证实时间" in centre.get(f"/orders/{opened.json()['order']}").text
    confirm = {"of": "ACCEPT"}
    own = head.post(f"{order}/confirm-stated-time", json=confirm)
    assert (own.status_code, own.json()["code"]) == (409, "second_person_time")
    assert centre.post(f"{order}/confirm-stated-time", json=confirm).status_code == 200
    [late] = head.get(order).json()["told_late"]
    assert late["confirmed_by"] == centre.get("/api/v1/session").json()["person"] and late["confirmed_at"]
    assert "中心负责人证实" in head.get(f"/orders/{opened.json()['order']}").text
    events = [each["event"] for each in head.get(f"{order}/history").json()]
    assert {"ToldLate", "StatedTimeConfirmed"} <= set(events)
