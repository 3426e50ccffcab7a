"""What the API tells, as dataclasses: stable names, contact data masked, nothing a reader may not see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.capacity import Capacity
from domain.cases.category import Category, Priority
from domain.cases.issue import ALLOWED as ISSUE_ALLOWED
from domain.cases.issue import Channel, HandOverIssue, Status
from domain.cases.work_order import ALLOWED, Counts, HandOverWorkOrder, Late, PauseCause, PauseTold, Stage
from domain.catalogue import may
from domain.estates.place import Part, Responsibility
from domain.masks import masked_name, masked_phone
from domain.people.person import StewardRole
from projections.cases.history import CaseHistory
from projections.cases.line_clock import line_clock
from projections.cases.notebook import IssueLine
from projections.cases.order_clock import Clock, clock
from projections.cases.orders import OrderCard
from projections.people.people import PersonRow
from services.cases.twins import Twin


@dataclass(frozen=True, slots=True)
class IssueShape:
    """One line of the notebook. ``phone`` is masked; ``allowed`` names the acts that its status permits the reader.

    ``after`` are those of the ``photos`` that show the work done.

    ``danger`` is what may cost a life as long as nobody has dealt with it, as read from the text or as triaged.
    """

    issue: UUID
    number: str
    estate: str
    status: Status
    channel: Channel
    text: str | None
    building: str | None
    stairwell: str | None
    dwelling: str | None
    reporter: str | None
    phone: str | None
    noted_at: datetime
    category: Category | None
    priority: Priority | None
    part: Part | None
    responsibility: Responsibility | None
    danger: Category | None
    clock: "ClockShape"
    order: UUID | None
    merged_into: UUID | None
    me_too: int
    follows: UUID | None
    outcome: str | None
    photos: list[UUID]
    after: list[UUID]
    forgotten: bool
    version: int
    allowed: list[str]


def issue_shape(line: IssueLine, capacity: Capacity, now: datetime) -> IssueShape:
    triage = line.state.triage
    return IssueShape(
        issue=line.issue,
        number=line.number,
        estate=line.estate,
        status=line.state.status,
        channel=line.channel,
        text=line.text,
        building=line.building,
        stairwell=line.stairwell,
        dwelling=line.dwelling,
        reporter=masked_name(line.reporter),
        phone=masked_phone(line.phone),
        noted_at=line.noted_at,
        category=triage.category if triage else None,
        priority=triage.priority if triage else None,
        part=triage.part if triage else None,
        responsibility=triage.responsibility if triage else None,
        danger=line.danger,
        clock=clock_shape(line_clock(line, now)),
        order=line.state.order,
        merged_into=line.merged_into,
        me_too=line.me_too,
        follows=line.follows,
        outcome=line.outcome,
        photos=[] if line.state.forgotten else list(line.state.photos),
        after=[] if line.state.forgotten else list(line.state.after),
        forgotten=line.state.forgotten is not None,
        version=line.version,
        allowed=[
            each.__name__
            for each, statuses in ISSUE_ALLOWED.items()
            if line.state.status in statuses
            and may(capacity, each)
            and each is not HandOverIssue
            and not line.state.forgotten
        ],
    )


@dataclass(frozen=True, slots=True)
class ReporterShape:
    """Somebody who reported the case: the first, or one who said me too. ``owed``: was told nothing yet."""

    issue: UUID
    number: str
    channel: Channel
    reporter: str | None
    phone: str | None
    merged: bool
    owed: bool
    outcome: str | None


def reporter_shape(line: IssueLine, owed: bool) -> ReporterShape:
    return ReporterShape(
        issue=line.issue,
        number=line.number,
        channel=line.channel,
        reporter=masked_name(line.reporter),
        phone=masked_phone(line.phone),
        merged=line.merged_into is not None,
        owed=owed,
        outcome=line.outcome,
    )


@dataclass(frozen=True, slots=True)
class TwinShape:
    """A case that tells of the same thing: name its ``issue`` as ``into``. ``reopens``: its order is closed."""

    issue: UUID
    number: str
    text: str
    building: str | None
    stairwell: str | None
    order: UUID | None
    stage: Stage | None
    at: datetime
    reopens: bool


def twin_shape(twin: Twin) -> TwinShape:
    return TwinShape(
        twin.issue,
        twin.number,
        twin.text,
        twin.building,
        twin.stairwell,
        twin.order,
        twin.stage,
        twin.at,
        twin.closed,
    )


@dataclass(frozen=True, slots=True)
class ClockShape:
    """The clock that counts now, with ``seconds`` of service time left, over or used.

    ``kind`` is ok, soon, late, paused, overdue (paused beyond the end that was named), done, missed (done too late) or
    none. ``provisional``: public holidays that were not published when it was promised may have moved it.
    """

    kind: str
    due: datetime | None
    seconds: int
    provisional: bool


def clock_shape(found: Clock) -> ClockShape:
    return ClockShape(found.kind, found.due, int(found.span.total_seconds()), found.provisional)


@dataclass(frozen=True, slots=True)
class DeadlinesShape:
    accept_by: datetime | None
    dispatch_by: datetime | None
    arrive_by: datetime | None
    fix_by: datetime | None


@dataclass(frozen=True, slots=True)
class LateShape:
    """What was told late: it counts from ``told``, or from ``stated`` once somebody else has confirmed that time."""

    of: Counts
    stated: datetime
    told: datetime
    by: UUID
    confirmed_by: UUID | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderShape:
    """One work order. ``allowed`` names the acts that its stage permits the reader's capacity."""

    order: UUID
    number: str
    issue: UUID
    estate: str
    stage: Stage
    lane: str
    category: Category | None
    priority: Priority
    part: Part
    text: str | None
    building: str | None
    stairwell: str | None
    dwelling: str | None
    steward: UUID | None
    owner: UUID | None
    opened_at: datetime
    changed_at: datetime
    completed_at: datetime | None
    ended_at: datetime | None
    on_time: bool | None
    told_late: list[LateShape]
    score: int | None
    extensions: int
    persons_inside: bool
    hold_reason: str | None
    hold_cause: PauseCause | None
    pause_until: datetime | None
    pause_tell: PauseTold | None
    follows: UUID | None
    deadlines: DeadlinesShape
    clock: ClockShape
    version: int
    allowed: list[str]


