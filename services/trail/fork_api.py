"""A log that is not the one that was cosigned, over HTTP: what is wrong, and the two who let it go on."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from domain.trail.going_on import GOING_ON, MAY, ConfirmGoingOn, ProposeGoingOn, log_stream
from services.http.act_route import act_at
from services.http.acting import AskingNow, performing
from services.http.acts import Done, done
from services.http.bodies import body_of
from services.http.who import Allowing, TheProduct
from services.sessions.member import Member
from services.trail.fork import ForkWatch, confirm_going_on, propose_going_on

router = APIRouter(prefix="/api/v1/audit/fork", tags=["audit"])

Keeper = Annotated[Member, Depends(Allowing(MAY))]
_PROPOSE = body_of(ProposeGoingOn, settled=("fork",))
_CONFIRM = body_of(ConfirmGoingOn, settled=("fork",))


@dataclass(frozen=True, slots=True)
class ForkShape:
    """``code`` is ``shorter``, ``different``, ``forgotten`` or ``unproven``; ``had`` entries were cosigned, and there
    are ``has``. ``proposed``: somebody said that it goes on, and another one has to confirm it.
    """

    forked: bool
    origin: str | None = None
    code: str | None = None
    had: int | None = None
    has: int | None = None
    proposed: bool = False


@router.get("")
def get_fork(product: TheProduct, who: Keeper) -> ForkShape:
    """Whether the log is the one that was cosigned; nothing is written while it is not."""
    fork = product.part(ForkWatch).fork()
    if fork is None:
        return ForkShape(False)
    state = product.log.load(GOING_ON, log_stream(fork.origin)).state
    return ForkShape(True, fork.origin, fork.code, fork.had, fork.has, state.proposed is not None)


@act_at(router, "/propose-going-on")
async def propose(
    request: Request,
    response: Response,
    product: TheProduct,
    who: Keeper,
    asking: AskingNow,
    body: Annotated[_PROPOSE, "why it goes on"],  # type: ignore[valid-type]
) -> Done:
    """The first of two: what was cosigned and lost stays lost, and the log goes on under another name."""
    ask = asking.by(who, body.occurred_at)  # type: ignore[attr-defined]
    plan = propose_going_on(product.part(ForkWatch), body.reason)  # type: ignore[attr-defined]
    return done(response, await performing(request, product, "ProposeGoingOn", ask, plan))


@act_at(router, "/confirm-going-on")
async def confirm(
    request: Request,
    response: Response,
    product: TheProduct,
    who: Keeper,
    asking: AskingNow,
    body: Annotated[_CONFIRM, "nothing more"] = _CONFIRM(),  # type: ignore[valid-type]  # noqa: B008
) -> Done:
    """The second of two, somebody else: from now on everything is written again."""
    ask = asking.by(who, body.occurred_at)  # type: ignore[attr-defined]
    plan = confirm_going_on(product.part(ForkWatch))
    return done(response, await performing(request, product, "ConfirmGoingOn", ask, plan))
