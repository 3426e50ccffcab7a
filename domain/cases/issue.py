"""An issue entry (问题清单): a line in the station's notebook, captured in seconds, then answered one way or other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from typing import Any, assert_never
from uuid import UUID

from domain.calendar import is_before
from domain.capacity import CASES, HEADS, STATION, Capacity
from domain.cases.category import USUAL, Category, Priority, settled
from domain.cases.issue_commands import (
    AnswerReporter,
    AttachPhoto,
    Channel,
    Command,
    CorrectPlace,
    CorrectReporter,
    DropIssue,
    ForgetCase,
    GiveAdvice,
    HandOverIssue,
    MergeIssue,
    NoteIssue,
    PhotoKind,
    PromoteToWorkOrder,
    RemovePhoto,
    TriageIssue,
    UndoDrop,
    UndoMerge,
    UndoPromotion,
    ViewContact,
)
from domain.cases.issue_events import (
    AdviceGiven,
    CaseForgotten,
    ContactDataViewed,
    DropUndone,
    Event,
    IssueDropped,
    IssueHandedOver,
    IssueMerged,
    IssueNoted,
    IssuePromotedToWorkOrder,
    IssueTriaged,
    MergeUndone,
    PhotoAttached,
    PhotoRemoved,
    PlaceCorrected,
    PromotionUndone,
    ReporterAnswered,
    ReporterCorrected,
)
from domain.cases.line_promise import LinePromise
from domain.changed import changed
from domain.decider import Decider
from domain.erasure import ErasureGround
from domain.estates.place import Part, Responsibility
from domain.recorded import Act
from domain.refusal import Refusal, Rejection, refuse_done, refuse_if, reject_if
from domain.written.phones import phone_if_any

__all__ = [  # what is asked for and what happened stand in files of their own, and are known by this one
    "AdviceGiven",
    "AnswerReporter",
    "AttachPhoto",
    "CaseForgotten",
    "Channel",
    "Command",
    "ContactDataViewed",
    "CorrectPlace",
    "CorrectReporter",
    "DropIssue",
    "DropUndone",
    "Event",
    "ForgetCase",
    "GiveAdvice",
    "HandOverIssue",
    "IssueDropped",
    "IssueHandedOver",
    "IssueMerged",
    "IssueNoted",
    "IssuePromotedToWorkOrder",
    "IssueTriaged",
    "MergeIssue",
    "MergeUndone",
    "NoteIssue",
    "PhotoAttached",
    "PhotoKind",
    "PhotoRemoved",
    "PlaceCorrected",
    "PromoteToWorkOrder",
    "PromotionUndone",
    "RemovePhoto",
    "ReporterAnswered",
    "ReporterCorrected",
    "TriageIssue",
    "UndoDrop",
    "UndoMerge",
    "UndoPromotion",
    "ViewContact",
]  # fmt: skip

MOST_PHOTOS = 12  # of a line, before and after


class Status(Enum):
    UNNOTED = "UNNOTED"
    NOTED = "NOTED"
    TRIAGED = "TRIAGED"
    PROMOTED = "PROMOTED"
    ADVISED = "ADVISED"
    MERGED = "MERGED"
    DROPPED = "DROPPED"


# -- state -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Issue:
    status: Status = Status.UNNOTED
    estate: str | None = None
    told: Act | None = None  # whose act brought it to its status
    noted_at: datetime | None = None
    owner: UUID | None = None  # who answers for it now (INV-18)
    danger: Category | None = None  # as noted; it stands until somebody has triaged it
    triage: IssueTriaged | None = None
    promise: LinePromise = LinePromise()
    answer_by: datetime | None = None  # when somebody has to have dealt with it
    answer_soon: datetime | None = None
    order: UUID | None = None
    withdrawn: tuple[UUID, ...] = ()  # orders that it was for a moment, by mistake
    into: UUID | None = None  # the issue it was merged into
    photos: tuple[UUID, ...] = ()
    after: tuple[UUID, ...] = ()  # those of the photos that show the work done
    answered: bool = False
    forgotten: ErasureGround | None = None

    @property
    def priority(self) -> Priority:
        """As triaged; before that, that of danger to life or of an ordinary matter."""
        usual = Priority.P3 if self.danger is None else Priority.P0
        return usual if self.triage is None else self.triage.priority


def _promised(issue: Issue) -> Issue:
    assert issue.noted_at is not None
    return changed(issue, **issue.promise.moments(issue.priority, issue.noted_at))


WAITING = frozenset({Status.NOTED, Status.TRIAGED})
_ANY = frozenset(Status) - {Status.UNNOTED}

_BESIDE = (AttachPhoto, RemovePhoto, CorrectPlace, CorrectReporter, ViewContact, ForgetCase)  # leave it where it stands

ALLOWED: dict[type[Command], frozenset[Status]] = {
    NoteIssue: frozenset({Status.UNNOTED}),
    AttachPhoto: _ANY,
    RemovePhoto: _ANY,
    TriageIssue: WAITING,
    PromoteToWorkOrder: WAITING,
    UndoPromotion: frozenset({Status.PROMOTED}),
    GiveAdvice: WAITING,
    MergeIssue: WAITING,
    UndoMerge: frozenset({Status.MERGED}),
    AnswerReporter: frozenset({Status.MERGED, Status.PROMOTED}),
    DropIssue: WAITING,
    UndoDrop: frozenset({Status.DROPPED}),
    CorrectPlace: _ANY,
    CorrectReporter: _ANY,
    ViewContact: _ANY,
    HandOverIssue: WAITING,
    ForgetCase: _ANY - WAITING,
}


def decide(command: Command, issue: Issue, act: Act) -> Sequence[Event]:
    """The rules of domain dossier 6.3 B and INV-11, 12, 18 and 19."""
    if issue.status not in ALLOWED[type(command)]:
        refuse_done(issue.told, "status", status=issue.status)
        raise Refusal("status", status=issue.status)
    reject_if(issue.noted_at is not None and is_before(act.occurred_at, issue.noted_at), "before_report")
    follows = None if isinstance(command, _BESIDE) else issue.told
    reject_if(follows is not None and is_before(act.occurred_at, follows.occurred_at), "before_last_step")
    if issue.forgotten:
        refuse_if(command != ForgetCase(issue.forgotten), "case_forgotten")
        return []
    match command:
        case NoteIssue():
            reject_if(len(command.photos) > MOST_PHOTOS, "too_many_photos", most=MOST_PHOTOS)
            said = {item.name: getattr(command, item.name) for item in fields(IssueNoted)}
            return [IssueNoted(**said | {"phone": phone_if_any(command.phone)})]
        case AttachPhoto(photo, kind):
            if photo in issue.photos:
                return []
            reject_if(len(issue.photos) >= MOST_PHOTOS, "too_many_photos", most=MOST_PHOTOS)
            return [PhotoAttached(photo, kind)]
        case RemovePhoto(photo):
            return [PhotoRemoved(photo)] if photo in issue.photos else []
        case TriageIssue():
            category, priority = settled(command.category, command.priority, command.persons_inside)
            triaged = _triaged(category, priority, command.part, command.responsibility)
            return [] if triaged == issue.triage else [triaged]
        case PromoteToWorkOrder():
            return [*_triage_on_the_way(command, issue), IssuePromotedToWorkOrder(command.order)]
        case UndoPromotion():
            assert issue.order is not None  # it is promoted
            return [PromotionUndone(issue.order)]
        case GiveAdvice(advice):
            _no_emergency(issue)
            return [AdviceGiven(advice)]
        case MergeIssue(into):
            _no_emergency(issue)
            return [IssueMerged(into)]
        case UndoMerge():
            assert issue.into is not None  # it is merged
            return [MergeUndone(issue.into)]
        case AnswerReporter(answer):
            return [ReporterAnswered(answer)]
        case DropIssue(reason):
            _no_emergency(issue)
            return [IssueDropped(reason)]
        case UndoDrop():
            return [DropUndone()]
        case CorrectPlace(building, stairwell, dwelling):
            return [PlaceCorrected(issue.order, building, stairwell, dwelling)]
        case CorrectReporter(reporter, phone):
            reject_if(reporter is None and phone is None, "blank_text", field="reporter")
            return [ReporterCorrected(reporter, phone_if_any(phone))]
        case ViewContact(reason):
            return [ContactDataViewed(reason)]
        case HandOverIssue(successor):
            return [] if successor == issue.owner else [IssueHandedOver(successor)]
        case ForgetCase(ground):
            return [CaseForgotten(ground, issue.order, issue.withdrawn)]
        case _:
            assert_never(command)


def _no_emergency(issue: Issue) -> None:
    """INV-11: danger to life becomes a work order, or is triaged again as what it is; so does what reads like it."""
    refuse_if(issue.triage is None and issue.danger is not None, "danger_first")
    refuse_if(issue.triage is not None and issue.triage.priority is Priority.P0, "emergency_first")


def _triage_on_the_way(command: PromoteToWorkOrder, issue: Issue) -> Sequence[Event]:
    """What triage settled stays settled as long as the category does."""
    earlier = issue.triage
    asked = command.category or (earlier.category if earlier else None)
    if asked is None:
        raise Rejection("not_triaged")
    inside = command.persons_inside
    if inside is None and earlier is not None and earlier.category is asked is Category.LIFT_FAULT:
        inside = False  # answered at triage, and nobody says otherwise now
    category, usual = settled(asked, command.priority, inside)
    kept = earlier if earlier is not None and earlier.category is category else None
    priority = kept.priority if kept and command.priority is None else usual
    part = command.part or (kept.part if kept else None)
    triaged = _triaged(category, priority, part, earlier.responsibility if earlier else None)
    return [] if triaged == earlier else [triaged]


def _triaged(
    category: Category, priority: Priority, part: Part | None, responsibility: Responsibility | None
) -> IssueTriaged:
    part = part or (Part.PRIVATE if USUAL[category].private else Part.COMMON)
    own = Responsibility.PRIVATE_PART if part is Part.PRIVATE else Responsibility.ESTATE_COMMON
    return IssueTriaged(category, priority, part, responsibility or own)


def evolve(issue: Issue, event: Event, act: Act) -> Issue:
    match event:
        case IssueNoted():
            first = Issue(Status.NOTED, event.estate, act, act.occurred_at, act.actor, event.danger)
            return _promised(changed(first, photos=event.photos, promise=event.promise or LinePromise()))
        case PhotoAttached(photo, kind):
            after = (*issue.after, photo) if kind is PhotoKind.AFTER else issue.after
            return changed(issue, photos=(*issue.photos, photo), after=after)
        case PhotoRemoved(photo):
            return changed(
                issue,
                photos=tuple(each for each in issue.photos if each != photo),
                after=tuple(each for each in issue.after if each != photo),
            )
        case IssueTriaged():
            return _promised(changed(issue, status=Status.TRIAGED, told=act, owner=act.actor, triage=event))
        case IssuePromotedToWorkOrder(order):
            return changed(issue, status=Status.PROMOTED, told=act, order=order)
        case PromotionUndone(order):
            back = changed(issue, status=Status.TRIAGED, told=act, owner=act.actor, order=None)
            return changed(back, withdrawn=(*issue.withdrawn, order))
        case AdviceGiven():
            return changed(issue, status=Status.ADVISED, told=act, answered=True)
        case IssueMerged(into):
            return changed(issue, status=Status.MERGED, told=act, into=into)
        case MergeUndone() | DropUndone():
            status = Status.TRIAGED if issue.triage else Status.NOTED
            return changed(issue, status=status, told=act, into=None, owner=act.actor)
        case ReporterAnswered():
            return changed(issue, answered=True)
        case IssueDropped():
            return changed(issue, status=Status.DROPPED, told=act)
        case ContactDataViewed() | PlaceCorrected() | ReporterCorrected():
            return issue
        case IssueHandedOver(successor):
            return changed(issue, owner=successor)
        case CaseForgotten(ground):
            return changed(issue, forgotten=ground)
        case _:
            assert_never(event)


POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    NoteIssue: CASES,
    AttachPhoto: CASES,
    RemovePhoto: CASES,
    TriageIssue: STATION,
    PromoteToWorkOrder: STATION,
    UndoPromotion: STATION,
    GiveAdvice: CASES,
    MergeIssue: STATION,
    UndoMerge: STATION,
    AnswerReporter: CASES,
    DropIssue: STATION,
    UndoDrop: STATION,
    CorrectPlace: STATION,
    CorrectReporter: CASES,
    ViewContact: CASES,
    HandOverIssue: HEADS,  # never by itself: it comes with the end of somebody's work
    ForgetCase: HEADS,
}

ISSUE: Decider[Command, Issue, Event] = Decider(
    name="Issue",
    initial=Issue(),
    decide=decide,
    evolve=evolve,
    commands=tuple(ALLOWED),
    events=Event.__args__,
    powers=POWERS,
    erasure=CaseForgotten,
)
