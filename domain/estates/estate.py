"""An estate (小区) and its service station: buildings, stairwells, dwellings, and the hours that count."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, assert_never
from uuid import UUID, uuid5

from domain.calendar import ServiceHours
from domain.capacity import ACCOUNTS, HEADS, PRODUCT, Capacity
from domain.decider import Decider
from domain.estates.station_hours import check_hours
from domain.recorded import Act
from domain.refusal import refuse_if, reject_if
from domain.words import NAME_LENGTH

_STREAMS = UUID("5f0c2f0e-6f0b-4c36-9a3c-4f1f6c1f3f10")  # namespace of estate streams
_ESTATE_CODE = re.compile(r"[0-9]{12}-[0-9]{3}")
_PLACE_CODE = re.compile(r"[^\W_]{1,16}")  # of a building, a stairwell or a room: no hyphen, which stands between them
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

    Of a building that is registered, what it does not have yet.
    """

    building: str
    stairwells: tuple[Stairwell, ...]


@dataclass(frozen=True, slots=True)
class OpenStation:
    hours: ServiceHours


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


Event = EstateRegistered | BuildingRegistered | StationOpened


@dataclass(frozen=True, slots=True)
class Estate:
    estate: str | None = None
    centre: str | None = None
    buildings: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)  # building, stairwell, dwellings
    hours: ServiceHours | None = None

    def check_place(self, building: str | None, stairwell: str | None, dwelling: str | None) -> None:
        """Refuse ``unknown_building``, ``unknown_stairwell`` or ``unknown_dwelling``; facts name no dwelling."""
        if building is None:
            reject_if(stairwell is not None or dwelling is not None, "building_missing")
            return
        reject_if(building not in self.buildings, "unknown_building", building=building)
        stairwells = self.buildings[building]
        if stairwell is not None:
            reject_if(stairwell not in stairwells, "unknown_stairwell", building=building, stairwell=stairwell)
        if dwelling is not None:
            among = [stairwells[stairwell]] if stairwell is not None else list(stairwells.values())
            reject_if(not any(dwelling in rooms for rooms in among), "unknown_dwelling", building=building)


def decide(command: Command, estate: Estate, act: Act) -> Sequence[Event]:
    refuse_if(not isinstance(command, RegisterEstate) and estate.estate is None, "unknown_estate")
    match command:
        case RegisterEstate(code, centre, name, community):
            refuse_if(estate.estate is not None, "already_registered")
            reject_if(not _ESTATE_CODE.fullmatch(code), "estate_code", estate=code)
            return [EstateRegistered(code, centre, name, community)]
        case RegisterBuilding(building, stairwells):
            _check_building(building, stairwells)
            known = estate.buildings.get(building)
            if known is None:
                return [BuildingRegistered(building, stairwells)]
            whole = _joined(known, stairwells)
            refuse_if(whole == _joined(known, ()), "already_registered")
            _check_building(building, whole)
            return [BuildingRegistered(building, whole)]
        case OpenStation(hours):
            check_hours(hours)
            return [] if hours == estate.hours else [StationOpened(hours)]
        case _:
            assert_never(command)


def _check_building(building: str, stairwells: Sequence[Stairwell]) -> None:
    """Refuse ``place_code``, ``building_rooms`` and ``place_twice``."""
    rooms = [room for stairwell in stairwells for room in stairwell.dwellings]
    reject_if(not rooms or len(rooms) > MOST_ROOMS, "building_rooms", most=MOST_ROOMS)
    codes = [stairwell.code for stairwell in stairwells if stairwell.code or len(stairwells) > 1]
    reject_if(not all(map(_PLACE_CODE.fullmatch, (building, *codes, *rooms))), "place_code")
    twice = len(set(codes)) < len(codes) or any(len(set(each.dwellings)) < len(each.dwellings) for each in stairwells)
    reject_if(twice, "place_twice")


def _joined(known: Mapping[str, frozenset[str]], more: Sequence[Stairwell]) -> tuple[Stairwell, ...]:
    """The stairwells of a building with what is new, in reading order."""
    rooms = {code: set(known.get(code, ())) for code in (*known, *(each.code for each in more))}
    for stairwell in more:
        rooms[stairwell.code] |= set(stairwell.dwellings)
    return tuple(Stairwell(code, tuple(sorted(rooms[code], key=_place))) for code in sorted(rooms, key=_place))


def _place(code: str) -> tuple[int, str]:
    """Reading order: 1, 2, 10."""
    return len(code), code


def evolve(estate: Estate, event: Event, act: Act) -> Estate:
    match event:
        case EstateRegistered(code, centre):
            return replace(estate, estate=code, centre=centre)
        case BuildingRegistered(building, stairwells):
            rooms = {stairwell.code: frozenset(stairwell.dwellings) for stairwell in stairwells}
            return replace(estate, buildings={**estate.buildings, building: rooms})
        case StationOpened(hours):
            return replace(estate, hours=hours)
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
