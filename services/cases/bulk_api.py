"""One act on several orders or lines over HTTP: of each is told what became of it; one refusal stops no other."""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from domain.cases import issue as issues
from domain.cases import work_order as orders
from domain.cases.category import Category
from domain.refusal import Rejection, reject_if
from services.cases import bulk
from services.cases.bulk import Chosen, Outcome
from services.cases.plans import Promotion
from services.commands.ask import Answer, Ask
from services.commands.plan import PlanFor
from services.http.acting import AskingOfSeveral, perform
from services.http.bodies import Text
from services.http.problems import detail, known, language_of, problem_of
from services.http.who import Actor, TheProduct, own
from services.product import Product

router = APIRouter(prefix="/api/v1", tags=["stations"])


class ChosenBody(BaseModel):
    """One of those chosen; where ``version`` is said and is not the newest, it is refused as ``stale``."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    version: Annotated[int | None, Field(ge=1, le=2**31)] = None


class OrdersBulkAct(Enum):
    DISPATCH = "dispatch-steward"
    RECALL = "recall-dispatch"
    REASSIGN = "reassign-steward"
    ACCEPT = "accept-work-order"
    UNDO_ACCEPT = "undo-acceptance"


class LinesBulkAct(Enum):
    PROMOTE = "promote-to-work-order"
    UNDO_PROMOTE = "undo-promotion"
    DROP = "drop-issue"
    UNDO_DROP = "undo-drop"


_Of = Annotated[list[ChosenBody], Field(max_length=1000, description=f"{bulk.MOST} at most.")]


class OrdersBulkBody(BaseModel):
    """The act, and on which orders.

    ``dispatch-steward`` needs the ``steward``, ``reassign-steward`` the ``reason`` as well; ``recall-dispatch`` takes
    back what was sent, ``undo-acceptance`` what was accepted.
    """

    model_config = ConfigDict(extra="forbid")

    act: OrdersBulkAct
    of: _Of
    steward: UUID | None = None
    reason: Annotated[Text, Field(examples=["请假"])] | None = None


class LinesBulkBody(BaseModel):
    """The act, and on which lines. ``drop-issue`` needs a ``reason``; ``undo-drop`` takes it back, and
    ``undo-promotion`` what was promoted.

    A line that is promoted becomes an order of ``category``, or else of what it was triaged as or looks like.
    """

    model_config = ConfigDict(extra="forbid")

    act: LinesBulkAct
    of: _Of
    category: Category | None = None
    reason: Annotated[Text, Field(examples=["重复登记"])] | None = None


@dataclass(frozen=True, slots=True)
class OutcomeShape:
    """What became of one: its ``version`` and the ``position`` where it was done, else ``code`` and ``detail``."""

    id: UUID
    number: str
    done: bool
    version: int | None
    position: int | None
    code: str | None
    detail: str | None


@router.post("/stations/{estate}/work-orders/bulk")
def act_on_orders(
    estate: str, request: Request, product: TheProduct, who: Actor, asking: AskingOfSeveral, body: OrdersBulkBody
) -> list[OutcomeShape]:
    """One act on several orders of the estate, each with its own event, version and refusal; nothing is rolled back."""
    own(estate, who)
    command = _command(body)
    with product.lend(who) as conn:
        found = bulk.on_orders(
            conn, estate, _chosen(body.of), command, _doing(request, product, asking.by(who), command)
        )
    return [_shape(request, each) for each in found]


@router.post("/stations/{estate}/issues/bulk")
def act_on_lines(
    estate: str, request: Request, product: TheProduct, who: Actor, asking: AskingOfSeveral, body: LinesBulkBody
) -> list[OutcomeShape]:
    """One act on several lines of the estate's notebook, each with its own event, version and refusal."""
    own(estate, who)
    drop = body.act is LinesBulkAct.DROP
    reject_if(drop and not (body.reason or "").strip(), "blank_text", field="reason")
    command: Any = Promotion(category=body.category)
    if drop:
        command = issues.DropIssue(body.reason)
    elif body.act is LinesBulkAct.UNDO_DROP:
        command = issues.UndoDrop()
    elif body.act is LinesBulkAct.UNDO_PROMOTE:
        command = issues.UndoPromotion()
    with product.lend(who) as conn:
        found = bulk.on_lines(
            conn, estate, _chosen(body.of), command, _doing(request, product, asking.by(who), command)
        )
    return [_shape(request, each) for each in found]


def _command(body: OrdersBulkBody) -> Any:
    match body.act:
        case OrdersBulkAct.DISPATCH:
            return orders.DispatchSteward(_steward(body))
        case OrdersBulkAct.REASSIGN:
            reject_if(not (body.reason or "").strip(), "blank_text", field="reason")
            return orders.ReassignSteward(_steward(body), body.reason)
        case OrdersBulkAct.RECALL:
            return orders.RecallDispatch()
        case OrdersBulkAct.ACCEPT:
            return orders.AcceptWorkOrder()
        case OrdersBulkAct.UNDO_ACCEPT:
            return orders.UndoAcceptance()


def _steward(body: OrdersBulkBody) -> UUID:
    if body.steward is None:
        raise Rejection("blank_text", field="steward")
    return body.steward


def _chosen(said: list[ChosenBody]) -> list[Chosen]:
    return bulk.checked(list({each.id: Chosen(each.id, each.version) for each in said}.values()))


def _doing(request: Request, product: Product, ask: Ask, command: Any) -> bulk.Doing:
    name = "PromoteToWorkOrder" if isinstance(command, Promotion) else type(command).__name__

    def do(each: Chosen, plan: PlanFor[Any]) -> Answer:
        answer: Answer = perform(request, name, lambda: product.handler.do(bulk.asked_for(ask, each), plan))
        return answer

    return do


def _shape(request: Request, found: Outcome) -> OutcomeShape:
    key, number = found.chosen.key, found.number
    if found.answer is not None:
        return OutcomeShape(key, number, True, found.answer.version, found.answer.position, None, None)
    assert found.wrong is not None
    problem = known(request, problem_of(found.wrong))
    said = detail(language_of(request), problem)
    return OutcomeShape(key, number, False, None, None, problem.code, said)
