"""What people do with cases: lines of the notebook, and the work orders made of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.calendar import SHANGHAI
from domain.capacity import Capacity
from domain.cases import issue as issues
from domain.cases import work_order as orders
from domain.cases.category import Category, Priority
from domain.cases.issue import ISSUE, Channel, Issue, IssueNoted, IssueTriaged, PlaceCorrected
from domain.cases.work_order import UNDER_WAY, WORK_ORDER, OpenWorkOrder, WorkOrder
from domain.estates.place import Part
from domain.estates.places import NOWHERE
from domain.people.person import PERSON, Person
from domain.refusal import Refusal, refuse_if, reject_if
from domain.words import TEXT_LENGTH
from services.cases.danger import danger_in
from services.cases.merging import opened_again, promising_anew, target_of
from services.cases.promising import basis_of, line_promised
from services.cases.told import place_told, told
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
    into: UUID | None = None  # the issue that it is the same as
    name_told: bool = False  # the name was looked at beside the text: its field holds
    place_told: bool = False  # so was the place: none is read out of the text


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
    """A new line in the notebook, merged at once where it is told to be the same as another.

    Number and name of whoever reported it are lifted out of the text, and the place is read from it where none is
    named, whichever way the text came.
    """
    stream, said = new_id(), told(new.text, new.reporter, new.phone, name_told=new.name_told)

    def make(attempt: Attempt) -> PlannedAs[Noted]:
        attempt.check_power(issues.NoteIssue, new.estate)
        estate = attempt.estate(new.estate)
        place = estate.place(new.building, new.stairwell, new.dwelling)
        if place == NOWHERE and not new.place_told:
            place = place_told(said.text, estate)
        if new.follows is not None:
            reject_if(attempt.own(WORK_ORDER, new.follows).state.estate != new.estate, "other_estate")
        attempt.check_photos(new.photos, new.estate)
        danger = danger_in((said.text or "")[:TEXT_LENGTH])
        command = issues.NoteIssue(
            number="",
            estate=new.estate,
            text=said.text,
            channel=new.channel,
            building=place.building,
            stairwell=place.stairwell,
            dwelling=place.room,
            reporter=said.reporter,
            phone=said.phone,
            photos=new.photos,
            follows=new.follows,
            danger=None if danger is None or danger.over else danger.kind,
            promise=line_promised(attempt, new.estate),
        )
        target = None if new.into is None else target_of(attempt, stream, new.into, new.estate)
        _noted_events(attempt, replace(command, number="-"), target)  # refuse before a number is drawn
        if target is not None:
            opened_again(attempt, target, "-")
        numbered = replace(command, number=attempt.number("IS", estate))
        events = _noted_events(attempt, numbered, target)
        change = Change(stream, ISSUE.name, 0, events, attempt.act, new.estate, correlation=stream)
        reopened = [] if target is None else opened_again(attempt, target, numbered.number)
        return PlannedAs([change, *reopened], Noted(stream, len(events), number=numbered.number))

    return PlanFor(make, answers=Noted)


def _noted_events(attempt: Attempt, command: issues.NoteIssue, target: UUID | None) -> list[issues.Event]:
    events: list[issues.Event] = [*ISSUE.consider(command, Issue(), attempt.act)]
    if target is not None:
        attempt.check_power(issues.MergeIssue, command.estate)
        noted = ISSUE.fold([(event, attempt.act) for event in events])
        events += ISSUE.consider(issues.MergeIssue(target), noted, attempt.act)
    return events


def on_issue(stream: UUID, command: issues.Command) -> Plan:
    """Something done with a line of the notebook."""

    def make(attempt: Attempt) -> Planned:
        loaded = attempt.own(ISSUE, stream)
        attempt.check_power(type(command), loaded.state.estate)
        match command:
            case issues.MergeIssue(into):
                target = target_of(attempt, stream, into, loaded.state.estate)
                planned = attempt.decided(ISSUE, stream, loaded, issues.MergeIssue(target), correlation=stream)
                number = attempt.reach.log.history(stream)[0].event.number
                return planned._replace(changes=[*planned.changes, *opened_again(attempt, target, number)])
            case issues.CorrectPlace(building, stairwell, dwelling):
                assert loaded.state.estate is not None
                place = attempt.estate(loaded.state.estate).place(building, stairwell, dwelling)
                own = issues.CorrectPlace(*place)
                return attempt.decided(ISSUE, stream, loaded, own, correlation=stream)
            case issues.UndoPromotion():
                return _withdrawn(attempt, stream, loaded)
            case issues.AttachPhoto(photo):
                attempt.check_photos([photo], loaded.state.estate)
            case issues.ForgetCase() if loaded.state.order is not None:
                refuse_if(attempt.at(WORK_ORDER, loaded.state.order).state.stage in UNDER_WAY, "order_under_way")
        return attempt.decided(ISSUE, stream, loaded, command, correlation=stream)

    def forget(reach: Reach) -> None:
        reach.vault.destroy(stream)  # after the event: a crash in between is mended by saying it again
        forgotten = reach.log.load(ISSUE, stream).state
        for photo in forgotten.photos:
            _destroy(reach, photo, forgotten.estate)

    def take_away(reach: Reach) -> None:
        assert isinstance(command, issues.RemovePhoto)
        left = reach.log.load(ISSUE, stream).state
        if command.photo not in left.photos and _removed(reach, stream, command.photo):
            _destroy(reach, command.photo, left.estate)

    match command:
        case issues.ForgetCase():
            return Plan(make, forget)
        case issues.RemovePhoto():
            return Plan(make, take_away)
    return Plan(make)


def _removed(reach: Reach, stream: UUID, photo: UUID) -> bool:
    """Whether it was taken away here: somebody else's picture that stands nowhere here is left alone."""
    return any(each.event == issues.PhotoRemoved(photo) for each in reach.log.history(stream))


