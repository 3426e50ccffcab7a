"""Deadlines of a work order: promised, extended, paused, and missed for good (INV-17)."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import ServiceHours, between
from domain.cases.category import Category, Priority
from domain.cases.service_level import hours_counted
from domain.cases.work_order import (
    ChangePriority,
    DeadlineExtended,
    DeadlinesSet,
    ExtendDeadline,
    PriorityChanged,
    ReassignSteward,
    ResumeWork,
    Stage,
    SuspendWork,
    WorkOrderReassigned,
    WorkResumed,
)
from tests.cases.examples import STAGES, at_work, opening, order
from tests.cases.test_work_order import sh
from tests.scenario import MONDAY, OTHER_STEWARD


def test_inv_17_an_extension_is_recorded_before_the_deadline() -> None:
    story = order()
    promised = story.state.fix_by
    assert promised is not None
    longer = ExtendDeadline(promised + timedelta(days=1), "等配件")
    story.at(promised - timedelta(seconds=1)).when(longer).then(DeadlineExtended(longer.fix_by, "等配件"))
    story.at(promised).refused(longer, "deadline_passed")


def test_inv_17_an_earlier_date_does_not_save_a_late_extension() -> None:
    story = order()
    promised = story.state.fix_by
    assert promised is not None
    late = story.at(promised + timedelta(hours=1)).act._replace(occurred_at=MONDAY)
    story.refused(ExtendDeadline(promised + timedelta(days=1), "等配件"), "deadline_passed", act=late)


def test_inv_17_at_most_twice() -> None:
    story = order()
    for day in (28, 29):
        story = story.when(ExtendDeadline(sh(11, day, 12), "等配件"))
    story.refused(ExtendDeadline(sh(11, 30, 12), "等配件"), "too_many_extensions", most=2)


def test_inv_17_with_a_reason() -> None:
    for reason in ("", "  ", None):
        order().refused(ExtendDeadline(sh(11, 30, 12), reason), "blank_text", field="reason")


def test_inv_17_lowering_the_priority_extends_no_deadline_that_has_passed() -> None:
    late = order(opening(priority=Priority.P2)).later(days=3)
    missed = late.state.fix_by
    for lower in (Priority.P3, Priority.P4):
        assert late.when(ChangePriority(lower, "不急")).state.fix_by == missed
    in_time = order(opening(priority=Priority.P2)).when(ChangePriority(Priority.P3, "不急")).state
    assert missed is not None and in_time.fix_by is not None and in_time.fix_by > missed


def test_a_pause_from_the_very_deadline_is_too_late() -> None:
    story = at_work(opening(Category.PIPE_LEAK, Priority.P2))
    promised = story.state.fix_by
    assert promised is not None
    again = story.at(promised).when(SuspendWork("等配件")).later(days=1).when(ResumeWork())
    assert again.then(WorkResumed()).state.fix_by == promised


def test_a_priority_raised_by_mistake_and_put_right_leaves_no_lateness() -> None:
    story = order().later(days=2)
    wrong = story.when(ChangePriority(Priority.P1, "点错了"))
    assert wrong.state.fix_by == wrong.clock + timedelta(hours=24)  # it would have been late at once
    assert wrong.when(ChangePriority(Priority.P3, "改回来")).state.fix_by == story.state.fix_by


def test_inv_17_a_missed_deadline_stays_missed_by_whatever_way_round() -> None:
    late = order(opening(priority=Priority.P2)).later(days=3)
    for way in ((Priority.P1, Priority.P4), (Priority.P4, Priority.P3), (Priority.P3, Priority.P1, Priority.P3)):
        again = late.when(*(ChangePriority(priority, "再看") for priority in way)).state
        assert again.fix_by is not None and late.state.fix_by is not None and again.fix_by <= late.state.fix_by


def test_inv_17_a_pause_told_after_the_deadline_extends_nothing() -> None:
    late = at_work().later(days=5)
    missed = late.state.fix_by
    back_then = late.act._replace(occurred_at=MONDAY + timedelta(minutes=1))
    assert late.when(SuspendWork("等配件"), act=back_then).when(ResumeWork()).state.fix_by == missed


def test_pauses_do_not_overlap() -> None:
    once = at_work().when(SuspendWork("等配件")).later(hours=2).when(ResumeWork())
    once.refused(SuspendWork("又等"), "before_last_step", act=once.act._replace(occurred_at=MONDAY))


def test_an_extension_leads_forward_and_not_out_of_sight() -> None:
    story = order()
    promised = story.state.fix_by
    assert promised is not None
    story.refused(ExtendDeadline(promised, "等配件"), "not_later")
    story.refused(ExtendDeadline(promised + timedelta(days=367), "等配件"), "too_far")
    order(opening(Category.WALL, Priority.P4)).refused(ExtendDeadline(sh(12, 1, 8), "等配件"), "no_deadline")
    STAGES[Stage.SUSPENDED]().refused(ExtendDeadline(promised + timedelta(days=1), "等配件"), "stage")


def test_a_changed_priority_counts_from_the_report() -> None:
    raised = order().later(hours=1).when(ChangePriority(Priority.P1, "整个单元都黑了"))
    raised.then(PriorityChanged(Priority.P1, "整个单元都黑了"), DeadlinesSet)
    assert raised.state.fix_by == MONDAY + timedelta(hours=24)
    raised.when(ChangePriority(Priority.P1, "整个单元都黑了")).then()
    STAGES[Stage.SUSPENDED]().refused(ChangePriority(Priority.P1, "急"), "stage")


def test_a_pause_granted_before_counts_after_the_priority_changed() -> None:
    """Monday to Tuesday the clock stood still for a day: the urgent order gets that day as well."""
    held = at_work().when(SuspendWork("等配件")).later(days=1).when(ResumeWork())
    raised = held.desk().when(ChangePriority(Priority.P1, "整个单元都黑了"))
    assert raised.state.fix_by == MONDAY + timedelta(hours=24) + timedelta(days=1)
    (stopped, went_on) = raised.state.pauses[0]
    assert went_on - stopped == timedelta(days=1)


def test_a_pause_that_ended_by_handing_on_counts_as_well() -> None:
    held = at_work().when(SuspendWork("等配件")).later(days=1).desk().when(ReassignSteward(OTHER_STEWARD, "换人"))
    raised = held.when(ChangePriority(Priority.P1, "整个单元都黑了"))
    assert raised.state.fix_by == MONDAY + timedelta(hours=24) + timedelta(days=1)


hours = st.sampled_from((ServiceHours(), ServiceHours(9 * 60, 17 * 60 + 30), ServiceHours(0, 24 * 60)))
minutes = st.integers(0, 3 * 24 * 60)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from((Priority.P1, Priority.P2, Priority.P3)), hours, minutes, minutes, st.booleans())
def test_a_pause_keeps_the_service_time_that_was_left(
    priority: Priority, station: ServiceHours, worked: int, paused: int, handed_on: bool
) -> None:
    story = at_work(replace(opening(Category.PIPE_LEAK, priority), hours=station)).later(minutes=worked)
    counted = hours_counted(priority, station)
    promised = story.state.fix_by
    assert promised is not None
    left = between(story.clock, promised, counted)
    held = story.when(SuspendWork("等配件")).later(minutes=paused)
    again = held.desk().when(ReassignSteward(OTHER_STEWARD, "换人")) if handed_on else held.when(ResumeWork())
    assert again.state.fix_by is not None and again.state.suspended_at is None
    if story.clock >= promised:
        assert again.state.fix_by == promised  # late already: a pause heals nothing
    else:
        assert between(again.clock, again.state.fix_by, counted) == left


def test_resuming_moves_only_the_deadline_of_the_repair() -> None:
    held = at_work().when(SuspendWork("等配件")).later(days=1).when(ResumeWork())
    held.then(WorkResumed(), DeadlinesSet(fix_by=sh(11, 28, 8, 40)))


def test_handing_on_a_suspended_order_starts_its_clock_again() -> None:
    handed_on = at_work().when(SuspendWork("等配件")).later(days=1).desk().when(ReassignSteward(OTHER_STEWARD, "换人"))
    handed_on.then(WorkOrderReassigned(OTHER_STEWARD, "换人"), DeadlinesSet(fix_by=sh(11, 28, 8, 40)))


def test_handing_on_a_running_order_leaves_its_deadlines() -> None:
    sent = STAGES[Stage.DISPATCHED]().later(days=1).when(ReassignSteward(OTHER_STEWARD, "换人"))
    sent.then(WorkOrderReassigned(OTHER_STEWARD, "换人"))


def test_planned_work_has_no_clock_to_stop() -> None:
    planned = at_work(opening(Category.WALL, Priority.P4)).when(SuspendWork("下雨")).later(days=9)
    planned.when(ResumeWork()).then(WorkResumed())


def test_no_pause_ends_before_it_began() -> None:
    held = at_work().later(hours=2).when(SuspendWork("等配件"))
    early = held.act._replace(occurred_at=held.clock - timedelta(hours=1))
    held.refused(ResumeWork(), "before_last_step", act=early)
