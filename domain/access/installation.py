"""The installation as those keep it who run the machine: what a view was let go past, what was put back, what was set.

There is one stream. Who it was is a user of the operating system; that and the reason are personal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from domain.capacity import PRODUCT, Capacity
from domain.changed import changed
from domain.decider import Decider
from domain.recorded import Act
from domain.words import Personal, personal

INSTALLATION_STREAM = UUID("5b8b7f0e-6f0a-4f0d-9a42-1d6c3f3b9e71")


@dataclass(frozen=True, slots=True)
class Setting:
    """``value`` is a keyed digest: it tells whether something was changed, and not into what."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class NoteSkip:
    """``entry`` tells skips of one event at different times apart."""

    entry: str
    view: str
    position: int
    by: Personal = personal()
    why: Personal = personal()


@dataclass(frozen=True, slots=True)
class NoteSkipWithdrawn:
    entry: str
    view: str
    position: int
    by: Personal = personal()


@dataclass(frozen=True, slots=True)
class NoteRestore:
    """A backup taken at ``taken_at`` was put back, with the log up to ``position``."""

    entry: str
    position: int
    taken_at: datetime
    by: Personal = personal()


@dataclass(frozen=True, slots=True)
class NoteSettings:
    """All that is set, as it starts."""

    settings: tuple[Setting, ...]


Command = NoteSkip | NoteSkipWithdrawn | NoteRestore | NoteSettings


@dataclass(frozen=True, slots=True)
class EventLeftOut:
    """A view, or another following, goes on without the event at ``position``."""

    entry: str
    view: str
    position: int
    by: Personal = personal()
    why: Personal = personal()


@dataclass(frozen=True, slots=True)
class EventTakenInAgain:
    entry: str
    view: str
    position: int
    by: Personal = personal()


@dataclass(frozen=True, slots=True)
class BackupPutBack:
    entry: str
    position: int
    taken_at: datetime
    by: Personal = personal()


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """Those that are other than they were at the start before; all of them at the first."""

    settings: tuple[Setting, ...]


Event = EventLeftOut | EventTakenInAgain | BackupPutBack | SettingsChanged


@dataclass(frozen=True)
class Installation:
    noted: frozenset[str] = frozenset()  # entries
    settings: Mapping[str, str] = field(default_factory=dict)


def decide(command: Command, installation: Installation, act: Act) -> Sequence[Event]:
    if not isinstance(command, NoteSettings) and command.entry in installation.noted:
        return []
    match command:
        case NoteSkip(entry, view, position, by, why):
            return [EventLeftOut(entry, view, position, by, why)]
        case NoteSkipWithdrawn(entry, view, position, by):
            return [EventTakenInAgain(entry, view, position, by)]
        case NoteRestore(entry, position, taken_at, by):
            return [BackupPutBack(entry, position, taken_at, by)]
        case NoteSettings(settings):
            other = tuple(each for each in settings if installation.settings.get(each.name) != each.value)
            return [SettingsChanged(other)] if other else []
        case _:
            assert_never(command)


def evolve(installation: Installation, event: Event, act: Act) -> Installation:
    if isinstance(event, SettingsChanged):
        now = {each.name: each.value for each in event.settings}
        return changed(installation, settings={**installation.settings, **now})
    return changed(installation, noted=installation.noted | {event.entry})


POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    NoteSkip: PRODUCT,
    NoteSkipWithdrawn: PRODUCT,
    NoteRestore: PRODUCT,
    NoteSettings: PRODUCT,
}

INSTALLATION: Decider[Command, Installation, Event] = Decider(
    name="Installation",
    initial=Installation(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
