"""Several chosen orders or lines acted on at once: the page says of each what became of it, and offers to undo it."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from domain.refusal import Refusal
from projections.people import people
from services.cases import bulk
from services.cases.bulk import Chosen, Outcome
from services.cases.plans import Promotion
from services.commands.ask import Answer
from services.commands.plan import PlanFor
from services.console.answers import sentence, turned_away
from services.console.visit import ActVisit, FormFields, Visit
from services.http.acting import perform
from services.http.forms import form_of
from services.http.problems import known, problem_of

router = APIRouter(include_in_schema=False)


async def _ticked(request: Request) -> list[str]:
    form = await form_of(request)
    return [value for value in form.getlist("of") if isinstance(value, str)]


Ticked = Annotated[list[str], Depends(_ticked)]


@router.post("/orders-of/{estate}/bulk")
def on_orders(estate: str, ticked: Ticked, visit: ActVisit, form: FormFields) -> Response:
    return _acted(visit.at(estate), estate, ticked, form, of_lines=False)


@router.post("/notebook/{estate}/bulk")
def on_lines(estate: str, ticked: Ticked, visit: ActVisit, form: FormFields) -> Response:
    return _acted(visit.at(estate), estate, ticked, form, of_lines=True)


def _acted(here: Visit, estate: str, ticked: Sequence[str], form: dict[str, str], *, of_lines: bool) -> Response:
    with here.lend() as conn:
        here.estate(conn, estate)
    act = form.get("act", "")
    outcomes: list[Outcome] = []
    status, wrong, name = 200, "", ""
    try:
        ask = here.ask({key: value for key, value in form.items() if key != "version"})
        chosen = bulk.chosen_of(ticked)
        command = bulk.command_of(act, form, of_lines=of_lines)

        kind = "PromoteToWorkOrder" if isinstance(command, Promotion) else type(command).__name__

        def do(each: Chosen, plan: PlanFor[Any]) -> Answer:
            one = bulk.asked_for(ask, each)
            answer: Answer = perform(here.request, kind, lambda: here.product.handler.do(one, plan))
            return answer

        with here.lend() as conn:
            give = bulk.on_lines if of_lines else bulk.on_orders
            outcomes = give(conn, estate, chosen, command, do)
            steward = getattr(command, "steward", None)
            name = people.named(conn, [steward]).get(steward) or "" if isinstance(steward, UUID) else ""
    except Refusal as error:
        status, wrong = turned_away(here, error)
    done = [each for each in outcomes if each.answer is not None]
    before = bulk.goes_back_to(act, done)
    undo = bulk.UNDONE_BY.get(act) or ("reassign" if before else None)
    back = f"/notebook/{estate}?show=waiting" if of_lines else f"/orders-of/{estate}"
    return here.html(
        "bulk_done.html",
        status=status,
        here="notebook" if of_lines else "orders",
        act=act,
        name=name,
        wrong=wrong,
        done=done,
        refused=[(each, _why(here, each)) for each in outcomes if each.answer is None],
        undo=undo if done else None,
        undo_to=before,
        undo_of=[f"{each.chosen.key}.{each.answer.version}" for each in done if each.answer is not None],
        at="/issues/" if of_lines else "/orders/",
        action=f"{back.partition('?')[0]}/bulk",
        back=back,
        after=max((each.answer.position for each in done if each.answer is not None), default=0),
    )


def _why(here: Visit, outcome: Outcome) -> str:
    assert outcome.wrong is not None
    return sentence(here, outcome.wrong, known(here.request, problem_of(outcome.wrong)))
