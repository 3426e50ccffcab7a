"""Every command through every stage: facts, nothing or a refusal, and never anything else."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.capacity import Capacity
from domain.cases import issue as issues
from domain.cases import work_order as orders
from domain.cases.category import Category, Priority
from domain.cases.issue import ISSUE, Status
from domain.cases.work_order import WORK_ORDER, Stage, WorkOrder
from domain.catalogue import DECIDERS, may
from domain.decider import Decider
from domain.estates.estate import ESTATE
from domain.estates.place import Part
from domain.people.person import PERSON
from domain.recorded import Act
from domain.refusal import Refusal
from tests.cases.examples import STAGES, STATUSES, opening
from tests.examples import COMMANDS
from tests.people.examples import person, steward
from tests.scenario import CLERK, HEAD, MONDAY, OTHER_STEWARD, STEWARD, Scenario


def tried(decider: Decider[Any, Any, Any], command: Any, state: Any, act: Act) -> tuple[Any, ...] | None:
    """The events of a command, or ``None`` where it is refused; any other exception is a failed test."""
    try:
        events = decider.consider(command, state, act)
    except Refusal as refusal:
        assert refusal.code
        return None
    assert all(type(event) in decider.events for event in events)
    return tuple(events)


def of(decider: Decider[Any, Any, Any]) -> list[Any]:
    return [command for command in COMMANDS if type(command) in decider.commands]


def name(value: Any) -> str:
    return value.name if isinstance(value, Stage | Status) else type(value).__name__


@pytest.mark.parametrize("stage", Stage, ids=name)
def test_an_order_can_come_to_every_stage(stage: Stage) -> None:
    assert STAGES[stage]().state.stage is stage


@pytest.mark.parametrize("status", Status, ids=name)
def test_an_issue_can_come_to_every_status(status: Status) -> None:
    assert STATUSES[status]().state.status is status


@pytest.mark.parametrize("stage", Stage, ids=name)
@pytest.mark.parametrize("command", of(WORK_ORDER), ids=name)
def test_every_command_on_an_order_in_every_stage(command: Any, stage: Stage) -> None:
    story = STAGES[stage]()
    in_time = story.state.stage in orders.ALLOWED[type(command)]
    for actor, capacity in ((CLERK, Capacity.DISPATCHER), (STEWARD, Capacity.RED_STEWARD)):
        events = tried(WORK_ORDER, command, story.state, story.by(actor, capacity).act)
        if not in_time:
            assert events is None
    if not in_time:
        story.refused(command, "stage", stage=stage)


@pytest.mark.parametrize("status", Status, ids=name)
@pytest.mark.parametrize("command", of(ISSUE), ids=name)
def test_every_command_on_an_issue_in_every_status(command: Any, status: Status) -> None:
    story = STATUSES[status]()
    events = tried(ISSUE, command, story.state, story.act)
    allowed = status in issues.ALLOWED[type(command)]
    if not allowed:
        story.refused(command, "status", status=status)
    assert (events is not None) is allowed


@pytest.mark.parametrize("story", [Scenario(PERSON, PERSON.initial), person(), steward()], ids=["no", "person", "post"])
@pytest.mark.parametrize("command", of(PERSON), ids=name)
def test_every_command_on_a_person(command: Any, story: Scenario[Any]) -> None:
    events = tried(PERSON, command, story.state, story.act)
    if events:
        again = story.when(command)
        tried(PERSON, command, again.state, again.act)


@pytest.mark.parametrize("first", of(ESTATE), ids=name)
@pytest.mark.parametrize("second", of(ESTATE), ids=name)
def test_every_command_on_an_estate(first: Any, second: Any) -> None:
    story = Scenario(ESTATE, ESTATE.initial)
    state = ESTATE.fold([(event, story.act) for event in tried(ESTATE, first, story.state, story.act) or ()])
    tried(ESTATE, second, state, story.act)


def test_there_is_an_example_of_every_command() -> None:
    assert {type(command) for command in COMMANDS} == {kind for decider in DECIDERS for kind in decider.commands}


# -- walks: any commands by anybody at any time ------------------------------------------------------------------

PEOPLE = (
    (CLERK, Capacity.DISPATCHER),
    (HEAD, Capacity.STATION_HEAD),
    (HEAD, Capacity.RED_STEWARD),  # one person, two capacities
    (STEWARD, Capacity.RED_STEWARD),
    (OTHER_STEWARD, Capacity.RED_STEWARD),
)
ENDED = {Stage.UNOPENED, Stage.CLOSED, Stage.REJECTED, Stage.REFERRED, Stage.CANCELLED, Stage.WITHDRAWN}

stewards = st.sampled_from((STEWARD, OTHER_STEWARD, HEAD))
openings = st.builds(
    lambda kind, part, accept: opening(kind[0], kind[1], part, accept=accept),
    st.sampled_from(
        ((Category.PUBLIC_LIGHTING, Priority.P3), (Category.LIFT_TRAPPED, Priority.P0), (Category.WALL, Priority.P4))
    ),
    st.sampled_from(Part),
    st.booleans(),
)
steps = st.one_of(
    st.sampled_from([command for command in of(WORK_ORDER) if not isinstance(command, orders.OpenWorkOrder)]),
    st.builds(orders.DispatchSteward, stewards),
    st.builds(orders.ReassignSteward, stewards, st.just("换人")),
    st.builds(orders.CompleteWork, st.just("修好了"), signed_off=st.booleans(), remote_advice=st.booleans()),
    st.builds(orders.RecordFollowUp, st.booleans()),
    st.builds(orders.ChangePriority, st.sampled_from(Priority), st.just("变了")),
    st.builds(orders.ExtendDeadline, st.integers(1, 40).map(lambda d: MONDAY + timedelta(days=d)), st.just("等配件")),
)
GOING_ON = {  # what an order waits for: a walk that takes these up again and again comes a long way
    Stage.REPORTED: orders.AcceptWorkOrder(),
    Stage.ACCEPTED: orders.DispatchSteward(STEWARD),
    Stage.DISPATCHED: orders.TakeWorkOrder(),
    Stage.TAKEN: orders.RecordArrival(),
    Stage.ON_SITE: orders.StartWork(),
    Stage.IN_PROGRESS: orders.CompleteWork("修好了", signed_off=True),
    Stage.SUSPENDED: orders.ResumeWork(),
    Stage.REWORK: orders.StartWork(),
    Stage.COMPLETED: orders.VerifyWork(),
    Stage.VERIFIED: orders.RecordFollowUp(reached=True),
    Stage.FOLLOWED_UP: orders.CloseWorkOrder(),
    Stage.CLOSED: orders.ReopenWorkOrder("又坏了"),
}
walks = st.lists(
    st.tuples(st.none() | steps, st.sampled_from(PEOPLE), st.integers(0, 2000), st.integers(0, 90)), max_size=40
)


class Watcher:
    """What an outsider keeps in mind about an order, from its events alone."""

    def __init__(self) -> None:
        self.stage = Stage.UNOPENED
        self.steward: UUID | None = None
        self.worked: set[UUID] = set()
        self.extended = self.refused = 0
        self.tried_on: set[Any] = set()
        self.reached = self.helped = False

    def see(self, event: Any, act: Act, before: WorkOrder) -> None:
        match event:
            case orders.WorkOrderDispatched(who) | orders.WorkOrderReassigned(who):
                self.steward = who
            case orders.WorkOrderHandedOver(who) if who is not None and before.stage in orders.IN_HAND:
                self.steward = who
            case orders.WorkStarted():
                self.worked |= {self.steward}  # type: ignore[arg-type]
            case orders.WorkCompleted(_, signed, remote):
                self.worked |= {act.actor, self.steward}  # type: ignore[arg-type]
                assert before.arrived or remote
                assert before.part is Part.COMMON or signed or remote or self.refused >= 2
                assert not before.persons_inside
            case orders.ContactRefused():
                self.refused += 1
            case orders.WorkRejectedByResident():
                self.refused = 0
            case orders.WorkVerified():
                assert act.actor not in self.worked
            case orders.DeadlineExtended(fix_by):
                assert before.fix_by is not None and act.recorded_at < before.fix_by < fix_by
                self.extended += 1
            case orders.EmergencyServiceCalled() | orders.FalseAlarmStated():
                self.helped = True
            case (
                orders.WorkOrderRejected()
                | orders.WorkOrderReferred()
                | orders.WorkOrderCancelled()
                | orders.WorkSuspended()
            ):
                assert before.priority is not Priority.P0 or self.helped
                assert not before.persons_inside
            case orders.PriorityChanged():
                self.helped &= before.priority is not Priority.P0
            case orders.FollowUpRecorded(reached):
                self.reached |= reached
                self.tried_on.add(act.occurred_at.date())
            case orders.WorkOrderClosed():
                assert self.reached or len(self.tried_on) >= 2
            case orders.WorkOrderReopened():
                self.extended = self.refused = 0
                self.tried_on, self.reached, self.helped = set(), False, False
        assert self.extended <= orders.MOST_EXTENSIONS


def may_walk(walk: Iterable[Any], first: orders.OpenWorkOrder) -> Iterable[tuple[Any, Act, WorkOrder, WorkOrder]]:
    """The events of a walk with the order before and after each."""
    state, now = WORK_ORDER.initial, MONDAY
    at_once = (first, (CLERK, Capacity.DISPATCHER), 0, 0)
    for command, (actor, capacity), minutes, told_late in (at_once, *walk):
        now += timedelta(minutes=minutes)
        asked = command or GOING_ON.get(state.stage)
        if asked is None or not may(capacity, type(asked)):
            continue
        act = Act(actor, capacity, max(now - timedelta(minutes=told_late), MONDAY - timedelta(hours=1)), now)
        for event in tried(WORK_ORDER, asked, state, act) or ():
            before, state = state, WORK_ORDER.evolve(state, event, act)
            yield event, act, before, state


@settings(max_examples=300, deadline=None)
@given(openings, walks)
def test_no_walk_breaks_a_rule(first: orders.OpenWorkOrder, walk: list[Any]) -> None:
    watcher, happened = Watcher(), []
    for event, act, before, after in may_walk(walk, first):
        watcher.see(event, act, before)
        happened.append((event, act))
        if after.stage not in ENDED:
            assert after.owner is not None  # INV-18
        assert (after.suspended_at is not None) == (after.stage is Stage.SUSPENDED)
        assert after.extensions <= orders.MOST_EXTENSIONS
        assert act.occurred_at >= MONDAY
        assert after.category is not Category.LIFT_TRAPPED or not after.persons_inside or after.priority is Priority.P0
    final = after if happened else WORK_ORDER.initial
    assert WORK_ORDER.fold(happened) == final


def test_walks_that_go_on_come_to_the_end() -> None:
    """The generator above is worth something only if it gets far: going on by the right people closes the order."""
    walk = [(None, who, 1500, 0) for _ in range(8) for who in (PEOPLE[0], PEOPLE[1], PEOPLE[3])]
    kinds = [type(event) for event, *_ in may_walk(walk, opening())]
    assert orders.WorkOrderClosed in kinds and orders.WorkOrderReopened in kinds


moments = st.integers(0, 5 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


@settings(max_examples=100, deadline=None)
@given(moments, moments)
def test_no_order_is_dated_before_it_was_reported(happened: datetime, written: datetime) -> None:
    story = STAGES[Stage.ACCEPTED]().at(MONDAY)
    act = story.act._replace(occurred_at=happened - timedelta(days=2), recorded_at=max(happened, written))
    events = tried(WORK_ORDER, orders.DispatchSteward(STEWARD), story.state, act)
    assert (events is None) is (act.occurred_at < MONDAY)
