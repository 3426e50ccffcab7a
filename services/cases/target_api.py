"""What a station promises over HTTP: by when, per priority and category, since and until which day."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request, Response

from domain.calendar import local_date
from domain.cases.category import Category, Priority
from domain.cases.service_level import target_of
from domain.cases.targets import LiftTarget, SetTarget
from projections.cases.targets import TARGETS, targets_of
from services.cases.target_plans import on_targets
from services.http.act_route import act_at
from services.http.acting import AskingNow, performing, showing
from services.http.acts import Done, done
from services.http.bodies import body_of, command_of
from services.http.who import SignedIn, TheProduct, own

router = APIRouter(prefix="/api/v1/stations/{estate}", tags=["stations"])

_SET, _LIFT = body_of(SetTarget, settled=("estate",)), body_of(LiftTarget, settled=("estate",))


@dataclass(frozen=True, slots=True)
class TargetShape:
    """What a priority promises, in minutes of service time; ``next_day`` is an arrival by the end of the next day.

    ``category`` is ``null`` of what holds for all that have no own one; ``since`` is ``null`` of the house's own.
    """

    priority: Priority
    category: Category | None
    accept: int | None
    dispatch: int | None
    arrive: int | None
    fix: int | None
    next_day: bool
    since: date | None
    until: date | None


@router.get("/targets", dependencies=[showing(TARGETS)])
def get_targets(estate: str, product: TheProduct, who: SignedIn) -> list[TargetShape]:
    """What is promised: first what holds today of every priority, then all that was set, the oldest first."""
    own(estate, who)
    with product.database.lend(who.estates) as conn:
        targets = targets_of(conn, estate)
    now = targets.on(local_date(product.clock()))
    today = [(target_of(each, now), None, None, None) for each in Priority]
    rows = [*today, *((each.target, each.category, each.since, each.until) for each in targets.valid)]
    return [
        TargetShape(t.priority, category, t.accept, t.dispatch, t.arrive, t.fix, t.next_day, since, until)
        for t, category, since, until in rows
    ]


@act_at(router, "/targets")
async def set_target(
    estate: str,
    request: Request,
    response: Response,
    product: TheProduct,
    who: SignedIn,
    asking: AskingNow,
    body: Annotated[_SET, "what is promised"],  # type: ignore[valid-type]
) -> Done:
    """Promise this of what is reported from that day on; promises already given stay as they are."""
    ask = asking.by(who, body.occurred_at)  # type: ignore[attr-defined]
    command = command_of(SetTarget, body, estate=estate)
    return done(response, await performing(request, product, "SetTarget", ask, on_targets(command)))


@act_at(router, "/targets/lift")
async def lift_target(
    estate: str,
    request: Request,
    response: Response,
    product: TheProduct,
    who: SignedIn,
    asking: AskingNow,
    body: Annotated[_LIFT, "what holds no longer"],  # type: ignore[valid-type]
) -> Done:
    """From that day on it is as if nothing had been set of this priority and category."""
    ask = asking.by(who, body.occurred_at)  # type: ignore[attr-defined]
    command = command_of(LiftTarget, body, estate=estate)
    return done(response, await performing(request, product, "LiftTarget", ask, on_targets(command)))
