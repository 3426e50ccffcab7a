"""Paper notebooks over HTTP: upload, look at what is wrong, start, watch, and see the lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from domain.cases.notebook_import import StartNotebookImport
from domain.powers import POWERS, may
from projections.cases import notebook
from services.cases.notebook_imports import NotebookImport
from services.cases.paper_notebook import LARGEST_FILE, Line, Wrong
from services.cases.shapes import IssueShape, issue_shape
from services.commands.ask import Ask, Forbidden, NotFound
from services.commands.sealed_uploads import Standing
from services.http.acting import CaughtUp, perform
from services.http.problems import Problem, Unusable, detail, language_of
from services.http.who import Actor, TheHouse
from services.product import House
from services.sessions.accounts import Member

router = APIRouter(prefix="/api/v1", tags=["imports"])

MOST_WRONGS, PREVIEWED, PAGE = 200, 20, 40


@dataclass(frozen=True, slots=True)
class LineShape:
    """A line as it will be noted."""

    line: int
    at: datetime
    text: str | None
    channel: str
    building: str | None
    stairwell: str | None
    dwelling: str | None
    reporter: str | None
    phone: str | None
    result: str | None


@dataclass(frozen=True, slots=True)
class WrongShape:
    """What is wrong with a line of the file; the heading is line 1."""

    line: int
    column: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class ImportShape:
    """How far an import is: ``done`` of ``lines`` are in the log. ``wrong`` lines stand in the way of starting it.

    ``wrongs`` are the first of them; ``preview`` the first lines as they will be noted, until it is started.
    """

    id: UUID
    estate: str
    standing: Standing
    lines: int
    done: int
    wrong: int
    uploaded_at: datetime
    completed_at: datetime | None
    wrongs: list[WrongShape]
    preview: list[LineShape]


_CSV = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["notebook"],
                    "properties": {"notebook": {"type": "string", "format": "binary", "description": "CSV"}},
                }
            }
        },
    }
}


async def form_with_file(request: Request, largest: int = LARGEST_FILE) -> FormData:
    """The form with a file in it, read in memory: what people wrote down must lie in no file in the clear."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return FormData()
    parser = MultiPartParser(request.headers, request.stream(), max_files=2, max_fields=20)
    parser.spool_max_size = 2 * largest
    try:
        return await parser.parse()
    except (MultiPartException, KeyError):
        raise Unusable(400, "body") from None


async def file_of(form: FormData, name: str = "notebook") -> bytes:
    """The file of a form; empty where none was chosen."""
    sent = form.get(name)
    return await sent.read() if isinstance(sent, UploadFile) else b""


async def _sent(request: Request, _who: Actor) -> bytes:
    return await file_of(await form_with_file(request))


@router.post("/stations/{estate}/imports", status_code=201, openapi_extra=_CSV)
def upload_notebook(
    estate: str, house: TheHouse, request: Request, who: Actor, notebook: Annotated[bytes, Depends(_sent)]
) -> ImportShape:
    """Keep a CSV file of at most 5 MB and 10,000 lines, sealed, and say what each line would become.

    Nothing is noted yet. The same contents in the same estate are the same import, however often they are sent.
    """
    check_head(who, estate)
    return _shape(house, request, house.imports.upload(estate, notebook, who.person))


@router.get("/stations/{estate}/imports")
def list_imports(estate: str, house: TheHouse, who: Actor) -> list[ImportShape]:
    """The newest imports of an estate, without their lines."""
    check_head(who, estate)
    return [_plain(each) for each in house.imports.of_estate(estate)]


@router.get("/imports/{notebook}")
def get_import(notebook: UUID, house: TheHouse, request: Request, who: Actor) -> ImportShape:
    """How far it is; before it is started also what is wrong and what its lines will be."""
    import_of(house, who, notebook)
    return _shape(house, request, notebook)


