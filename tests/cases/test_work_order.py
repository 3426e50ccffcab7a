"""The rules of a work order, each named invariant by its number (domain dossier 4.4 and 6.6)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import SHANGHAI, ServiceHours, between
from domain.capacity import Capacity
from domain.cases.category import Category, Priority
from domain.cases.service_level import hours_counted
from domain.cases.work_order import (
    AcceptWorkOrder,
    CallEmergencyService,
    CancelWorkOrder,
    ChangePriority,
    CloseWorkOrder,
    Command,
    CompleteWork,
    ContactRefused,
    DeadlineExtended,
    DeadlinesSet,
    DeclineWorkOrder,
    DispatchRecalled,
    DispatchSteward,
    EmergencyService,
    EmergencyServiceCalled,
    Event,
    ExtendDeadline,
    FollowUpRecorded,
    PersonsReleased,
    PriorityChanged,
    RateSatisfaction,
    ReassignSteward,
    RecallDispatch,
    RecordArrival,
    RecordContactRefused,
    RecordFollowUp,
    RecordPersonsReleased,
    ReferredTo,
    ReferWorkOrder,
    RejectWork,
    RejectWorkOrder,
    ReopenWorkOrder,
    ReportNoAccess,
    ResumeWork,
    SatisfactionRated,
    Stage,
    StartWork,
    StateFalseAlarm,
    StewardArrived,
    SuspendWork,
    TakeWorkOrder,
    VerifyWork,
    WorkCompleted,
    WorkOrderAccepted,
    WorkOrderClosed,
    WorkOrderOpened,
    WorkOrderReassigned,
    WorkOrderReopened,
    WorkResumed,
    WorkVerified,
)
from domain.estates.place import Part
from tests.examples import STAGES, at_work, closed, completed, opening, order
from tests.scenario import CLERK, HEAD, MONDAY, OTHER_STEWARD, STEWARD, last

FIRE = opening(Category.FIRE, Priority.P0)
TRAPPED = opening(Category.LIFT_TRAPPED, Priority.P0)
PRIVATE = opening(Category.APPLIANCE, part=Part.PRIVATE)
DONE = CompleteWork("换灯头")
SIGNED = CompleteWork("换灯头", signed_off=True)
CALL_119 = CallEmergencyService(EmergencyService.FIRE_119)


def sh(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


# -- opening and promises ----------------------------------------------------------------------------------------


def test_the_desk_opens_and_accepts_in_one_go() -> None:
    order().then(WorkOrderOpened, DeadlinesSet, WorkOrderAccepted)


def test_a_steward_who_opens_has_not_accepted() -> None:
    STAGES[Stage.UNOPENED]().steward().when(opening()).then(WorkOrderOpened, DeadlinesSet)


@pytest.mark.parametrize(
    ("priority", "promised"),
    [
        (Priority.P0, DeadlinesSet(sh(11, 23, 8, 42), sh(11, 23, 8, 43), sh(11, 23, 8, 50), sh(11, 23, 10, 40))),
        (Priority.P1, DeadlinesSet(sh(11, 23, 8, 50), sh(11, 23, 8, 55), sh(11, 23, 9, 10), sh(11, 24, 8, 40))),
        (Priority.P2, DeadlinesSet(sh(11, 23, 9, 10), sh(11, 23, 9, 40), sh(11, 23, 12, 40), sh(11, 25, 8, 40))),
        (Priority.P3, DeadlinesSet(sh(11, 23, 10, 40), sh(11, 23, 12, 40), sh(11, 24, 20), sh(11, 27, 8, 40))),
        (Priority.P4, DeadlinesSet(sh(11, 23, 16, 40))),
    ],
    ids=lambda value: value.name if isinstance(value, Priority) else "",
)
def test_what_is_promised_for_each_priority(priority: Priority, promised: DeadlinesSet) -> None:
    opened = order(opening(Category.PIPE_LEAK, priority))
    assert last(opened.happened, DeadlinesSet) == promised


def test_an_emergency_at_night_counts_at_once_and_a_lamp_from_the_morning() -> None:
    night = STAGES[Stage.UNOPENED]().at(sh(11, 23, 2, 10))
    assert night.when(FIRE).state.fix_by == sh(11, 23, 4, 10)
    lamp = night.when(opening())
    assert last(lamp.happened, DeadlinesSet).accept_by == sh(11, 23, 10)


def test_nothing_happens_to_an_order_before_it_was_reported() -> None:
    story = order().later(hours=2)
    early = story.act._replace(occurred_at=MONDAY - timedelta(minutes=1))
    story.refused(DispatchSteward(STEWARD), "before_report", act=early)
    story.when(DispatchSteward(STEWARD), act=story.act._replace(occurred_at=MONDAY))


def test_people_write_times_to_the_minute() -> None:
    opened = STAGES[Stage.UNOPENED]().later(seconds=35).when(opening()).later(seconds=50)
    opened.when(DispatchSteward(STEWARD), act=opened.act._replace(occurred_at=MONDAY))


# -- separation of duties ----------------------------------------------------------------------------------------


def test_inv_06_whoever_completed_the_work_does_not_verify_it() -> None:
    both = at_work(steward=HEAD).when(DONE)  # the station head is a Red Steward too
    both.head().refused(VerifyWork(), "own_work")
    both.desk().when(VerifyWork()).then(WorkVerified())


def test_inv_06_whoever_reported_it_done_does_not_verify_it() -> None:
    by_phone = at_work().desk().when(DONE)
    by_phone.refused(VerifyWork(), "own_work")
    by_phone.head().when(VerifyWork())


def test_inv_06_the_steward_does_not_verify_even_if_the_desk_reported() -> None:
    at_work(steward=HEAD).desk().when(DONE).head().refused(VerifyWork(), "own_work")


def test_inv_06_nor_does_the_steward_whose_advice_the_desk_wrote_down() -> None:
    sent = order().when(DispatchSteward(HEAD), TakeWorkOrder())
    sent.when(CompleteWork("教他复位空开", remote_advice=True)).head().refused(VerifyWork(), "own_work")


def test_inv_06_whoever_did_a_part_of_the_work_does_not_verify_it() -> None:
    begun = at_work(steward=HEAD).when(SuspendWork("等配件")).desk().when(ReassignSteward(STEWARD, "换人"))
    done = begun.steward().when(TakeWorkOrder(), RecordArrival(), StartWork(), DONE)
    done.head().refused(VerifyWork(), "own_work")
    done.desk().when(VerifyWork())


def test_inv_06_holds_after_the_order_was_opened_again() -> None:
    again = at_work(steward=HEAD).when(DONE).desk().when(VerifyWork(), RecordFollowUp(reached=True))
    again = again.when(ReopenWorkOrder("又坏了"), DispatchSteward(STEWARD)).steward()
    again.when(TakeWorkOrder(), RecordArrival(), StartWork(), DONE).head().refused(VerifyWork(), "own_work")


ONLY_HIS: tuple[tuple[Stage, Command], ...] = (
    (Stage.DISPATCHED, TakeWorkOrder()),
    (Stage.DISPATCHED, DeclineWorkOrder("忙")),
    (Stage.TAKEN, RecordArrival()),
    (Stage.ON_SITE, StartWork()),
    (Stage.ON_SITE, ReportNoAccess("没人")),
    (Stage.ON_SITE, RecordContactRefused("不肯")),
    (Stage.IN_PROGRESS, SuspendWork("等配件")),
    (Stage.IN_PROGRESS, DONE),
    (Stage.SUSPENDED, ResumeWork()),
)


@pytest.mark.parametrize(("stage", "command"), ONLY_HIS, ids=lambda value: getattr(value, "name", ""))
def test_only_the_steward_who_was_sent_acts_for_himself(stage: Stage, command: Command) -> None:
    STAGES[stage]().steward(OTHER_STEWARD).refused(command, "not_your_order")


def test_the_desk_writes_down_what_it_hears_on_the_phone() -> None:
    STAGES[Stage.DISPATCHED]().desk().when(TakeWorkOrder(), RecordArrival(), StartWork(), DONE)


# -- emergencies -------------------------------------------------------------------------------------------------


def test_inv_11_an_emergency_is_not_rejected_before_help_was_called() -> None:
    reported = order(replace(FIRE, accept=False))
    reported.refused(RejectWorkOrder("不归我们"), "emergency_first")
    reported.when(CALL_119).then(EmergencyServiceCalled(EmergencyService.FIRE_119)).when(RejectWorkOrder("不归我们"))


def test_inv_11_an_emergency_is_not_cancelled_before_help_was_called() -> None:
    order(FIRE).refused(CancelWorkOrder("不用了"), "emergency_first").when(CALL_119, CancelWorkOrder("不用了"))


def test_inv_11_an_emergency_is_not_suspended_before_help_was_called() -> None:
    working = at_work(FIRE).refused(SuspendWork("等人"), "emergency_first")
    working.when(CALL_119, SuspendWork("等人"))


def test_inv_11_an_emergency_is_not_passed_on_before_help_was_called() -> None:
    gas = opening(Category.GAS_SMELL, Priority.P0)
    passed_on = ReferWorkOrder(ReferredTo.UTILITY, "燃气公司来处理")
    order(gas).refused(passed_on, "emergency_first").when(CALL_119, passed_on)


def test_inv_11_the_next_emergency_on_an_order_is_answered_anew() -> None:
    lowered = order(FIRE).when(StateFalseAlarm("烧焦的饭"), ChangePriority(Priority.P3, "只是通风"))
    again = lowered.when(ChangePriority(Priority.P0, "真着火了"))
    again.refused(CancelWorkOrder("不用了"), "emergency_first").when(CALL_119, CancelWorkOrder("不用了"))
    reopened = at_work(FIRE).when(CALL_119, DONE).head().when(VerifyWork(), RecordFollowUp(reached=True))
    reopened.when(ReopenWorkOrder("又冒烟")).refused(CancelWorkOrder("不用了"), "emergency_first")


def test_inv_11_help_may_be_called_before_the_priority_is_raised() -> None:
    order().when(CALL_119, ChangePriority(Priority.P0, "漏电"), CancelWorkOrder("供电公司已处理"))


def test_inv_11_a_false_alarm_answers_an_emergency_too() -> None:
    at_work(FIRE).when(StateFalseAlarm("烧焦的饭"), SuspendWork("通风"))
    order(opening()).refused(StateFalseAlarm("没事"), "no_emergency")


def test_inv_11_an_emergency_is_not_lowered_before_it_is_answered() -> None:
    order(FIRE).refused(ChangePriority(Priority.P2, "小火"), "emergency_first").when(
        CALL_119, ChangePriority(Priority.P2, "已扑灭")
    ).then(PriorityChanged, DeadlinesSet)


def test_inv_12_a_trapped_person_opens_at_the_highest_priority() -> None:
    unopened = STAGES[Stage.UNOPENED]()
    for priority in (Priority.P1, Priority.P2, Priority.P3, Priority.P4):
        unopened.refused(opening(Category.LIFT_TRAPPED, priority), "trapped_is_p0")
    unopened.when(TRAPPED).holds(lambda state: state.persons_inside)


def test_inv_12_it_stays_highest_while_somebody_may_be_inside() -> None:
    helped = order(TRAPPED).when(CallEmergencyService(EmergencyService.LIFT_MAINTENANCE))
    helped.refused(ChangePriority(Priority.P2, "快好了"), "persons_inside")
    out = helped.when(RecordPersonsReleased()).then(PersonsReleased())
    out.when(RecordPersonsReleased()).then()
    out.when(ChangePriority(Priority.P2, "人出来了")).then(PriorityChanged, DeadlinesSet)


def test_inv_12_an_order_neither_ends_nor_waits_while_somebody_may_be_inside() -> None:
    for command in (RejectWorkOrder("不归我们"), CancelWorkOrder("不用了"), ReferWorkOrder(ReferredTo.UTILITY, "维保")):
        helped = order(replace(TRAPPED, accept=False)).when(CALL_119).refused(command, "persons_inside")
        helped.when(RecordPersonsReleased(), command)
    at_work(TRAPPED).when(CALL_119).refused(SuspendWork("等维保"), "persons_inside")


def test_inv_12_a_lift_that_becomes_an_emergency_may_hold_somebody() -> None:
    raised = order(opening(Category.LIFT_FAULT, Priority.P2)).when(ChangePriority(Priority.P0, "里面有人"), CALL_119)
    raised.refused(ChangePriority(Priority.P2, "修好了"), "persons_inside")
    raised.when(RecordPersonsReleased(), ChangePriority(Priority.P2, "人出来了"))


def test_inv_12_a_false_alarm_means_that_nobody_is_inside() -> None:
    order(TRAPPED).when(StateFalseAlarm("没有人"), ChangePriority(Priority.P2, "只是停梯"))


def test_inv_12_the_work_is_not_done_while_somebody_is_inside() -> None:
    inside = at_work(TRAPPED).refused(DONE, "persons_inside")
    inside.when(RecordPersonsReleased(), DONE)


# -- work --------------------------------------------------------------------------------------------------------


def test_inv_13_no_completion_without_arrival() -> None:
    taken = STAGES[Stage.TAKEN]()
    taken.refused(SIGNED, "not_arrived")
    taken.when(CompleteWork("教他复位空开", remote_advice=True)).then(WorkCompleted)


def test_inv_13_nobody_at_home_is_no_arrival() -> None:
    away = STAGES[Stage.ON_SITE]().when(ReportNoAccess("没人")).refused(SIGNED, "not_arrived")
    away.when(RecordArrival(), StartWork(), SIGNED)


def test_inv_13_a_newly_sent_steward_has_to_arrive_himself() -> None:
    handed_on = STAGES[Stage.REWORK]().when(ReassignSteward(OTHER_STEWARD, "换人")).steward(OTHER_STEWARD)
    handed_on.when(TakeWorkOrder()).refused(SIGNED, "not_arrived")


def test_inv_13_after_remote_advice_that_did_not_help_the_steward_goes_there() -> None:
    advised = STAGES[Stage.TAKEN]().when(CompleteWork("教他复位空开", remote_advice=True))
    rejected = advised.desk().when(RejectWork("还是没电")).steward()
    rejected.when(RecordArrival()).then(StewardArrived()).when(StartWork(), SIGNED)
    rejected.when(StartWork()).refused(SIGNED, "not_arrived").when(RecordArrival(), StartWork(), SIGNED)


def test_arriving_twice_is_arriving_once() -> None:
    at_work().when(RecordArrival()).then().holds(lambda state: state.stage is Stage.IN_PROGRESS)


def test_inv_14_a_private_part_needs_the_residents_sign_off() -> None:
    working = at_work(PRIVATE).refused(DONE, "sign_off_missing")
    working.when(SIGNED).then(WorkCompleted)
    at_work().when(DONE).then(WorkCompleted)


def test_inv_14_two_refused_contacts_stand_in_for_it() -> None:
    once = at_work(PRIVATE).when(RecordContactRefused("不肯签")).then(ContactRefused("不肯签"))
    once.refused(DONE, "sign_off_missing")
    once.when(RecordContactRefused("没接电话"), DONE)


def test_inv_14_advice_by_phone_needs_no_signature_a_visit_does() -> None:
    advice = CompleteWork("教他复位空开", remote_advice=True)
    order(PRIVATE).when(DispatchSteward(STEWARD), TakeWorkOrder(), advice).then(WorkCompleted)
    at_work(PRIVATE).refused(advice, "sign_off_missing")


def test_inv_14_after_rework_the_resident_is_asked_again() -> None:
    twice = at_work(PRIVATE).when(RecordContactRefused("不肯签"), RecordContactRefused("没接电话"), DONE)
    twice.desk().when(RejectWork("还在漏"), StartWork()).refused(DONE, "sign_off_missing")


def test_inv_14_a_common_part_needs_no_sign_off() -> None:
    at_work().refused(RecordContactRefused("不肯签"), "no_sign_off_needed")


# -- the end -----------------------------------------------------------------------------------------------------


def test_inv_15_close_only_after_the_follow_up() -> None:
    verified = STAGES[Stage.VERIFIED]().refused(CloseWorkOrder(), "follow_up_first")
    verified.when(RecordFollowUp(reached=True), CloseWorkOrder()).then(WorkOrderClosed())


def test_inv_15_or_after_trying_on_two_days() -> None:
    tried = STAGES[Stage.VERIFIED]().when(RecordFollowUp(reached=False)).then(FollowUpRecorded(False))
    again = tried.later(hours=3).when(RecordFollowUp(reached=False)).refused(CloseWorkOrder(), "follow_up_first")
    again.later(days=1).when(RecordFollowUp(reached=False), CloseWorkOrder()).then(WorkOrderClosed())


def test_inv_15_the_days_are_days_in_shanghai() -> None:
    evening = STAGES[Stage.VERIFIED]().at(sh(11, 24, 23, 59)).when(RecordFollowUp(reached=False))
    evening.at(sh(11, 25, 0, 1)).when(RecordFollowUp(reached=False), CloseWorkOrder())
    morning = STAGES[Stage.VERIFIED]().at(sh(11, 24, 7).astimezone(UTC)).when(RecordFollowUp(reached=False))
    noon = morning.at(sh(11, 24, 12).astimezone(UTC)).when(RecordFollowUp(reached=False))
    noon.refused(CloseWorkOrder(), "follow_up_first")


def test_inv_15_nobody_is_asked_before_the_work_is_done() -> None:
    verified = at_work().later(days=2).when(DONE).desk().when(VerifyWork())
    early = verified.act._replace(occurred_at=verified.clock - timedelta(days=1))
    verified.refused(RecordFollowUp(reached=False), "before_completion", act=early)
    verified.when(RecordFollowUp(reached=False)).refused(CloseWorkOrder(), "follow_up_first")


def test_inv_16_reopening_within_thirty_days_of_the_close() -> None:
    done = closed()
    again = done.later(days=30).when(ReopenWorkOrder("又不亮了")).then(WorkOrderReopened("又不亮了"), DeadlinesSet)
    again.holds(lambda state: state.stage is Stage.ACCEPTED and state.owner == CLERK)
    done.later(days=30, seconds=1).refused(ReopenWorkOrder("又不亮了"), "reopen_window_over", days=30)


def test_inv_16_later_a_new_order_is_linked_to_the_old_one() -> None:
    follow = replace(opening(), follows=STEWARD)
    assert last(order(follow).happened, WorkOrderOpened).follows == STEWARD


def test_inv_16_an_earlier_date_does_not_stretch_the_window() -> None:
    late = closed().later(days=31)
    backdated = late.act._replace(occurred_at=late.clock - timedelta(days=5))
    late.refused(ReopenWorkOrder("又不亮了"), "reopen_window_over", act=backdated)


def test_nothing_happens_to_a_reopened_order_before_it_was_reopened() -> None:
    again = closed().later(days=20).when(ReopenWorkOrder("又不亮了")).later(hours=1)
    early = again.act._replace(occurred_at=again.clock - timedelta(days=1))
    again.refused(DispatchSteward(STEWARD), "before_report", act=early)


def test_a_reopened_order_is_promised_anew_also_when_its_priority_changes() -> None:
    again = closed().later(days=20).when(ReopenWorkOrder("又不亮了"))
    promised = again.state.fix_by
    raised = again.later(hours=1).when(ChangePriority(Priority.P2, "整个单元"))
    assert promised is not None and raised.state.fix_by is not None
    assert again.clock < raised.state.fix_by < promised


def test_a_reopened_order_begins_anew() -> None:
    """Neither pauses nor extensions, days of asking, scores or calls of its first life count in the second."""
    held = at_work(PRIVATE).when(SuspendWork("等配件")).later(hours=5).when(ResumeWork())
    longer = held.head().when(ExtendDeadline(sh(11, 29, 12), "等配件"), ExtendDeadline(sh(11, 30, 12), "等配件"))
    refused = longer.steward().when(RecordContactRefused("不肯签"), RecordContactRefused("没接电话"), DONE)
    asked = refused.desk().when(VerifyWork(), RecordFollowUp(reached=False), RateSatisfaction(2)).later(days=1)
    again = asked.when(RecordFollowUp(reached=True), CloseWorkOrder()).later(days=9).when(ReopenWorkOrder("又坏了"))
    fresh = order(PRIVATE).at(again.clock)
    assert again.when(ChangePriority(Priority.P1, "急")).state.fix_by == again.clock + timedelta(hours=24)
    kept = {"workers": again.state.workers, "begun": True, "promised_at": again.clock, "fix_by": again.state.fix_by}
    assert again.state == replace(fresh.state, **kept)


def test_a_score_is_one_to_five_and_may_be_corrected() -> None:
    rated = completed().when(RateSatisfaction(4)).then(SatisfactionRated(4))
    rated.when(RateSatisfaction(4)).then().when(RateSatisfaction(5)).then(SatisfactionRated(5))
    for score in (-1, 0, 6):
        rated.refused(RateSatisfaction(score), "score_out_of_range", lowest=1, highest=5)


# -- deadlines ---------------------------------------------------------------------------------------------------


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
    assert wrong.state.fix_by is not None and wrong.state.fix_by < wrong.clock
    assert wrong.when(ChangePriority(Priority.P3, "改回来")).state.fix_by == story.state.fix_by


def test_inv_17_a_missed_deadline_stays_missed_by_whatever_way_round() -> None:
    late = order(opening(priority=Priority.P2)).later(days=3)
    for way in ((Priority.P1, Priority.P4), (Priority.P4, Priority.P3), (Priority.P3, Priority.P1, Priority.P3)):
        again = late.when(*(ChangePriority(priority, "再看") for priority in way)).state
        assert again.fix_by is not None and late.state.fix_by is not None and again.fix_by <= late.state.fix_by


def test_inv_17_a_pause_told_after_the_deadline_extends_nothing() -> None:
    late = at_work().later(days=5)
    missed = late.state.fix_by
    back_then = late.act._replace(occurred_at=MONDAY)
    assert late.when(SuspendWork("等配件"), act=back_then).when(ResumeWork()).state.fix_by == missed


def test_pauses_that_overlap_count_once() -> None:
    once = at_work().when(SuspendWork("等配件")).later(hours=2).when(ResumeWork())
    again = once.when(SuspendWork("又等"), act=once.act._replace(occurred_at=MONDAY)).when(ResumeWork())
    assert again.state.fix_by == once.state.fix_by


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


def test_an_end_before_the_beginning_of_a_pause_counts_as_no_pause() -> None:
    held = at_work().later(hours=2).when(SuspendWork("等配件"))
    early = held.act._replace(occurred_at=held.clock - timedelta(hours=1))
    assert held.when(ResumeWork(), act=early).state.fix_by == at_work().state.fix_by


# -- owners ------------------------------------------------------------------------------------------------------


def test_inv_18_an_open_order_has_one_owner_at_every_step() -> None:
    assert order(opening(accept=False)).state.owner == CLERK
    accepted = order(opening(accept=False)).head().when(AcceptWorkOrder())
    assert accepted.state.owner == HEAD
    sent = accepted.when(DispatchSteward(STEWARD))
    assert sent.state.owner == STEWARD
    assert sent.when(ReassignSteward(OTHER_STEWARD, "换人")).state.owner == OTHER_STEWARD
    assert sent.desk().when(RecallDispatch()).state.owner == CLERK


def test_inv_18_a_declined_order_goes_back_to_whoever_sent_it() -> None:
    declined = order().head().when(DispatchSteward(STEWARD)).steward().when(DeclineWorkOrder("在另一栋"))
    declined.holds(lambda state: state.owner == HEAD and state.steward is None and state.stage is Stage.ACCEPTED)


def test_inv_18_the_station_answers_for_work_to_be_verified_and_the_steward_for_rework() -> None:
    done = completed().holds(lambda state: state.owner == CLERK)
    done.when(VerifyWork(), RecordFollowUp(reached=False)).holds(lambda state: state.owner == CLERK)
    done.when(RejectWork("还在闪")).holds(lambda state: state.owner == STEWARD)


def test_inv_18_a_recalled_order_is_with_whoever_recalled_it() -> None:
    recalled = order().when(DispatchSteward(STEWARD)).head().when(RecallDispatch()).then(DispatchRecalled(STEWARD))
    recalled.holds(lambda state: state.owner == HEAD and state.steward is None and state.stage is Stage.ACCEPTED)
    again = recalled.desk().when(DispatchSteward(STEWARD)).steward()
    again.when(DeclineWorkOrder("忙")).holds(lambda state: state.owner == CLERK)


def test_inv_18_a_reopened_order_is_with_whoever_reopened_it() -> None:
    again = closed().head().when(ReopenWorkOrder("又不亮了"))
    again.holds(lambda state: state.owner == HEAD and state.steward is None and state.stage is Stage.ACCEPTED)


def test_sending_the_same_steward_again_changes_nothing() -> None:
    STAGES[Stage.DISPATCHED]().when(ReassignSteward(STEWARD, "再派")).then()


# -- the whole ---------------------------------------------------------------------------------------------------


def test_a_lamp_from_report_to_close() -> None:
    """Scenario 1 of the domain dossier: Monday 08:40, a lamp at building 3 is out."""
    kinds = [type(event).__name__ for event in closed().when(RateSatisfaction(5)).happened]
    assert kinds == [
        "WorkOrderOpened",
        "DeadlinesSet",
        "WorkOrderAccepted",
        "WorkOrderDispatched",
        "WorkOrderTaken",
        "StewardArrived",
        "WorkStarted",
        "WorkCompleted",
        "WorkVerified",
        "FollowUpRecorded",
        "WorkOrderClosed",
        "SatisfactionRated",
    ]


def test_a_trapped_person_at_night() -> None:
    """Scenario 3: 02:10, somebody in the lift; help is called first, arrival at 02:31 is too late, and it shows."""
    night = STAGES[Stage.UNOPENED]().at(sh(11, 24, 2, 10)).when(TRAPPED)
    called = night.when(CALL_119, CallEmergencyService(EmergencyService.LIFT_MAINTENANCE), DispatchSteward(STEWARD))
    there = called.later(minutes=21).steward().when(TakeWorkOrder(), RecordArrival(), StartWork())
    out = there.when(RecordPersonsReleased(), DONE).head().when(VerifyWork())
    out.holds(lambda state: state.stage is Stage.VERIFIED)
    assert last(out.happened, DeadlinesSet).arrive_by < there.clock


def test_facts_are_read_even_if_the_rules_have_changed() -> None:
    """Evolve refuses nothing: an event out of its order still leads to a state."""
    facts: tuple[Event, ...] = (WorkOrderClosed(), WorkOrderReopened("旧"), WorkCompleted("旧"))
    assert STAGES[Stage.UNOPENED]().given(*facts).state.stage is Stage.COMPLETED


def test_an_order_is_opened_once() -> None:
    order().refused(opening(), "stage", stage=Stage.ACCEPTED)
    STAGES[Stage.UNOPENED]().refused(replace(opening(), number=" "), "blank_text", field="number")


def test_capacities_come_with_the_act() -> None:
    centre = STAGES[Stage.UNOPENED]().by(HEAD, Capacity.CENTRE_HEAD).when(opening())
    centre.then(WorkOrderOpened, DeadlinesSet, WorkOrderAccepted)
