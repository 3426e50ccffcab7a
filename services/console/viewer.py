"""Who looks at a page, as what, in which language, and the ways that are open from there."""

from dataclasses import dataclass, replace
from uuid import UUID

from domain.capacity import CASES, HEADS, MONEY, OUTSIDE, STATION, Capacity
from services.console.keeper import Keeper
from services.console.navigation import NOWHERE, Entry, Group, Navigation, Rhythm, Tab, Way


@dataclass(frozen=True, slots=True)
class Viewer:
    """``estates`` are (code, name); ``estate`` is the present one.

    ``bar`` are the areas wanted at the foot of a phone; ``folded``: the shelf of an area is put away.
    """

    language: str = "zh"
    theme: str = "auto"
    csrf: str = ""
    person: UUID | None = None
    name: str | None = None
    capacity: Capacity | None = None
    estates: tuple[tuple[str, str], ...] = ()
    estate: str | None = None
    past: bool = False  # looks back at how things stood: sees, and acts on nothing
    navigation: Navigation = NOWHERE
    keeper: Keeper | None = None
    bar: tuple[str, ...] = ()
    folded: bool = False
    large: bool = False  # reads at 16 px

    @property
    def station(self) -> bool:
        """Works at the desk of a station."""
        return self.capacity in STATION

    @property
    def acts(self) -> bool:
        """Works at the desk of a station, now."""
        return self.station and not self.past

    @property
    def head(self) -> bool:
        return self.capacity in HEADS

    @property
    def steward(self) -> bool:
        return self.capacity is Capacity.RED_STEWARD

    @property
    def masked(self) -> bool:
        """Reads from outside the station: of what it looks at, nothing personal was read (``Product.lend``)."""
        return self.capacity in OUTSIDE

    @property
    def keeps_money(self) -> bool:
        """Takes money or keeps the accounts, and has nothing to do with cases."""
        return self.capacity in (Capacity.CASHIER, Capacity.ACCOUNTANT)

    @property
    def hands_receipts(self) -> bool:
        """Whether people here may be given a receipt of what the audit trail has of them."""
        return self.capacity in CASES | MONEY

    @property
    def takes_money(self) -> bool:
        return self.capacity in MONEY

    # -- ways ----------------------------------------------------------------------------------------------------

    @property
    def ways(self) -> list[Way]:
        """Every area that is open to the viewer, those at the side among them."""
        return self.navigation.ways(self.capacity, self.estate)

    @property
    def groups(self) -> list[tuple[Group, list[Way]]]:
        return self.navigation.groups(self.capacity, self.estate)

    @property
    def elsewhere(self) -> list[tuple[Capacity, list[Entry]]]:
        """Areas that others have."""
        return self.navigation.elsewhere(self.capacity)

    @property
    def at_foot(self) -> frozenset[str]:
        """Keys of the areas in the bar at the foot of a phone."""
        return self.navigation.bar(self.capacity, self.estate, self.bar)

    @property
    def palette(self) -> list[tuple[str, str, str]]:
        """Address, sign and word of what is found by typing."""
        return self.navigation.palette(self.capacity, self.estate)

    def lit(self, here: str, tab: str) -> str:
        """Key of the area at the side that is marked: the page's own, where it has one there, else the one around."""
        return tab if any(way.rail and way.entry.key == tab for way in self.ways) else here

    def area(self, here: str) -> Way | None:
        return next((way for way in self.ways if way.entry.key == here), None)

    def tabs(self, here: str) -> list[tuple[Tab, str]]:
        """Pages of an area, where they are few enough to stand as tabs."""
        pages = self.navigation.pages(here, self.capacity, self.estate)
        return pages if not self.shelf(here) else []

    def shelf(self, here: str) -> list[tuple[Rhythm, list[tuple[Tab, str]]]]:
        """Pages of an area, where they are many."""
        return self.navigation.shelf(here, self.capacity, self.estate)

    @property
    def fees(self) -> str:
        """Where the pages about money begin; nowhere for somebody who may see none."""
        way = self.area("fees")
        return way.href if way else ""

    @property
    def estate_name(self) -> str:
        return dict(self.estates).get(self.estate or "", "")

    def at(self, estate: str | None) -> "Viewer":
        return replace(self, estate=estate)
