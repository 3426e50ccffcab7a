"""What someone asks for: everything that the register says of a dwelling."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.money.items import FeeItem
from domain.register.dwelling.vocabulary import Use
from domain.words import CODE_LENGTH, Personal, personal


@dataclass(frozen=True, slots=True)
class RegisterDwelling:
    """``chargeable_area`` is the built area (建筑面积), ``exclusive_area`` the part of one's own (专有部分面积);
    0 where it is not known, or where charges go by the piece.
    """

    estate: str
    building: str
    stairwell: str | None
    room: Personal = personal(CODE_LENGTH)
    chargeable_area: int = 0
    exclusive_area: int = 0
    use: Use = Use.RESIDENCE


@dataclass(frozen=True, slots=True)
class CorrectDwellingAreas:
    """What was measured anew or mistyped; bills that stand are not changed by it."""

    chargeable_area: int
    exclusive_area: int
    because: Personal = personal()


@dataclass(frozen=True, slots=True)
class BeginOwnership:
    """Somebody owns it from that day on; whoever owned it before does so until then."""

    owner: UUID
    since: date


@dataclass(frozen=True, slots=True)
class WithdrawOwnership:
    """The last change of owner was a mistake."""

    owner: UUID
    since: date


@dataclass(frozen=True, slots=True)
class NoteVacancy:
    """Nobody lives there (空置), as agreed in writing."""

    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class EndVacancy:
    until: date


@dataclass(frozen=True, slots=True)
class TakeService:
    """It takes something besides that is charged by period, such as a rented parking space."""

    item: FeeItem
    quantity: int
    since: date


@dataclass(frozen=True, slots=True)
class EndService:
    item: FeeItem
    until: date


@dataclass(frozen=True, slots=True)
class WithdrawDwelling:
    """It was registered by mistake."""


Command = (
    RegisterDwelling
    | CorrectDwellingAreas
    | BeginOwnership
    | WithdrawOwnership
    | NoteVacancy
    | EndVacancy
    | TakeService
    | EndService
    | WithdrawDwelling
)
