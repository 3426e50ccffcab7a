"""The hours of an estate's station over HTTP."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import ConfigDict, Field

from domain.calendar import DaysApart, ServiceHours, Shift
from domain.estates.station_hours import MOST_DAYS, MOST_SHIFTS
from services.estates.plans import open_station
from services.http.act_route import act_at
from services.http.acting import AskingNow, etag, performing
from services.http.bodies import ActBody, Day, Typed
from services.http.who import SignedIn, TheProduct

router = APIRouter(prefix="/api/v1", tags=["people"])


@dataclass(frozen=True, slots=True)
class StationDone:
    estate: str
    version: int
    position: int


ShiftBody = Annotated[tuple[int, int], Field(examples=[[1200, 1920]])]
Shifts = Annotated[list[ShiftBody], Field(max_length=MOST_SHIFTS)]


class DaysApartBody(Typed):
    """Days with shifts of their own; closed, if there are none."""

    model_config = ConfigDict(extra="forbid")

    days: Annotated[list[Day], Field(min_length=1, max_length=MOST_DAYS)]
    shifts: Shifts = Field(default_factory=list)


class HoursBody(ActBody):
    """Hours of the station, in minutes after midnight. A shift that closes beyond 1440 lasts into the next day."""

    opens: Annotated[int, Field(ge=0, le=1440)]
    closes: Annotated[int, Field(ge=0, le=1440)]
    week: Annotated[
        list[Shifts], Field(max_length=7, description="Shifts of Monday to Sunday, where the days differ.")
    ] = Field(default_factory=list)
    holidays: Annotated[
        Shifts | None, Field(description="Shifts of public holidays; `null`: as any other day. Kept if it is left out.")
    ] = None
    since: Annotated[date | None, Field(description="The day from which on they hold; at once, if it is left out.")] = (
        None
    )
    apart: Annotated[list[DaysApartBody], Field(max_length=MOST_DAYS, description="Kept if it is left out.")] = Field(
        default_factory=list
    )


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
    hours = ServiceHours(body.opens, body.closes, tuple(map(_shifts, body.week)))
    if body.holidays is not None:
        hours = replace(hours, holidays=_shifts(body.holidays))
    apart = tuple(DaysApart(tuple(each.days), _shifts(each.shifts)) for each in body.apart)
    kept = frozenset({"holidays", "apart"}) - body.model_fields_set
    plan = open_station(estate, replace(hours, apart=apart), body.since, kept)
    answer = await performing(request, product, "OpenStation", ask, plan)
    response.headers["ETag"] = etag(answer.version)
    return StationDone(estate, answer.version, answer.position)


def _shifts(given: list[tuple[int, int]]) -> tuple[Shift, ...]:
    return tuple(Shift(*each) for each in given)
