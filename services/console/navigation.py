"""Ways to pages: entries of the rail and the palette, and the tabs of the pages about money."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.capacity import Capacity


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to a page, in the order of ``place``. ``path`` may take the present estate; without one it leads nowhere.

    ``rail`` are those who find it at the side, its word there is ``rail-`` and the key; ``palette`` those who find it
    by typing, where its word is ``title``. ``sign`` is an icon of an ``icons.txt``.
    """

    key: str
    path: str
    sign: str
    place: int
    rail: frozenset[Capacity]
    palette: frozenset[Capacity]
    title: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of the pages about money; ``path`` takes the estate, its word is ``fee-tab-`` and the key."""

    key: str
    path: str
    place: int
    capacities: frozenset[Capacity]


@dataclass(frozen=True, slots=True)
class Navigation:
    """All ways there are, each kind in the order of its places."""

    entries: tuple[Entry, ...] = ()
    tabs: tuple[Tab, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[Entry], tabs: Iterable[Tab]) -> "Navigation":
        return cls(
            tuple(sorted(entries, key=lambda each: each.place)), tuple(sorted(tabs, key=lambda each: each.place))
        )

    def rail(self, capacity: Capacity | None, estate: str | None) -> list[tuple[Entry, str]]:
        """What this capacity finds at the side, each with its address."""
        return [(each, path) for each in self.entries if capacity in each.rail and (path := _led(each.path, estate))]

    def palette(self, capacity: Capacity | None, estate: str | None) -> list[tuple[Entry, str]]:
        """What this capacity finds by typing, each with its address."""
        return [(each, path) for each in self.entries if capacity in each.palette and (path := _led(each.path, estate))]

    def fee_tabs(self, capacity: Capacity | None, estate: str | None) -> tuple[tuple[str, str], ...]:
        """Key and address of every tab that this capacity finds in the estate."""
        return tuple(
            (each.key, path) for each in self.tabs if capacity in each.capacities and (path := _led(each.path, estate))
        )


def _led(path: str, estate: str | None) -> str | None:
    """The address in the present estate; none where it takes an estate and there is none."""
    if "{estate}" not in path:
        return path
    return path.format(estate=estate) if estate is not None else None
