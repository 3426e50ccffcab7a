"""What is worth a word to whom: pure rules over events, and over the time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum
from typing import Any
from uuid import UUID, uuid5

from domain.calendar import SHANGHAI
from domain.cases import issue as issues
from domain.cases import work_order as orders
from domain.recorded import Recorded

LATEST = timedelta(hours=2)  # what is older when it comes up is no news: a history that is read anew tells nobody
PAUSES = (1, 5, 15, 60, 240, 720)  # minutes after each try that failed; then it is given up, and shown so
BEFORE = timedelta(minutes=30)  # a deadline is told of so long ahead
_NAMESPACE = UUID("6f4b6e0e-2a0b-5f0a-9c1f-0c9f7f0f7e55")


class Occasion(Enum):
    """What there is to tell."""

    SENT = "SENT"  # to the steward: an order is yours
    PROMISED = "PROMISED"  # to whoever reported it: until when
    ENDED = "ENDED"  # to whoever reported it: what became of it
    DUE_SOON = "DUE_SOON"  # to the heads
    OVERDUE = "OVERDUE"  # to the heads
    PAUSE_OVER = "PAUSE_OVER"  # to whom the pause names: its end has passed, and nobody went on or prolonged it


class NoticeWay(Enum):
    BELL = "BELL"  # in the console
    MAIL = "MAIL"
    WEBHOOK = "WEBHOOK"  # a group of the station, by its robot
    SMS = "SMS"


@dataclass(frozen=True, slots=True)
class Told:
    """One occasion. ``id`` is the same however often it comes up; ``person`` is the steward it is about."""

    id: UUID
    what: Occasion
    estate: str
    case: UUID
    order: UUID | None
    person: UUID | None
    at: datetime


_TO_STEWARD = (orders.WorkOrderDispatched, orders.WorkOrderReassigned, orders.WorkOrderHandedOver)
_PROMISES = (orders.DeadlinesSet, orders.DeadlineExtended)
_ENDS_OF_ORDERS = (
    orders.WorkOrderClosed,
    orders.WorkOrderCancelled,
    orders.WorkOrderRejected,
    orders.WorkOrderReferred,
)
_ENDS_OF_LINES = (issues.AdviceGiven, issues.IssueDropped, issues.ReporterAnswered)
EVENTS: frozenset[type[Any]] = frozenset((*_TO_STEWARD, *_PROMISES, *_ENDS_OF_ORDERS, *_ENDS_OF_LINES))


def occasions(recorded: Recorded[Any]) -> Iterator[Told]:
    """What an event gives to tell."""
    event, kind = recorded.event, type(recorded.event)
    if recorded.estate is None:
        return
    order = None if kind in _ENDS_OF_LINES else recorded.stream
    steward = getattr(event, "steward", None) if kind in _TO_STEWARD else None
    if steward is not None:
        yield _told(recorded, Occasion.SENT, order, steward)
    elif kind in _PROMISES and getattr(event, "fix_by", None) is not None:
        yield _told(recorded, Occasion.PROMISED, order)
    elif kind in (*_ENDS_OF_ORDERS, *_ENDS_OF_LINES):
        yield _told(recorded, Occasion.ENDED, order)


def _told(recorded: Recorded[Any], what: Occasion, order: UUID | None, person: UUID | None = None) -> Told:
    assert recorded.estate is not None
    id = uuid5(_NAMESPACE, f"{recorded.stream}|{recorded.version}|{what.value}")
    return Told(id, what, recorded.estate, recorded.correlation, order, person, recorded.act.recorded_at)


def of_deadline(estate: str, case: UUID, order: UUID, due: datetime, now: datetime) -> Told | None:
    """What a deadline gives to tell now: once before it, once after it, and anew for another deadline."""
    what = Occasion.OVERDUE if now >= due else Occasion.DUE_SOON if now >= due - BEFORE else None
    if what is None:
        return None
    id = uuid5(_NAMESPACE, f"{order}|{due.astimezone(SHANGHAI).isoformat()}|{what.value}")
    return Told(id, what, estate, case, order, None, due if what is Occasion.OVERDUE else due - BEFORE)


def of_pause(estate: str, case: UUID, order: UUID, until: datetime) -> Told:
    """What the end of a pause gives to tell once it has passed: once, and anew for another end."""
    id = uuid5(_NAMESPACE, f"{order}|{until.astimezone(SHANGHAI).isoformat()}|{Occasion.PAUSE_OVER.value}")
    return Told(id, Occasion.PAUSE_OVER, estate, case, order, None, until)


def letter_id(occasion: UUID, channel: NoticeWay, to: str) -> UUID:
    """The same letter however often it is made: whoever gets it twice can tell."""
    return uuid5(occasion, f"{channel.value}|{to}")


@dataclass(frozen=True, slots=True)
class Quiet:
    """Minutes after midnight between which nobody is rung but in danger; over midnight where it ends earlier."""

    begins: int = 22 * 60
    ends: int = 7 * 60

    def held_until(self, now: datetime) -> datetime | None:
        """When it ends, if it is quiet now."""
        local = now.astimezone(SHANGHAI)
        minute = local.hour * 60 + local.minute
        over_midnight = self.ends <= self.begins
        quiet = minute >= self.begins or minute < self.ends if over_midnight else self.begins <= minute < self.ends
        if not quiet or self.begins == self.ends:
            return None
        day = local.date() + timedelta(days=1 if over_midnight and minute >= self.begins else 0)
        return datetime.combine(day, time(self.ends // 60, self.ends % 60), SHANGHAI)


def next_try(tries: int, now: datetime) -> datetime | None:
    """When it is tried again after so many tries; ``None``: never."""
    return now + timedelta(minutes=PAUSES[tries - 1]) if tries <= len(PAUSES) else None
