"""The package of a closed month as a file."""

from enum import Enum

from fastapi import Response

from domain.access.reading import Taken
from projections.estates import estates
from projections.people import people
from services.books.plans import books_of
from services.closing import closing
from services.closing import papers as closing_papers
from services.http.answers import PDF
from services.http.handed_out import Taking, handed_out
from services.log.not_found import NotFound
from services.product import Product
from services.sessions.member import Member
from services.sheets.writing import XLSX


class PackageFormat(Enum):
    """A workbook with every line, or a paper to sign."""

    XLSX = "xlsx"
    PDF = "pdf"


def package_file(
    product: Product, who: Member, estate: str, month: str, format: PackageFormat, language: str
) -> Response:
    """The file of a closed month. Raises ``NotFound`` for one that is not closed; refuses ``package_does_not_foot``."""
    closed = books_of(product.log, estate).closed.get(month)
    if closed is None:
        raise NotFound
    package = closing.package(product, estate, month, closed)
    with product.database.lend([estate]) as conn:
        row = estates.estate(conn, estate)
        by = people.named(conn, [closed.by]).get(closed.by) or ""
    name = row.name if row else estate
    if format is PackageFormat.XLSX:
        data, kind = closing_papers.xlsx(package, closing.labels(product, package), name, language), XLSX
    else:
        data = closing_papers.pdf(package, name, by, language, product.clock())
        kind = PDF
    headers = {
        "Content-Disposition": f'attachment; filename="closing-{month}.{format.value}"',
        "Cache-Control": "no-store",
    }
    answer = Response(data, media_type=kind, headers=headers)
    return handed_out(Taking(product, who, Taken.CLOSING_PACKAGE, estate, 1), answer)
