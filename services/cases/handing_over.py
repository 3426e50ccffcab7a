"""Nobody's work ends while something is in hand: it is refused with what there is, or another one takes it over.

That happens in the transaction in which somebody is relieved, released, disabled or forgotten, whoever asks for it.
What is in hand is what the views show and what came after them; that nothing came after that either is checked when
all of it is appended.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.capacity import CASES, STATION, Capacity
from domain.cases import issue as issues
from domain.cases import work_order as orders
from domain.cases.issue import ISSUE, Issue
from domain.cases.work_order import IN_HAND, UNDER_WAY, WORK_ORDER, WorkOrder
from domain.people.person import (
    PERSON,
    DutiesHandedOver,
    Person,
    PersonDisabled,
    PersonForgotten,
    StationStaffRelieved,
    StewardReleasedFromEstate,
)
from domain.recorded import Act
from domain.refusal import Refusal, refuse_if, reject_if
from projections.cases import answering
from projections.projection import Connection
from services.commands.plan import Attempt
from services.log.event_log import Change
from services.people.in_hand import Left

_ENDING = (StationStaffRelieved, StewardReleasedFromEstate, PersonDisabled, PersonForgotten)
_BEGINNING = (  # whoever tells one of these, or is named in it, may come to answer for the case
    issues.IssueNoted,
    issues.IssueTriaged,
    issues.IssueHandedOver,
    issues.MergeUndone,
    issues.DropUndone,
    issues.PromotionUndone,
    orders.WorkOrderOpened,
    orders.WorkOrderAccepted,
    orders.AcceptanceUndone,
    orders.WorkOrderDispatched,
    orders.WorkOrderReassigned,
    orders.WorkOrderHandedOver,
    orders.DispatchRecalled,
    orders.WorkOrderReopened,
    orders.WorkOrderBroughtBack,
)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class _InHand:
    """What somebody may not answer for any longer: as a steward, and at the desk."""

    sent: dict[UUID, WorkOrder]
    kept: dict[UUID, WorkOrder]
    lines: dict[UUID, Issue]

    @property
    def orders(self) -> dict[UUID, WorkOrder]:
        return self.sent | self.kept


def handed_over(attempt: Attempt, changes: Sequence[Change]) -> Sequence[Change]:
    """What changes with the end of somebody's work. Refuses ``in_hand`` where nobody is named who takes it over."""
    found: list[Change] = []
    for change in changes:
        if change.category == PERSON.name and any(isinstance(each, _ENDING) for each in change.events):
            found += _one(attempt, change)
    return found


def _one(attempt: Attempt, change: Change) -> Sequence[Change]:
    before = attempt.at(PERSON, change.stream).state
    after = PERSON.fold([(event, change.act) for event in change.events], before)
    found, noted = _candidates(attempt, change.stream, sorted({post.estate for post in before.posts}))
    left = _in_hand(
        change.stream, after, change.act.recorded_at,
        {each: attempt.at(WORK_ORDER, each).state for each in found},
        {each: attempt.at(ISSUE, each).state for each in noted},
    )  # fmt: skip
    successor = next((each.successor for each in change.events if isinstance(each, DutiesHandedOver)), None)
    told_late = attempt.ask.caller.capacity is Capacity.SYSTEM and after.disabled  # of what is so already
    if told_late or (not left.orders and not left.lines):
        return []
    if successor is None:
        raise Refusal("in_hand", orders=len(left.orders), lines=len(left.lines))
    _check_successor(attempt, change.stream, successor, left, change.act)
    act = change.act._replace(occurred_at=change.act.recorded_at)  # nothing is handed over before it is said
    return [
        *(_order(attempt, each, change.stream, successor, each in left.sent, act) for each in left.orders),
        *(_line(attempt, each, successor, act) for each in left.lines),
    ]  # fmt: skip


def left(conn: Connection, person: UUID, after: Person, estates: Sequence[str], moment: datetime) -> Left:
    """What would be in hand still, as the views show it, if the person were as ``after``: for the page that asks."""
    found = answering.answering(conn, person, estates)
    cards = {each.order: each for each in found.orders}
    lines = {each.issue: each for each in found.lines}
    theirs = _in_hand(
        person, after, moment, {key: each.state for key, each in cards.items()},
        {key: each.state for key, each in lines.items()},
    )  # fmt: skip
    return Left(
        [(cards[each].number, f"/orders/{each}") for each in theirs.sent],
        [(cards[each].number, f"/orders/{each}") for each in theirs.kept]
        + [(lines[each].number, f"/issues/{each}") for each in theirs.lines],
    )


