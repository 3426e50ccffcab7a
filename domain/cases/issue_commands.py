"""What can be asked for about a line of the notebook, and what is put right about it."""

from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from domain.cases.category import Category, Priority
from domain.cases.line_promise import LinePromise
from domain.erasure import ErasureGround
from domain.estates.place import Part, Responsibility
from domain.words import CODE_LENGTH, NAME_LENGTH, PHONE_LENGTH, Personal, personal


class Channel(Enum):
    """How the station heard of it."""

    DESK = "DESK"
    PHONE = "PHONE"
    HOTLINE = "HOTLINE"
    PATROL = "PATROL"
    QR = "QR"
    WECHAT = "WECHAT"


class PhotoKind(Enum):
    """When a picture was taken: side by side they tell whether the work was done."""

    BEFORE = "BEFORE"
    AFTER = "AFTER"


@dataclass(frozen=True, slots=True)
class NoteIssue:
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
    follows: UUID | None = None  # an earlier work order that could not be reopened any more
    danger: Category | None = None  # to somebody's life, as read from the text
    promise: LinePromise | None = None  # by what it counts


@dataclass(frozen=True, slots=True)
class AttachPhoto:
    photo: UUID
    kind: PhotoKind | None = None


@dataclass(frozen=True, slots=True)
class RemovePhoto:
    """Take away a wrong picture for good: its key is destroyed."""

    photo: UUID


@dataclass(frozen=True, slots=True)
class TriageIssue:
    """What is left open is as usual for the category."""

    category: Category
    priority: Priority | None = None
    part: Part | None = None
    responsibility: Responsibility | None = None
    persons_inside: bool | None = None


@dataclass(frozen=True, slots=True)
class PromoteToWorkOrder:
    """Make a work order of it. ``category`` and the rest settle what triage has left open."""

    order: UUID
    category: Category | None = None
    priority: Priority | None = None
    part: Part | None = None
    persons_inside: bool | None = None


@dataclass(frozen=True, slots=True)
class UndoPromotion:
    """It was made a work order of by mistake: it waits in the notebook again, as long as nobody was sent."""


@dataclass(frozen=True, slots=True)
class GiveAdvice:
    advice: Personal = personal()


@dataclass(frozen=True, slots=True)
class MergeIssue:
    """Me too: the same thing as another issue, with a reporter and an answer of its own (INV-19)."""

    into: UUID


@dataclass(frozen=True, slots=True)
class UndoMerge:
    """It was not the same thing: the line stands for itself again, as it did before."""


@dataclass(frozen=True, slots=True)
class AnswerReporter:
    answer: Personal = personal()


@dataclass(frozen=True, slots=True)
class DropIssue:
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class UndoDrop:
    """It was dropped by mistake, or comes back: it waits again, as it did before."""


@dataclass(frozen=True, slots=True)
class CorrectPlace:
    """Where it is, in whole: what is left out is not known."""

    building: str | None = None
    stairwell: str | None = None
    dwelling: Personal = personal(CODE_LENGTH, default=None)


@dataclass(frozen=True, slots=True)
class CorrectReporter:
    """Who reported it, where nobody stood or somebody wrong; what is left out stays as it was."""

    reporter: Personal = personal(NAME_LENGTH, default=None)
    phone: Personal = personal(PHONE_LENGTH, default=None)


@dataclass(frozen=True, slots=True)
class ViewContact:
    """Look at the reporter's name and phone; the looking is on record (INV-63)."""

    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class HandOverIssue:
    """Somebody's work ends: another one answers for the line."""

    successor: UUID


@dataclass(frozen=True, slots=True)
class ForgetCase:
    ground: ErasureGround


Command = (
    NoteIssue
    | AttachPhoto
    | RemovePhoto
    | TriageIssue
    | PromoteToWorkOrder
    | UndoPromotion
    | GiveAdvice
    | MergeIssue
    | UndoMerge
    | AnswerReporter
    | DropIssue
    | UndoDrop
    | CorrectPlace
    | CorrectReporter
    | ViewContact
    | HandOverIssue
    | ForgetCase
)
