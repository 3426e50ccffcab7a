"""What an order's card keeps of the order's events."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from domain.cases.work_order import WORK_ORDER, ReassignSteward, ResumeWork, SuspendWork, WorkOrder
from domain.recorded import Act, Recorded
from projections.cases.order_clock import clock
from projections.cases.orders import OrderCard, evolve
from projections.cases.reckoning import paused
from tests.cases.examples import ESTATE_CODE, ISSUE_ID, ORDER_ID, at_work
from tests.scenario import OTHER_STEWARD, Scenario


def card(happened: Iterable[tuple[Any, Act]]) -> OrderCard:
    """The card after these events."""
    found: OrderCard | None = None
    for number, (event, act) in enumerate(happened, 1):
        found = evolve(
            found, Recorded(number, UUID(int=number), ORDER_ID, number, event, act, ESTATE_CODE, ISSUE_ID, None)
        )
    assert found is not None
    return found


def held(*commands: Any) -> OrderCard:
    """The card of an order suspended for three service hours, and then what ``commands`` make of it."""
    story: Scenario[WorkOrder] = at_work()
    happened = [(event, story.act) for event in story.happened]
    paused = story.when(SuspendWork("等配件"))
    happened += [(event, paused.act) for event in paused.outcome]
    for now in (paused.later(hours=3).desk().when(command) for command in commands):
        happened += [(event, now.act) for event in now.outcome]
    found = card(happened)
    assert found.state == WORK_ORDER.fold(happened)
    return found


def test_while_it_is_held_the_clock_stands_still() -> None:
    waiting = held()
    assert (waiting.lane, waiting.hold_reason) == ("held", "等配件")
    assert clock(waiting, waiting.changed_at + timedelta(days=6)).kind == "paused"
    assert clock(waiting, waiting.changed_at + timedelta(days=9)).kind == "overdue"  # nobody has named a later end


def test_a_pause_is_counted_when_the_work_goes_on() -> None:
    resumed = held(ResumeWork())
    assert (paused(resumed.state), resumed.hold_reason, resumed.deadlines.fix_by) == (
        timedelta(hours=3),
        None,
        resumed.state.fix_by,
    )


def test_a_pause_is_counted_when_the_order_changes_hands() -> None:
    handed_on = held(ReassignSteward(OTHER_STEWARD, "换人"))
    assert (handed_on.lane, paused(handed_on.state), handed_on.hold_reason) == ("sent", timedelta(hours=3), None)
    assert handed_on.deadlines.fix_by == handed_on.state.fix_by
    assert handed_on.deadlines.arrive_by == held().deadlines.arrive_by  # only the clock of the repair has moved
