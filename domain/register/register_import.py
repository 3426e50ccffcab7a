"""The import of a register of dwellings (台账): who had how many lines of it taken over, and what was taken back.

Dwellings and owners are streams of their own; what the import registered names its beginning as the cause.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from domain.capacity import ACCOUNTS, PRODUCT, Capacity
from domain.changed import changed
from domain.decider import Decider
from domain.recorded import Act
from domain.refusal import refuse_if, reject_if

MOST_DWELLINGS = 100_000


@dataclass(frozen=True, slots=True)
class StartRegisterImport:
    """Register ``lines`` dwellings with their owners, all of which were looked at before."""

    estate: str
    lines: int


@dataclass(frozen=True, slots=True)
class CompleteRegisterImport:
    """The last line is in the log."""


@dataclass(frozen=True, slots=True)
class UndoRegisterImport:
    """Withdraw what it registered, as far as nothing was built on it since."""


@dataclass(frozen=True, slots=True)
class CompleteRegisterUndo:
    """``withdrawn`` dwellings are gone from the register again, ``kept`` had to stay."""

    withdrawn: int
    kept: int


Command = StartRegisterImport | CompleteRegisterImport | UndoRegisterImport | CompleteRegisterUndo


@dataclass(frozen=True, slots=True)
class RegisterImportStarted:
    estate: str
    lines: int


@dataclass(frozen=True, slots=True)
class RegisterImportCompleted:
    pass


@dataclass(frozen=True, slots=True)
class RegisterUndoBegan:
    pass


@dataclass(frozen=True, slots=True)
class RegisterUndone:
    withdrawn: int
    kept: int


Event = RegisterImportStarted | RegisterImportCompleted | RegisterUndoBegan | RegisterUndone


@dataclass(frozen=True)
class RegisterImport:
    estate: str | None = None
    lines: int = 0
    keeper: UUID | None = None  # who started it, and answers for the lines
    started_at: datetime | None = None
    completed_at: datetime | None = None
    undo_at: datetime | None = None
    undone_at: datetime | None = None
    withdrawn: int = 0
    kept: int = 0


def decide(command: Command, state: RegisterImport, act: Act) -> Sequence[Event]:
    """Started, completed, taken back and taken back wholly: each once, saying so again changes nothing."""
    match command:
        case StartRegisterImport(estate, lines):
            reject_if(lines < 1, "import_empty")
            reject_if(lines > MOST_DWELLINGS, "import_too_long", most=MOST_DWELLINGS)
            refuse_if(state.undo_at is not None, "import_taken_back")
            refuse_if(state.estate is not None and (state.estate, state.lines) != (estate, lines), "import_started")
            return [] if state.estate is not None else [RegisterImportStarted(estate, lines)]
        case CompleteRegisterImport():
            refuse_if(state.estate is None, "import_not_started")
            return [] if state.completed_at is not None else [RegisterImportCompleted()]
        case UndoRegisterImport():
            refuse_if(state.completed_at is None, "import_not_done")
            return [] if state.undo_at is not None else [RegisterUndoBegan()]
        case CompleteRegisterUndo(withdrawn, kept):
            refuse_if(state.undo_at is None, "import_not_started")
            reject_if(withdrawn < 0 or kept < 0 or withdrawn + kept != state.lines, "body")
            done = state.undone_at is not None
            refuse_if(done and (state.withdrawn, state.kept) != (withdrawn, kept), "import_taken_back")
            return [] if done else [RegisterUndone(withdrawn, kept)]
        case _:
            assert_never(command)


def evolve(state: RegisterImport, event: Event, act: Act) -> RegisterImport:
    match event:
        case RegisterImportStarted(estate, lines):
            return RegisterImport(estate, lines, act.actor, act.recorded_at)
        case RegisterImportCompleted():
            return changed(state, completed_at=act.recorded_at)
        case RegisterUndoBegan():
            return changed(state, undo_at=act.recorded_at)
        case RegisterUndone(withdrawn, kept):
            return changed(state, undone_at=act.recorded_at, withdrawn=withdrawn, kept=kept)
        case _:
            assert_never(event)


POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    StartRegisterImport: ACCOUNTS,
    CompleteRegisterImport: PRODUCT,
    UndoRegisterImport: ACCOUNTS,
    CompleteRegisterUndo: PRODUCT,
}

REGISTER_IMPORT: Decider[Command, RegisterImport, Event] = Decider(
    name="RegisterImport",
    initial=RegisterImport(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