@router.get("/imports/{notebook}/lines", dependencies=[CaughtUp])
def get_lines(
    notebook: UUID, house: TheHouse, who: Actor, page: Annotated[int, Query(ge=1, le=1000)] = 1
) -> list[IssueShape]:
    """The lines of the notebook that came of it, in the order of the file, 40 a page."""
    return [issue_shape(line, who.capacity) for line in lines_of(house, who, import_of(house, who, notebook), page)]


@router.post("/imports/{notebook}/start", status_code=202)
def start_notebook_import(notebook: UUID, house: TheHouse, request: Request, who: Actor) -> ImportShape:
    """Take over the lines, or go on where it was cut short. Repeats double nothing."""
    import_of(house, who, notebook)
    perform(request, "StartNotebookImport", lambda: house.imports.start(notebook, Ask(who.caller)))
    return _shape(house, request, notebook)


@router.post("/imports/{notebook}/discard", status_code=204)
def discard_import(notebook: UUID, house: TheHouse, who: Actor) -> Response:
    """Forget a notebook that was not started."""
    import_of(house, who, notebook)
    house.imports.discard(notebook)
    return Response(status_code=204)


def check_head(who: Member, estate: str) -> None:
    """Notebooks are taken over by the head of a station of the estate. Raises ``NotFound`` or ``Forbidden``."""
    if estate not in who.estates:
        raise NotFound
    if not may(who.capacity, StartNotebookImport):
        raise Forbidden("capacity", capacity=who.capacity, may=POWERS[StartNotebookImport])


def import_of(house: House, who: Member, id: UUID) -> NotebookImport:
    """An import of one of the member's own estates."""
    found = house.imports.one(id)
    check_head(who, found.estate)
    return found


def lines_of(house: House, who: Member, found: NotebookImport, page: int) -> list[notebook.IssueLine]:
    """A page of the lines that came of an import, as far as the notebook shows them already."""
    issues = house.imports.issues(found.id, range((page - 1) * PAGE, min(page * PAGE, found.done)))
    with house.database.lend(who.estates) as conn:
        known = notebook.of_issues(conn, issues)
    return [known[issue] for issue in issues if issue in known]


def worded(language: str, wrong: Wrong) -> str:
    """The sentence for what is wrong with a line."""
    return detail(language, Problem(422, wrong.refusal.code, wrong.refusal.facts))


def wrong_lines_of(wrongs: Sequence[Wrong]) -> int:
    """On how many lines something is wrong."""
    return len({each.number for each in wrongs})


def wrong_shapes(language: str, wrongs: Sequence[Wrong]) -> list[WrongShape]:
    """The first of what is wrong, in words."""
    return [
        WrongShape(each.number, each.column, each.refusal.code, worded(language, each)) for each in wrongs[:MOST_WRONGS]
    ]


def _shape(house: House, request: Request, id: UUID) -> ImportShape:
    found = house.imports.one(id)
    plain = _plain(found)
    if found.standing is not Standing.CHECKED:
        return plain
    reading = house.imports.reading(id)
    wrong = wrong_lines_of(reading.wrongs)
    return ImportShape(
        id=found.id,
        estate=found.estate,
        standing=found.standing,
        lines=len(reading.lines) + wrong,
        done=0,
        wrong=wrong,
        uploaded_at=found.uploaded_at,
        completed_at=None,
        wrongs=wrong_shapes(language_of(request), reading.wrongs),
        preview=[_line(line) for line in reading.lines[:PREVIEWED]],
    )


def _plain(found: NotebookImport) -> ImportShape:
    return ImportShape(
        found.id,
        found.estate,
        found.standing,
        found.lines,
        found.done,
        0,
        found.uploaded_at,
        found.completed_at,
        [],
        [],
    )


def _line(line: Line) -> LineShape:
    note = line.note
    return LineShape(
        line.number, line.at, note.text, note.channel.value, note.building, note.stairwell, note.dwelling,
        note.reporter, note.phone, line.result,
    )  # fmt: skip
