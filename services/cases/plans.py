"""What people do with cases: lines of the notebook, and the work orders made of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.capacity import Capacity
from domain.cases import issue as issues
from domain.cases import work_order as orders
from domain.cases.category import Category, Priority
from domain.cases.issue import ISSUE, Channel, Issue, IssueNoted, IssueTriaged, Status
from domain.cases.work_order import UNDER_WAY, WORK_ORDER, OpenWorkOrder, WorkOrder
from domain.changed import changed
from domain.estates.place import Part
from domain.people.person import PERSON
from domain.refusal import refuse_if, reject_if
from domain.words import TEXT_LENGTH
from services.cases.danger import danger_in
from services.cases.promising import hours_promised
from services.commands.ask import Answer
from services.commands.plan import Attempt, Plan, PlanFor, Planned, PlannedAs, Reach
from services.log.event_log import Change
from services.log.known_states import Loaded
from services.log.randomness import new_id


@dataclass(frozen=True, slots=True)
class NewIssue:
    """What a person writes down; the rest of ``NoteIssue`` is settled here."""

    estate: str
    text: str
    channel: Channel = Channel.DESK
    building: str | None = None
    stairwell: str | None = None
    dwelling: str | None = None
    reporter: str | None = None
    phone: str | None = None
    photos: tuple[UUID, ...] = ()
    follows: UUID | None = None


@dataclass(frozen=True, slots=True)
class Promotion:
    """How a notebook line becomes a work order; what is ``None`` was settled at triage or is usual."""

    category: Category | None = None
    priority: Priority | None = None
    part: Part | None = None
    persons_inside: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Answer):
    """A new line of the notebook and its ``number``."""

    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted(Answer):
    """The work order that a line has become."""

    order: UUID
    number: str


def note_issue(new: NewIssue) -> PlanFor[Noted]:
    """A new line in the notebook."""
    stream = new_id()

    def make(attempt: Attempt) -> PlannedAs[Noted]:
        attempt.check_power(issues.NoteIssue, new.estate)
        estate = attempt.estate(new.estate)
        estate.check_place(new.building, new.stairwell, new.dwelling)
        if new.follows is not None:
            reject_if(attempt.own(WORK_ORDER, new.follows).state.estate != new.estate, "other_estate")
        attempt.check_photos(new.photos, new.estate)
        danger = danger_in((new.text or "")[:TEXT_LENGTH])
        command = issues.NoteIssue(
            number="",
            estate=new.estate,
            text=new.text,
            channel=new.channel,
            building=new.building,
            stairwell=new.stairwell,
            dwelling=new.dwelling,
            reporter=new.reporter,
            phone=new.phone,
            photos=new.photos,
            follows=new.follows,
            danger=None if danger is None or danger.over else danger.kind,
        )
        ISSUE.consider(replace(command, number="-"), Issue(), attempt.act)  # refuse before a number is drawn
        numbered = replace(command, number=attempt.number("IS", estate))
        events = ISSUE.consider(numbered, Issue(), attempt.act)
        change = Change(stream, ISSUE.name, 0, events, attempt.act, new.estate, correlation=stream)
        return PlannedAs([change], Noted(stream, len(events), number=numbered.number))

    return PlanFor(make, answers=Noted)


def on_issue(stream: UUID, command: issues.Command) -> Plan:
    """Something done with a line of the notebook."""

    def make(attempt: Attempt) -> Planned:
        loaded = attempt.own(ISSUE, stream)
        attempt.check_power(type(command), loaded.state.estate)
        match command:
            case issues.MergeIssue(into):
                _check_merge(attempt, stream, into, loaded.state.estate)
            case issues.AttachPhoto(photo):
                attempt.check_photos([photo], loaded.state.estate)
            case issues.ForgetCase() if loaded.state.order is not None:
                refuse_if(attempt.at(WORK_ORDER, loaded.state.order).state.stage in UNDER_WAY, "order_under_way")
        return attempt.decided(ISSUE, stream, loaded, command, correlation=stream)

    def forget(reach: Reach) -> None:
        reach.vault.destroy(stream)  # after the event: a crash in between is mended by saying it again
        forgotten = reach.log.load(ISSUE, stream).state
        for photo in forgotten.photos:
            if reach.photos.estate(photo) == forgotten.estate:  # a key is destroyed only if it is a photo's
                reach.vault.destroy(photo)

    return Plan(make, forget if isinstance(command, issues.ForgetCase) else None)


def _check_merge(attempt: Attempt, stream: UUID, into: UUID, estate: str | None) -> None:
    reject_if(stream == into, "merge_into_itself")
    target = attempt.own(ISSUE, into).state
    reject_if(target.estate != estate, "other_estate")  # its station could not follow where the case went
    refuse_if(target.status in (Status.MERGED, Status.DROPPED), "merge_target", status=target.status)


def promote(stream: UUID, promotion: Promotion) -> PlanFor[Promoted]:
    """Turn a notebook line into a work order: both streams change in one transaction."""
    order = new_id()

    def make(attempt: Attempt) -> PlannedAs[Promoted]:
        loaded = attempt.own(ISSUE, stream)
        attempt.check_power(issues.PromoteToWorkOrder, loaded.state.estate)
        attempt.check_version(loaded.version, stream)
        command = issues.PromoteToWorkOrder(
            order, promotion.category, promotion.priority, promotion.part, promotion.persons_inside
        )
        events = ISSUE.consider(command, loaded.state, attempt.act)
        noted, reported_at = _noted(attempt, stream)
        triage = ISSUE.fold([(event, attempt.act) for event in events], loaded.state).triage
        assert triage is not None  # promoted means triaged
        opened = _opened(attempt, noted, reported_at, stream, triage)
        order_events = WORK_ORDER.consider(opened, WorkOrder(), attempt.act)
        changes = [
            Change(stream, ISSUE.name, loaded.version, events, attempt.act, noted.estate, stream),
            Change(order, WORK_ORDER.name, 0, order_events, attempt.act, noted.estate, stream),
        ]
        answer = Promoted(stream, loaded.version + len(events), order=order, number=opened.number)
        return PlannedAs(changes, answer)

    return PlanFor(make, answers=Promoted)


def _opened(
    attempt: Attempt, noted: IssueNoted, reported_at: datetime, stream: UUID, triage: IssueTriaged
) -> OpenWorkOrder:
    """What was reported counts from then on, however long it waited in the notebook."""
    draft = OpenWorkOrder(
        number="-",
        issue=stream,
        estate=noted.estate,
        category=triage.category,
        priority=triage.priority,
        part=triage.part,
        hours=hours_promised(attempt, noted.estate, reported_at),
        text=noted.text,
        building=noted.building,
        stairwell=noted.stairwell,
        dwelling=noted.dwelling,
        accept=True,
        follows=noted.follows,
        reported_at=reported_at,
    )
    WORK_ORDER.consider(draft, WorkOrder(), attempt.act)  # refuse before a number is drawn
    return replace(draft, number=attempt.number("WO", attempt.estate(noted.estate)))


def _noted(attempt: Attempt, stream: UUID) -> tuple[IssueNoted, datetime]:
    """The line as it was noted, and when it was reported."""
    first = attempt.reach.log.history(stream)[0]
    assert isinstance(first.event, IssueNoted)
    refuse_if(first.event.text is None, "case_forgotten")
    return first.event, first.act.occurred_at


def on_work_order(stream: UUID, command: orders.Command) -> Plan:
    """Something done with a work order."""

    def make(attempt: Attempt) -> Planned:
        loaded = attempt.own(WORK_ORDER, stream)
        attempt.check_power(type(command), loaded.state.estate)
        issue = loaded.state.issue
        assert issue is not None
        match command:
            case orders.DispatchSteward(steward) | orders.ReassignSteward(steward):
                sent = attempt.at(PERSON, steward).state
                attached = sent.holds(Capacity.RED_STEWARD, loaded.state.estate, attempt.act.recorded_at)
                refuse_if(not attached, "steward_not_attached")
            case orders.ReopenWorkOrder() | orders.BringBackWorkOrder():  # without its key nothing said could be kept
                refuse_if(attempt.at(ISSUE, issue).state.forgotten is not None, "case_forgotten")
        if isinstance(command, orders.ReopenWorkOrder):  # a new promise is given by what holds now
            assert loaded.state.estate is not None
            hours = hours_promised(attempt, loaded.state.estate, attempt.act.occurred_at)
            loaded = Loaded(changed(loaded.state, hours=hours), loaded.version)
        return attempt.decided(WORK_ORDER, stream, loaded, command, correlation=issue)

    return Plan(make)
