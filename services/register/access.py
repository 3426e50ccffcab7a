"""What a member may see of the register: dwellings, and imports of it with their files."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from projections.register import dwellings
from projections.register.dwellings import DwellingRow
from services.commands.sealed_uploads import ImportStage
from services.http.uploads import file_of, form_with_file
from services.http.who import own
from services.log.not_found import NotFound
from services.product import Product
from services.register.imports import RegisterImport, RegisterImports
from services.register.search import meant
from services.sessions.member import Member
from services.sheets.reading import LIMITS

PAGE = 40
MOST_KEPT = 200
FILE = "file"
sheet_form = partial(form_with_file, largest=LIMITS.size)
sheet_of = partial(file_of, name=FILE)


def import_of(product: Product, who: Member, id: UUID) -> RegisterImport:
    """An import of one of the member's own estates. Raises ``NotFound``."""
    found = product.part(RegisterImports).one(id)
    if found.estate not in who.estates:
        raise NotFound
    return found


def kept_of(product: Product, found: RegisterImport) -> list[dwellings.DwellingRow]:
    """The first dwellings that had to stay when an import was taken back."""
    origin = product.part(RegisterImports).origin(found.id)
    if found.standing is not ImportStage.UNDONE or not found.kept or origin is None:
        return []
    with product.database.lend([found.estate]) as conn:
        return dwellings.standing_from(conn, origin, MOST_KEPT)


def found(
    product: Product, who: Member, estate: str | None, q: str = "", building: str | None = None, page: int = 1
) -> Sequence[DwellingRow]:
    """Dwellings of one estate or of all one's own that match. Raises ``NotFound`` for an estate of others."""
    if estate is not None:
        own(estate, who)
    among = sorted(who.estates) if estate is None else [estate]
    if building is not None and not building.isprintable():  # none is called so, nor could the database be asked
        return []
    with product.database.lend(among) as conn:
        if q.strip():
            return dwellings.search(conn, among, meant(q), PAGE)
        return dwellings.listed(conn, among[0], building, PAGE, (page - 1) * PAGE) if among else []
