"""Where the dwellings of an estate are, as they are named in remarks: read by the one reader of places."""

from collections.abc import Iterable
from uuid import UUID

from domain.estates.place_reading import read
from domain.estates.places import Known


class Homes:
    """``dwellings``: id, building, stairwell if it has one, room."""

    def __init__(self, dwellings: Iterable[tuple[UUID, str, str | None, str]] = ()) -> None:
        rooms: dict[str, dict[str, set[str]]] = {}
        at: dict[tuple[str, str | None, str], set[UUID]] = {}
        for dwelling, building, stairwell, room in dwellings:
            rooms.setdefault(building, {}).setdefault(stairwell or "", set()).add(room)
            for said in (stairwell, None):
                at.setdefault((building, said, room), set()).add(dwelling)
        self._at = at
        self._known = Known({each: {code: frozenset(some) for code, some in of.items()} for each, of in rooms.items()})
        self._last: tuple[str, frozenset[UUID]] = "", frozenset()  # one line is asked for a few times over

    def named_in(self, said: str) -> frozenset[UUID]:
        """Every dwelling that a text may mean."""
        text, found = self._last
        if text == said:
            return found
        found = frozenset(
            dwelling
            for mention in read(said, self._known)[0]
            for place in mention.places
            if place.building is not None and place.room is not None
            for dwelling in self._at.get((place.building, place.stairwell, place.room), ())
        )
        self._last = said, found
        return found
