"""What each event makes of a work order."""

from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from domain.calendar import local_date
from domain.cases.category import LIFTS, Category, Priority
from domain.cases.work_order.events import (
    AcceptanceUndone,
    ContactRefused,
    DeadlineExtended,
    DeadlinesSet,
    DispatchRecalled,
    EmergencyServiceCalled,
    Event,
    FalseAlarmStated,
    FollowUpRecorded,
    NoAccessReported,
    PauseProlonged,
    PersonsReleased,
    PriorityChanged,
    QuoteAccepted,
    QuoteDeclined,
    QuoteOffered,
    RepairCharged,
    SatisfactionRated,
    StatedTimeConfirmed,
    StewardArrived,
    ToldLate,
    WorkCompleted,
    WorkOrderAccepted,
    WorkOrderBroughtBack,
    WorkOrderCancelled,
    WorkOrderClosed,
    WorkOrderDeclined,
    WorkOrderDispatched,
    WorkOrderHandedOver,
    WorkOrderOpened,
    WorkOrderReassigned,
    WorkOrderReferred,
    WorkOrderRejected,
    WorkOrderReopened,
    WorkOrderTaken,
    WorkOrderWithdrawn,
    WorkRejectedByResident,
    WorkResumed,
    WorkStarted,
    WorkSuspended,
    WorkVerified,
)
from domain.cases.work_order.state import IN_HAND, Late, Stage, WorkOrder, missed
from domain.cases.work_order.stated_times import COUNTING, noted_late
from domain.cases.work_order.vocabulary import Counts
from domain.changed import changed
from domain.recorded import Act

_BEFORE_ALL: frozenset[type[Any]] = frozenset(  # leaves an order as if nothing had been done about it
    {
        AcceptanceUndone,
        DeadlinesSet,
        DispatchRecalled,
        PriorityChanged,
        ToldLate,
        WorkOrderAccepted,
        WorkOrderDispatched,
        WorkOrderOpened,
    }
)


