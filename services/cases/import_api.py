"""Paper notebooks over HTTP: upload, look at what is wrong, start, watch, and see the lines."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from domain.masks import masked_phone
from projections.cases.notebook import NOTEBOOK
from services.cases.import_access import check_head, import_of, lines_of, notebook_form, notebook_of
from services.cases.notebook_imports import NotebookImport, NotebookImports
from services.cases.paper_notebook import LARGEST_FILE, NotebookLine
from services.cases.shapes import IssueShape, issue_shape
from services.commands.ask import Ask
from services.commands.sealed_uploads import ImportStage
from services.http.acting import perform, showing
from services.http.border import BESIDES, Upload
from services.http.problems import language_of
from services.http.uploads import PREVIEWED, AsideShape, WrongShape, aside_shape, wrong_shapes
from services.http.who import Actor, TheProduct
from services.product import Product

router = APIRouter(prefix="/api/v1", tags=["imports"])
UPLOAD = Upload("^/imports/|/stations/[^/]+/imports$", LARGEST_FILE + BESIDES)


@dataclass(frozen=True, slots=True)
class NotebookLineShape:
    """A line as it will be noted, the phone masked."""

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
class ImportShape:
    """How far an import is: ``done`` of ``lines`` are in the log. ``wrong`` lines stand in the way of starting it.

    ``wrongs`` are the first of them; ``preview`` the first lines as they will be noted, until it is started.
    """

    id: UUID
    estate: str
    standing: ImportStage
    lines: int
    done: int
    wrong: int
    uploaded_at: datetime
    completed_at: datetime | None
    wrongs: list[WrongShape]
    preview: list[NotebookLineShape]
    aside: AsideShape | None


_CSV = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["notebook"],
                    "properties": {"notebook": {"type": "string", "format": "binary", "description": "CSV or XLSX"}},
                }
            }
        },
    }
}


async def _sent(request: Request, _who: Actor) -> bytes:
    return await notebook_of(await notebook_form(request))


@router.post("/stations/{estate}/imports", status_code=201, openapi_extra=_CSV)
def upload_notebook(
    estate: str, product: TheProduct, request: Request, who: Actor, notebook: Annotated[bytes, Depends(_sent)]
) -> ImportShape:
    """Keep a CSV or XLSX file of at most 5 MB and 10,000 lines, sealed, and say what each line would become.

    Nothing is noted yet. The same contents in the same estate are the same import, however often they are sent.
    """
    check_head(who, estate)
    return _shape(product, request, product.part(NotebookImports).upload(estate, notebook, who.person))


@router.get("/stations/{estate}/imports")
def list_imports(estate: str, product: TheProduct, who: Actor) -> list[ImportShape]:
    """The newest imports of an estate, without their lines."""
    check_head(who, estate)
    return [_plain(each) for each in product.part(NotebookImports).of_estate(estate)]


@router.get("/imports/{notebook}")
def get_import(notebook: UUID, product: TheProduct, request: Request, who: Actor) -> ImportShape:
    """How far it is; before it is started also what is wrong and what its lines will be."""
    import_of(product, who, notebook)
    return _shape(product, request, notebook)


@router.get("/imports/{notebook}/lines", dependencies=[showing(NOTEBOOK)])
def get_lines(
    notebook: UUID, product: TheProduct, who: Actor, page: Annotated[int, Query(ge=1, le=1000)] = 1
) -> list[IssueShape]:
    """The lines of the notebook that came of it, in the order of the file, 40 a page."""
    return [
        issue_shape(line, who.capacity, product.clock())
        for line in lines_of(product, who, import_of(product, who, notebook), page)
    ]


@router.post("/imports/{notebook}/start", status_code=202)
def start_notebook_import(notebook: UUID, product: TheProduct, request: Request, who: Actor) -> ImportShape:
    """Take over the lines, or go on where it was cut short. Repeats double nothing."""
    import_of(product, who, notebook)
    perform(request, "StartNotebookImport", lambda: product.part(NotebookImports).start(notebook, Ask(who.caller)))
    return _shape(product, request, notebook)


@router.post("/imports/{notebook}/discard", status_code=204)
def discard_import(notebook: UUID, product: TheProduct, who: Actor) -> Response:
    """Forget a notebook that was not started."""
    import_of(product, who, notebook)
    product.part(NotebookImports).discard(notebook)
    return Response(status_code=204)


def _shape(product: Product, request: Request, id: UUID) -> ImportShape:
    found = product.part(NotebookImports).one(id)
    plain = _plain(found)
    if found.standing is not ImportStage.CHECKED:
        return plain
    reading = product.part(NotebookImports).reading(id)
    wrong = reading.wrongs.lines
    return ImportShape(
        id=found.id,
        estate=found.estate,
        standing=found.standing,
        lines=reading.good + wrong,
        done=0,
        wrong=wrong,
        uploaded_at=found.uploaded_at,
        completed_at=None,
        wrongs=wrong_shapes(language_of(request), reading.wrongs),
        preview=[_line(line) for line in reading.lines[:PREVIEWED]],
        aside=aside_shape(reading.aside),
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
        None,
    )


def _line(line: NotebookLine) -> NotebookLineShape:
    note = line.note
    return NotebookLineShape(
        line.number, line.at, note.text, note.channel.value, note.building, note.stairwell, note.dwelling,
        note.reporter, masked_phone(note.phone), line.result,
    )  # fmt: skip
