"""Ways to pages: areas of the rail, the pages of an area by their rhythm, and what waits at each for whoever looks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from domain.capacity import Capacity

if TYPE_CHECKING:
    from projections.projection import Connection, View
    from services.console.visit import Visit

SHELF = 6  # an area of more pages than this has them on a shelf beside the rail; fewer stand as tabs at the top
BAR = 4  # areas that the bar at the foot of a phone holds, beside the way to all of them


class Group(Enum):
    """Where an area stands in the rail, in this order: nothing moves when another area comes."""

    SITE = "site"
    TOGETHER = "together"
    HOLDINGS = "holdings"
    BACK = "back"


class Rhythm(Enum):
    """When the pages of an area are used, in the order in which a shelf holds them."""

    TODAY = "today"
    MONTH = "month"
    WATCH = "watch"
    LOOK_UP = "look-up"


@dataclass(frozen=True, slots=True)
class Waits:
    """What is said beside a way: ``n`` things that this capacity must act on, or else a state in a few words.

    ``foot`` is the one state that matters in the whole area: a line, and another in small.
    """

    n: int = 0
    said: str = ""
    foot: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Counts what waits in the present estate. Where one of its ``views`` lags behind, nothing is said."""

    views: "tuple[View[Any], ...]"
    count: "Callable[[Visit, Connection], Waits]"