def _in_hand(
    person: UUID, after: Person, moment: datetime, found: Mapping[UUID, WorkOrder], noted: Mapping[UUID, Issue]
) -> _InHand:
    """What the person answers for and may not any more, now or once the post is over."""
    sent, kept, lines = {}, {}, {}
    for each, order in found.items():
        if order.stage not in UNDER_WAY or order.estate is None:
            continue
        if order.steward == person and order.stage in IN_HAND:
            if not _stays(after, {Capacity.RED_STEWARD}, order.estate, moment):
                sent[each] = order
        elif person in (order.owner, order.desk) and not _stays(after, CASES, order.estate, moment):
            kept[each] = order
    for each, line in noted.items():
        theirs = line.status in issues.WAITING and line.owner == person
        if theirs and line.estate is not None and not _stays(after, CASES, line.estate, moment):
            lines[each] = line
    return _InHand(sent, kept, lines)


def _stays(person: Person, among: Set[Capacity], estate: str, moment: datetime) -> bool:
    gone = person.disabled or person.forgotten is not None
    return not gone and person.stays(among, estate, moment)


def _candidates(attempt: Attempt, person: UUID, estates: Sequence[str]) -> tuple[list[UUID], list[UUID]]:
    """Orders and lines that may be the person's: what the views show, and all that was touched since."""
    log, names = attempt.reach.log, [each.__name__ for each in _BEGINNING]
    with attempt.reach.database.lend(estates) as conn:
        shown = answering.shown_up_to(conn)
        theirs = answering.answering(conn, person, estates)
    found_orders = dict.fromkeys(each.order for each in theirs.orders)
    found_lines = dict.fromkeys(each.issue for each in theirs.lines)
    end = max(shown, log.last_position())
    for name in names:
        attempt.seen.quiet_since[name] = min(end, attempt.seen.quiet_since.get(name, end))
    at = shown
    while at < end:
        reading = log.reading_some(at, end, names, _CHUNK)
        for recorded in reading.whole():
            kind = type(recorded.event)
            (found_orders if kind in WORK_ORDER.events else found_lines)[recorded.stream] = None
        at = reading.last if reading.rows == _CHUNK else end
    return list(found_orders), list(found_lines)


def _check_successor(attempt: Attempt, person: UUID, successor: UUID, left: _InHand, act: Act) -> None:
    """Somebody else, there for the work in each of these estates; and whoever hands over acts there."""
    reject_if(successor == person, "successor_same", field="successor")
    state = attempt.at(PERSON, successor).state
    lines = {str(each.estate) for each in left.lines.values()}
    estates = {str(each.estate) for each in left.orders.values()} | lines
    caller = attempt.ask.caller
    elsewhere = caller.capacity is not Capacity.SYSTEM and not estates <= caller.estates
    refuse_if(elsewhere, "in_hand_elsewhere", orders=len(left.orders), lines=len(left.lines))
    refuse_if(state.disabled or state.absent_at(act.recorded_at) is not None, "successor_away", field="successor")
    squad = {str(each.estate) for each in left.sent.values()}
    fits = all(_stays(state, {Capacity.RED_STEWARD}, each, act.recorded_at) for each in squad)
    refuse_if(not fits, "successor_no_steward", field="successor")
    desk = {str(each.estate) for each in left.kept.values()} | lines
    fits = all(_stays(state, STATION, each, act.recorded_at) for each in desk)
    refuse_if(not fits, "successor_not_at_desk", field="successor")


def _order(attempt: Attempt, order: UUID, person: UUID, successor: UUID, as_steward: bool, act: Act) -> Change:
    loaded = attempt.at(WORK_ORDER, order)
    state = loaded.state
    desk = successor if state.desk == person or not as_steward else None
    wanted = orders.HandOverWorkOrder(successor if as_steward else None, desk)
    events: Sequence[Any] = WORK_ORDER.consider(wanted, state, act)
    assert state.issue is not None
    return Change(order, WORK_ORDER.name, loaded.version, events, act, state.estate, state.issue)


def _line(attempt: Attempt, line: UUID, successor: UUID, act: Act) -> Change:
    loaded = attempt.at(ISSUE, line)
    events: Sequence[Any] = ISSUE.consider(issues.HandOverIssue(successor), loaded.state, act)
    return Change(line, ISSUE.name, loaded.version, events, act, loaded.state.estate, line)
