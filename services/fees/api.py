"""Accounts of dwellings, payments and refunds over HTTP."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from domain.calendar import local_date
from domain.fees.fee_account import FEE_ACCOUNT, Method, RefundReason, ReversalReason, fee_account_stream
from projections.fees import accounts
from projections.fees.accounts import ACCOUNTS
from projections.fees.payments import PAYMENTS
from services.cases.as_of import point
from services.cases.estate_at import AsOf
from services.fees.access import account_of, payment_row
from services.fees.plans import NewPayment, request_refund, reverse_payment, take_payment, undo_payment
from services.fees.shapes import FeeAccountShape, PaymentShape, Taken, account_shape, payment_shape, taken_shape
from services.http.act_route import act_at
from services.http.acting import AskingNow, etag, performing, showing
from services.http.acts import Done, done
from services.http.bodies import ActBody, Text, default_of
from services.http.who import Cashier, FeeReader, TheProduct
from services.log.known_states import Loaded
from services.log.not_found import NotFound
from services.threads.waiting import here_or_in_a_thread

router = APIRouter(prefix="/api/v1", tags=["payments"])

MOST_NAMED = 200  # bills of one payment
Fen = Annotated[int, Field(strict=True, description="Fen: 643.46 yuan are 64346.", examples=[64346])]


@dataclass(frozen=True, slots=True)
class RefundAsked:
    refund: UUID
    version: int
    position: int


class PaymentBody(ActBody):
    """Money for a dwelling. ``bills`` are those the payer names; otherwise the contract's order decides (CC 560, 561).

    What goes beyond all bills is held in advance up to the limit; more is refused, unless ``accept_excess``.
    A ``reference`` under which something was taken before is refused once; ``again`` says that it is another payment.
    """

    dwelling: UUID
    amount: Fen
    method: Method
    bills: Annotated[list[UUID], Field(default_factory=list, max_length=MOST_NAMED)]
    paid_on: date | None = None
    payer: UUID | None = None
    reference: Annotated[Text, Field(examples=["4200002468202611201234567890"])] | None = None
    again: Annotated[bool, Field(strict=True)] = False
    accept_excess: Annotated[bool, Field(strict=True)] = False


class ReversalBody(ActBody):
    """Why the payment does not stand."""

    reason: ReversalReason
    text: Text | None = None


class RefundBody(ActBody):
    """What of a payment is wanted back: no more than is held of it."""

    amount: Fen
    reason: RefundReason
    text: Text | None = None


# -- accounts ------------------------------------------------------------------------------------------------------


@router.get("/accounts/{dwelling}", dependencies=[showing(ACCOUNTS)])
def get_account(
    dwelling: UUID, response: Response, product: TheProduct, who: FeeReader, as_of: AsOf = None
) -> FeeAccountShape:
    """The account of a dwelling. ``ETag`` is its version: with ``If-Match`` nobody takes money on an older look."""
    with product.lend(who) as conn:
        if accounts.account(conn, dwelling) is None:
            raise NotFound
    loaded = account_of(product, who, dwelling)
    if as_of is None:
        response.headers["ETag"] = etag(loaded.version)
        return account_shape(loaded, local_date(product.clock()))
    meant = point(product, as_of)
    history = product.log.of_streams([fee_account_stream(dwelling)], meant.position)
    if not history:
        raise NotFound
    response.headers["X-Position"] = str(meant.position)
    response.headers["X-As-Of"] = meant.moment.isoformat()
    then = Loaded(FEE_ACCOUNT.fold((each.event, each.act) for each in history), len(history))
    return account_shape(then, local_date(meant.moment))


# -- payments ------------------------------------------------------------------------------------------------------


@act_at(router, "/payments", status_code=201, name="RecordPayment")
async def take(
    request: Request, response: Response, product: TheProduct, who: Cashier, asking: AskingNow, body: PaymentBody
) -> Taken:
    """Take money for a dwelling. The receipt's number comes with it, in the same transaction."""
    new = NewPayment(
        dwelling=body.dwelling,
        amount=body.amount,
        method=body.method,
        bills=tuple(body.bills),
        paid_on=body.paid_on,
        payer=body.payer,
        reference=body.reference,
        again=body.again,
        accept_excess=body.accept_excess,
    )
    answer = await performing(request, product, "RecordPayment", asking.by(who, body.occurred_at), take_payment(new))
    response.headers["ETag"] = etag(answer.version)
    return await here_or_in_a_thread(lambda: taken_shape(product, body.dwelling, answer))


@router.get("/payments/{payment}", dependencies=[showing(PAYMENTS)])
def get_payment(payment: UUID, response: Response, product: TheProduct, who: FeeReader) -> PaymentShape:
    """One payment. ``ETag`` is the version of its account."""
    row = payment_row(product, who, payment)
    loaded = account_of(product, who, row.dwelling)
    response.headers["ETag"] = etag(loaded.version)
    return payment_shape(loaded.state, payment)


@act_at(router, "/payments/{payment}/reverse", name="ReversePayment")
async def reverse(
    payment: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Cashier,
    asking: AskingNow,
    body: ReversalBody,
) -> Done:
    """Take a payment back that does not stand: its bills are open again.

    Its cash leaves the drawer that took it; its line of a statement, if there is one, waits in the queue again.
    """
    row = await here_or_in_a_thread(lambda: payment_row(product, who, payment))
    plan = reverse_payment(row.dwelling, payment, body.reason, body.text)
    answer = await performing(request, product, "ReversePayment", asking.by(who, body.occurred_at), plan)
    return done(response, answer)


@act_at(router, "/payments/{payment}/undo", name="UndoPayment")
async def undo(
    payment: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Cashier,
    asking: AskingNow,
    body: ActBody = default_of(ActBody),  # noqa: B008
) -> Done:
    """Take back within seconds what one has just taken oneself. It is reversed, and its receipt stays on record."""
    row = await here_or_in_a_thread(lambda: payment_row(product, who, payment))
    plan = undo_payment(row.dwelling, payment)
    answer = await performing(request, product, "UndoPayment", asking.by(who, body.occurred_at), plan)
    return done(response, answer)


@act_at(router, "/payments/{payment}/refunds", status_code=201, name="RequestRefund")
async def ask_refund(
    payment: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Cashier,
    asking: AskingNow,
    body: RefundBody,
) -> RefundAsked:
    """Ask for money back that is held of a payment; a second person approves it."""
    row = await here_or_in_a_thread(lambda: payment_row(product, who, payment))
    plan = request_refund(row.dwelling, payment, body.amount, body.reason, body.text)
    answer = await performing(request, product, "RequestRefund", asking.by(who, body.occurred_at), plan)
    response.headers["ETag"] = etag(answer.version)
    return RefundAsked(answer.refund, answer.version, answer.position)
