"""Job slips as people and programs ask for them: of one order or of several chosen ones, as one PDF."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from domain.access.reading import Taken
from services.cases import bulk
from services.cases.bulk_pages import Ticked
from services.cases.job_slips import Viewing, printed
from services.commands.ask import Answer, Ask
from services.commands.plan import PlanFor
from services.console.visit import ActVisit, FormFields
from services.http.acting import perform
from services.http.answers import PDF_RESPONSES, pdf
from services.http.handed_out import Taking
from services.http.problems import language_of
from services.http.who import Actor, TheProduct, own
from services.product import Product
from services.sessions.member import Member

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["work orders"])


@pages.post("/orders-of/{estate}/slips")
def of_form(estate: str, ticked: Ticked, visit: ActVisit, form: FormFields) -> Response:
    here = visit.at(estate)
    with here.lend() as conn:
        here.estate(conn, estate)
    wanted = [each.key for each in bulk.chosen_of(ticked)]
    view = _viewing(here.request, here.product, here.member) if form.get("contact") == "1" else None
    slips = printed(here.product, here.member, estate, wanted, here.viewer.language, view)
    return pdf(slips, "job-slips", Taking(here.product, here.member, Taken.JOB_SLIPS, estate, len(wanted)))


class SlipsBody(BaseModel):
    """Which orders, in which order. With ``contact`` names and phones of reporters are printed, which is on record."""

    model_config = ConfigDict(extra="forbid")

    orders: Annotated[list[UUID], Field(max_length=1000, description=f"{bulk.MOST} at most.")]
    contact: bool = False


@api.post("/stations/{estate}/work-orders/slips", response_class=Response, responses=PDF_RESPONSES)
def of_program(estate: str, request: Request, product: TheProduct, who: Actor, body: SlipsBody) -> Response:
    """Job slips of these orders as one PDF, a page each, with lines to sign."""
    own(estate, who)
    wanted = [each.key for each in bulk.checked([bulk.Chosen(each) for each in dict.fromkeys(body.orders)])]
    view = _viewing(request, product, who) if body.contact else None
    slips = printed(product, who, estate, wanted, language_of(request), view)
    return pdf(slips, "job-slips", Taking(product, who, Taken.JOB_SLIPS, estate, len(wanted)))


def _viewing(request: Request, product: Product, who: Member) -> Viewing:
    def view(_issue: UUID, plan: PlanFor[Any]) -> Answer:
        answer: Answer = perform(request, "ViewContact", lambda: product.handler.do(Ask(who.caller), plan))
        return answer

    return view
