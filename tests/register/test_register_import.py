"""The import of a register: begun, completed and taken back once each."""

from domain.register.register_import import (
    MOST_DWELLINGS,
    REGISTER_IMPORT,
    CompleteRegisterImport,
    CompleteRegisterUndo,
    RegisterImport,
    RegisterImportCompleted,
    RegisterImportStarted,
    RegisterUndoBegan,
    RegisterUndone,
    StartRegisterImport,
    UndoRegisterImport,
)
from tests.register.examples import ESTATE
from tests.scenario import Scenario


def untouched() -> Scenario[RegisterImport]:
    return Scenario(REGISTER_IMPORT, REGISTER_IMPORT.initial)


def test_it_begins_and_ends_once() -> None:
    begun = untouched().when(StartRegisterImport(ESTATE, 300)).then(RegisterImportStarted(ESTATE, 300))
    begun.when(StartRegisterImport(ESTATE, 300)).then()
    begun.refused(UndoRegisterImport(), "import_not_done")
    done = begun.when(CompleteRegisterImport()).then(RegisterImportCompleted())
    done.when(CompleteRegisterImport()).then()


def test_it_has_at_least_one_line_and_not_too_many() -> None:
    untouched().refused(StartRegisterImport(ESTATE, 0), "import_empty")
    untouched().refused(StartRegisterImport(ESTATE, MOST_DWELLINGS + 1), "import_too_long")
    untouched().refused(CompleteRegisterImport(), "import_not_started")


def test_it_is_taken_back_once_and_all_of_it_is_told() -> None:
    done = untouched().when(StartRegisterImport(ESTATE, 300), CompleteRegisterImport())
    undoing = done.when(UndoRegisterImport()).then(RegisterUndoBegan())
    undoing.when(UndoRegisterImport()).then()
    undoing.refused(CompleteRegisterUndo(298, 1), "body")
    undone = undoing.when(CompleteRegisterUndo(298, 2)).then(RegisterUndone(298, 2))
    undone.when(CompleteRegisterUndo(298, 2)).then()
    undone.refused(StartRegisterImport(ESTATE, 300), "import_taken_back")
    done.refused(CompleteRegisterUndo(300, 0), "import_not_started")
