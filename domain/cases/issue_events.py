"""What happened to a line of the notebook; kept for ever, fields are only added."""

from dataclasses import dataclass
from uuid import UUID

from domain.cases.category import Category, Priority
from domain.cases.issue_commands import Channel, PhotoKind
from domain.cases.line_promise import LinePromise
from domain.erasure import ErasureGround
from domain.estates.place import Part, Responsibility
from domain.words import CODE_LENGTH, NAME_LENGTH, PHONE_LENGTH, Personal, personal


@dataclass(frozen=True, slots=True)
class IssueNoted:
    number: str
    estate: str
    text: Personal = personal()
    channel: Channel = Channel.DESK
    building: str | None = None
    stairwell: str | None = None
    dwelling: Personal = personal(CODE_LENGTH, default=None)
    reporter: Personal = personal(NAME_LENGTH, default=None)
    phone: Personal = personal(PHONE_LENGTH, default=None)
    photos: tuple[UUID, ...] = ()
    follows: UUID | None = None
    danger: Category | None = None
    promise: LinePromise | None = None  # by what it counts; ``None`` in earlier versions


@dataclass(frozen=True, slots=True)
class PhotoAttached:
    photo: UUID
    kind: PhotoKind | None = None


@dataclass(frozen=True, slots=True)
class PhotoRemoved:
    """The key of the picture is destroyed."""

    photo: UUID


@dataclass(frozen=True, slots=True)
class IssueTriaged:
    category: Category
    priority: Priority
    part: Part
    responsibility: Responsibility


@dataclass(frozen=True, slots=True)
class IssuePromotedToWorkOrder:
    order: UUID


@dataclass(frozen=True, slots=True)
class PromotionUndone:
    order: UUID


@dataclass(frozen=True, slots=True)
class AdviceGiven:
    advice: Personal = personal()


@dataclass(frozen=True, slots=True)
class IssueMerged:
    into: UUID


@dataclass(frozen=True, slots=True)
class MergeUndone:
    into: UUID


@dataclass(frozen=True, slots=True)
class ReporterAnswered:
    answer: Personal = personal()


@dataclass(frozen=True, slots=True)
class IssueDropped:
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class DropUndone:
    pass


@dataclass(frozen=True, slots=True)
class PlaceCorrected:
    """In whole, for the order as well that came of it."""

    order: UUID | None
    building: str | None = None
    stairwell: str | None = None
    dwelling: Personal = personal(CODE_LENGTH, default=None)


@dataclass(frozen=True, slots=True)
class ReporterCorrected:
    reporter: Personal = personal(NAME_LENGTH, default=None)
    phone: Personal = personal(PHONE_LENGTH, default=None)


@dataclass(frozen=True, slots=True)
class ContactDataViewed:
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class IssueHandedOver:
    successor: UUID


@dataclass(frozen=True, slots=True)
class CaseForgotten:
    """The key of the case is destroyed: nobody can read its personal fields any more, in no copy of the log."""

    ground: ErasureGround
    order: UUID | None
    withdrawn: tuple[UUID, ...] = ()  # orders that it was before


Event = (
    IssueNoted
    | PhotoAttached
    | PhotoRemoved
    | IssueTriaged
    | IssuePromotedToWorkOrder
    | PromotionUndone
    | AdviceGiven
    | IssueMerged
    | MergeUndone
    | ReporterAnswered
    | IssueDropped
    | DropUndone
    | PlaceCorrected
    | ReporterCorrected
    | ContactDataViewed
    | IssueHandedOver
    | CaseForgotten
)
