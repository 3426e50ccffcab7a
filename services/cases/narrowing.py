"""What an address narrows a list of orders or lines to, how it is sorted, and how that is written again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query

from domain.cases.category import Category, Priority
from domain.cases.issue import Channel
from projections.cases.notebook_lists import LinesOnly, LineSort
from projections.cases.order_lists import NOBODY, Only, Sort

T = TypeVar("T")

STATES = ("overdue", "soon", "due-today", "urgent")
AGES = (1, 3, 7, 30)  # days
TOTAL = "X-Total-Count"
OrderListName = Literal[
    "waiting", "sent", "working", "checking", "held", "ended", "all", "open", "under-way", "in-hand", "due-today",
    "overdue", "soon", "alarms", "urgent", "done-today", "late", "kept", "missed", "promised", "pause-over",
]  # fmt: skip
LineListName = Literal["all", "waiting", "late", "danger", "PROMOTED", "ADVISED", "MERGED", "DROPPED"]
_NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What of an address narrows and sorts a list; what means nothing narrows nothing."""

    given: Mapping[str, str]

    @classmethod
    def of(cls, given: Mapping[str, str], known: Iterable[str]) -> "Narrowed":
        """Of these fields those that say something."""
        return cls({name: given[name].strip() for name in known if given.get(name, "").strip()})

    def without(self, *names: str) -> str:
        """The rest as it stands in an address."""
        return urlencode({name: value for name, value in self.given.items() if name not in names})

    @property
    def query(self) -> str:
        """All of it as it stands in an address, to be kept while lists and pages are turned."""
        return urlencode(self.given)


ORDER_FIELDS = ("priority", "category", "steward", "building", "state", "age", "mine", "sort")
LINE_FIELDS = ("building", "channel", "age", "urgent", "mine", "soon", "sort")


@dataclass(frozen=True, slots=True)
class OrdersNarrowed:
    """What a list of orders is narrowed to over HTTP."""

    priority: Annotated[Priority | None, Query()] = None
    category: Annotated[Category | None, Query()] = None
    steward: Annotated[UUID | None, Query(description="Who has it in hand; all noughts: nobody.")] = None
    building: Annotated[str | None, Query(max_length=64)] = None
    state: Annotated[Literal["overdue", "soon", "due-today", "urgent"] | None, Query()] = None
    age: Annotated[int | None, Query(ge=1, le=3650, description="Opened at least so many days ago.")] = None
    mine: Annotated[bool, Query(description="Those that I answer for or have in hand.")] = False
    sort: Annotated[Sort | None, Query()] = None

    def only(self, me: UUID) -> Only:
        return Only(
            self.priority, self.category, self.steward, self.building, self.state, self.age, me if self.mine else None
        )


@dataclass(frozen=True, slots=True)
class LinesNarrowed:
    """What a list of lines is narrowed to over HTTP; danger to life never is."""

    building: Annotated[str | None, Query(max_length=64)] = None
    channel: Annotated[Channel | None, Query()] = None
    age: Annotated[int | None, Query(ge=1, le=3650, description="Noted at least so many days ago.")] = None
    urgent: Annotated[bool, Query(description="Triaged as P0 or P1.")] = False
    mine: Annotated[bool, Query(description="Those that I answer for.")] = False
    soon: Annotated[bool, Query(description="Those that grow late before long.")] = False
    sort: Annotated[LineSort | None, Query()] = None

    def only(self, me: UUID) -> LinesOnly:
        return LinesOnly(self.building, self.channel, self.age, self.urgent, me if self.mine else None, self.soon)


def orders_only(asked: Mapping[str, str], buildings: Iterable[str], me: UUID) -> tuple[Only, Sort | None, Narrowed]:
    """What a list of orders is narrowed to, how it was asked to be sorted, and both as they were understood."""
    read = Reading(asked)
    steward = NOBODY if asked.get("steward") == _NOBODY else read.value("steward", UUID)
    only = Only(
        priority=read.value("priority", Priority),
        category=read.value("category", Category),
        steward=steward,
        building=read.among("building", buildings),
        state=read.among("state", STATES),
        age=read.days(),
        mine=me if asked.get("mine") == "1" else None,
    )
    sort = read.value("sort", _sort)
    said: dict[str, Any] = {
        "priority": only.priority and only.priority.value,
        "category": only.category and only.category.value,
        "steward": _NOBODY if steward == NOBODY else steward,
        "building": only.building,
        "state": only.state,
        "age": only.age,
        "mine": "1" if only.mine else None,
        "sort": sort and sort.value.lower(),
    }
    return only, sort, Narrowed({name: str(value) for name, value in said.items() if value is not None})


def lines_only(
    asked: Mapping[str, str], buildings: Iterable[str], me: UUID
) -> tuple[LinesOnly, LineSort | None, Narrowed]:
    """The same for lines of the notebook."""
    read = Reading(asked)
    only = LinesOnly(
        building=read.among("building", buildings),
        channel=read.value("channel", Channel),
        age=read.days(),
        urgent=asked.get("urgent") == "1",
        mine=me if asked.get("mine") == "1" else None,
        soon=asked.get("soon") == "1",
    )
    sort = read.value("sort", lambda text: LineSort(text.upper()))
    said: dict[str, Any] = {
        "building": only.building,
        "channel": only.channel and only.channel.value,
        "age": only.age,
        "urgent": "1" if only.urgent else None,
        "mine": "1" if only.mine else None,
        "soon": "1" if only.soon else None,
        "sort": sort and sort.value.lower(),
    }
    return only, sort, Narrowed({name: str(value) for name, value in said.items() if value is not None})


def _sort(text: str) -> Sort:
    return Sort(text.upper())


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads choices of a form; a choice that is none chooses nothing."""

    asked: Mapping[str, str]

    def value(self, name: str, read: Callable[[str], T]) -> T | None:
        try:
            return read(self.asked[name]) if self.asked.get(name) else None
        except ValueError:
            return None

    def among(self, name: str, known: Iterable[str]) -> str | None:
        return self.asked[name] if self.asked.get(name) in set(known) else None

    def days(self) -> int | None:
        days = self.value("age", int)
        return days if days in AGES else None
