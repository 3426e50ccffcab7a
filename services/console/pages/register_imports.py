"""Taking a register over from a sheet: choose it, look at its lines, start, watch it, and take it back."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from domain.refusal import Refusal, refuse_if
from domain.register_import import MOST_DWELLINGS
from projections.dwellings import label_of
from services.ask import KeyReused, NotFound
from services.console.pages.answers import asked
from services.console.pages.register import metres
from services.console.pages.visit import AccountsVisit, FormFields, Visit, visited
from services.http.acting import perform
from services.http.imports import MOST_WRONGS, PREVIEWED, file_of, form_with_file
from services.http.imports import worded as wording
from services.http.looking import own
from services.http.problems import detail, problem_of
from services.http.register_imports import FILE, import_of, kept_of
from services.http.who import Accountant
from services.register_imports import RegisterImport
from services.register_sheet import COLUMNS, NEEDED, names, samples
from services.sealed_imports import Standing
from services.spreadsheet import LIMITS
from services.spreadsheet_out import XLSX, SheetColumn, workbook
from services.spreadsheet_out import Sheet as SheetOut

router = APIRouter(include_in_schema=False)

_OFF_MAP = frozenset({"unknown_building", "unknown_stairwell", "unknown_dwelling"})


async def _file(request: Request) -> bytes:
    form = await form_with_file(request, LIMITS.size)
    request.state.form_csrf = next((text for text in form.getlist("csrf") if isinstance(text, str)), None)
    return await file_of(form, FILE)


_File = Annotated[bytes, Depends(_file)]  # stands before the member: the form's token must be read first


def _visit(request: Request, _file: _File, member: Accountant) -> Visit:
    return visited(request, member)


@router.get("/register/{estate}/imports")
def page(estate: str, visit: AccountsVisit) -> Response:
    return _page(visit.at(estate), estate)


@router.get("/register/{estate}/imports/sample.xlsx")
def sample_file(estate: str, visit: AccountsVisit) -> Response:
    """A register to fill in."""
    own(estate, visit.member)
    language = visit.viewer.language
    columns = [SheetColumn(names(language, column)[0]) for column in COLUMNS]
    file = workbook([SheetOut(visit.voice.say("register-title"), columns, samples(language))])
    headers = {"Content-Disposition": 'attachment; filename="register.xlsx"', "Cache-Control": "private, no-cache"}
    return Response(file, media_type=XLSX, headers=headers)


@router.post("/register/{estate}/imports")
def upload(estate: str, file: _File, visit: Annotated[Visit, Depends(_visit)]) -> Response:
    here = visit.at(estate)
    own(estate, here.member)
    try:
        refuse_if(not file, "import_no_file")
        id = here.house.register_imports.upload(estate, file, here.member.person)
    except Refusal as error:
        problem = problem_of(error)
        here.request.state.code = problem.code
        return _page(here, estate, problem.status, detail(here.viewer.language, problem))
    return RedirectResponse(f"/register/{estate}/imports/{id}", 303)


@router.get("/register/{estate}/imports/{id}")
def one(estate: str, id: UUID, visit: AccountsVisit, after: int = 0) -> Response:
    return _one(visit.at(estate), estate, id)


@router.get("/register/{estate}/imports/{id}/live")
def live(estate: str, id: UUID, visit: AccountsVisit) -> Response:
    here = visit.at(estate)
    return here.html("part/register_import_live.html", **_facts(here, _found(here, estate, id)))


@router.post("/register/{estate}/imports/{id}/{act}")
def act(estate: str, id: UUID, act: str, form: FormFields, visit: AccountsVisit) -> Response:
    here = visit.at(estate)
    _found(here, estate, id)
    imports = here.house.register_imports
    try:
        match act:
            case "start":
                ask = asked(here, form)
                perform(here.request, "StartRegisterImport", lambda: imports.start(id, ask))
            case "undo":
                ask = asked(here, form)
                perform(here.request, "UndoRegisterImport", lambda: imports.undo(id, ask))
            case "discard":
                imports.discard(id)
                return RedirectResponse(f"/register/{estate}/imports", 303)
            case _:
                raise NotFound
    except (Refusal, KeyReused) as error:
        problem = problem_of(error)
        here.request.state.code = problem.code
        return _one(here, estate, id, problem.status, detail(here.viewer.language, problem))
    return RedirectResponse(f"/register/{estate}/imports/{id}", 303)


def _page(here: Visit, estate: str, status: int = 200, said: str = "") -> Response:
    own(estate, here.member)
    language = here.viewer.language
    return here.html(
        "register_imports.html",
        status=status,
        here="fees",
        tab="register",
        said=said,
        columns=[(column, names(language, column), column in NEEDED) for column in COLUMNS],
        most=MOST_DWELLINGS,
        megabytes=LIMITS.size // 1_000_000,
        imports=here.house.register_imports.of_estate(estate),
    )


def _one(here: Visit, estate: str, id: UUID, status: int = 200, said: str = "") -> Response:
    facts = _facts(here, _found(here, estate, id))
    return here.html("register_import.html", status=status, here="fees", tab="register", said=said, **facts)


def _found(here: Visit, estate: str, id: UUID) -> RegisterImport:
    found = import_of(here.house, here.member, id)
    if found.estate != estate:
        raise NotFound
    return found


def _facts(here: Visit, found: RegisterImport) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "estate": found.estate,
        "found": found,
        "standing": found.standing.value,
        "wrongs": [],
        "wrong_lines": 0,
        "off_map": False,
        "preview": [],
        "lines": found.lines,
        "share": round(100 * found.done / found.lines) if found.lines else 0,
        "kept": kept_of(here.house, found),
        "metres": metres,
        "label_of": label_of,
    }
    if found.standing is Standing.CHECKED:
        reading = here.house.register_imports.reading(found.id)
        wrong_lines = len({each.number for each in reading.wrongs})
        return facts | {
            "wrongs": [(each, wording(here.viewer.language, each)) for each in reading.wrongs[:MOST_WRONGS]],
            "wrong_lines": wrong_lines,
            "off_map": any(each.refusal.code in _OFF_MAP for each in reading.wrongs),
            "preview": reading.lines[:PREVIEWED],
            "lines": len(reading.lines) + wrong_lines,
        }
    return facts