def _destroy(reach: Reach, photo: UUID, estate: str | None) -> None:
    if reach.photos.estate(photo) == estate:  # a key is destroyed only if it is a photo's
        reach.vault.destroy(photo)


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


def _withdrawn(attempt: Attempt, stream: UUID, line: Loaded[Issue]) -> Planned:
    """The line waits again, and its order is none: both streams change in one transaction."""
    planned = attempt.decided(ISSUE, stream, line, issues.UndoPromotion(), correlation=stream)
    order, estate = line.state.order, line.state.estate
    assert order is not None  # promoted
    loaded = attempt.at(WORK_ORDER, order)
    events = WORK_ORDER.consider(orders.WithdrawWorkOrder(), loaded.state, attempt.act)
    gone = Change(order, WORK_ORDER.name, loaded.version, events, attempt.act, estate, stream)
    return planned._replace(changes=[*planned.changes, gone])


def _withdrawn_with_line(attempt: Attempt, stream: UUID, order: Loaded[WorkOrder], issue: UUID) -> Planned:
    """The same where the order is what somebody looked at."""
    planned = attempt.decided(WORK_ORDER, stream, order, orders.WithdrawWorkOrder(), correlation=issue)
    line = attempt.at(ISSUE, issue)
    events = ISSUE.consider(issues.UndoPromotion(), line.state, attempt.act)
    back = Change(issue, ISSUE.name, line.version, events, attempt.act, order.state.estate, issue)
    return planned._replace(changes=[back, *planned.changes])


def _opened(
    attempt: Attempt, noted: IssueNoted, reported_at: datetime, stream: UUID, triage: IssueTriaged
) -> OpenWorkOrder:
    """What was reported counts from then on, however long it waited in the notebook."""
    basis = basis_of(attempt, noted.estate, reported_at, triage.category)
    draft = OpenWorkOrder(
        number="-",
        issue=stream,
        estate=noted.estate,
        category=triage.category,
        priority=triage.priority,
        part=triage.part,
        hours=basis.hours,
        text=noted.text,
        building=noted.building,
        stairwell=noted.stairwell,
        dwelling=noted.dwelling,
        accept=True,
        follows=noted.follows,
        reported_at=reported_at,
        targets=basis.targets,
    )
    WORK_ORDER.consider(draft, WorkOrder(), attempt.act)  # refuse before a number is drawn
    return replace(draft, number=attempt.number("WO", attempt.estate(noted.estate)))


def _noted(attempt: Attempt, stream: UUID) -> tuple[IssueNoted, datetime]:
    """The line as it was noted, at the place that was put right since, and when it was reported."""
    first, *since = attempt.reach.log.history(stream)
    noted = first.event
    assert isinstance(noted, IssueNoted)
    refuse_if(noted.text is None, "case_forgotten")
    for event in (recorded.event for recorded in since):
        if isinstance(event, PlaceCorrected):
            noted = replace(noted, building=event.building, stairwell=event.stairwell, dwelling=event.dwelling)
    return noted, first.act.occurred_at


def _check_serves(steward: Person, estate: str | None, attempt: Attempt) -> None:
    """Nothing is given to do to somebody who is not there to do it."""
    now = attempt.act.recorded_at
    refuse_if(steward.disabled, "steward_disabled")
    absence = steward.absent_at(now)
    if absence is not None:
        raise Refusal("steward_absent", until=f"{absence.until.astimezone(SHANGHAI):%m-%d %H:%M}")
    refuse_if(estate is None or not steward.stays({Capacity.RED_STEWARD}, estate, now), "steward_leaving")


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
                _check_serves(sent, loaded.state.estate, attempt)
            case orders.ReopenWorkOrder() | orders.BringBackWorkOrder():  # without its key nothing said could be kept
                refuse_if(attempt.at(ISSUE, issue).state.forgotten is not None, "case_forgotten")
        if isinstance(command, orders.WithdrawWorkOrder):
            return _withdrawn_with_line(attempt, stream, loaded, issue)
        if isinstance(command, orders.ReopenWorkOrder):  # a new promise is given by what holds now
            loaded = Loaded(promising_anew(attempt, loaded.state), loaded.version)
        return attempt.decided(WORK_ORDER, stream, loaded, command, correlation=issue)

    return Plan(make)
