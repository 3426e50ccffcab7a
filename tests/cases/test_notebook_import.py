"""The import of a paper notebook: started once, completed once."""

from domain.cases.notebook_import import (
    MOST_LINES,
    NOTEBOOK_IMPORT,
    CompleteNotebookImport,
    NotebookImport,
    NotebookImportCompleted,
    NotebookImportStarted,
    StartNotebookImport,
)
from tests.cases.examples import ESTATE_CODE
from tests.scenario import Scenario

START = StartNotebookImport(ESTATE_CODE, 12)


def unknown() -> Scenario[NotebookImport]:
    return Scenario(NOTEBOOK_IMPORT, NOTEBOOK_IMPORT.initial).head()


def test_it_is_started_and_completed_once() -> None:
    started = unknown().when(START)
    started.then(NotebookImportStarted(ESTATE_CODE, 12))
    started.when(START).then()
    completed = started.when(CompleteNotebookImport())
    completed.then(NotebookImportCompleted())
    completed.when(CompleteNotebookImport()).then()
    completed.when(START).then()


def test_it_has_some_lines_but_not_too_many() -> None:
    unknown().refused(StartNotebookImport(ESTATE_CODE, 0), "import_empty")
    unknown().refused(StartNotebookImport(ESTATE_CODE, MOST_LINES + 1), "import_too_long", most=MOST_LINES)
    unknown().when(StartNotebookImport(ESTATE_CODE, MOST_LINES)).then(NotebookImportStarted)


def test_what_was_not_started_is_not_completed() -> None:
    unknown().refused(CompleteNotebookImport(), "import_not_started")
