"""Refunds over HTTP: those that wait, approved by a second person, paid out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from domain.capacity import Capacity
from domain.fees.fee_account import ApproveRefund, Method, RefundReason, RefundStage, RejectRefund
from projections.fees import payments, refunds
from projections.fees.payments import PAYMENTS
from projections.fees.refunds import REFUNDS, RefundRow, Step
from projections.people import people
from projections.people.people import PEOPLE
from services.fees.access import payment_of_refund, said_of
from services.fees.plans import on_refund, pay_refund
from services.fees.returned_refunds import return_refund, withdraw_refund_return
from services.http.act_route import act_at
from services.http.acting import AskingNow, performing, showing
from services.http.acts import Done, done
from services.http.bodies import ActBody, Text, default_of
from services.http.who import Cashier, TheProduct, own
from services.threads.waiting import here_or_in_a_thread

router = APIRouter(prefix="/api/v1", tags=["payments"])


@dataclass(frozen=True, slots=True)
class StepShape:
    who: UUID
    name: str | None
    acting_as: Capacity
    at: str


@dataclass(frozen=True, slots=True)
class RefundShape:
    """Money that somebody asks back, and how far that is."""

    refund: UUID
    payment: UUID
    dwelling: UUID
    amount: int
    reason: RefundReason
    stage: RefundStage
    asked: StepShape
    decided: StepShape | None
    paid: StepShape | None
    method: Method | None
    text: str | None
    paid_on: date | None
    returned: StepShape | None
    returned_on: date | None


class PayOutBody(ActBody):
    """How it is paid out; cash leaves one's own drawer."""

    method: Method
    paid_on: date | None = None
    reference: Annotated[Text, Field(examples=["4200002468202611201234567890"])] | None = None


class ReturnedBody(ActBody):
    """The day on which the bank sent it back; today, where none is named."""

    returned_on: date | None = None


@router.get("/estates/{estate}/refunds", dependencies=[showing(PAYMENTS, PEOPLE, REFUNDS)])
def list_refunds(estate: str, product: TheProduct, who: Cashier) -> list[RefundShape]:
    """Refunds that wait for somebody, and those done last."""
    own(estate, who)
    with product.lend(who) as conn:
        rows = [*refunds.pending(conn, [estate]), *refunds.done(conn, [estate])]
        steps = [step for row in rows for step in (row.asked, row.decided, row.paid, row.returned) if step]
        names = people.named(conn, [step.who for step in steps])
        paid = payments.by_id(conn, [row.payment for row in rows])
    said = said_of(product, rows)
    return [_refund_shape(row, paid[row.payment].dwelling, names, said) for row in rows if row.payment in paid]


def _refund_shape(
    row: RefundRow, dwelling: UUID, names: dict[UUID, str | None], said: Mapping[UUID, str]
) -> RefundShape:
    def step(found: Step | None) -> StepShape | None:
        return StepShape(found.who, names.get(found.who), found.acting_as, found.at.isoformat()) if found else None

    asked = step(row.asked)
    assert asked is not None
    return RefundShape(
        refund=row.refund,
        payment=row.payment,
        dwelling=dwelling,
        amount=row.amount,
        reason=row.reason,
        stage=row.stage,
        asked=asked,
        decided=step(row.decided),
        paid=step(row.paid),
        method=row.method,
        text=said.get(row.refund),
        paid_on=row.paid_on,
        returned=step(row.returned),
        returned_on=row.returned_on,
    )


@act_at(router, "/refunds/{refund}/approve", name="ApproveRefund")
async def approve(
    refund: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Cashier,
    asking: AskingNow,
    body: ActBody = default_of(ActBody),  # noqa: B008
) -> Done:
    """Approve it; whoever asked for it may not."""
    paid = await here_or_in_a_thread(lambda: payment_of_refund(product, who, refund))
    plan = on_refund(paid.dwelling, ApproveRefund(refund))
    answer = await performing(request, product, "ApproveRefund", asking.by(who, body.occurred_at), plan)
    return done(response, answer)


@act_at(router, "/refunds/{refund}/reject", name="RejectRefund")
async def reject(
    refund: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Cashier,
    asking: AskingNow,
    body: ActBody = default_of(ActBody),  # noqa: B008
) -> Done:
    """Reject it: what was asked for is free again."""
    paid = await here_or_in_a_thread(lambda: payment_of_refund(product, who, refund))
    plan = on_refund(paid.dwelling, RejectRefund(refund))
    answer = await performing(request, product, "RejectRefund", asking.by(who, body.occurred_at), plan)
    return done(response, answer)


@act_at(router, "/refunds/{refund}/pay", name="PayRefund")
async def pay(
    refund: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Cashier,
    asking: AskingNow,
    body: PayOutBody,
) -> Done:
    """Pay it out once it is approved. Cash leaves one's own drawer."""
    paid = await here_or_in_a_thread(lambda: payment_of_refund(product, who, refund))
    plan = pay_refund(paid.dwelling, refund, body.method, body.paid_on, body.reference)
    answer = await performing(request, product, "PayRefund", asking.by(who, body.occurred_at), plan)
    return done(response, answer)


@act_at(router, "/refunds/{refund}/return", name="ReturnRefund")
async def give_back(
    refund: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Cashier,
    asking: AskingNow,
    body: ReturnedBody = default_of(ReturnedBody),  # noqa: B008
) -> Done:
    """The bank sent it back: the payer is owed it again, and it may be refunded to another account."""
    paid = await here_or_in_a_thread(lambda: payment_of_refund(product, who, refund))
    plan = return_refund(paid.dwelling, refund, body.returned_on)
    answer = await performing(request, product, "ReturnRefund", asking.by(who, body.occurred_at), plan)
    return done(response, answer)


@act_at(router, "/refunds/{refund}/stays-paid", name="WithdrawRefundReturn")
async def stays_paid(
    refund: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Cashier,
    asking: AskingNow,
    body: ActBody = default_of(ActBody),  # noqa: B008
) -> Done:
    """It did not come back after all. A line of a statement that was taken for it waits in the queue again."""
    paid = await here_or_in_a_thread(lambda: payment_of_refund(product, who, refund))
    plan = withdraw_refund_return(paid.dwelling, refund)
    answer = await performing(request, product, "WithdrawRefundReturn", asking.by(who, body.occurred_at), plan)
    return done(response, answer)
