"""Who answers for a work order at every step (INV-18)."""

from domain.cases.work_order import (
    AcceptWorkOrder,
    DeclineWorkOrder,
    DispatchRecalled,
    DispatchSteward,
    ReassignSteward,
    RecallDispatch,
    RecordFollowUp,
    RejectWork,
    ReopenWorkOrder,
    Stage,
    VerifyWork,
)
from tests.cases.examples import STAGES, closed, completed, opening, order
from tests.scenario import CLERK, HEAD, OTHER_STEWARD, STEWARD


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


def test_nobody_is_sent_who_is_sent_already() -> None:
    STAGES[Stage.DISPATCHED]().refused(ReassignSteward(STEWARD, "再派"), "steward_same")
    STAGES[Stage.TAKEN]().refused(ReassignSteward(STEWARD, "再派"), "steward_same")
