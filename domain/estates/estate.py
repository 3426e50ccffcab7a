"""An estate (小区) and its service station: buildings, stairwells, dwellings, and the hours that count."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, assert_never
from uuid import UUID, uuid5

from domain.calendar import ServiceHours, local_date
from domain.capacity import ACCOUNTS, HEADS, PRODUCT, Capacity
from domain.decider import Decider
from domain.estates.codes import PLACE_CODE, Kind, Words, alike, by_likeness, one_of
from domain.estates.place_reading import place_in, whole_place
from domain.estates.places import NOWHERE, Known, Place
from domain.estates.station_hours import check_hours
from domain.recorded import Act
from domain.refusal import Refusal, refuse_done, refuse_if, reject_if
from domain.words import NAME_LENGTH

_STREAMS = UUID("5f0c2f0e-6f0b-4c36-9a3c-4f1f6c1f3f10")  # namespace of estate streams
_ESTATE_CODE = re.compile(r"[0-9]{12}-[0-9]{3}")
_AHEAD = timedelta(days=366)  # hours are planned no further
MOST_ROOMS = 2_000  # of one building


def estate_stream(code: str) -> UUID:
    """The stream of an estate by its code."""
    return uuid5(_STREAMS, code)


@dataclass(frozen=True, slots=True)
class Stairwell:
    """One entrance (单元) and its dwellings by room code, ground floor 1: ``("101", "102", …)``."""

    code: str
    dwellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterEstate:
    """``code`` is the community's 12 digits, a hyphen and three more; ``centre`` names the service centre."""

    code: str
    centre: str
    name: str = field(metadata={"limit": NAME_LENGTH})
    community: str = field(metadata={"limit": NAME_LENGTH})


@dataclass(frozen=True, slots=True)
class RegisterBuilding:
    """A building with its stairwells and their rooms. One without stairwells has a single one, without a code.

    Of a building that is registered, what it does not have yet; 3 and ３, 101a and 101A are one.
    """

    building: str
    stairwells: tuple[Stairwell, ...]


@dataclass(frozen=True, slots=True)
class OpenStation:
    """The hours that count from that day on; from now on, where no day is named or it is today.

    What was set for a day to come is taken back by setting for it what holds before it.
    """

    hours: ServiceHours
    since: date | None = None


Command = RegisterEstate | RegisterBuilding | OpenStation


@dataclass(frozen=True, slots=True)
class EstateRegistered:
    code: str
    centre: str
    name: str
    community: str


@dataclass(frozen=True, slots=True)
class BuildingRegistered:
    """The whole building as it stands from now on."""

    building: str
    stairwells: tuple[Stairwell, ...]


@dataclass(frozen=True, slots=True)
class StationOpened:
    hours: ServiceHours
    since: date | None = None  # at once, where no day is named


Event = EstateRegistered | BuildingRegistered | StationOpened


@dataclass(frozen=True, slots=True)
class Estate:
    estate: str | None = None
    centre: str | None = None
    buildings: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)  # building, stairwell, dwellings
    hours: ServiceHours | None = None
    coming: tuple[tuple[date, ServiceHours], ...] = ()  # hours that hold from a day on, by that day
    told: Act | None = field(default=None, compare=False)  # whose act registered it
    mapped: dict[str, Act] = field(default_factory=dict, compare=False)  # whose act told of each building last

    def hours_on(self, day: date) -> ServiceHours | None:
        """The hours that hold on that day, as far as they are set."""
        return next((hours for since, hours in reversed(self.coming) if since <= day), self.hours)

    def place(self, building: str | None, stairwell: str | None, room: str | None) -> Place:
        """The place under the estate's own codes, however they were written: 3号楼 is 3, 101a is 101A, and one of them
        may say it all (3-2-501).

        Refuses ``unknown_building``, ``unknown_stairwell``, ``unknown_dwelling``, ``building_missing``; facts name no
        dwelling.
        """
        try:
            return self._of_codes(building, stairwell, room)
        except Refusal:
            said = [each for each in (building, stairwell, room) if each]
            whole = whole_place(" ".join(said), Known(self.buildings)) if building else NOWHERE
            if (whole.room if room else whole.stairwell if stairwell else whole.building) is None:
                whole = place_in(room or "", Known(self.buildings))
                agrees = building is None or whole.building == one_of(building, self.buildings, Kind.BUILDING)
                if whole.room is None or not agrees:
                    raise
            return whole

    def _of_codes(self, building: str | None, stairwell: str | None, room: str | None) -> Place:
        if building is None:
            reject_if(stairwell is not None or room is not None, "building_missing")
            return NOWHERE
        building = one_of(building, self.buildings, Kind.BUILDING)
        reject_if(building not in self.buildings, "unknown_building", building=building)
        stairwells = self.buildings[building]
        if stairwell is not None:
            stairwell = one_of(stairwell, stairwells, Kind.STAIRWELL)
            reject_if(stairwell not in stairwells, "unknown_stairwell", building=building, stairwell=stairwell)
        if room is not None:
            rooms = stairwells[stairwell] if stairwell is not None else frozenset[str]().union(*stairwells.values())
            room = one_of(room, rooms, Kind.ROOM)
            reject_if(room not in rooms, "unknown_dwelling", building=building)
        return Place(building, stairwell, room)