def evolve(order: WorkOrder, event: Event, act: Act) -> WorkOrder:
    if not order.touched and type(event) not in _BEFORE_ALL:
        order = changed(order, touched=True)
    if order.told_late and type(event) in COUNTING:  # what is told anew takes the place of what was told before
        others = tuple(each for each in order.told_late if each.of is not COUNTING[type(event)])
        order = changed(order, told_late=others)
    match event:
        case WorkOrderOpened():
            return WorkOrder(
                stage=Stage.REPORTED,
                staged=act,
                estate=event.estate,
                issue=event.issue,
                promised_at=event.reported_at or act.occurred_at,
                category=event.category,
                priority=event.priority,
                part=event.part,
                hours=event.hours,
                targets=event.targets,
                owner=act.actor,
                desk=act.actor,
                persons_inside=event.category is Category.LIFT_TRAPPED,
            )
        case DeadlinesSet():
            first = order.stage is Stage.REPORTED and order.accept_by is None  # a line may be late when it is opened
            ahead = event.fix_by is not None and act.recorded_at < event.fix_by
            binds = ahead or first or missed(order, act)
            if event.accept_by is None:
                return changed(order, fix_by=event.fix_by, fix_by_binds=binds)
            return changed(
                order,
                accept_by=event.accept_by,
                dispatch_by=event.dispatch_by,
                arrive_by=event.arrive_by,
                fix_by=event.fix_by,
                fix_by_binds=binds,
            )
        case WorkOrderWithdrawn():
            return changed(order, stage=Stage.WITHDRAWN, staged=act, closed_at=act.recorded_at)
        case WorkOrderAccepted():
            return changed(order, stage=Stage.ACCEPTED, staged=act, owner=act.actor, desk=act.actor)
        case AcceptanceUndone():
            others = tuple(each for each in order.told_late if each.of is not Counts.ACCEPT)
            return changed(order, stage=Stage.REPORTED, staged=act, owner=act.actor, desk=act.actor, told_late=others)
        case WorkOrderRejected():
            return changed(order, stage=Stage.REJECTED, staged=act, closed_at=act.recorded_at)
        case WorkOrderReferred():
            away = order.suspended_at if order.stands else _stopped(order, act)
            return changed(order, stage=Stage.REFERRED, staged=act, away_since=away, **_NO_PAUSE)
        case WorkOrderCancelled():
            return changed(order, stage=Stage.CANCELLED, staged=act, closed_at=act.recorded_at)
        case WorkOrderDispatched(steward) | WorkOrderReassigned(steward):
            return changed(
                order,
                stage=Stage.DISPATCHED,
                staged=act,
                steward=steward,
                owner=steward,
                desk=act.actor,
                arrived=False,
                pauses=_pauses(order, act),
                **_NO_PAUSE,
            )
        case WorkOrderHandedOver(steward, desk):
            return _handed_over(order, steward, desk, act)
        case DispatchRecalled():
            return changed(order, stage=Stage.ACCEPTED, staged=act, steward=None, owner=act.actor, desk=act.actor)
        case WorkOrderDeclined():
            return changed(order, stage=Stage.ACCEPTED, staged=act, steward=None, owner=order.desk)
        case WorkOrderTaken():
            return changed(order, stage=Stage.TAKEN, staged=act)
        case StewardArrived():
            return changed(order, stage=Stage.ON_SITE, staged=act, arrived=True)
        case NoAccessReported():
            return changed(order, stage=Stage.TAKEN, staged=act, arrived=False)
        case WorkStarted():
            return changed(
                order, stage=Stage.IN_PROGRESS, staged=act, workers=order.workers | _steward_of(order), begun=True
            )
        case WorkSuspended(_, _, until, tell):
            return changed(
                order,
                stage=Stage.SUSPENDED,
                staged=act,
                suspended_at=_stopped(order, act),
                pause_until=until,
                pause_tell=tell,
            )
        case PauseProlonged(until):
            return changed(order, pause_until=until)
        case WorkResumed():
            return changed(order, stage=Stage.IN_PROGRESS, staged=act, pauses=_pauses(order, act), **_NO_PAUSE)
        case ContactRefused():
            return changed(order, refused_contacts=order.refused_contacts + 1)
        case WorkCompleted():
            return changed(
                order,
                stage=Stage.COMPLETED,
                staged=act,
                completed_at=act.occurred_at,
                workers=order.workers | {act.actor} | _steward_of(order),
                owner=order.desk,
            )
        case WorkVerified():
            return changed(order, stage=Stage.VERIFIED, staged=act)
        case WorkRejectedByResident():
            return changed(order, stage=Stage.REWORK, staged=act, refused_contacts=0, owner=order.steward)
        case FollowUpRecorded(reached):
            day = local_date(act.occurred_at)
            asked = {
                "follow_up_days": order.follow_up_days | {day},
                "first_of_day": day not in order.follow_up_days,
            }
            return changed(order, stage=Stage.FOLLOWED_UP, staged=act, **asked) if reached else changed(order, **asked)
        case SatisfactionRated(score):
            return changed(order, score=score)
        case WorkOrderClosed():
            return changed(order, stage=Stage.CLOSED, staged=act, closed_at=act.recorded_at)
        case WorkOrderBroughtBack():
            return changed(
                order,
                stage=Stage.ACCEPTED,
                staged=act,
                owner=act.actor,
                desk=act.actor,
                steward=None,
                arrived=False,
                away_since=None,
                closed_at=None,
                refused_contacts=0,
                pauses=_pauses(order, act),
            )
        case WorkOrderReopened(_, hours, targets):
            return changed(
                order,
                stage=Stage.ACCEPTED,
                staged=act,
                promised_at=act.occurred_at,
                hours=order.hours if hours is None else hours,
                targets=order.targets if targets is None else targets,
                accept_by=None,
                dispatch_by=None,
                arrive_by=None,
                fix_by=None,
                pauses=(),
                owner=act.actor,
                desk=act.actor,
                steward=None,
                arrived=False,
                completed_at=None,
                closed_at=None,
                extensions=0,
                extended=None,
                refused_contacts=0,
                follow_up_days=frozenset(),
                score=None,
                emergency_answered=False,
                first_of_day=False,
                told_late=(),
            )
        case PriorityChanged(priority):
            over = order.priority is Priority.P0  # the next emergency is answered anew; help called beforehand counts
            lift = priority is Priority.P0 and order.category in LIFTS
            return changed(
                order,
                priority=priority,
                emergency_answered=order.emergency_answered and not over,
                persons_inside=order.persons_inside or lift,
            )
        case DeadlineExtended(fix_by):
            return changed(order, fix_by=fix_by, extensions=order.extensions + 1, extended=act)
        case EmergencyServiceCalled():
            return changed(order, emergency_answered=True)
        case FalseAlarmStated():
            return changed(order, emergency_answered=True, persons_inside=False)
        case PersonsReleased():
            return changed(order, persons_inside=False)
        case QuoteOffered(costs):
            return changed(order, offered=costs, offered_at=act.occurred_at)
        case QuoteAccepted(costs):
            return changed(order, offered=None, quote=costs, agreed_at=order.agreed_at or act.occurred_at, answered=act)
        case QuoteDeclined():
            return changed(order, offered=None, answered=act)
        case RepairCharged(_, bill):
            return changed(order, charged=bill)
        case ToldLate(of):
            told = changed(order, told_late=noted_late(order, Late(of, act)))
            if of is Counts.FOLLOW_UP:
                stated = {local_date(act.occurred_at)} if order.first_of_day else set()
                return changed(told, follow_up_days=order.follow_up_days - stated | {local_date(act.recorded_at)})
            if of is Counts.RESUME and order.pauses:  # it was the last one that ended in the same breath
                stopped = order.pauses[-1][0]
                return changed(told, pauses=(*order.pauses[:-1], (stopped, max(act.recorded_at, stopped))))
            return _paused_from(told, of, act.recorded_at)
        case StatedTimeConfirmed(of, at):
            late = order.late(of)
            assert late is not None  # confirmed means told late
            vouched = changed(order, told_late=noted_late(order, changed(late, confirmed=act)))
            return _paused_from(vouched, of, at)
        case _:
            assert_never(event)


