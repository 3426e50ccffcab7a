"""Imports of the register over HTTP: a dry run first, then start, watch, and take back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from domain.masks import masked_phone
from domain.refusal import reject_if
from projections.register import dwellings
from services.commands.ask import Ask
from services.commands.sealed_uploads import ImportStage
from services.http.acting import perform
from services.http.border import BESIDES, Upload
from services.http.problems import language_of
from services.http.uploads import PREVIEWED, AsideShape, WrongShape, aside_shape, wrong_shapes
from services.http.who import Accountant, TheProduct, own
from services.product import Product
from services.register.access import FILE, import_of, kept_of, sheet_form, sheet_of
from services.register.imports import RegisterImport, RegisterImports
from services.register.sheet import RegisterLine
from services.sessions.member import Member
from services.sheets.reading import LIMITS

router = APIRouter(prefix="/api/v1", tags=["register"])
UPLOAD = Upload("/register-imports$|^/register/.*/imports$", LIMITS.size + BESIDES)


@dataclass(frozen=True, slots=True)
class RegisterLineShape:
    """A line as it will be registered; areas in 0.01 m², the phone masked."""

    line: int
    label: str
    use: str
    chargeable_area: int
    exclusive_area: int
    owner_name: str
    phone: str | None
    kind: str
    since: date


@dataclass(frozen=True, slots=True)
class KeptShape:
    """A dwelling that had to stay when the import was taken back: something was built on it since."""

    dwelling: UUID
    label: str | None


@dataclass(frozen=True, slots=True)
class RegisterImportShape:
    """How far an import is: ``done`` of ``lines`` are in the log. ``wrong`` lines stand in the way of starting it.

    Until it is started nothing is registered: ``wrongs`` are the first of what is wrong, ``preview`` the first lines as
    they will be registered. Once it was taken back, ``withdrawn`` and ``kept`` dwellings, and the first of the kept.
    """

    id: UUID
    estate: str
    standing: ImportStage
    lines: int
    done: int
    wrong: int
    uploaded_at: datetime
    completed_at: datetime | None
    undone_at: datetime | None
    wrongs: list[WrongShape]
    preview: list[RegisterLineShape]
    aside: AsideShape | None
    withdrawn: int
    kept: int
    kept_dwellings: list[KeptShape]


_SHEET = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FILE],
                    "properties": {FILE: {"type": "string", "format": "binary", "description": "XLSX or CSV"}},
                }
            }
        },
    }
}


async def _sent(request: Request, _who: Accountant) -> bytes:
    return await sheet_of(await sheet_form(request))


@router.post("/estates/{estate}/register-imports", status_code=201, openapi_extra=_SHEET)
def upload_register(
    estate: str,
    product: TheProduct,
    request: Request,
    who: Accountant,
    file: Annotated[bytes, Depends(_sent)],
    dry_run: Annotated[
        bool, Query(alias="dryRun", description="`false` starts it at once if no line is wrong.")
    ] = True,
) -> RegisterImportShape:
    """Keep an XLSX or CSV file of at most 20 MB and 100,000 lines, sealed, and say what each line would become.

    A dry run unless it is asked otherwise: nothing is registered before it is started. The same contents in the same
    estate are the same import, however often they are sent.
    """
    own(estate, who)
    reject_if(not file, "import_no_file")
    id = product.part(RegisterImports).upload(estate, file, who.person)
    found = product.part(RegisterImports).one(id)
    if not dry_run and found.standing is ImportStage.CHECKED:
        perform(request, "StartRegisterImport", lambda: product.part(RegisterImports).start(id, Ask(who.caller)))
    return _shape(product, who, request, id)


@router.get("/estates/{estate}/register-imports")
def list_register_imports(estate: str, product: TheProduct, who: Accountant) -> list[RegisterImportShape]:
    """The newest imports of an estate, without their lines."""
    own(estate, who)
    return [_plain(each) for each in product.part(RegisterImports).of_estate(estate)]


@router.get("/register-imports/{register_import}")
def get_register_import(
    register_import: UUID, product: TheProduct, request: Request, who: Accountant
) -> RegisterImportShape:
    """How far it is; before it is started also what is wrong and what its lines will be."""
    return _shape(product, who, request, import_of(product, who, register_import).id)


@router.post("/register-imports/{register_import}/start", status_code=202)
def start_register_import(
    register_import: UUID, product: TheProduct, request: Request, who: Accountant
) -> RegisterImportShape:
    """Register the lines, or go on where it was cut short. Repeats double nothing."""
    import_of(product, who, register_import)
    imports = product.part(RegisterImports)
    perform(request, "StartRegisterImport", lambda: imports.start(register_import, Ask(who.caller)))
    return _shape(product, who, request, register_import)


@router.post("/register-imports/{register_import}/undo", status_code=202)
def undo_register_import(
    register_import: UUID, product: TheProduct, request: Request, who: Accountant
) -> RegisterImportShape:
    """Withdraw what it registered, as far as nothing was built on it: no bill, no payment, no other owner."""
    import_of(product, who, register_import)
    imports = product.part(RegisterImports)
    perform(request, "UndoRegisterImport", lambda: imports.undo(register_import, Ask(who.caller)))
    return _shape(product, who, request, register_import)


@router.post("/register-imports/{register_import}/discard", status_code=204)
def discard_register_import(register_import: UUID, product: TheProduct, who: Accountant) -> Response:
    """Forget a sheet that was not started."""
    import_of(product, who, register_import)
    product.part(RegisterImports).discard(register_import)
    return Response(status_code=204)


def _shape(product: Product, who: Member, request: Request, id: UUID) -> RegisterImportShape:
    found = product.part(RegisterImports).one(id)
    if found.standing is not ImportStage.CHECKED:
        return _plain(found, [KeptShape(row.dwelling, row.label) for row in kept_of(product, found)])
    reading = product.part(RegisterImports).reading(id)
    wrong = reading.wrongs.lines
    return RegisterImportShape(
        id=found.id,
        estate=found.estate,
        standing=found.standing,
        lines=reading.good + wrong,
        done=0,
        wrong=wrong,
        uploaded_at=found.uploaded_at,
        completed_at=None,
        undone_at=None,
        wrongs=wrong_shapes(language_of(request), reading.wrongs),
        preview=[_line(line) for line in reading.lines[:PREVIEWED]],
        aside=aside_shape(reading.aside),
        withdrawn=0,
        kept=0,
        kept_dwellings=[],
    )


def _plain(found: RegisterImport, kept: list[KeptShape] | None = None) -> RegisterImportShape:
    return RegisterImportShape(
        id=found.id,
        estate=found.estate,
        standing=found.standing,
        lines=found.lines,
        done=found.done,
        wrong=0,
        uploaded_at=found.uploaded_at,
        completed_at=found.completed_at,
        undone_at=found.undone_at,
        wrongs=[],
        preview=[],
        aside=None,
        withdrawn=found.withdrawn,
        kept=found.kept,
        kept_dwellings=kept or [],
    )


def _line(line: RegisterLine) -> RegisterLineShape:
    return RegisterLineShape(
        line=line.number,
        label=dwellings.label_of(line.building, line.stairwell, line.room),
        use=line.use.value,
        chargeable_area=line.chargeable_area,
        exclusive_area=line.exclusive_area,
        owner_name=line.name,
        phone=masked_phone(line.phone),
        kind=line.kind.value,
        since=line.since,
    )
