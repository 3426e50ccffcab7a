"""Statements of account as PDF."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request, Response

from domain.access.reading import Taken
from domain.register.dwelling import DWELLING
from projections.estates.estates import ESTATES
from projections.register.dwellings import DWELLINGS
from projections.register.owners import OWNERS
from services.account_statements.paper import account_statements
from services.account_statements.statement import account_statement_paper
from services.http.acting import showing
from services.http.answers import PDF_RESPONSES, pdf
from services.http.handed_out import Taking
from services.http.problems import language_of
from services.http.who import Cashier, TheProduct

router = APIRouter(prefix="/api/v1", tags=["payments"])


@router.get(
    "/accounts/{dwelling}/statement.pdf",
    dependencies=[showing(DWELLINGS, OWNERS, ESTATES)],
    response_class=Response,
    responses=PDF_RESPONSES,
)
def get_statement(
    dwelling: UUID,
    request: Request,
    product: TheProduct,
    who: Cashier,
    payer: UUID | None = None,
    since: date | None = None,
) -> Response:
    """The account of the present owner, or of an earlier payer, step by step since a day or the first of the year."""
    language = language_of(request)
    paper = account_statement_paper(product, who.estates, dwelling, payer, since, language)
    taking = Taking(product, who, Taken.ACCOUNT_STATEMENT, product.log.remembered(DWELLING, dwelling).state.estate, 1)
    return pdf(account_statements([paper], language), f"statement-{paper.as_of.isoformat()}", taking)
