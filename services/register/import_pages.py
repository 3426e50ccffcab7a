"""Taking a register over from a sheet: choose it, look at its lines, start, watch it, and take it back."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from domain.refusal import Refusal, reject_if
from domain.register.register_import import MOST_DWELLINGS
from projections.register.dwellings import label_of
from services.commands.ask import KeyReused
from services.commands.sealed_uploads import ImportStage
from services.console.answers import chosen, turned_away
from services.console.uploaded import preview
from services.console.visit import AccountsVisit, FormFields, Visit, visited
from services.http.acting import perform
from services.http.who import Accountant, own
from services.log.not_found import NotFound
from services.register.access import import_of, kept_of, sheet_form, sheet_of
from services.register.imports import RegisterImport, RegisterImports
from services.register.pages import metres
from services.register.sheet import COLUMNS, NEEDED, names, samples
from services.sheets.reading import LIMITS
from services.sheets.writing import XLSX, SheetColumn, workbook
from services.sheets.writing import Sheet as SheetOut

router = APIRouter(include_in_schema=False)

_OFF_MAP = frozenset({"unknown_building", "unknown_stairwell", "unknown_dwelling"})


_File = Annotated[bytes, Depends(chosen(sheet_form, sheet_of))]


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
        reject_if(not file, "import_no_file")
        id = here.product.part(RegisterImports).upload(estate, file, here.member.person)
    except Refusal as error:
        return _page(here, estate, *turned_away(here, error))
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
    imports = here.product.part(RegisterImports)
    try:
        match act:
            case "start":
                ask = here.ask(form)
                perform(here.request, "StartRegisterImport", lambda: imports.start(id, ask))
            case "undo":
                ask = here.ask(form)
                perform(here.request, "UndoRegisterImport", lambda: imports.undo(id, ask))
            case "discard":
                imports.discard(id)
                return RedirectResponse(f"/register/{estate}/imports", 303)
            case _:
                raise NotFound
    except (Refusal, KeyReused) as error:
        return _one(here, estate, id, *turned_away(here, error))
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
        imports=here.product.part(RegisterImports).of_estate(estate),
    )


def _one(here: Visit, estate: str, id: UUID, status: int = 200, said: str = "") -> Response:
    facts = _facts(here, _found(here, estate, id))
    return here.html("register_import.html", status=status, here="fees", tab="register", said=said, **facts)


def _found(here: Visit, estate: str, id: UUID) -> RegisterImport:
    found = import_of(here.product, here.member, id)
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
        "aside": [],
        "lines": found.lines,
        "share": round(100 * found.done / found.lines) if found.lines else 0,
        "kept": kept_of(here.product, found),
        "metres": metres,
        "label_of": label_of,
    }
    if found.standing is ImportStage.CHECKED:
        reading = here.product.part(RegisterImports).reading(found.id)
        off_map = not reading.wrongs.codes.isdisjoint(_OFF_MAP)
        return facts | preview(here, reading.lines, reading.good, reading.wrongs, reading.aside) | {"off_map": off_map}
    return facts
