"""A dwelling (户), shop or parking space that is charged for: its areas, who owned it when, and what it takes besides.

Who owns it is a pseudonym; the room is sealed under the dwelling's own key. Days are spans of ``since`` (included) to
``until`` (excluded); areas are whole hundredths of a square metre.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import assert_never
from uuid import UUID

from domain.calendar import local_date
from domain.changed import changed
from domain.decider import Decider
from domain.money.items import PERIODIC, FeeItem
from domain.recorded import Act
from domain.refusal import refuse_if
from domain.words import CODE_LENGTH, Personal, personal

LARGEST_AREA = 10**7  # 0.01 m², excluded
MOST_PIECES = 100
EARLIEST_DAY = date(1980, 1, 1)
TAKEN_BESIDES = PERIODIC - {FeeItem.PROPERTY_FEE}  # charged by period to whoever takes it


class Use(Enum):
    """What it is for (用途)."""

    RESIDENCE = "RESIDENCE"  # 住宅
    SHOP = "SHOP"  # 商铺
    PARKING = "PARKING"  # 车位
    STALL = "STALL"  # 摊位
    STORAGE = "STORAGE"  # 储藏间


_WITHOUT_AREA = frozenset({Use.PARKING, Use.STALL})  # charged by the piece


# -- commands ----------------------------------------------------------------------------------------------------


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

# -- events ------------------------------------------------------------------------------------------------------


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

# -- state -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ownership:
    owner: UUID
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Vacancy:
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """Something taken besides, ``quantity`` of it."""

    item: FeeItem
    quantity: int
    since: date
    until: date | None = None


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

    @property
    def owner(self) -> UUID | None:
        """Who owns it now, as far as the register says."""
        return self.ownerships[-1].owner if self.ownerships else None

    def owner_on(self, day: date) -> UUID | None:
        """Who owned it that day."""
        return next((each.owner for each in self.ownerships if _covers(each.since, each.until, day)), None)

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


# -- rules -------------------------------------------------------------------------------------------------------


def check_areas(chargeable_area: int, exclusive_area: int, use: Use) -> None:
    """Refuse ``area`` for what no dwelling measures, ``area_exclusive`` for a part that is larger than the whole."""
    least = 0 if use in _WITHOUT_AREA else 1
    refuse_if(not least <= chargeable_area < LARGEST_AREA, "area", field="chargeable_area")
    refuse_if(not 0 <= exclusive_area < LARGEST_AREA, "area", field="exclusive_area")
    refuse_if(exclusive_area > chargeable_area, "area_exclusive", field="exclusive_area")


def check_since(since: date, act: Act) -> None:
    """Refuse ``register_day`` for days of another age and ``register_future`` for days still to come."""
    refuse_if(since < EARLIEST_DAY, "register_day", field="since")
    refuse_if(since > local_date(act.recorded_at), "register_future", field="since")


def decide(command: Command, dwelling: Dwelling, act: Act) -> Sequence[Event]:
    if isinstance(command, RegisterDwelling):
        refuse_if(dwelling.estate is not None and not dwelling.withdrawn, "dwelling_registered")
        check_areas(command.chargeable_area, command.exclusive_area, command.use)
        return [
            DwellingRegistered(
                command.estate, command.building, command.stairwell, command.room,
                command.chargeable_area, command.exclusive_area, command.use,
            )
        ]  # fmt: skip
    refuse_if(dwelling.estate is None, "dwelling_unknown")
    if isinstance(command, WithdrawDwelling):
        return [] if dwelling.withdrawn else [DwellingWithdrawn()]
    refuse_if(dwelling.withdrawn, "dwelling_withdrawn")
    match command:
        case CorrectDwellingAreas(chargeable_area, exclusive_area, because):
            check_areas(chargeable_area, exclusive_area, dwelling.use)
            same = (chargeable_area, exclusive_area) == (dwelling.chargeable_area, dwelling.exclusive_area)
            return [] if same else [DwellingAreasCorrected(chargeable_area, exclusive_area, because)]
        case BeginOwnership(owner, since):
            return _begun(dwelling, owner, since, act)
        case WithdrawOwnership(owner, since):
            last = dwelling.ownerships[-1] if dwelling.ownerships else None
            refuse_if(last is None or (last.owner, last.since) != (owner, since), "ownership_unknown")
            return [OwnershipWithdrawn(owner, since)]
        case NoteVacancy(since, until):
            refuse_if(since < EARLIEST_DAY, "register_day", field="since")
            refuse_if(until is not None and until <= since, "until_not_later", field="until")
            refuse_if(any(_meet(each, since, until) for each in dwelling.vacancies), "vacancy_overlaps", field="since")
            return [VacancyNoted(since, until)]
        case EndVacancy(until):
            vacancy = dwelling.vacancy
            refuse_if(vacancy is None, "vacancy_none")
            refuse_if(vacancy is not None and until <= vacancy.since, "until_not_later", field="until")
            return [VacancyEnded(until)]
        case TakeService(item, quantity, since):
            return _taken(dwelling, item, quantity, since)
        case EndService(item, until):
            taken = dwelling.taking(item)
            refuse_if(taken is None, "service_not_taken", field="item", item=item)
            refuse_if(taken is not None and until <= taken.since, "until_not_later", field="until")
            return [ServiceEnded(item, until)]
        case _:
            assert_never(command)


def _begun(dwelling: Dwelling, owner: UUID, since: date, act: Act) -> Sequence[Event]:
    check_since(since, act)
    if dwelling.ownerships:
        last = dwelling.ownerships[-1]
        if last.owner == owner:
            refuse_if(last.since != since, "ownership_same", field="owner", since=last.since)
            return []
        refuse_if(since <= last.since, "ownership_not_later", field="since", since=last.since)
    return [OwnershipBegan(owner, since)]


def _taken(dwelling: Dwelling, item: FeeItem, quantity: int, since: date) -> Sequence[Event]:
    refuse_if(item not in TAKEN_BESIDES, "service_item", field="item", item=item)
    refuse_if(not 0 < quantity <= MOST_PIECES, "service_quantity", field="quantity", most=MOST_PIECES)
    refuse_if(since < EARLIEST_DAY, "register_day", field="since")
    before = [each for each in dwelling.services if each.item is item]
    running = next((each for each in before if each.until is None), None)
    if running is not None and (running.quantity, running.since) == (quantity, since):
        return []
    overlaps = running is not None or any(each.until is not None and since < each.until for each in before)
    refuse_if(overlaps, "service_overlaps", field="since", item=item)
    return [ServiceTaken(item, quantity, since)]


def _meet(vacancy: Vacancy, since: date, until: date | None) -> bool:
    return (until is None or vacancy.since < until) and (vacancy.until is None or since < vacancy.until)


def evolve(dwelling: Dwelling, event: Event, act: Act) -> Dwelling:
    match event:
        case DwellingRegistered(estate, building, stairwell, _, chargeable_area, exclusive_area, use):
            return Dwelling(estate, building, stairwell, chargeable_area, exclusive_area, use)
        case DwellingAreasCorrected(chargeable_area, exclusive_area):
            return changed(dwelling, chargeable_area=chargeable_area, exclusive_area=exclusive_area)
        case OwnershipBegan(owner, since):
            earlier = dwelling.ownerships
            if earlier:
                last = earlier[-1]
                earlier = (*earlier[:-1], Ownership(last.owner, last.since, since))
            return changed(dwelling, ownerships=(*earlier, Ownership(owner, since)))
        case OwnershipWithdrawn():
            left = dwelling.ownerships[:-1]
            if left:
                left = (*left[:-1], Ownership(left[-1].owner, left[-1].since))
            return changed(dwelling, ownerships=left)
        case VacancyNoted(since, until):
            spans = (*dwelling.vacancies, Vacancy(since, until))
            return changed(dwelling, vacancies=tuple(sorted(spans, key=lambda each: each.since)))
        case VacancyEnded(until):
            ended = (Vacancy(each.since, until) if each.until is None else each for each in dwelling.vacancies)
            return changed(dwelling, vacancies=tuple(ended))
        case ServiceTaken(item, quantity, since):
            return changed(dwelling, services=(*dwelling.services, Taken(item, quantity, since)))
        case ServiceEnded(item, until):
            services = tuple(
                Taken(each.item, each.quantity, each.since, until) if each.item is item and each.until is None else each
                for each in dwelling.services
            )
            return changed(dwelling, services=services)
        case DwellingWithdrawn():
            return changed(dwelling, withdrawn=True)
        case _:
            assert_never(event)


DWELLING: Decider[Command, Dwelling, Event] = Decider(
    name="Dwelling",
    initial=Dwelling(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
)
