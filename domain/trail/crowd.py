"""In how large a crowd an event must stand before everybody may see of what kind it is and when it happened.

A rare kind at a known time may tell whom it is about, though no name is said. So of every event about a case or a
person it is asked among how many cases or persons the same has happened in this month and the one before. Where they
are too few, the leaf tells the kind of stream alone, or not even that, and its times by the day or the month. What it
leaves out stands in it as salted digests, and can be shown one by one like every other field.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.calendar import local_date
from domain.recorded import Recorded

ENOUGH = 5


class Coarseness(StrEnum):
    """How much a leaf leaves open; its value stands in the leaf, unless that is nothing."""

    NONE = "exact"
    KIND = "kind"  # its kind of stream alone, by the day
    ALL = "all"  # that something happened, by the month


CrowdKey = tuple[str, date]  # a name of an event, or of a kind of stream in brackets; the first day of a month


def names_of(recorded: Recorded[object], category: str) -> tuple[str, str]:
    """As what an event is counted: by its kind, and by its kind of stream."""
    return type(recorded.event).__name__, f"[{category}]"


def months_of(recorded: Recorded[object]) -> tuple[date, date]:
    """The month in which it was recorded, and the one before: their first days, in Shanghai."""
    this = local_date(recorded.act.recorded_at).replace(day=1)
    before = this.replace(year=this.year - 1, month=12) if this.month == 1 else this.replace(month=this.month - 1)
    return this, before


class Crowds:
    """Counts subjects by kind and month, none further than is asked for. ``known`` is what was counted before."""

    def __init__(self, known: Mapping[CrowdKey, Iterable[UUID]]) -> None:
        self._counted = {key: set(subjects) for key, subjects in known.items()}
        self.new: list[tuple[str, date, UUID]] = []

    def coarseness(self, recorded: Recorded[object], category: str) -> Coarseness:
        """Count an event, and say how much its leaf leaves open. The log's order alone decides: twice is the same."""
        this, before = months_of(recorded)
        sizes = []
        for name in names_of(recorded, category):
            there = self._counted.setdefault((name, this), set())
            if len(there) < ENOUGH and recorded.correlation not in there:
                there.add(recorded.correlation)
                self.new.append((name, this, recorded.correlation))
            sizes.append(len(there) if len(there) >= ENOUGH else len(there | self._counted.get((name, before), set())))
        if sizes[0] >= ENOUGH:
            return Coarseness.NONE
        return Coarseness.KIND if sizes[1] >= ENOUGH else Coarseness.ALL
