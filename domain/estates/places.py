"""Places of an estate by how they are written: what a text is read against, and what several readings agree about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from domain.estates.codes import Kind, alike, by_likeness

MOST = 400  # readings of one mention


class Place(NamedTuple):
    """Codes as the estate has them; ``None`` where nothing is said, or nothing that the estate has."""

    building: str | None = None
    stairwell: str | None = None
    room: str | None = None


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text speaks of a place, from sign to sign of the text made ready, and every place that fits."""

    places: tuple[Place, ...]
    start: int
    end: int


@dataclass(slots=True)
class Pieces:
    """Parts of a place as they are written, and where they end."""

    end: int
    building: str | None = None
    stairwell: str | None = None
    room: str | None = None


class Known:
    """An estate's places by how they are written: what a text is read against. Rooms are looked at when asked for."""

    def __init__(self, buildings: Mapping[str, Mapping[str, frozenset[str]]]) -> None:
        self.map = buildings
        self.buildings = by_likeness(buildings, Kind.BUILDING)
        self._stairwells: dict[str, dict[str, tuple[str, ...]]] = {}
        self._rooms: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}

    @cached_property
    def names(self) -> Sequence[str]:
        """Buildings that are called by a name rather than a number or a letter, the longest first."""
        return sorted((each for each in self.buildings if not each.isascii()), key=len, reverse=True)

    @cached_property
    def named_rooms(self) -> Sequence[str]:
        """Rooms called by a name of more than one sign, anywhere in the estate, the longest first."""
        named = {
            alike(room, Kind.ROOM)
            for stairwells in self.map.values()
            for rooms in stairwells.values()
            for room in rooms
            if not room.isascii()
        }
        return sorted((each for each in named if len(each) > 1), key=len, reverse=True)

    def stairwells(self, building: str) -> Mapping[str, tuple[str, ...]]:
        """Stairwells of a building that have a code of their own."""
        if building not in self._stairwells:
            self._stairwells[building] = by_likeness((each for each in self.map[building] if each), Kind.STAIRWELL)
        return self._stairwells[building]

    def rooms_called(self, building: str, stairwell: str | None, said: str) -> list[str]:
        """Rooms that are meant by what was said; of two that are one otherwise, the one that is written so."""
        among = [stairwell] if stairwell is not None else list(self.map[building])
        meant, found = alike(said, Kind.ROOM), dict[str, None]()
        for each in among:
            rooms = self.map[building][each]
            if said in rooms:
                found[said] = None
            elif meant.upper() in rooms:
                found[meant.upper()] = None
            else:
                found |= dict.fromkeys(self._alike(building, each).get(meant, ()))
        return [said] if said in found else list(found)

    def _alike(self, building: str, stairwell: str) -> Mapping[str, tuple[str, ...]]:
        at = building, stairwell
        if at not in self._rooms:
            self._rooms[at] = by_likeness(self.map[building][stairwell], Kind.ROOM)
        return self._rooms[at]

    def buildings_called(self, said: str) -> tuple[str, ...]:
        found = self.buildings.get(alike(said, Kind.BUILDING), ())
        return (said,) if said in found else found

    def stairwells_called(self, building: str, said: str) -> tuple[str, ...]:
        found = self.stairwells(building).get(alike(said, Kind.STAIRWELL), ())
        return (said,) if said in found else found

    def beginnings(self, parts: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
        """Buildings that a run of codes may begin with, and what is left of it: 12-1-2-401 in every way."""
        for n in range(1, len(parts)):
            for building in self.buildings_called("-".join(parts[:n])):
                yield building, parts[n:]

    def of_run(self, parts: Sequence[str], *, rooms: bool = True) -> list[Place]:
        """Every place that a run of codes may name, to the room or, without ``rooms``, to the stairwell."""
        found: dict[Place, None] = {}
        for building, rest in self.beginnings(parts):
            if rooms:
                called = self.rooms_called(building, None, "-".join(rest))
                found |= dict.fromkeys(Place(building, None, room) for room in called)
            for n in range(1, len(rest) + (not rooms)):
                for stairwell in self.stairwells_called(building, "-".join(rest[:n])):
                    if not rooms:
                        if n == len(rest):
                            found[Place(building, stairwell)] = None
                        continue
                    called = self.rooms_called(building, stairwell, "-".join(rest[n:]))
                    found |= dict.fromkeys(Place(building, stairwell, room) for room in called)
        return list(found)

    def fits(self, place: Place) -> bool:
        """Whether the estate has such a place."""
        building, stairwell, room = place
        if building is None or building not in self.map:
            return False
        if stairwell is not None and stairwell not in self.map[building]:
            return False
        among = self.map[building].values() if stairwell is None else [self.map[building][stairwell]]
        return room is None or any(room in rooms for rooms in among)


def common(places: Iterable[Place], known: Known) -> Place:
    """What all of them agree about; where one says more than another and nothing else, that as well."""
    seen = list(dict.fromkeys(places))
    if not seen or len({each.building for each in seen}) > 1:
        return NOWHERE
    building = seen[0].building
    stairwells = {each.stairwell for each in seen if each.stairwell is not None}
    rooms = {each.room for each in seen if each.room is not None}
    if len(stairwells) > 1:
        return Place(building)
    stairwell = next(iter(stairwells), None)
    if len(rooms) != 1:
        return Place(building, stairwell)
    whole = Place(building, stairwell, *rooms)
    return whole if known.fits(whole) else Place(building)