@dataclass(frozen=True, slots=True)
class Entry:
    """One area. ``path`` may take the present estate; without one it leads nowhere. Empty: to the first of its tabs.

    ``rail`` are those who have work there and find it at the side, where its word is ``rail-`` and the key; ``palette``
    all who may open it, where its word is ``title``: they find it among all areas, by ``letter`` after ``g``, and by
    typing. One without a letter is found by typing alone. For ``home`` it stands before all others. ``sign`` is an
    icon of an ``icons.txt``; its ``place`` is among those of its ``group``. ``keeper`` is who has it, told to those
    who do not.
    """

    key: str
    path: str
    sign: str
    place: int
    rail: frozenset[Capacity]
    palette: frozenset[Capacity]
    title: str
    group: Group = Group.BACK
    letter: str = ""
    home: frozenset[Capacity] = frozenset()
    keeper: Capacity | None = None
    waiting: Waiting | None = None


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of an area; ``path`` takes the estate, its word is ``fee-tab-`` and the key."""

    key: str
    path: str
    place: int
    capacities: frozenset[Capacity]
    rhythm: Rhythm
    waiting: Waiting | None = None
    area: str = "fees"


@dataclass(frozen=True, slots=True)
class Way:
    """An entry with its address. ``rail``: it stands at the side; ``first``: and begins a group there."""

    entry: Entry
    href: str
    rail: bool
    first: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Navigation:
    """All ways there are, each kind in its order. There is one for the product, known from others by itself."""

    entries: tuple[Entry, ...] = ()
    tabs: tuple[Tab, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[Entry], tabs: Iterable[Tab]) -> "Navigation":
        """Raises ``ValueError`` where two areas have one letter, so that one could not be reached by it."""
        groups, rhythms = list(Group), list(Rhythm)
        found = cls(
            tuple(sorted(entries, key=lambda each: (groups.index(each.group), each.place))),
            tuple(sorted(tabs, key=lambda each: (rhythms.index(each.rhythm), each.place))),
        )
        letters = [each.letter for each in found.entries if each.letter]
        if len(set(letters)) < len(letters):
            raise ValueError(f"two areas have one letter: {sorted(letters)}")
        return found

    def ways(self, capacity: Capacity | None, estate: str | None) -> list[Way]:
        """Every area that this capacity may open: its home, then the others in the order of their groups."""
        may = [each for each in self.entries if capacity in each.palette]
        open_to = [(each, path) for each in may if (path := self._led(each, capacity, estate))]
        home = [pair for pair in open_to if capacity in pair[0].home]
        found: list[Way] = []
        shown: Group | str | None = None
        for each, path in [*home, *(pair for pair in open_to if pair not in home)]:
            rail = capacity in each.rail
            stands = "home" if capacity in each.home else each.group
            found.append(Way(each, path, rail, rail and shown not in (None, stands)))
            shown = stands if rail else shown
        return found

    def groups(self, capacity: Capacity | None, estate: str | None) -> list[tuple[Group, list[Way]]]:
        """All areas that may be opened by their letter, group by group."""
        ways = [way for way in self.ways(capacity, estate) if way.entry.letter]
        order = {each.key: n for n, each in enumerate(self.entries)}
        ways.sort(key=lambda way: order[way.entry.key])
        found = [(group, [way for way in ways if way.entry.group is group]) for group in Group]
        return [(group, some) for group, some in found if some]

    def elsewhere(self, capacity: Capacity | None) -> list[tuple[Capacity, list[Entry]]]:
        """Areas that somebody else has, by who that is."""
        found: dict[Capacity, list[Entry]] = {}
        for each in self.entries:
            if each.keeper is not None and capacity not in each.palette:
                found.setdefault(each.keeper, []).append(each)
        return list(found.items())

    def bar(self, capacity: Capacity | None, estate: str | None, wanted: Sequence[str] = ()) -> frozenset[str]:
        """Keys of the areas that the bar of a phone holds: those ``wanted``, filled up with the first at the side."""
        ways = self.ways(capacity, estate)
        may = [way.entry.key for way in ways if way.entry.letter]
        usual = [way.entry.key for way in ways if way.rail]
        order = [*(key for key in wanted if key in may), *usual, *may]
        return frozenset(list(dict.fromkeys(order))[:BAR])

    def palette(self, capacity: Capacity | None, estate: str | None) -> list[tuple[str, str, str]]:
        """Address, sign and word of what is found by typing; of the own home every page."""
        found = []
        for way in self.ways(capacity, estate):
            pages = self.pages(way.entry.key, capacity, estate) if capacity in way.entry.home else []
            if pages:
                found += [(href, way.entry.sign, f"fee-tab-{tab.key}") for tab, href in pages]
            elif way.href not in {href for href, _, _ in found}:
                found.append((way.href, way.entry.sign, way.entry.title))
        return found

    def pages(self, area: str, capacity: Capacity | None, estate: str | None) -> list[tuple[Tab, str]]:
        """The pages of an area that this capacity finds in the estate, with their addresses."""
        return [
            (each, path)
            for each in self.tabs
            if each.area == area and capacity in each.capacities and (path := _in_estate(each.path, estate))
        ]

    def shelf(
        self, area: str, capacity: Capacity | None, estate: str | None
    ) -> list[tuple[Rhythm, list[tuple[Tab, str]]]]:
        """The pages of a large area by their rhythm; none of a small one."""
        pages = self.pages(area, capacity, estate)
        if len(pages) <= SHELF:
            return []
        found = [(rhythm, [pair for pair in pages if pair[0].rhythm is rhythm]) for rhythm in Rhythm]
        return [(rhythm, some) for rhythm, some in found if some]

    def waiting(self, capacity: Capacity | None, estate: str | None) -> Mapping[tuple[str, str], Waiting]:
        """What counts what waits, by area and page; the page is empty where the area itself is counted."""
        ways = self.ways(capacity, estate)
        own = {(way.entry.key, ""): way.entry.waiting for way in ways}
        pages = {
            (way.entry.key, tab.key): tab.waiting
            for way in ways
            for tab, _ in self.pages(way.entry.key, capacity, estate)
        }
        return {key: each for key, each in (own | pages).items() if each is not None}

    def _led(self, entry: Entry, capacity: Capacity | None, estate: str | None) -> str | None:
        if entry.path:
            return _in_estate(entry.path, estate)
        pages = self.pages(entry.key, capacity, estate)
        return min(pages, key=lambda pair: pair[0].place)[1] if pages else None


NOWHERE = Navigation()


def _in_estate(path: str, estate: str | None) -> str | None:
    """The address in the present estate; none where it takes an estate and there is none."""
    if "{estate}" not in path:
        return path
    return path.format(estate=estate) if estate is not None else None
