"""The import of a paper notebook (旧记事本): who had how many lines of it taken over, and when all of them were there.

The lines themselves are issues of their own; each names the beginning of the import as its cause.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from domain.capacity import PRODUCT, Capacity
from domain.decider import Decider
from domain.recorded import Act
from domain.refusal import refuse_if, reject_if

MOST_LINES = 10_000


@dataclass(frozen=True, slots=True)
class StartNotebookImport:
    """Take over ``lines`` lines, all of which were looked at before."""

    estate: str
    lines: int


@dataclass(frozen=True, slots=True)
class CompleteNotebookImport:
    """The last line is in the log."""


Command = StartNotebookImport | CompleteNotebookImport


@dataclass(frozen=True, slots=True)
class NotebookImportStarted:
    estate: str
    lines: int


@dataclass(frozen=True, slots=True)
class NotebookImportCompleted:
    pass


Event = NotebookImportStarted | NotebookImportCompleted


@dataclass(frozen=True, slots=True)
class NotebookImport:
    estate: str | None = None
    lines: int = 0
    head: UUID | None = None  # who started it, and answers for the lines
    started_at: datetime | None = None
    completed_at: datetime | None = None


def decide(command: Command, state: NotebookImport, act: Act) -> Sequence[Event]:
    """Started once, completed once: saying so again changes nothing."""
    match command:
        case StartNotebookImport(estate, lines):
            reject_if(lines < 1, "import_empty")
            reject_if(lines > MOST_LINES, "import_too_long", most=MOST_LINES)
            refuse_if(state.estate is not None and (state.estate, state.lines) != (estate, lines), "import_started")
            return [] if state.estate is not None else [NotebookImportStarted(estate, lines)]
        case CompleteNotebookImport():
            refuse_if(state.estate is None, "import_not_started")
            return [] if state.completed_at is not None else [NotebookImportCompleted()]
        case _:
            assert_never(command)


def evolve(state: NotebookImport, event: Event, act: Act) -> NotebookImport:
    match event:
        case NotebookImportStarted(estate, lines):
            return NotebookImport(estate, lines, act.actor, act.recorded_at)
        case NotebookImportCompleted():
            return replace(state, completed_at=act.recorded_at)
        case _:
            assert_never(event)


POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    StartNotebookImport: frozenset({Capacity.STATION_HEAD}),
    CompleteNotebookImport: PRODUCT,
}

NOTEBOOK_IMPORT: Decider[Command, NotebookImport, Event] = Decider(
    name="NotebookImport",
    initial=NotebookImport(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