def decide(command: Command, estate: Estate, act: Act) -> Sequence[Event]:
    refuse_if(not isinstance(command, RegisterEstate) and estate.estate is None, "unknown_estate")
    match command:
        case RegisterEstate(code, centre, name, community):
            refuse_done(estate.told, "already_registered")
            refuse_if(estate.estate is not None, "already_registered")
            reject_if(not _ESTATE_CODE.fullmatch(code), "estate_code", estate=code)
            return [EstateRegistered(code, centre, name, community)]
        case RegisterBuilding(building, stairwells):
            _check_building(building, stairwells)
            building = one_of(building, estate.buildings, Kind.BUILDING)
            known = estate.buildings.get(building)
            if known is None:
                return [BuildingRegistered(building, stairwells)]
            whole = _joined(known, stairwells)
            if whole == _joined(known, ()):
                refuse_done(estate.mapped.get(building), "already_registered")
                raise Refusal("already_registered")
            _check_building(building, whole, known)
            return [BuildingRegistered(building, whole)]
        case OpenStation(hours, since):
            check_hours(hours)
            return _opened(hours, since, estate, local_date(act.recorded_at))
        case _:
            assert_never(command)


def _opened(hours: ServiceHours, since: date | None, estate: Estate, today: date) -> Sequence[Event]:
    """Rejects ``target_past`` and ``station_since``."""
    reject_if(since is not None and since < today, "target_past", field="since")
    reject_if(since is not None and since > today + _AHEAD, "station_since", field="since")
    if since in (None, today):
        return [] if hours == estate.hours_on(today) else [StationOpened(hours)]
    assert since is not None
    return [] if hours == estate.hours_on(since) else [StationOpened(hours, since)]


def _check_building(
    building: str, stairwells: Sequence[Stairwell], known: Mapping[str, frozenset[str]] = MappingProxyType({})
) -> None:
    """Refuse ``place_code``, ``building_rooms`` and ``place_twice``; what is known already stands as it is."""
    rooms = [room for stairwell in stairwells for room in stairwell.dwellings]
    reject_if(not rooms or len(rooms) > MOST_ROOMS, "building_rooms", most=MOST_ROOMS)
    codes = [stairwell.code for stairwell in stairwells if stairwell.code or len(stairwells) > 1]
    reject_if(not all(map(PLACE_CODE.fullmatch, (building, *codes, *rooms))), "place_code")
    twice = _twice(codes, Kind.STAIRWELL, known) or any(
        _twice(each.dwellings, Kind.ROOM, known.get(each.code, ())) for each in stairwells
    )
    reject_if(twice, "place_twice")


def _twice(codes: Sequence[str], kind: Words, known: Collection[str]) -> bool:
    """Whether two of these are one; two that have stood in the register for long are left alone."""
    return len(set(codes)) < len(codes) or any(
        len(same) > 1 and not all(each in known for each in same) for same in by_likeness(codes, kind).values()
    )


def _joined(known: Mapping[str, frozenset[str]], more: Sequence[Stairwell]) -> tuple[Stairwell, ...]:
    """The stairwells of a building with what is new, in reading order."""
    rooms = {code: set(some) for code, some in known.items()}
    for stairwell in more:
        code = one_of(stairwell.code, known, Kind.STAIRWELL) if stairwell.code else ""
        had = by_likeness(known.get(code, ()), Kind.ROOM)
        rooms.setdefault(code, set()).update(each for each in stairwell.dwellings if alike(each, Kind.ROOM) not in had)
    return tuple(Stairwell(code, tuple(sorted(rooms[code], key=_place))) for code in sorted(rooms, key=_place))


def _place(code: str) -> tuple[int, str]:
    """Reading order: 1, 2, 10."""
    return len(code), code


def evolve(estate: Estate, event: Event, act: Act) -> Estate:
    match event:
        case EstateRegistered(code, centre):
            return replace(estate, estate=code, centre=centre, told=act)
        case BuildingRegistered(building, stairwells):
            rooms = {stairwell.code: frozenset(stairwell.dwellings) for stairwell in stairwells}
            buildings, mapped = {**estate.buildings, building: rooms}, {**estate.mapped, building: act}
            return replace(estate, buildings=buildings, mapped=mapped)
        case StationOpened(hours, None):
            today = local_date(act.recorded_at)
            return replace(estate, hours=hours, coming=tuple(each for each in estate.coming if each[0] > today))
        case StationOpened(hours, since):
            assert since is not None
            others = tuple(each for each in estate.coming if each[0] != since)
            before = replace(estate, coming=tuple(each for each in others if each[0] < since))
            own = () if before.hours_on(since) == hours else ((since, hours),)
            return replace(estate, coming=tuple(sorted([*others, *own], key=lambda each: each[0])))
        case _:
            assert_never(event)


POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    RegisterEstate: PRODUCT,
    RegisterBuilding: ACCOUNTS | PRODUCT,
    OpenStation: HEADS | PRODUCT,
}

ESTATE: Decider[Command, Estate, Event] = Decider(
    name="Estate",
    initial=Estate(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
