"""Which imports of paper notebooks a member may see, and how the file comes."""

from functools import partial
from uuid import UUID

from domain.cases.notebook_import import StartNotebookImport
from domain.catalogue import POWERS, may
from projections.cases import notebook
from services.cases.notebook_imports import NotebookImport, NotebookImports
from services.cases.paper_notebook import LARGEST_FILE
from services.commands.ask import Forbidden
from services.http.uploads import file_of, form_with_file
from services.log.not_found import NotFound
from services.product import Product
from services.sessions.member import Member

PAGE = 40

notebook_form = partial(form_with_file, largest=LARGEST_FILE)
notebook_of = partial(file_of, name="notebook")


def check_head(who: Member, estate: str) -> None:
    """Notebooks are taken over by the head of a station of the estate. Raises ``NotFound`` or ``Forbidden``."""
    if estate not in who.estates:
        raise NotFound
    if not may(who.capacity, StartNotebookImport):
        raise Forbidden("capacity", capacity=who.capacity, may=POWERS[StartNotebookImport])


def import_of(product: Product, who: Member, id: UUID) -> NotebookImport:
    """An import of one of the member's own estates."""
    found = product.part(NotebookImports).one(id)
    check_head(who, found.estate)
    return found


def lines_of(product: Product, who: Member, found: NotebookImport, page: int) -> list[notebook.IssueLine]:
    """A page of the lines that came of an import, as far as the notebook shows them already."""
    issues = product.part(NotebookImports).issues(found.id, range((page - 1) * PAGE, min(page * PAGE, found.done)))
    with product.lend(who) as conn:
        known = notebook.of_issues(conn, issues)
    return [known[issue] for issue in issues if issue in known]