def order_shape(card: OrderCard, capacity: Capacity, now: datetime) -> OrderShape:
    promised = card.deadlines
    return OrderShape(
        order=card.order,
        number=card.number,
        issue=card.issue,
        estate=card.estate,
        stage=card.state.stage,
        lane=card.lane,
        category=card.state.category,
        priority=card.state.priority,
        part=card.state.part,
        text=card.text,
        building=card.building,
        stairwell=card.stairwell,
        dwelling=card.dwelling,
        steward=card.state.steward,
        owner=card.state.owner,
        opened_at=card.opened_at,
        changed_at=card.changed_at,
        completed_at=card.completed_at,
        ended_at=card.ended_at,
        on_time=card.on_time,
        told_late=[_late_shape(late) for late in card.state.told_late],
        score=card.state.score,
        extensions=card.state.extensions,
        persons_inside=card.state.persons_inside,
        hold_reason=card.hold_reason,
        hold_cause=card.hold_cause,
        pause_until=card.state.pause_until,
        pause_tell=card.state.pause_tell,
        follows=card.follows,
        deadlines=DeadlinesShape(promised.accept_by, promised.dispatch_by, promised.arrive_by, promised.fix_by),
        clock=clock_shape(clock(card, now)),
        version=card.version,
        allowed=[
            each.__name__
            for each, stages in ALLOWED.items()
            if card.state.stage in stages and may(capacity, each) and each is not HandOverWorkOrder
        ],
    )


def _late_shape(late: Late) -> LateShape:
    said, vouched = late.told, late.confirmed
    return LateShape(
        late.of,
        said.occurred_at,
        said.recorded_at,
        said.actor,
        vouched.actor if vouched else None,
        vouched.recorded_at if vouched else None,
    )


@dataclass(frozen=True, slots=True)
class EntryShape:
    """One event of a case: ``event`` is its stored name, ``facts`` and ``words`` its fields."""

    position: int
    stream: UUID
    version: int
    event: str
    actor: UUID
    actor_name: str | None
    acting_as: Capacity
    occurred_at: datetime
    recorded_at: datetime
    facts: dict[str, Any]
    words: dict[str, str]


_MASKS: Mapping[str, Callable[[str], str | None]] = {"phone": masked_phone, "reporter": masked_name}


def history_shape(history: CaseHistory | None, names: dict[UUID, str | None]) -> list[EntryShape]:
    return [
        EntryShape(
            position=entry.position,
            stream=entry.stream,
            version=entry.version,
            event=entry.event,
            actor=entry.actor,
            actor_name=names.get(entry.actor),
            acting_as=entry.acting_as,
            occurred_at=entry.occurred_at,
            recorded_at=entry.recorded_at,
            facts=entry.facts,
            words={field: _MASKS.get(field, str)(text) or "" for field, text in entry.words.items()},
        )
        for entry in (history.entries if history else ())
    ]


@dataclass(frozen=True, slots=True)
class StewardShape:
    """A Red Steward of an estate with buildings linked there and orders in hand; ``everywhere``: in all estates."""

    person: UUID
    name: str | None
    roles: list[StewardRole]
    buildings: list[str]
    load: int
    everywhere: int
    serves: bool
    on_duty: bool


@dataclass(frozen=True, slots=True)
class PostShape:
    capacity: Capacity
    estate: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class PersonShape:
    person: UUID
    name: str | None
    posts: list[PostShape]
    roles: list[StewardRole]
    buildings: list[str]
    version: int


def person_shape(row: PersonRow, estate: str, estates: frozenset[str]) -> PersonShape:
    """A person as seen in one estate; posts elsewhere than in ``estates`` are not told."""
    return PersonShape(
        person=row.person,
        name=row.name,
        posts=[
            PostShape(post.capacity, post.estate, post.since, post.until)
            for post in row.state.posts
            if post.estate in estates
        ],
        roles=list(row.state.roles),
        buildings=row.buildings(estate),
        version=row.version,
    )
