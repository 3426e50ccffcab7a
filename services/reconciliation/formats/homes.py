"""Where the dwellings of an estate are, as they are named in remarks: read by the one reader of places."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from domain.estates.place_reading import read
from domain.estates.place_text import ready
from domain.estates.places import Known, Place
from services.reconciliation.formats.against import foreign_place

_ROOM_AT_END = re.compile(r"[0-9]{3,4}[^0-9a-z]{0,2}$")


@dataclass(frozen=True, slots=True)
class Named:
    """Where a text speaks of a place: the dwellings that may be meant, or only buildings and stairwells; its words."""

    dwellings: frozenset[UUID]
    places: tuple[Place, ...]
    words: str

    def allows(self, dwelling: UUID, at: Place) -> bool:
        """Whether this may be said of a dwelling, which is ``at`` a place."""
        if self.dwellings:
            return dwelling in self.dwellings
        if any(each.room is not None for each in self.places) or _ROOM_AT_END.search(self.words):
            return False  # a room that is not there
        return any(
            each.building in (None, at.building) and each.stairwell in (None, at.stairwell) for each in self.places
        )


class Homes:
    """``dwellings``: id, building, stairwell if it has one, room."""

    def __init__(self, dwellings: Iterable[tuple[UUID, str, str | None, str]] = ()) -> None:
        rooms: dict[str, dict[str, set[str]]] = {}
        at: dict[tuple[str, str | None, str], set[UUID]] = {}
        self._places: dict[UUID, Place] = {}
        for dwelling, building, stairwell, room in dwellings:
            self._places[dwelling] = Place(building, stairwell, room)
            rooms.setdefault(building, {}).setdefault(stairwell or "", set()).add(room)
            for said in (stairwell, None):
                at.setdefault((building, said, room), set()).add(dwelling)
        self._at = at
        self._known = Known({each: {code: frozenset(some) for code, some in of.items()} for each, of in rooms.items()})
        self._last: tuple[str, tuple[list[Named], str]] = "", ([], "")  # one line is asked for a few times over

    def named_in(self, said: str) -> frozenset[UUID]:
        """Every dwelling that a text may mean."""
        return frozenset().union(*(each.dwellings for each in self.mentions(said)[0]))

    def several(self, said: str) -> bool:
        """Whether a text speaks of two homes, and not of one in words that fit several."""
        told = [each.dwellings for each in self.mentions(said)[0] if each.dwellings]
        return bool(told) and not frozenset.intersection(*told)

    def speaks_against(self, said: str, dwelling: UUID) -> str | None:
        """Words of a text that name another building, stairwell or room than this dwelling's."""
        found, rest = self.mentions(said)
        at = self._places.get(dwelling, Place())
        return next((each.words for each in found if not each.allows(dwelling, at)), None) or foreign_place(rest)

    def mentions(self, said: str) -> tuple[list[Named], str]:
        """Every place that a text speaks of, and what is left of it."""
        text, found = self._last
        if text != said:
            words = ready(said).text
            mentions, rest = read(said, self._known)
            found = (
                [Named(self._dwellings(each.places), each.places, words[each.start : each.end]) for each in mentions],
                rest,
            )
            self._last = said, found
        return found

    def _dwellings(self, places: Iterable[Place]) -> frozenset[UUID]:
        return frozenset(
            dwelling
            for place in places
            if place.building is not None and place.room is not None
            for dwelling in self._at.get((place.building, place.stairwell, place.room), ())
        )
