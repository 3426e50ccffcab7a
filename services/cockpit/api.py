"""The cockpit over HTTP: what the accounts of an estate, or of all one's estates, add up to. Names no owner."""

from typing import Annotated

from fastapi import APIRouter, Query

from domain.calendar import local_date
from projections.cash.drawers import DRAWERS
from projections.fees.accounts import ACCOUNTS
from projections.fees.bills import BILLS
from projections.fees.payments import PAYMENTS
from projections.people.people import PEOPLE
from services.cockpit.figures import Cockpit, cockpit
from services.http.acting import showing
from services.http.who import TheProduct, TotalsReader, own

router = APIRouter(prefix="/api/v1/cockpit", tags=["closing"])


@router.get("", dependencies=[showing(ACCOUNTS, BILLS, DRAWERS, PAYMENTS, PEOPLE)])
def get_cockpit(
    product: TheProduct,
    who: TotalsReader,
    estate: Annotated[str | None, Query(max_length=64, description="One estate; without it all own ones.")] = None,
) -> Cockpit:
    """Collection by estate, building and month, ageing, and money today by method and drawer."""
    if estate is not None:
        own(estate, who)
    estates = [estate] if estate is not None else sorted(who.estates)
    with product.lend(who) as conn:
        return cockpit(conn, estates, local_date(product.clock()))
