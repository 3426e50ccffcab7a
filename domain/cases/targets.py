"""Targets of a station (服务时限): what it promises per priority and category, since and until which day, and why.

A target holds for what is reported on the days for which it is valid. It stands on record with each promise that was
given by it, so what is set later rewrites none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, assert_never
from uuid import UUID, uuid5

from domain.calendar import local_date
from domain.capacity import HEADS, Capacity
from domain.cases.category import Category, Priority
from domain.cases.service_level import Target
from domain.decider import Decider
from domain.recorded import Act
from domain.refusal import refuse_if, reject_if
from domain.words import Personal, personal

_STREAMS = UUID("0d7f5a4e-2f0c-4f0e-9c53-8d8f0a1b6c27")  # namespace of the streams of targets
LONGEST = 366 * 24 * 60  # minutes
MOST_SET = 500  # of one station


def targets_stream(estate: str) -> UUID:
    """The stream of a station's targets."""
    return uuid5(_STREAMS, estate)


@dataclass(frozen=True, slots=True)
class SetTarget:
    """Promise this from ``since`` on, in minutes of service time. Without a ``category``: of all that have no own one.

    ``next_day`` is an arrival by the end of the next day that is open.
    """

    estate: str
    priority: Priority
    since: date
    reason: Personal = personal()
    category: Category | None = None
    accept: int | None = None
    dispatch: int | None = None
    arrive: int | None = None
    fix: int | None = None
    next_day: bool = False
    until: date | None = None


@dataclass(frozen=True, slots=True)
class LiftTarget:
    """From ``since`` on it is as if nothing had been set of this priority and category."""

    estate: str
    priority: Priority
    since: date
    reason: Personal = personal()
    category: Category | None = None


Command = SetTarget | LiftTarget


@dataclass(frozen=True, slots=True)
class TargetSet:
    estate: str
    target: Target
    category: Category | None
    since: date
    until: date | None
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class TargetLifted:
    estate: str
    priority: Priority
    category: Category | None
    since: date
    reason: Personal = personal()


Event = TargetSet | TargetLifted


@dataclass(frozen=True, slots=True)
class Valid:
    """A target from ``since`` until the end of ``until``."""

    target: Target
    category: Category | None
    since: date
    until: date | None

    def holds(self, category: Category | None, priority: Priority, day: date) -> bool:
        same = self.category is category and self.target.priority is priority
        return same and self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class ServiceTargets:
    """What is valid when; of two for the same day the one that was set later holds."""

    estate: str | None = None
    valid: tuple[Valid, ...] = ()

    def found(self, category: Category | None, priority: Priority, day: date) -> Target | None:
        return next((each.target for each in reversed(self.valid) if each.holds(category, priority, day)), None)

    def on(self, day: date, category: Category | None = None) -> tuple[Target, ...]:
        """The station's own targets for a report of that day, by priority: the category's before the general one."""
        own = [self.found(category, each, day) or self.found(None, each, day) for each in Priority]
        return tuple(each for each in own if each is not None)


def decide(command: Command, targets: ServiceTargets, act: Act) -> Sequence[Event]:
    reject_if(command.since < local_date(act.recorded_at), "target_past", field="since")
    match command:
        case SetTarget():
            target = Target(
                command.priority, command.accept, command.dispatch, command.arrive, command.fix, command.next_day
            )
            _check(target)
            over = command.until is not None and command.until < command.since
            reject_if(over or command.since.year > 2200, "target_until", field="until")
            refuse_if(len(targets.valid) >= MOST_SET, "target_most", most=MOST_SET)
            now = Valid(target, command.category, command.since, command.until)
            if targets.valid and targets.valid[-1] == now:
                return []
            return [TargetSet(command.estate, target, now.category, now.since, now.until, command.reason)]
        case LiftTarget(estate, priority, since, reason, category):
            cut = _lifted(targets, priority, category, since)
            return [] if cut == targets else [TargetLifted(estate, priority, category, since, reason)]
        case _:
            assert_never(command)


def _check(target: Target) -> None:
    """Rejects ``target_minutes``, ``target_missing``, ``target_order`` and ``target_arrive``."""
    told = [target.accept, target.dispatch, target.arrive, target.fix]
    given = [minutes for minutes in told if minutes is not None]
    reject_if(any(not 1 <= minutes <= LONGEST for minutes in given), "target_minutes", most=LONGEST)
    urgent = target.priority in (Priority.P0, Priority.P1)
    reject_if(target.accept is None or (urgent and len(given) < len(told)), "target_missing", priority=target.priority)
    reject_if(given != sorted(given), "target_order")
    reject_if(target.next_day and target.arrive is not None, "target_arrive")


def _lifted(targets: ServiceTargets, priority: Priority, category: Category | None, since: date) -> ServiceTargets:
    """Whatever is valid of it ends on the day before, and what begins later never does."""
    kept = []
    for each in targets.valid:
        other = each.category is not category or each.target.priority is not priority
        if other or (each.until is not None and each.until < since):
            kept.append(each)
        elif each.since < since:
            kept.append(replace(each, until=date.fromordinal(since.toordinal() - 1)))
    return replace(targets, valid=tuple(kept))


def evolve(targets: ServiceTargets, event: Event, act: Act) -> ServiceTargets:
    match event:
        case TargetSet(estate, target, category, since, until):
            return ServiceTargets(estate, (*targets.valid, Valid(target, category, since, until)))
        case TargetLifted(estate, priority, category, since):
            return replace(_lifted(targets, priority, category, since), estate=estate)
        case _:
            assert_never(event)


POWERS: Mapping[type[Any], frozenset[Capacity]] = {SetTarget: HEADS, LiftTarget: HEADS}

SERVICE_TARGETS: Decider[Command, ServiceTargets, Event] = Decider(
    name="ServiceTargets",
    initial=ServiceTargets(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
