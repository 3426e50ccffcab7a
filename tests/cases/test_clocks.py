"""Clocks of cases: since the report, begun anew, standing still, told late, raised and lowered, and come back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.calendar import SHANGHAI, ServiceHours, between
from domain.capacity import Capacity
from domain.cases.category import Category, Priority
from domain.cases.service_level import Target
from domain.cases.work_order import (
    AcceptanceUndone,
    AcceptQuote,
    AcceptWorkOrder,
    BringBackWorkOrder,
    CancelWorkOrder,
    ChangePriority,
    CloseWorkOrder,
    CompleteWork,
    Consent,
    Counts,
    DeadlinesSet,
    DispatchSteward,
    OfferQuote,
    PauseCause,
    PauseProlonged,
    PauseTold,
    ProlongPause,
    RecordArrival,
    RecordFollowUp,
    ReferredTo,
    ReferWorkOrder,
    ReopenWorkOrder,
    ResumeWork,
    Stage,
    StartWork,
    SuspendWork,
    TakeWorkOrder,
    ToldLate,
    UndoAcceptance,
    VerifyWork,
    WorkOrderBroughtBack,
    WorkOrderReopened,
    WorkSuspended,
)
from domain.told_late import TOLERANCE
from projections.cases.order_clock import clock
from tests.cases.examples import HOURS, STAGES, at_work, closed, completed, opening, order
from tests.cases.test_order_card import card
from tests.scenario import CLERK, HEAD, MONDAY, STEWARD, Scenario

LEAK = opening(Category.PIPE_LEAK, Priority.P2)
MUNICIPAL = ReferWorkOrder(ReferredTo.MUNICIPAL, "市政路灯")
BACK = BringBackWorkOrder("市政退回，说是小区里的管子")


def told(story: Scenario, late: timedelta):  # type: ignore[type-arg,no-untyped-def]
    """The act of somebody who says now that it was so long ago."""
    return story.act._replace(occurred_at=story.clock - late)


# -- since when --------------------------------------------------------------------------------------------------


def test_the_clock_of_a_line_that_waited_starts_when_it_was_reported() -> None:
    waited = replace(LEAK, reported_at=MONDAY - timedelta(days=3))
    story = order(waited)
    assert story.state.promised_at == waited.reported_at
    assert story.state.fix_by == MONDAY - timedelta(days=1)  # 24 hours of service, twelve a day
    found = clock(card([(event, story.act) for event in story.happened]), story.clock)
    assert (found.kind, found.share) == ("late", 100)


def test_nothing_lowers_away_what_was_late_when_it_was_opened() -> None:
    late = order(replace(LEAK, reported_at=MONDAY - timedelta(days=3))).head()
    for lower in (Priority.P3, Priority.P4):
        assert late.when(ChangePriority(lower, "不急")).state.fix_by == late.state.fix_by


def test_no_order_is_opened_before_its_line_was_reported() -> None:
    story = STAGES[Stage.UNOPENED]()
    story.refused(replace(LEAK, reported_at=MONDAY + timedelta(hours=1)), "before_report")


def test_reopening_begins_anew() -> None:
    """Reported on the 23rd and held, opened again days later: nothing of the first time is used."""
    held = at_work(LEAK).when(SuspendWork("等配件")).later(days=3).when(ResumeWork())
    told_of = [(event, MONDAY) for event in held.happened]
    done = held.later(hours=1).when(CompleteWork("好了", signed_off=True)).desk()
    shut = done.when(VerifyWork(), RecordFollowUp(reached=True), CloseWorkOrder())
    again = shut.later(days=15).when(ReopenWorkOrder("又漏"))
    acts = [(event, again.act._replace(occurred_at=at, recorded_at=at)) for event, at in told_of]
    assert len(acts) < len(again.happened)
    found = clock(card([(event, again.act) for event in again.happened]), again.clock)
    assert (found.share, found.span) == (0, between(again.clock, again.state.dispatch_by, HOURS))  # type: ignore[arg-type]
    assert again.state.pauses == () and again.state.promised_at == again.clock


# -- standing still ----------------------------------------------------------------------------------------------


def test_suspending_what_is_late_leaves_it_late() -> None:
    late = at_work(LEAK).later(days=4)
    held = late.when(SuspendWork("等配件"))
    shown = card([*((e, late.act) for e in at_work(LEAK).happened), *((e, held.act) for e in held.outcome)])
    found = clock(replace(shown, state=held.state), held.clock + timedelta(days=1))
    assert (found.kind, shown.lane) == ("late", "held") and shown.due == held.state.fix_by
    resumed = held.later(days=1).when(ResumeWork())
    assert resumed.state.fix_by == late.state.fix_by and resumed.state.pauses == ()


def test_a_pause_names_a_cause_an_end_and_who_is_told() -> None:
    story = at_work()
    until = story.clock + timedelta(days=2)
    held = story.when(SuspendWork("轴承", PauseCause.PARTS, until, PauseTold.STATION_HEAD))
    held.then(WorkSuspended("轴承", PauseCause.PARTS, until, PauseTold.STATION_HEAD))
    assert (held.state.pause_until, held.state.pause_tell) == (until, PauseTold.STATION_HEAD)
    assert held.when(ResumeWork()).state.pause_until is None
    story.when(SuspendWork(cause=PauseCause.WEATHER))  # the cause says enough
    story.refused(SuspendWork(), "blank_text", field="reason")
    story.refused(SuspendWork("等", until=story.clock), "pause_end_past", field="until")
    story.refused(SuspendWork("等", until=story.clock + timedelta(days=367)), "too_far", field="until")


def test_a_pause_is_prolonged_in_one_act_and_stands_still_all_the_time() -> None:
    story = at_work(LEAK)
    end = story.clock + timedelta(days=2)
    over = story.when(SuspendWork("等配件", PauseCause.PARTS, end, PauseTold.STEWARD)).later(days=3)
    longer = over.when(ProlongPause(end + timedelta(days=5), "厂家还要两天"))
    longer.then(PauseProlonged(end + timedelta(days=5), "厂家还要两天"))
    assert (longer.state.pause_tell, longer.state.suspended_at) == (PauseTold.STEWARD, story.clock)
    shown = card([(event, longer.act) for event in longer.happened])
    found = clock(replace(shown, state=longer.state), longer.clock)
    assert (found.kind, shown.hold_reason) == ("paused", "厂家还要两天")
    at_once = story.when(SuspendWork("等配件", until=end)).later(days=3).when(ResumeWork())
    assert longer.when(ResumeWork()).state.fix_by == at_once.state.fix_by
    over.refused(ProlongPause(end + timedelta(hours=1)), "pause_end_past", field="until")
    longer.refused(ProlongPause(end + timedelta(days=4)), "pause_not_later", field="until")
    longer.refused(ProlongPause(longer.clock + timedelta(days=367)), "too_far", field="until")
    story.refused(ProlongPause(end), "stage", stage=Stage.IN_PROGRESS)


def test_an_acceptance_that_is_taken_back_is_promised_and_late_as_before() -> None:
    waits = order(replace(LEAK, accept=False))
    back = waits.when(AcceptWorkOrder()).later(hours=9).when(UndoAcceptance()).then(AcceptanceUndone())
    assert (back.state.stage, back.state.accept_by) == (Stage.REPORTED, waits.state.accept_by)
    shown = card([(event, back.act) for event in back.happened])
    assert (shown.accepted_at, shown.due, clock(shown, back.clock).kind) == (None, waits.state.accept_by, "late")


def test_a_pause_beyond_its_end_says_so() -> None:
    story = at_work()
    held = story.when(SuspendWork("等配件", until=story.clock + timedelta(days=2)))
    shown = card([(event, held.act) for event in held.happened])
    assert clock(shown, held.clock + timedelta(days=2, minutes=-1)).kind == "paused"
    assert clock(shown, held.clock + timedelta(days=2)).kind == "overdue"


@pytest.mark.parametrize(("late", "counts"), [(TOLERANCE, TOLERANCE), (TOLERANCE * 2, timedelta(0))])
def test_the_end_of_a_pause_told_late_counts_from_its_telling(late: timedelta, counts: timedelta) -> None:
    held = at_work(LEAK).when(SuspendWork("等配件")).later(hours=5)
    left = between(MONDAY, held.state.fix_by, HOURS)  # type: ignore[arg-type]
    resumed = held.when(ResumeWork(), act=told(held, late))
    assert between(held.clock - counts, resumed.state.fix_by, HOURS) == left  # type: ignore[arg-type]
    assert resumed.state.pauses[-1][1] == held.clock - counts
    assert (resumed.outcome[-1] == ToldLate(Counts.RESUME)) is (not counts)


# -- raised and lowered ------------------------------------------------------------------------------------------


def test_a_raised_priority_counts_from_the_change_where_it_would_be_late_at_once() -> None:
    old = order().later(days=2)
    raised = old.when(ChangePriority(Priority.P1, "整个单元都黑了"))
    assert raised.state.fix_by == raised.clock + timedelta(hours=24)
    assert raised.state.arrive_by == old.state.arrive_by  # it had passed before: that is not healed
    soon = order().later(hours=1).when(ChangePriority(Priority.P1, "整个单元都黑了"))
    assert soon.state.fix_by == MONDAY + timedelta(hours=24)  # not late at once: since the report
    assert soon.state.arrive_by == soon.clock + timedelta(minutes=30)


def test_a_raised_priority_promises_nothing_later_than_before() -> None:
    story = order()
    near = story.at(story.state.fix_by - timedelta(hours=1)).when(ChangePriority(Priority.P1, "急"))  # type: ignore[operator]
    assert near.state.fix_by == story.state.fix_by


def test_a_change_told_late_counts_from_its_telling() -> None:
    story = order().later(days=2)
    raised = story.when(ChangePriority(Priority.P1, "急"), act=told(story, timedelta(hours=5)))
    assert raised.state.fix_by == story.clock + timedelta(hours=24)


def test_only_a_head_takes_a_deadline_away() -> None:
    story = order()
    story.refused(ChangePriority(Priority.P4, "不急"), "head_removes_deadline")
    story.by(STEWARD, Capacity.DISPATCHER).refused(ChangePriority(Priority.P4, "不急"), "head_removes_deadline")
    assert story.head().when(ChangePriority(Priority.P4, "明年统一做")).state.fix_by is None
    story.head().refused(ChangePriority(Priority.P4, " "), "blank_text", field="reason")
    round_about = story.when(ChangePriority(Priority.P2, "急"))
    round_about.refused(ChangePriority(Priority.P4, "不急"), "head_removes_deadline")


# -- in order ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "command"),
    [
        (Stage.ACCEPTED, DispatchSteward(STEWARD)),
        (Stage.DISPATCHED, TakeWorkOrder()),
        (Stage.TAKEN, RecordArrival()),
        (Stage.ON_SITE, StartWork()),
        (Stage.IN_PROGRESS, CompleteWork("好了", signed_off=True)),
        (Stage.SUSPENDED, ResumeWork()),
        (Stage.COMPLETED, VerifyWork()),
        (Stage.FOLLOWED_UP, CloseWorkOrder()),
        (Stage.CLOSED, ReopenWorkOrder("又坏了")),
        (Stage.REFERRED, BACK),
        (Stage.CANCELLED, BACK),
    ],
)
def test_no_step_is_dated_before_the_one_it_follows(stage: Stage, command: object) -> None:
    """Everything up to the stage happened an hour after the report; the step is said to be half an hour earlier."""
    story = STAGES[stage]()
    assert story.state.staged is not None
    shifted = replace(
        story,
        state=replace(story.state, staged=story.state.staged._replace(occurred_at=MONDAY + timedelta(hours=1))),
        clock=MONDAY + timedelta(hours=2),
    )
    shifted.refused(command, "before_last_step", act=told(shifted, timedelta(minutes=90)))
    shifted.when(command)


def test_no_yes_is_dated_before_the_price() -> None:
    home = order(replace(opening(), part=at_work().state.part.PRIVATE)).later(hours=1)
    quoted = home.when(OfferQuote("换龙头", 2000, 8000, 3500)).later(hours=1)
    quoted.refused(AcceptQuote(Consent.SIGNED), "before_last_step", act=told(quoted, timedelta(minutes=90)))


# -- come back ---------------------------------------------------------------------------------------------------


def test_what_others_had_comes_back_with_the_time_that_was_left() -> None:
    away = order().later(hours=1).when(MUNICIPAL)
    back = away.later(days=9).when(BACK)
    back.then(WorkOrderBroughtBack(BACK.reason), DeadlinesSet)
    assert (back.state.stage, back.state.owner, back.state.steward) == (Stage.ACCEPTED, CLERK, None)
    for name in ("dispatch_by", "fix_by"):
        left = between(away.clock, getattr(away.state, name), HOURS)
        assert between(back.clock, getattr(back.state, name), HOURS) == left
    found = clock(card([(event, away.act) for event in away.happened]), away.clock)
    assert found.kind == "none"  # while others have it


def test_what_was_late_comes_back_late() -> None:
    away = order().later(days=9).when(MUNICIPAL)
    back = away.later(days=9).when(BACK)
    assert back.state.fix_by == order().state.fix_by and back.state.pauses == ()


@pytest.mark.parametrize("stage", [Stage.CANCELLED, Stage.REJECTED])
def test_a_cancellation_stops_no_clock(stage: Stage) -> None:
    """Else cancelling on Friday and taking it back on Monday would be a pause without a reason."""
    story = STAGES[stage]()
    back = story.later(days=3).when(BACK).then(WorkOrderBroughtBack(BACK.reason))
    assert (back.state.stage, back.state.fix_by) == (Stage.ACCEPTED, story.state.fix_by)
    story.later(days=31).refused(BACK, "reopen_window_over", days=30)


def test_what_others_had_comes_back_whenever_they_send_it() -> None:
    STAGES[Stage.REFERRED]().later(days=90).when(BACK).when(DispatchSteward(STEWARD))


def test_a_return_told_late_counts_from_its_telling() -> None:
    away = order().when(MUNICIPAL).later(days=2)
    back = away.when(BACK, act=told(away, timedelta(hours=6)))
    assert back.outcome[-1] == ToldLate(Counts.RESUME)
    assert back.state.pauses == ((MONDAY, away.clock),)
    assert back.state.fix_by == order().state.fix_by + timedelta(days=2)  # type: ignore[operator]


def test_what_is_suspended_and_then_passed_on_stood_still_all_the_time() -> None:
    held = at_work(LEAK).when(SuspendWork("等配件")).later(days=1).desk().when(MUNICIPAL)
    assert held.later(days=1).when(BACK).state.pauses == ((MONDAY, MONDAY + timedelta(days=2)),)


def test_a_cancelled_emergency_is_one_again() -> None:
    story = order(opening(Category.WATER_OUT, Priority.P1)).when(CancelWorkOrder("来水了")).later(hours=1)
    back = story.when(BACK)
    assert back.state.priority is Priority.P1 and back.state.fix_by == MONDAY + timedelta(hours=24)


# -- what was promised -------------------------------------------------------------------------------------------


def test_inv_29_later_hours_and_targets_rewrite_no_promise() -> None:
    """The order keeps by what it was promised: raised, held and gone on with, it counts by that."""
    own = (Target(Priority.P2, 10, 20, 30, 60), Target(Priority.P3, 30, 60, 90, 120))
    hours = ServiceHours(9 * 60, 12 * 60)
    story = order(replace(opening(), hours=hours, targets=own))
    assert story.state.fix_by == MONDAY.replace(hour=11, minute=0)
    raised = story.when(ChangePriority(Priority.P2, "急"))
    assert raised.state.fix_by == MONDAY.replace(hour=10, minute=0)
    assert (raised.state.hours, raised.state.targets) == (hours, own)


def test_a_new_promise_is_given_by_what_holds_then() -> None:
    shut = closed().later(days=2)
    now = ServiceHours(9 * 60, 17 * 60)
    state = replace(shut.state, hours=now, targets=(Target(Priority.P3, 30, 60, 90, 120),))
    again = replace(shut, state=state).when(ReopenWorkOrder("又坏了"))
    assert again.outcome[0] == WorkOrderReopened("又坏了", now, state.targets)
    assert again.state.fix_by == (MONDAY + timedelta(days=2)).replace(hour=11, minute=0)
    assert completed().head().actor == HEAD and MONDAY.tzinfo is SHANGHAI
