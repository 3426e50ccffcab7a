"""Who has vouched for the trail: lanes, tail, what is to be signed by hand, what was signed, the policy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import RedirectResponse, Response

from domain.calendar import ServiceHours
from domain.capacity import Capacity
from domain.refusal import Refusal
from services.commands.ask import Answer, Forbidden, KeyReused, Stale
from services.commands.plan import Plan, PlanFor
from services.console.answers import refused
from services.console.visit import FormFields, Visit, visiting
from services.http.acting import perform
from services.http.addresses import opens_here_only, origin
from services.log.not_found import NotFound
from services.product import Product
from services.trail.keys import TrailKeyMissing
from services.trail.publishing import Forked, Publisher
from services.trail.witness_codes import Code, code, link
from services.trail.witness_plans import Cosigned, on_cosignature, on_policy
from services.trail.witness_policy import Seat, usual
from services.trail.witness_reading import evidence_of, offered, witness_reader
from services.trail.witness_standing import WitnessStanding, witness_standing

router = APIRouter(include_in_schema=False)

WitnessVisit = Annotated[Visit, Depends(visiting(witness_reader))]
MEMBERS, GOVERNMENT = (1, 2, 3), (1, 2)  # seats of the usual policy


@router.get("/trail/{estate}/witnesses")
def page(estate: str, visit: WitnessVisit) -> Response:
    here = visit.at(estate)
    with here.lend() as conn:
        here.estate(conn, estate)
    return _page(here)


@router.get("/trail/{estate}/witnesses/{witness}/to-sign")
def to_sign(estate: str, witness: Annotated[str, Path(pattern="^[0-9a-f]{8}$")], visit: WitnessVisit) -> Response:
    """The file for a member's own phone or computer."""
    here = visit.at(estate)
    with here.lend() as conn:
        here.estate(conn, estate)
    try:
        of, found = offered(here.product, witness)
    except Forked:
        return RedirectResponse(f"/trail/{estate}/witnesses", 303)
    name = f"to-sign-{of.name}-{found.kept.size}.txt"
    return Response(
        found.submission.text(),
        media_type="text/plain",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{_plain(name)}"},
    )


@router.get("/trail/{estate}/evidence/{number}")
def evidence_file(estate: str, number: Annotated[int, Path(ge=1, le=2**62)], visit: WitnessVisit) -> Response:
    here = visit.at(estate)
    with here.lend() as conn:
        here.estate(conn, estate)
    return Response(
        evidence_of(here.product, number).text(),
        media_type="text/plain",
        headers={"Content-Disposition": f'attachment; filename="evidence-{number}.txt"'},
    )


@router.post("/trail/{estate}/witnesses/{act}")
def act(estate: str, act: str, form: FormFields, visit: WitnessVisit) -> Response:
    here = visit.at(estate)
    if act not in _ACTS or estate not in here.member.estates:
        raise NotFound
    command, plan_for = _ACTS[act]
    try:
        ask, plan = here.ask(form), plan_for(here.product, estate, form)
        answer = perform(here.request, command, lambda: here.product.handler.do(ask, plan))
    except (Refusal, Stale, Forbidden, KeyReused) as wrong:
        return refused(here, wrong, lambda errors, status: _page(here, status, errors, form))
    back = f"/trail/{estate}/witnesses"
    return here.done(answer, _said(here, act, answer, form), back, go=back)


def _said(here: Visit, act: str, answer: Answer, form: Mapping[str, str]) -> str:
    if isinstance(answer, Cosigned):
        return here.voice.say("witness-done-take", who=answer.witness, size=answer.size)
    gone = act == "policy" and not form.get("policy", "").strip()
    return here.voice.say("witness-done-withdraw" if gone else "witness-done-policy")


def _take(product: Product, estate: str, form: Mapping[str, str]) -> PlanFor[Cosigned]:
    return on_cosignature(product, estate, form.get("line", ""))


def _policy(product: Product, estate: str, form: Mapping[str, str]) -> Plan:
    return on_policy(product, estate, form.get("policy", ""))


def _usual(product: Product, estate: str, form: Mapping[str, str]) -> Plan:
    members = _seats(form, "member", MEMBERS)
    return on_policy(product, estate, usual(product, members, _seats(form, "government", GOVERNMENT)))


def _seats(form: Mapping[str, str], prefix: str, places: tuple[int, ...]) -> list[Seat]:
    found = [Seat(form.get(f"{prefix}-{n}", "").strip(), form.get(f"{prefix}-url-{n}", "").strip()) for n in places]
    return [each for each in found if each.key]


_ACTS: dict[str, tuple[str, Callable[[Product, str, Mapping[str, str]], PlanFor[Answer]]]] = {
    "take": ("TakeCosignature", _take),
    "policy": ("AdoptWitnessPolicy", _policy),
    "usual": ("AdoptWitnessPolicy", _usual),
}


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a member who signs by hand is given: the address for a phone as a code, unless it is signed already."""

    id: str
    name: str
    called: str
    signed: bool
    address: str
    code: Code | None


def _page(
    here: Visit, status: int = 200, errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None
) -> Response:
    product, now = here.product, here.product.clock()
    with product.database.lend_by_id() as conn:
        stands = witness_standing(product, conn, now)
    try:
        publisher = product.part(Publisher)
        keys = [each.vkey() for each in publisher.keys.verifiers()]
    except TrailKeyMissing:
        keys = []
    seconds = stands.tail_seconds(now)
    return here.html(
        "witnesses.html",
        status=status,
        here="trail",
        tab="trail-witnesses",
        stands=stands,
        verdict="none" if stands.holds.policy is None else "witnessed" if stands.witnessed else "nobody",
        waited=here.voice.span(timedelta(seconds=seconds), ServiceHours(0, 24 * 60)),  # by the clock on the wall
        old=stands.holds.policy is not None and seconds > product.settings.most_tail * 60,
        most=int(product.settings.most_tail),
        by_hand=_by_hand(here, stands, keys),
        keys=keys,
        may_settle=here.member.capacity is Capacity.ADMINISTRATOR,
        members=MEMBERS,
        government=GOVERNMENT,
        errors=errors or {},
        typed=typed or {},
    )


def _by_hand(here: Visit, stands: WitnessStanding, keys: list[str]) -> list[ByHand]:
    """What lies ready for those who sign by hand."""
    public = origin(here.product)
    found = []
    for lane in stands.lanes:
        if lane.url:
            continue
        try:
            _, offer = offered(here.product, lane.id)
        except (Forked, NotFound):
            continue
        address = "" if opens_here_only(public) else link(public, keys[-1], offer.submission)
        drawn = code(address) if address and not offer.signed else None
        found.append(ByHand(lane.id, lane.name, lane.called, offer.signed, address, drawn))
    return found


def _plain(name: str) -> str:
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-.") else "_" for sign in name)
