"""Every clock of any history against a naive reckoning: minute by minute, with a list of the minutes that are open."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import DAY, SHANGHAI, DaysApart, ServiceHours, Shift, after, between, end_of_next_day
from domain.capacity import Capacity
from domain.cases import work_order as orders
from domain.cases.category import Category, Priority
from domain.cases.service_level import Target
from domain.cases.work_order import WORK_ORDER, Stage, WorkOrder
from domain.changed import changed
from domain.recorded import Act
from domain.refusal import Refusal
from projections.cases.order_clock import clock, reading
from projections.cases.reckoning import served
from tests.cases.examples import opening
from tests.cases.test_order_card import card
from tests.scenario import CLERK, HEAD, STEWARD

START = datetime(2026, 9, 21, tzinfo=SHANGHAI)  # a Monday, before a long holiday
DAYS = 60
TOLERANCE = 15
FIX = {Priority.P1: 600, Priority.P2: 900, Priority.P3: 1500}
TARGETS = (Target(Priority.P1, 10, 20, 30, FIX[Priority.P1]), Target(Priority.P2, 20, 40, 60, FIX[Priority.P2]),
           Target(Priority.P3, 30, 60, 90, FIX[Priority.P3]))  # fmt: skip


def moment(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


# -- calendars ---------------------------------------------------------------------------------------------------


def _shifts(cuts: list[int], night: bool) -> tuple[Shift, ...]:
    """Pieces between every two of the cuts; the last one may go on past midnight."""
    marks = sorted(set(cuts))
    pieces = [Shift(a, b) for a, b in zip(marks[::2], marks[1::2], strict=False)]
    if night and pieces:
        pieces[-1] = Shift(pieces[-1].opens, min(pieces[-1].opens + DAY, DAY + 300))
    return tuple(pieces)


days = st.builds(_shifts, st.lists(st.integers(0, DAY - 1), min_size=0, max_size=6), st.booleans())
open_days = days.filter(lambda shifts: sum(b - a for a, b in shifts) >= 60)
apart = st.dictionaries(st.integers(-1, DAYS).map(lambda n: START.date() + timedelta(days=n)), days, max_size=12)
calendars = st.one_of(
    st.sampled_from((ServiceHours(), ServiceHours(540, 1050), ServiceHours(0, DAY))),
    st.builds(
        lambda first, others, special: ServiceHours(
            week=(first, *others),
            apart=tuple(DaysApart((day,), shifts) for day, shifts in sorted(special.items())),
        ),
        open_days,
        st.lists(days, min_size=6, max_size=6),
        apart,
    ),
)


def painted(hours: ServiceHours) -> bytearray:
    """One byte for each minute from the start on: whether the station is open in it."""
    found = bytearray((DAYS + 2) * DAY)
    special = {day: group.shifts for group in hours.apart for day in group.days}
    for number in range(-1, DAYS):
        day = START.date() + timedelta(days=number)
        usual = hours.week[day.weekday()] if hours.week else (Shift(hours.opens, hours.closes),)
        for opens, closes in special.get(day, usual):
            for minute in range(opens, closes):
                if (at := number * DAY + minute) >= 0:
                    found[at] = 1
    return found


@settings(max_examples=60, deadline=None)
@given(calendars, st.integers(0, 20 * DAY), st.integers(0, 20 * DAY), st.integers(0, 3000))
def test_service_time_is_the_open_minutes(hours: ServiceHours, one: int, other: int, span: int) -> None:
    paint, (start, end) = painted(hours), sorted((one, other))
    assert between(moment(start), moment(end), hours) == timedelta(minutes=sum(paint[start:end]))
    left, at = span, start
    while left and at < len(paint):
        left -= paint[at]
        at += 1
    while not span and not paint[at]:
        at += 1
    if at < DAYS * DAY:
        assert after(moment(start), timedelta(minutes=span), hours) == moment(at)


# -- histories ---------------------------------------------------------------------------------------------------


@dataclass
class Naive:
    """The promise of a repair as somebody counts it on squared paper."""

    paint: bytearray
    since: int
    target: int
    pauses: list[list[int]] = field(default_factory=list)  # from when to when the clock stood, the last one open
    missed: int | None = None  # when it was due, once that has passed: nothing moves it any more
    counted_from: int | None = None  # what the promise counts from since the last change of the priority

    def due(self) -> int:
        if self.missed is not None:
            return self.missed
        at = self.since if self.counted_from is None else self.counted_from
        left = self.target
        while left:
            left -= self.paint[at] and not self.stands(at)
            at += 1
        return at

    def stands(self, minute: int) -> bool:
        return any(a <= minute < b for a, b in self.pauses)

    def pass_by(self, now: int) -> None:
        """Once it has passed, it has."""
        if self.missed is None and not self.stands(now) and now >= self.due():
            self.missed = self.due()

    def used(self, until: int) -> int:
        return sum(1 for minute in range(self.since, until) if self.paint[minute] and not self.stands(minute))


FOR_EVER = (DAYS + 1) * DAY
WAYS: dict[Stage, tuple[Any, ...]] = {
    Stage.ACCEPTED: (orders.DispatchSteward(STEWARD), orders.ReferWorkOrder(orders.ReferredTo.MUNICIPAL, "市政"),
                     orders.CancelWorkOrder("不用了"), orders.ChangePriority(Priority.P1, "急"),
                     orders.ChangePriority(Priority.P3, "不急")),
    Stage.DISPATCHED: (orders.TakeWorkOrder(), orders.RecallDispatch(), orders.ChangePriority(Priority.P2, "看过")),
    Stage.TAKEN: (orders.RecordArrival(),),
    Stage.ON_SITE: (orders.StartWork(), orders.StartWork(), orders.ReferWorkOrder(orders.ReferredTo.UTILITY, "水司")),
    Stage.IN_PROGRESS: (orders.SuspendWork("等配件"), orders.SuspendWork("等配件"), orders.CompleteWork("好了"),
                        orders.ChangePriority(Priority.P1, "急")),
    Stage.SUSPENDED: (orders.ResumeWork(), orders.ReassignSteward(HEAD, "换人"),
                      orders.ReferWorkOrder(orders.ReferredTo.WARRANTY, "保修")),
    Stage.COMPLETED: (orders.VerifyWork(), orders.RejectWork("还漏")),
    Stage.REWORK: (orders.StartWork(),),
    Stage.VERIFIED: (orders.RecordFollowUp(reached=True),),
    Stage.FOLLOWED_UP: (orders.CloseWorkOrder(),),
    Stage.CLOSED: (orders.ReopenWorkOrder("又漏"),),
    Stage.REFERRED: (orders.BringBackWorkOrder("市政退回"),),
    Stage.CANCELLED: (orders.BringBackWorkOrder("还要修"),),
}  # fmt: skip
_BY_STEWARD = (orders.TakeWorkOrder, orders.RecordArrival, orders.StartWork)
steps = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 700), st.sampled_from((0, 0, 5, 15, 16, 90)), st.booleans()),
    min_size=4,
    max_size=26,
)


class History:
    """An order that lives, and what is counted of it on paper beside it."""

    def __init__(self, hours: ServiceHours, waited: int) -> None:
        self.hours, self.reported = hours, 0
        self.state, self.happened, self.now = WORK_ORDER.initial, [], waited  # type: ignore[var-annotated]
        self.state = WorkOrder()
        command = replace(opening(Category.PIPE_LEAK, Priority.P2), hours=hours, targets=TARGETS)
        self.do(replace(command, reported_at=moment(0)), 0)
        self.paper = Naive(painted(hours), 0, FIX[Priority.P2])
        self.paper.pass_by(self.now)

    def do(self, command: Any, late: int) -> tuple[int, int]:
        """When it is said to have happened, and when it was told."""
        who = HEAD if isinstance(command, orders.ChangePriority) else STEWARD
        capacity = Capacity.STATION_HEAD if isinstance(command, orders.ChangePriority) else Capacity.DISPATCHER
        if isinstance(command, orders.VerifyWork):
            who = CLERK
        stated = self.now - late
        act = Act(who, capacity, moment(stated), moment(self.now))
        for event in WORK_ORDER.consider(command, self.state, act):
            self.state = WORK_ORDER.evolve(self.state, event, act)
            self.happened.append((event, act))
        return stated, self.now

    def step(self, choice: int, minutes: int, late: int, other: ServiceHours | None) -> None:
        before = self.state
        ways = WAYS[before.stage]
        command = ways[choice % len(ways)]
        self.now += minutes
        if isinstance(command, orders.ReopenWorkOrder) and other is not None:  # as the station promises by then
            self.state = changed(self.state, hours=other)
        self.paper.pass_by(self.now)
        try:
            stated, told = self.do(command, late)
        except Refusal as refused:
            assert refused.code in ("before_last_step", "before_report", "own_work", "steward_same"), refused.code
            self.state = before
            return
        self.on_paper(command, before, stated if told - stated <= TOLERANCE else told, told)

    def on_paper(self, command: Any, before: WorkOrder, at: int, told: int) -> None:
        paper = self.paper
        match command:
            case orders.SuspendWork() | orders.ReferWorkOrder():
                standing = bool(paper.pauses) and paper.pauses[-1][1] == FOR_EVER
                if paper.missed is None and not standing:
                    last = paper.pauses[-1][1] if paper.pauses else 0
                    paper.pauses.append([max(at, last), FOR_EVER])
            case orders.ResumeWork() | orders.BringBackWorkOrder():
                self.end_pause(at)
            case orders.ReassignSteward() if before.stage is Stage.SUSPENDED:
                self.end_pause(at)
            case orders.ReopenWorkOrder():
                stated = int((self.state.promised_at - START).total_seconds() // 60)  # type: ignore[operator]
                fast = self.state.priority is Priority.P1
                paint = painted(ServiceHours(0, DAY) if fast else self.state.hours)
                self.paper = Naive(paint, stated, FIX[self.state.priority])
                self.paper.pass_by(told)
            case orders.ChangePriority(priority) if priority is not before.priority:
                self.reprioritised(priority, before.priority, at, told)

    def end_pause(self, at: int) -> None:
        if self.paper.pauses and self.paper.pauses[-1][1] == FOR_EVER:
            self.paper.pauses[-1][1] = max(at, self.paper.pauses[-1][0])

    def reprioritised(self, priority: Priority, was: Priority, at: int, told: int) -> None:
        paper, old = self.paper, self.paper.due()
        paper.paint = painted(ServiceHours(0, DAY) if priority is Priority.P1 else self.state.hours)
        paper.target, missed = FIX[priority], paper.missed
        paper.missed = paper.counted_from = None
        wanted = paper.due()
        if priority.value < was.value:
            if wanted <= told:
                paper.counted_from = at
                kept, paper.pauses = paper.pauses, []
                wanted = paper.due()
                paper.pauses = kept
            wanted = min(wanted, old)
        elif missed is None:
            wanted = max(wanted, old)
        if missed is not None:
            paper.missed = missed
            return
        # from here on what is left until then counts, whatever it came of
        paper.counted_from = told
        paper.target = sum(paper.paint[told:wanted])
        while paper.target and not paper.paint[wanted - 1]:  # due while it is closed: by the old hours
            wanted -= 1
        paper.pass_by(told)

    def check(self, later: int) -> None:
        now, paper, state = self.now + later, self.paper, self.state
        shown = card(self.happened)
        assert shown.state == state or state.stage is Stage.CLOSED
        found = clock(shown, moment(now))
        paper_due = paper.due() if paper.missed is not None or not paper.stands(now) else None
        if paper_due is not None and paper_due < FOR_EVER and state.stage not in (Stage.REFERRED,):
            assert between(min(state.fix_by, moment(paper_due)), max(state.fix_by, moment(paper_due)),  # type: ignore[type-var,arg-type]
                           self.counted()) == timedelta(0), (state.fix_by, moment(paper_due))  # fmt: skip
        if state.stage in (Stage.REFERRED, Stage.CANCELLED):
            return
        if state.stage is Stage.SUSPENDED or state.stage is Stage.IN_PROGRESS or state.stage is Stage.REWORK:
            paper.pass_by(now)
            assert served(state, moment(now)) == timedelta(minutes=paper.used(now))
            assert found == reading(state, state.fix_by, moment(now))  # the card's and the page's
            if paper.missed is not None:
                over = sum(paper.paint[paper.missed : now])
                assert (found.kind, found.span) == ("late", timedelta(minutes=over))
            elif paper.stands(now):
                assert found.kind in ("paused", "overdue")
            else:
                left = sum(paper.paint[now : paper.due()])
                assert found.kind in ("ok", "soon") and found.span == timedelta(minutes=left)

    def counted(self) -> ServiceHours:
        return ServiceHours(0, DAY) if self.state.priority is Priority.P1 else self.state.hours


def lived(hours: ServiceHours, waited: int, story: list[Any], others: list[ServiceHours]) -> History:
    history = History(hours, waited)
    for number, (choice, minutes, late, changes) in enumerate(story):
        if history.now + minutes > 25 * DAY:
            break
        history.step(choice, minutes, late, others[number % len(others)] if changes else None)
        history.check(0)
    return history


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(calendars, st.integers(0, 900), steps, st.lists(calendars, min_size=1, max_size=2), st.integers(0, 2000))
def test_every_clock_is_what_somebody_counts_on_paper(
    hours: ServiceHours, waited: int, story: list[Any], others: list[ServiceHours], later: int
) -> None:
    lived(hours, waited, story, others).check(later)


@pytest.mark.slow
@pytest.mark.drill
@settings(max_examples=3000, deadline=None)
@given(calendars, st.integers(0, 900), steps, st.lists(calendars, min_size=1, max_size=2), st.integers(0, 2000))
def test_every_clock_of_many_histories(
    hours: ServiceHours, waited: int, story: list[Any], others: list[ServiceHours], later: int
) -> None:
    lived(hours, waited, story, others).check(later)


def test_a_night_shift_belongs_to_the_evening_on_which_it_begins() -> None:
    """20:00 to 08:00, closed on the first of October: the night before it still ends in its morning."""
    night = ServiceHours(week=((Shift(1200, 1920),),) * 7, apart=(DaysApart((date(2026, 10, 1),)),))
    evening = datetime(2026, 9, 30, 19, tzinfo=SHANGHAI)
    assert after(evening, timedelta(hours=12), night) == datetime(2026, 10, 1, 8, tzinfo=SHANGHAI)
    assert after(evening, timedelta(hours=13), night) == datetime(2026, 10, 2, 21, tzinfo=SHANGHAI)
    assert end_of_next_day(evening, night) == datetime(2026, 10, 3, 8, tzinfo=SHANGHAI)
