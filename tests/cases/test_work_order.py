"""The rules of a work order, each named invariant by its number (domain dossier 4.4 and 6.6)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.calendar import SHANGHAI
from domain.capacity import Capacity
from domain.cases.category import Category, Priority
from domain.cases.work_order import (
    CallEmergencyService,
    ChangePriority,
    CloseWorkOrder,
    Command,
    CompleteWork,
    ContactRefused,
    DeadlinesSet,
    DeclineWorkOrder,
    DispatchSteward,
    EmergencyService,
    Event,
    ExtendDeadline,
    FollowUpRecorded,
    RateSatisfaction,
    ReassignSteward,
    RecordArrival,
    RecordContactRefused,
    RecordFollowUp,
    RecordPersonsReleased,
    RejectWork,
    ReopenWorkOrder,
    ReportNoAccess,
    ResumeWork,
    SatisfactionRated,
    Stage,
    StartWork,
    StewardArrived,
    SuspendWork,
    TakeWorkOrder,
    VerifyWork,
    WorkCompleted,
    WorkOrderAccepted,
    WorkOrderClosed,
    WorkOrderOpened,
    WorkOrderReopened,
    WorkVerified,
)
from domain.estates.place import Part
from tests.cases.examples import HOURS, STAGES, at_work, closed, completed, opening, order
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
    again = (
        done.later(days=30)
        .when(ReopenWorkOrder("又不亮了"))
        .then(WorkOrderReopened("又不亮了", HOURS, ()), DeadlinesSet)
    )
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
    kept = {
        "workers": again.state.workers,
        "begun": True,
        "touched": True,
        "promised_at": again.clock,
        "fix_by": again.state.fix_by,
    }
    kept |= {name: getattr(again.state, name) for name in ("accept_by", "dispatch_by", "arrive_by")}
    kept["staged"] = again.act
    assert again.state == replace(fresh.state, **kept)


def test_a_score_is_one_to_five_and_may_be_corrected() -> None:
    rated = completed().when(RateSatisfaction(4)).then(SatisfactionRated(4))
    rated.when(RateSatisfaction(4)).then().when(RateSatisfaction(5)).then(SatisfactionRated(5))
    for score in (-1, 0, 6):
        rated.refused(RateSatisfaction(score), "score_out_of_range", lowest=1, highest=5)


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