def _paused_from(order: WorkOrder, of: Counts, moment: datetime) -> WorkOrder:
    """The pause that goes on counts from then, if it is what was told late."""
    if of is not Counts.PAUSE:
        return order
    since = max(moment, order.pauses[-1][1]) if order.pauses else moment
    if order.suspended_at is not None:
        return changed(order, suspended_at=since)
    return order if order.away_since is None else changed(order, away_since=since)


_NO_PAUSE: dict[str, Any] = {"suspended_at": None, "pause_until": None, "pause_tell": None}


def _steward_of(order: WorkOrder) -> frozenset[UUID]:
    return frozenset() if order.steward is None else frozenset({order.steward})


def _stopped(order: WorkOrder, act: Act) -> datetime:
    """When the clock stops: not within an earlier pause, nor before a deadline that had passed when it was told."""
    told_late = order.fix_by is not None and act.recorded_at >= order.fix_by
    since = act.recorded_at if told_late else act.occurred_at
    return max(since, order.pauses[-1][1]) if order.pauses else since


def _pauses(order: WorkOrder, act: Act) -> tuple[tuple[datetime, datetime], ...]:
    """The pauses so far, with the one that ends now, if the clock stands."""
    stopped = order.stopped
    if stopped is None or not order.stands:
        return order.pauses
    return (*order.pauses, (stopped, max(act.occurred_at, stopped)))


def _handed_over(order: WorkOrder, steward: UUID | None, desk: UUID | None, act: Act) -> WorkOrder:
    """Whoever has it in hand now has still to go there; the desk is another one's, whoever works."""
    if desk is not None:
        order = changed(order, desk=desk, owner=order.owner if order.stage in IN_HAND else desk)
    if steward is None or order.stage not in IN_HAND:
        return order
    return changed(
        order,
        stage=Stage.DISPATCHED,
        staged=act,
        steward=steward,
        owner=steward,
        arrived=False,
        pauses=_pauses(order, act),
        **_NO_PAUSE,
    )
