"""Witnesses over HTTP: who has vouched for how much, the policy, what is to be signed by hand, what was signed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import StringConstraints

from services.http.act_route import act_at
from services.http.acting import AskingNow, performing
from services.http.acts import Done, done
from services.http.bodies import ActBody
from services.http.who import SignedIn, TheProduct, own
from services.log.not_found import NotFound
from services.sessions.member import Member
from services.tlog.checkpoint import Checkpoint
from services.tlog.spelling import base64_text
from services.trail.witness_plans import on_cosignature, on_policy
from services.trail.witness_policy import PolicySource
from services.trail.witness_reading import evidence_of, offered, witness_reader
from services.trail.witness_records import WitnessWent
from services.trail.witness_standing import WitnessStanding, witness_standing

router = APIRouter(prefix="/api/v1/estates/{estate}/trail", tags=["audit"])

WitnessReader = Annotated[Member, Depends(witness_reader)]


class PolicyBody(ActBody):
    """A policy as C2SP tlog-policy writes it; an empty text takes the policy back."""

    policy: Annotated[str, StringConstraints(max_length=100_000)]


class CosignatureBody(ActBody):
    """A line as a witness's page or `jinlin witness sign` gives it, or the whole note with it."""

    line: Annotated[str, StringConstraints(max_length=20_000)]


@dataclass(frozen=True, slots=True)
class WitnessShape:
    """``id`` is the number of its key; ``size`` and ``at`` (by its own clock) are of what it cosigned last.

    ``went`` and ``since`` are of asking it by HTTP.
    """

    id: str
    name: str
    key: str
    by_hand: bool
    size: int
    at: datetime | None
    went: WitnessWent | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class EvidenceShape:
    number: int
    at: datetime
    witness: str
    went: WitnessWent


@dataclass(frozen=True, slots=True)
class WitnessesShape:
    """``witnessed`` entries have a quorum, with the ``root`` of that checkpoint; ``tail`` are those beyond.

    ``tail_seconds`` is the age of the oldest of them. ``policy`` is the one that holds, ``source`` where it is from.
    """

    witnessed: int
    root: str | None
    recorded: int
    tail: int
    tail_seconds: int
    source: PolicySource
    policy: str | None
    witnesses: list[WitnessShape]
    evidence: list[EvidenceShape]


@router.get("/witnesses")
def get_witnesses(estate: str, product: TheProduct, who: WitnessReader) -> WitnessesShape:
    """Who has vouched for how much of the trail, and what nobody vouches for yet."""
    own(estate, who)
    now = product.clock()
    with product.database.lend_by_id() as conn:
        return _shape(witness_standing(product, conn, now), now)


@router.get("/witnesses/{witness}/to-sign", response_class=PlainTextResponse)
def get_what_to_sign(
    estate: str, witness: Annotated[str, Path(max_length=60)], product: TheProduct, who: WitnessReader
) -> Response:
    """The checkpoint for a witness who signs by hand, with the proof from the one that it signed last."""
    own(estate, who)
    _, found = offered(product, witness)
    return Response(found.submission.text(), media_type="text/plain")


@router.get("/evidence/{number}", response_class=PlainTextResponse)
def get_evidence(
    estate: str, number: Annotated[str, Path(max_length=60)], product: TheProduct, who: WitnessReader
) -> Response:
    """Two signed checkpoints that do not go together."""
    own(estate, who)
    if not number.isascii() or not number.isdigit() or len(number) > 15:
        raise NotFound
    return Response(evidence_of(product, int(number)).text(), media_type="text/plain")


@act_at(router, "/witness-policy")
async def adopt_witness_policy(
    estate: str,
    request: Request,
    response: Response,
    product: TheProduct,
    who: SignedIn,
    asking: AskingNow,
    body: PolicyBody,
) -> Done:
    """Say who has to vouch for the trail before it is called witnessed."""
    ask = asking.by(who, body.occurred_at)
    plan = on_policy(product, estate, body.policy)
    return done(response, await performing(request, product, "AdoptWitnessPolicy", ask, plan))


@act_at(router, "/cosignatures")
async def take_cosignature(
    estate: str,
    request: Request,
    response: Response,
    product: TheProduct,
    who: SignedIn,
    asking: AskingNow,
    body: CosignatureBody,
) -> Done:
    """Hand in what a witness has signed by hand."""
    ask = asking.by(who, body.occurred_at)
    plan = on_cosignature(product, estate, body.line)
    return done(response, await performing(request, product, "TakeCosignature", ask, plan))


def _shape(stands: WitnessStanding, now: datetime) -> WitnessesShape:
    policy = stands.holds.policy
    return WitnessesShape(
        witnessed=stands.size,
        root=base64_text(Checkpoint.parse(stands.witnessed.note.text).root) if stands.witnessed else None,
        recorded=stands.recorded,
        tail=stands.tail,
        tail_seconds=int(stands.tail_seconds(now)),
        source=stands.holds.source,
        policy=policy.text() if policy else None,
        witnesses=[
            WitnessShape(
                each.id, each.name, each.key, not each.url, each.size, each.at,
                each.last.went if each.last else None, each.last.since if each.last else None,
            )
            for each in stands.lanes
        ],
        evidence=[EvidenceShape(each.number, each.at, each.witness, each.went) for each in stands.evidence],
    )  # fmt: skip
