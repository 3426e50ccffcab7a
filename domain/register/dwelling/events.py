"""What the register was told of a dwelling; kept for ever, fields are only added."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.money.items import FeeItem
from domain.register.dwelling.vocabulary import Use
from domain.words import CODE_LENGTH, Personal, personal


@dataclass(frozen=True, slots=True)
class DwellingRegistered:
    estate: str
    building: str
    stairwell: str | None
    room: Personal = personal(CODE_LENGTH)
    chargeable_area: int = 0
    exclusive_area: int = 0
    use: Use = Use.RESIDENCE


@dataclass(frozen=True, slots=True)
class DwellingAreasCorrected:
    chargeable_area: int
    exclusive_area: int
    because: Personal = personal()


@dataclass(frozen=True, slots=True)
class OwnershipBegan:
    owner: UUID
    since: date


@dataclass(frozen=True, slots=True)
class OwnershipWithdrawn:
    owner: UUID
    since: date


@dataclass(frozen=True, slots=True)
class VacancyNoted:
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class VacancyEnded:
    until: date


@dataclass(frozen=True, slots=True)
class ServiceTaken:
    item: FeeItem
    quantity: int
    since: date


@dataclass(frozen=True, slots=True)
class ServiceEnded:
    item: FeeItem
    until: date


@dataclass(frozen=True, slots=True)
class DwellingWithdrawn:
    pass


Event = (
    DwellingRegistered
    | DwellingAreasCorrected
    | OwnershipBegan
    | OwnershipWithdrawn
    | VacancyNoted
    | VacancyEnded
    | ServiceTaken
    | ServiceEnded
    | DwellingWithdrawn
)
