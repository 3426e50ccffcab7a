"""Arrears over HTTP: what is overdue and when it lapses, the rungs of dunning, what lets them rest, and waivers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.access.reading import Taken
from domain.arrears.overdue import ageing
from domain.calendar import local_date
from domain.register.dwelling import DWELLING
from projections.arrears import overdue as arrears
from projections.arrears.dunnings import DUNNINGS
from projections.fees.bills import BILLS
from projections.fees.payments import PAYMENTS
from projections.register import dwellings, owners
from projections.register.dwellings import DWELLINGS
from projections.register.owners import OWNERS
from services.arrears import letters as demand_letters
from services.arrears import suit_file
from services.arrears.plans import CALENDAR, MOST_AT_ONCE, Pick
from services.arrears.shapes import AgeShape, ArrearsShape, BuildingArrearsShape, debtor_shape
from services.http.acting import showing
from services.http.answers import PDF, pdf
from services.http.handed_out import Taking
from services.http.problems import language_of
from services.http.who import FEE_READING, Accountant, BasisReader, TheProduct, own

router = APIRouter(prefix="/api/v1", tags=["arrears"])


class PrintBody(BaseModel):
    """Demands that were written; without any, all of the estate or of a building that wait for their service."""

    model_config = ConfigDict(extra="forbid")

    demands: Annotated[tuple[UUID, ...], Field(max_length=MOST_AT_ONCE)] = ()
    building: Annotated[str, Field(max_length=16, examples=["3"])] | None = None


# -- reading -----------------------------------------------------------------------------------------------------


@router.get("/estates/{estate}/arrears", dependencies=[showing(BILLS, DUNNINGS, DWELLINGS, OWNERS, PAYMENTS)])
def get_arrears(estate: str, product: TheProduct, who: BasisReader) -> ArrearsShape:
    """What is overdue, soonest lapsing first."""
    own(estate, who)
    today = local_date(product.clock())
    with product.lend(who) as conn:
        found = arrears.cases(conn, estate, today, CALENDAR)
        listed = found if who.capacity in FEE_READING else []
        labels = dwellings.labels(conn, [case.dwelling for case in listed])
        names = owners.named(conn, [case.debtor.payer for case in listed])
    everything = arrears.all_of(found)
    return ArrearsShape(
        estate=estate,
        day=today,
        amount=sum(each.bill.open for each in everything),
        households=len({case.dwelling for case in found}),
        lapsing=len(arrears.lapsing(found, today)),
        to_confirm=len(arrears.to_confirm(found, today)),
        ages=[AgeShape(each.age, each.amount, each.bills) for each in ageing(everything)],
        buildings=[
            BuildingArrearsShape(
                each.building,
                each.amount,
                each.dwellings,
                [AgeShape(age.age, age.amount, age.bills) for age in each.ages],
            )
            for each in arrears.by_building(found)
        ],
        debtors=[debtor_shape(case, labels.get(case.dwelling), names.get(case.debtor.payer), today) for case in listed],
    )


@router.post("/estates/{estate}/demands/print", response_class=Response, responses={200: {"content": {PDF: {}}}})
def print_demands(estate: str, request: Request, product: TheProduct, who: Accountant, body: PrintBody) -> Response:
    """The letters of demands that are not served yet, as one PDF."""
    own(estate, who)
    letters = demand_letters.printed(product, who, estate, body.demands, language_of(request), body.building)
    return pdf(letters, "demands", Taking(product, who, Taken.DEMANDS, estate, len(body.demands) or None))


@router.get(
    "/dwellings/{dwelling}/debtors/{payer}/suit.pdf", response_class=Response, responses={200: {"content": {PDF: {}}}}
)
def print_suit_file(dwelling: UUID, payer: UUID, request: Request, product: TheProduct, who: Accountant) -> Response:
    """What a court is given about one debtor: the claims, the demands with their proof, the steps that were taken."""
    file = suit_file.printed(product, who, Pick(dwelling, payer), language_of(request))
    return pdf(
        file, "suit", Taking(product, who, Taken.SUIT_FILE, product.log.remembered(DWELLING, dwelling).state.estate, 1)
    )
