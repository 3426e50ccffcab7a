"""Emergencies: help is called first, and nobody is left inside (INV-11, 12)."""

from dataclasses import replace

from domain.cases.category import Category, Priority
from domain.cases.work_order import (
    CallEmergencyService,
    CancelWorkOrder,
    ChangePriority,
    DeadlinesSet,
    EmergencyService,
    EmergencyServiceCalled,
    PersonsReleased,
    PriorityChanged,
    RecordFollowUp,
    RecordPersonsReleased,
    ReferredTo,
    ReferWorkOrder,
    RejectWorkOrder,
    ReopenWorkOrder,
    Stage,
    StateFalseAlarm,
    SuspendWork,
    VerifyWork,
)
from tests.cases.examples import STAGES, at_work, opening, order
from tests.cases.test_work_order import CALL_119, DONE, FIRE, TRAPPED


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
