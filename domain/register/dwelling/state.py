"""A dwelling as it stands: its areas, and spans of days of what changes."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from domain.money.items import FeeItem
from domain.recorded import Act
from domain.register.dwelling.vocabulary import Use


@dataclass(frozen=True, slots=True)
class Ownership:
    owner: UUID
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Vacancy:
    since: date
    until: date | None = None
    told: Act | None = field(default=None, compare=False)  # whose act told of it last


@dataclass(frozen=True, slots=True)
class Taken:
    """Something taken besides, ``quantity`` of it."""

    item: FeeItem
    quantity: int
    since: date
    until: date | None = None
    told: Act | None = field(default=None, compare=False)  # whose act told of it last


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An ownership that never was, and whose act took it out of the register."""

    owner: UUID
    since: date
    told: Act


@dataclass(frozen=True)
class Dwelling:
    """``estate`` is ``None`` until it is registered. Ownerships follow each other without a gap, oldest first."""

    estate: str | None = None
    building: str = ""
    stairwell: str | None = None
    chargeable_area: int = 0
    exclusive_area: int = 0
    use: Use = Use.RESIDENCE
    ownerships: tuple[Ownership, ...] = ()
    vacancies: tuple[Vacancy, ...] = ()
    services: tuple[Taken, ...] = ()
    withdrawn: bool = False
    told: Act | None = field(default=None, compare=False)  # whose act registered it, or withdrew it
    taken_back: TakenBack | None = field(default=None, compare=False)  # the last one

    @property
    def owner(self) -> UUID | None:
        """Who owns it now, as far as the register says."""
        return self.ownerships[-1].owner if self.ownerships else None

    def owner_on(self, day: date) -> UUID | None:
        """Who owned it that day."""
        return next((each.owner for each in self.ownerships if _covers(each.since, each.until, day)), None)

    def bears(self, payer: UUID) -> bool:
        """Whether something can be charged to it, with this payer: it stands, and is or was the payer's."""
        return not self.withdrawn and any(each.owner == payer for each in self.ownerships)

    def owners_between(self, since: date, until: date) -> tuple[tuple[UUID, date, date], ...]:
        """Who owned it from when until when within a span; days without an owner are left out."""
        parts = ((each.owner, max(each.since, since), min(each.until or until, until)) for each in self.ownerships)
        return tuple(part for part in parts if part[1] < part[2])

    @property
    def vacancy(self) -> Vacancy | None:
        """The vacancy whose end is not known yet."""
        return next((each for each in self.vacancies if each.until is None), None)

    def taking(self, item: FeeItem) -> Taken | None:
        """What it takes of an item without a known end."""
        return next((each for each in self.services if each.item is item and each.until is None), None)


def _covers(since: date, until: date | None, day: date) -> bool:
    return since <= day and (until is None or day < until)
