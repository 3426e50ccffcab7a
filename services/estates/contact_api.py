"""Whom to ring on an estate in an emergency, over HTTP: firms and their numbers, by what they are rung for."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from domain.capacity import CASES
from domain.estates.emergency_contacts import Maintainer, SetEmergencyContact, WithdrawEmergencyContact
from projections.estates.emergency_contacts import EMERGENCY_LINES, lines_of
from services.estates.contact_plans import on_contacts
from services.http.act_route import act_at
from services.http.acting import AskingNow, etag, performing, showing
from services.http.acts import Done, done
from services.http.bodies import body_of, command_of
from services.http.who import Allowing, SignedIn, TheProduct, own
from services.sessions.member import Member

router = APIRouter(prefix="/api/v1/stations/{estate}/emergency-contacts", tags=["stations"])

_SET = body_of(SetEmergencyContact, settled=("estate",))
_WITHDRAW = body_of(WithdrawEmergencyContact, settled=("estate",))
Ringing = Annotated[Member, Depends(Allowing(CASES))]


@dataclass(frozen=True, slots=True)
class EmergencyContactShape:
    """A firm that is rung at any hour, and its number as it was written."""

    maintainer: Maintainer
    firm: str
    phone: str


@router.get("", dependencies=[showing(EMERGENCY_LINES)])
def get_emergency_contacts(
    estate: str, response: Response, product: TheProduct, who: Ringing
) -> list[EmergencyContactShape]:
    """Whom to ring besides 119, 110 and 120; what nobody is registered for is left out."""
    own(estate, who)
    with product.lend(who) as conn:
        lines, version = lines_of(conn, estate)
    response.headers["ETag"] = etag(version)
    found = [lines[each] for each in Maintainer if each in lines]
    return [EmergencyContactShape(each.maintainer, each.firm or "", each.phone or "") for each in found]


@act_at(router, "")
async def set_emergency_contact(
    estate: str,
    request: Request,
    response: Response,
    product: TheProduct,
    who: SignedIn,
    asking: AskingNow,
    body: Annotated[_SET, "who is rung for what"],  # type: ignore[valid-type]
) -> Done:
    """Register the firm that is rung for this; it takes the place of whoever was."""
    ask = asking.by(who, body.occurred_at)  # type: ignore[attr-defined]
    command = command_of(SetEmergencyContact, body, estate=estate)
    return done(response, await performing(request, product, "SetEmergencyContact", ask, on_contacts(command)))


@act_at(router, "/withdraw")
async def withdraw_emergency_contact(
    estate: str,
    request: Request,
    response: Response,
    product: TheProduct,
    who: SignedIn,
    asking: AskingNow,
    body: Annotated[_WITHDRAW, "for what nobody is rung any more"],  # type: ignore[valid-type]
) -> Done:
    """Nobody is registered for this any more."""
    ask = asking.by(who, body.occurred_at)  # type: ignore[attr-defined]
    command = command_of(WithdrawEmergencyContact, body, estate=estate)
    return done(response, await performing(request, product, "WithdrawEmergencyContact", ask, on_contacts(command)))
