"""The hours of an estate's station over HTTP."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from domain.calendar import ServiceHours
from domain.estates.estate import OpenStation
from services.estates.plans import on_estate
from services.http.act_route import act_at
from services.http.acting import AskingNow, etag, performing
from services.http.bodies import ActBody
from services.http.who import SignedIn, TheProduct

router = APIRouter(prefix="/api/v1", tags=["people"])


@dataclass(frozen=True, slots=True)
class StationDone:
    estate: str
    version: int
    position: int


class HoursBody(ActBody):
    """Hours of the station, in minutes after midnight."""

    opens: Annotated[int, Field(ge=0, le=1440)]
    closes: Annotated[int, Field(ge=0, le=1440)]


@act_at(router, "/stations/{estate}/hours")
async def set_hours(
    estate: str,
    request: Request,
    response: Response,
    product: TheProduct,
    who: SignedIn,
    asking: AskingNow,
    body: HoursBody,
) -> StationDone:
    """Change the hours that count; promises already made stay as they are."""
    ask = asking.by(who, body.occurred_at)
    command = OpenStation(ServiceHours(body.opens, body.closes))
    answer = await performing(request, product, "OpenStation", ask, on_estate(estate, command))
    response.headers["ETag"] = etag(answer.version)
    return StationDone(estate, answer.version, answer.position)
