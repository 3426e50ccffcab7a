"""Taking over a paper notebook: choose the file, look at its lines, start, watch it, see what came of it."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.cases.notebook_import import MOST_LINES
from domain.refusal import Refusal, reject_if
from services.cases.import_access import PAGE, check_head, import_of, lines_of, notebook_form, notebook_of
from services.cases.notebook_imports import NotebookImport, NotebookImports
from services.cases.paper_notebook import COLUMNS, LARGEST_FILE, NEEDED, names, sample
from services.commands.ask import KeyReused
from services.commands.sealed_uploads import ImportStage
from services.console.answers import chosen, turned_away
from services.console.lists import Sheet
from services.console.uploaded import preview
from services.console.visit import ActVisit, FormFields, Visit, visited
from services.http.acting import perform
from services.http.who import Actor
from services.log.not_found import NotFound

router = APIRouter(include_in_schema=False)

CATCHING_UP = timedelta(minutes=1)  # the page looks again for lines that the notebook does not show yet


_File = Annotated[bytes, Depends(chosen(notebook_form, notebook_of))]


def _visit(request: Request, _file: _File, member: Actor) -> Visit:
    return visited(request, member)


@router.get("/imports/{estate}")
def page(estate: str, visit: ActVisit) -> Response:
    return _page(visit.at(estate), estate)


@router.get("/imports/{estate}/sample.csv")
def sample_file(estate: str, visit: ActVisit) -> Response:
    """A notebook to fill in."""
    check_head(visit.member, estate)
    headers = {"Content-Disposition": 'attachment; filename="notebook.csv"', "Cache-Control": "private, no-cache"}
    return Response(sample(visit.viewer.language), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/imports/{estate}")
def upload(estate: str, file: _File, visit: Annotated[Visit, Depends(_visit)]) -> Response:
    here = visit.at(estate)
    check_head(here.member, estate)
    try:
        reject_if(not file, "import_no_file")
        id = here.product.part(NotebookImports).upload(estate, file, here.member.person)
    except Refusal as error:
        return _page(here, estate, *turned_away(here, error))
    return RedirectResponse(f"/imports/{estate}/{id}", 303)


@router.get("/imports/{estate}/{id}")
def one(
    estate: str, id: UUID, visit: ActVisit, page: Annotated[int, Query(ge=1, le=1000)] = 1, after: int = 0
) -> Response:
    return _one(visit.at(estate), estate, id, page)


@router.get("/imports/{estate}/{id}/live")
def live(estate: str, id: UUID, visit: ActVisit, page: Annotated[int, Query(ge=1, le=1000)] = 1) -> Response:
    here = visit.at(estate)
    return here.html("part/import_live.html", **_facts(here, _found(here, estate, id), page))


@router.post("/imports/{estate}/{id}/{act}")
def act(estate: str, id: UUID, act: str, form: FormFields, visit: ActVisit) -> Response:
    here = visit.at(estate)
    _found(here, estate, id)
    try:
        match act:
            case "start":
                ask = here.ask(form)
                perform(here.request, "StartNotebookImport", lambda: here.product.part(NotebookImports).start(id, ask))
            case "discard":
                here.product.part(NotebookImports).discard(id)
                return RedirectResponse(f"/imports/{estate}", 303)
            case _:
                raise NotFound
    except (Refusal, KeyReused) as error:
        return _one(here, estate, id, 1, *turned_away(here, error))
    return RedirectResponse(f"/imports/{estate}/{id}", 303)


def _page(here: Visit, estate: str, status: int = 200, said: str = "") -> Response:
    check_head(here.member, estate)
    language = here.viewer.language
    return here.html(
        "imports.html",
        status=status,
        here="notebook",
        said=said,
        columns=[(column, names(language, column), column in NEEDED) for column in COLUMNS],
        most=MOST_LINES,
        megabytes=LARGEST_FILE // 1_000_000,
        imports=here.product.part(NotebookImports).of_estate(estate),
    )


def _one(here: Visit, estate: str, id: UUID, page: int, status: int = 200, said: str = "") -> Response:
    facts = _facts(here, _found(here, estate, id), page)
    return here.html("import.html", status=status, here="notebook", said=said, **facts)


def _found(here: Visit, estate: str, id: UUID) -> NotebookImport:
    found = import_of(here.product, here.member, id)
    if found.estate != estate:
        raise NotFound
    return found


def _facts(here: Visit, found: NotebookImport, page: int) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "estate": found.estate,
        "found": found,
        "standing": found.standing.value,
        "wrongs": [],
        "wrong_lines": 0,
        "preview": [],
        "aside": [],
        "lines": found.lines,
        "share": round(100 * found.done / found.lines) if found.lines else 0,
        "sheet": Sheet([], None, None),
        "behind": False,
    }
    if found.standing is ImportStage.CHECKED:
        reading = here.product.part(NotebookImports).reading(found.id)
        return facts | preview(here, reading.lines, reading.good, reading.wrongs, reading.aside)
    if found.standing is ImportStage.DONE:
        rows = lines_of(here.product, here.member, found, page)
        more = page + 1 if page * PAGE < found.done else None
        missing = len(rows) < min(PAGE, found.done - (page - 1) * PAGE)
        behind = missing and found.completed_at is not None and here.product.clock() - found.completed_at < CATCHING_UP
        return facts | {"sheet": Sheet(rows, page - 1 if page > 1 else None, more), "behind": behind}
    return facts
