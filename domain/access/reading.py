"""What somebody read of contact data, and took away: one stream for each reader.

One page of contacts is one event, and the same page again within ``LOOKED`` none: what is on record is that somebody
looked, not how often the page was drawn. That somebody asked for one number, and why, stands with the case or owner.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, assert_never
from uuid import UUID, uuid5

from domain.capacity import PRODUCT, Capacity
from domain.changed import changed
from domain.decider import Decider
from domain.recorded import Act

LOOKED = timedelta(minutes=15)
_STREAMS = UUID("b0e7c7a2-4b53-4c0d-8f0e-7d1f0e2a9c15")  # namespace of readers


def reading_stream(person: UUID) -> UUID:
    """The stream of what a person reads and takes."""
    return uuid5(_STREAMS, str(person))


class ContactList(Enum):
    """Where several numbers stand in the clear at once."""

    STAFF = "STAFF"  # 人员页上能拨的号码


class Taken(Enum):
    """What leaves the product as a file or on paper. What it is says what for."""

    INVOICES = "INVOICES"
    CLOSING_PACKAGE = "CLOSING_PACKAGE"
    RECEIPTS = "RECEIPTS"
    JOB_SLIPS = "JOB_SLIPS"
    DEMANDS = "DEMANDS"
    SUIT_FILE = "SUIT_FILE"
    ACCOUNT_STATEMENT = "ACCOUNT_STATEMENT"
    PRICES = "PRICES"
    TRAIL_REPORT = "TRAIL_REPORT"
    TRAIL_HISTORY = "TRAIL_HISTORY"
    TRAIL_ARCHIVE = "TRAIL_ARCHIVE"


@dataclass(frozen=True, slots=True)
class NoteContactsRead:
    """``estate``: of which they are, where they are of one."""

    list: ContactList
    estate: str | None
    people: int


@dataclass(frozen=True, slots=True)
class NoteTaken:
    """``things``: how many papers or lines, where that is known."""

    what: Taken
    things: int | None = None


Command = NoteContactsRead | NoteTaken


@dataclass(frozen=True, slots=True)
class ContactsRead:
    list: ContactList
    people: int


@dataclass(frozen=True, slots=True)
class DataTaken:
    what: Taken
    things: int | None = None


Event = ContactsRead | DataTaken


@dataclass(frozen=True)
class Reading:
    """When each list was last read."""

    read: Mapping[ContactList, datetime] = field(default_factory=dict)
    people: Mapping[ContactList, int] = field(default_factory=dict)


def decide(command: Command, reading: Reading, act: Act) -> Sequence[Event]:
    match command:
        case NoteContactsRead(which, _, people):
            last = reading.read.get(which)
            known = last is not None and act.recorded_at - last < LOOKED and people <= reading.people[which]
            return [] if known or not people else [ContactsRead(which, people)]
        case NoteTaken(what, things):
            return [DataTaken(what, things)]
        case _:
            assert_never(command)


def evolve(reading: Reading, event: Event, act: Act) -> Reading:
    match event:
        case ContactsRead(which, people):
            read = {**reading.read, which: act.recorded_at}
            return changed(reading, read=read, people={**reading.people, which: people})
        case DataTaken():
            return reading
        case _:
            assert_never(event)


POWERS: Mapping[type[Any], frozenset[Capacity]] = {NoteContactsRead: PRODUCT, NoteTaken: PRODUCT}

READING: Decider[Command, Reading, Event] = Decider(
    name="Reading",
    initial=Reading(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
