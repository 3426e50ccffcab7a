"""The page on which two persons let a log go on that is not the one that was cosigned."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from domain.refusal import Refusal
from domain.trail.going_on import GOING_ON, MAY, ConfirmGoingOn, ProposeGoingOn, log_stream
from projections.people import people
from services.commands.plan import Plan
from services.console.visit import FormFields, Visit, visiting
from services.http.acting import perform
from services.http.problems import detail, problem_of
from services.http.who import Allowing
from services.trail.fork import ForkWatch, confirm_going_on, propose_going_on
from services.trail.keys import TrailKeyMissing
from services.trail.publishing import Publisher

router = APIRouter(include_in_schema=False)

ForkVisit = Annotated[Visit, Depends(visiting(Allowing(MAY)))]


@router.get("/audit/fork")
def page(visit: ForkVisit) -> Response:
    return _page(visit)


@router.post("/audit/fork/propose")
def propose(form: FormFields, visit: ForkVisit) -> Response:
    plan = propose_going_on(visit.product.part(ForkWatch), form.get("reason") or "")
    return _done(visit, ProposeGoingOn.__name__, plan, form)


@router.post("/audit/fork/confirm")
def confirm(form: FormFields, visit: ForkVisit) -> Response:
    return _done(visit, ConfirmGoingOn.__name__, confirm_going_on(visit.product.part(ForkWatch)), form)


def _done(visit: Visit, name: str, plan: Plan, form: FormFields) -> Response:
    try:
        ask = visit.ask({name: text for name, text in form.items() if name != "version"})
        perform(visit.request, name, lambda: visit.product.handler.do(ask, plan))
    except Refusal as refusal:
        problem = problem_of(refusal)
        return _page(visit, detail(visit.viewer.language, problem), form.get("reason") or "", problem.status)
    return RedirectResponse("/audit/fork", 303)


def _page(visit: Visit, said: str = "", typed: str = "", status: int = 200) -> Response:
    product = visit.product
    fork = product.part(ForkWatch).fork()
    proposed = product.log.load(GOING_ON, log_stream(fork.origin)).state.proposed if fork else None
    try:
        keys = product.part(Publisher).keys
    except TrailKeyMissing:
        keys = None
    with visit.lend() as conn:
        by = people.named(conn, [proposed.actor]).get(proposed.actor) if proposed else None
    return visit.html(
        "trail_fork.html",
        status=status,
        here="fork",
        fork=fork,
        proposed=proposed,
        by=by,
        mine=proposed is not None and proposed.actor == visit.member.person,
        origin=keys.origin if keys else "",
        vkeys=[key.vkey() for key in keys.verifiers()] if keys else [],
        said=said,
        typed=typed,
    )
