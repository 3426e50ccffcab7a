"""Accounts of dwellings, payments and refunds over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from domain.capacity import Capacity
from domain.fees.fee_account import (
    FEE_ACCOUNT,
    ApproveRefund,
    FeeAccount,
    Method,
    RefundReason,
    RefundStage,
    RejectRefund,
    ReversalReason,
    fee_account_stream,
)
from domain.money.items import FeeItem
from projections.cash import drawers
from projections.fees import accounts, payments, refunds
from projections.fees.payments import PaymentRow
from projections.fees.refunds import RefundRow, Step
from projections.people import people
from services.cases.as_of import point
from services.cases.looking import AsOf
from services.commands.ask import Answer
from services.fees.access import account_of, payment_row, said_of
from services.fees.plans import NewPayment, on_refund, pay_refund, request_refund, reverse_payment, take_payment
from services.http.act_route import ActRoute
from services.http.acting import AskingNow, CaughtUp, OwnWrites, etag, performing, shown_soon, shows
from services.http.acts import Done
from services.http.bodies import ActBody, Text, default_of
from services.http.who import Cashier, FeeReader, TheHouse, own
from services.log.event_log import Loaded
from services.log.not_found import NotFound
from services.product import House
from services.sessions.member import Member
from services.threads.waiting import here_or_in_a_thread

router = APIRouter(prefix="/api/v1", tags=["payments"], route_class=ActRoute)

MOST_NAMED = 200  # bills of one payment
Fen = Annotated[int, Field(strict=True, description="Fen: 643.46 yuan are 64346.", examples=[64346])]


@dataclass(frozen=True, slots=True)
class AllocationShape:
    """So many fen of the payment went to a bill."""

    bill: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class Taken:
    """``allocations`` are what the payment settled; the rest is held as ``prepaid`` or ``overpaid``.

    ``balance`` is what is owed on the account now, below zero what it is ahead.
    """

    payment: UUID
    receipt: str
    allocations: list[AllocationShape]
    prepaid: int
    overpaid: int
    balance: int
    version: int
    position: int


@dataclass(frozen=True, slots=True)
class BillShape:
    """One line to pay: ``period`` is its first month, ``since`` to ``until`` (excluded) its days; amounts in fen."""

    bill: UUID
    number: str
    item: FeeItem
    period: str
    since: date
    until: date
    payer: UUID
    amount: int
    paid: int
    waived: int
    open: int
    due: date
    voided: bool


@dataclass(frozen=True, slots=True)
class PaymentShape:
    """A payment as it stands: ``amount`` is what was allocated, is held, or was paid back.

    ``line`` is the line of a statement that brought it, or confirms what the desk took down.
    """

    payment: UUID
    payer: UUID
    amount: int
    method: Method
    paid_on: date
    receipt: str
    allocations: list[AllocationShape]
    prepaid: int
    overpaid: int
    refunded: int
    reversed: bool
    line: UUID | None


@dataclass(frozen=True, slots=True)
class AccountShape:
    """Everything on the account of a dwelling, also what was voided or reversed; ``balance`` is open less held."""

    dwelling: UUID
    estate: str
    balance: int
    open: int
    prepaid: int
    overpaid: int
    bills: list[BillShape]
    payments: list[PaymentShape]
    version: int


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


@dataclass(frozen=True, slots=True)
class RefundAsked:
    refund: UUID
    version: int
    position: int


class PaymentBody(ActBody):
    """Money for a dwelling. ``bills`` are those the payer names; otherwise the contract's order decides (CC 560, 561).

    What goes beyond all bills is held in advance up to the limit; more is refused, unless ``accept_excess``.
    """

    dwelling: UUID
    amount: Fen
    method: Method
    bills: Annotated[list[UUID], Field(default_factory=list, max_length=MOST_NAMED)]
    paid_on: date | None = None
    payer: UUID | None = None
    reference: Annotated[Text, Field(examples=["4200002468202611201234567890"])] | None = None
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


class PayOutBody(ActBody):
    """How it is paid out; cash leaves one's own drawer."""

    method: Method
    paid_on: date | None = None
    reference: Annotated[Text, Field(examples=["4200002468202611201234567890"])] | None = None


# -- accounts ------------------------------------------------------------------------------------------------------


@router.get("/accounts/{dwelling}", dependencies=[CaughtUp])
def get_account(
    dwelling: UUID, response: Response, house: TheHouse, who: FeeReader, as_of: AsOf = None
) -> AccountShape:
    """The account of a dwelling. ``ETag`` is its version: with ``If-Match`` nobody takes money on an older look."""
    with house.database.lend(who.estates) as conn:
        if accounts.account(conn, dwelling) is None:
            raise NotFound
    loaded = account_of(house, who, dwelling)
    if as_of is None:
        response.headers["ETag"] = etag(loaded.version)
        return account_shape(loaded)
    meant = point(house, as_of)
    told = house.log.of_streams([fee_account_stream(dwelling)], meant.position)
    if not told:
        raise NotFound
    response.headers["X-Position"] = str(meant.position)
    response.headers["X-As-Of"] = meant.moment.isoformat()
    return account_shape(Loaded(FEE_ACCOUNT.fold((each.event, each.act) for each in told), len(told)))


def account_shape(loaded: Loaded[FeeAccount]) -> AccountShape:
    """What is told of an account."""
    account = loaded.state
    assert account.dwelling is not None and account.estate is not None
    return AccountShape(
        dwelling=account.dwelling,
        estate=account.estate,
        balance=account.balance,
        open=account.open,
        prepaid=account.prepaid,
        overpaid=account.overpaid,
        bills=[
            BillShape(
                bill=id,
                number=bill.number,
                item=bill.item,
                period=f"{bill.since:%Y-%m}",
                since=bill.since,
                until=bill.until,
                payer=bill.payer,
                amount=bill.amount,
                paid=bill.paid,
                waived=bill.waived,
                open=bill.open,
                due=bill.due,
                voided=bill.voided,
            )
            for id, bill in account.bills.items()
        ],
        payments=[payment_shape(account, id) for id in account.payments],
        version=loaded.version,
    )


def payment_shape(account: FeeAccount, id: UUID) -> PaymentShape:
    """What is told of a payment."""
    payment = account.payments[id]
    return PaymentShape(
        payment=id,
        payer=payment.payer,
        amount=payment.amount,
        method=payment.method,
        paid_on=payment.paid_on,
        receipt=payment.receipt,
        allocations=[AllocationShape(bill, amount) for bill, amount in payment.allocated.items()],
        prepaid=payment.prepaid,
        overpaid=payment.overpaid,
        refunded=payment.refunded,
        reversed=payment.reversed,
        line=payment.line,
    )


# -- payments ------------------------------------------------------------------------------------------------------


@router.post("/payments", status_code=201, name="RecordPayment")
async def take(
    request: Request, response: Response, house: TheHouse, who: Cashier, asking: AskingNow, body: PaymentBody
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
        accept_excess=body.accept_excess,
    )
    answer = await performing(request, house, "RecordPayment", asking.by(who, body.occurred_at), take_payment(new))
    response.headers["ETag"] = etag(answer.version)
    return await here_or_in_a_thread(lambda: taken_shape(house, body.dwelling, answer))


def taken_shape(house: House, dwelling: UUID, answer: Answer) -> Taken:
    """What the payment did when it was taken, also where the answer is a repeated one."""
    account = as_of_version(house, dwelling, answer.version)
    assert answer.order is not None and answer.number is not None
    payment = account.payments[answer.order]
    return Taken(
        payment=answer.order,
        receipt=answer.number,
        allocations=[AllocationShape(bill, amount) for bill, amount in payment.allocated.items()],
        prepaid=payment.prepaid,
        overpaid=payment.overpaid,
        balance=account.balance,
        version=answer.version,
        position=answer.position,
    )


def as_of_version(house: House, dwelling: UUID, version: int) -> FeeAccount:
    """The account as it stood at a version: mostly the newest one."""
    stream = fee_account_stream(dwelling)
    loaded = house.log.load(FEE_ACCOUNT, stream)
    if loaded.version == version:
        return loaded.state
    return FEE_ACCOUNT.fold((told.event, told.act) for told in house.log.history(stream)[:version])


@router.get("/payments/{payment}", dependencies=[CaughtUp])
def get_payment(payment: UUID, response: Response, house: TheHouse, who: FeeReader) -> PaymentShape:
    """One payment. ``ETag`` is the version of its account."""
    row = payment_row(house, who, payment)
    loaded = account_of(house, who, row.dwelling)
    response.headers["ETag"] = etag(loaded.version)
    return payment_shape(loaded.state, payment)


@router.post("/payments/{payment}/reverse", name="ReversePayment")
async def reverse(
    payment: UUID,
    request: Request,
    response: Response,
    house: TheHouse,
    who: Cashier,
    asking: AskingNow,
    body: ReversalBody,
) -> Done:
    """Take a payment back that does not stand: its bills are open again.

    Its cash leaves the drawer that took it; its line of a statement, if there is one, waits in the queue again.
    """
    row, drawer = await here_or_in_a_thread(lambda: payment_and_drawer(request, house, who, payment))
    plan = reverse_payment(row.dwelling, payment, body.reason, body.text, drawer)
    answer = await performing(request, house, "ReversePayment", asking.by(who, body.occurred_at), plan)
    return _done(response, answer)


@router.post("/payments/{payment}/refunds", status_code=201, name="RequestRefund")
async def ask_refund(
    payment: UUID,
    request: Request,
    response: Response,
    house: TheHouse,
    who: Cashier,
    asking: AskingNow,
    body: RefundBody,
) -> RefundAsked:
    """Ask for money back that is held of a payment; a second person approves it."""
    row, *_ = await here_or_in_a_thread(lambda: payment_and_drawer(request, house, who, payment))
    plan = request_refund(row.dwelling, payment, body.amount, body.reason, body.text)
    answer = await performing(request, house, "RequestRefund", asking.by(who, body.occurred_at), plan)
    response.headers["ETag"] = etag(answer.version)
    assert answer.order is not None
    return RefundAsked(answer.order, answer.version, answer.position)


def payment_and_drawer(request: Request, house: House, who: Member, payment: UUID) -> tuple[PaymentRow, UUID | None]:
    """The payment, and the open drawer in which its cash lies.

    One's own payment of just now is waited for.
    """
    await_own(request, house, who)
    row = payment_row(house, who, payment)
    with house.database.lend(who.estates) as conn:
        return row, drawers.holding(conn, row.estate, payment)


def await_own(request: Request, house: House, who: Member) -> None:
    """Wait a moment until the views show what this person has just done."""
    own_writes: OwnWrites = request.app.state.own_writes
    shows(house, own_writes.last(who.person))


# -- refunds -------------------------------------------------------------------------------------------------------


@router.get("/estates/{estate}/refunds", dependencies=[CaughtUp])
def list_refunds(estate: str, house: TheHouse, who: Cashier) -> list[RefundShape]:
    """Refunds that wait for somebody, and those done last."""
    own(estate, who)
    with house.database.lend(who.estates) as conn:
        rows = [*refunds.pending(conn, [estate]), *refunds.done(conn, [estate])]
        steps = [step for row in rows for step in (row.asked, row.decided, row.paid) if step]
        names = people.named(conn, [step.who for step in steps])
        paid = payments.by_id(conn, [row.payment for row in rows])
    said = said_of(house, rows)
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
    )


def dwelling_of_refund(request: Request, house: House, who: Member, refund: UUID) -> UUID:
    """The dwelling whose account a refund of one's own estates leaves. Raises ``NotFound``."""

    def find() -> RefundRow | None:
        with house.database.lend(who.estates) as conn:
            return refunds.refund(conn, refund)

    await_own(request, house, who)
    row = shown_soon(house, refunds.REFUNDS.name, find)
    if row is None:
        raise NotFound
    return payment_row(house, who, row.payment).dwelling


@router.post("/refunds/{refund}/approve", name="ApproveRefund")
async def approve(
    refund: UUID,
    request: Request,
    response: Response,
    house: TheHouse,
    who: Cashier,
    asking: AskingNow,
    body: ActBody = default_of(ActBody),  # noqa: B008
) -> Done:
    """Approve it; whoever asked for it may not."""
    dwelling = await here_or_in_a_thread(lambda: dwelling_of_refund(request, house, who, refund))
    plan = on_refund(dwelling, ApproveRefund(refund))
    answer = await performing(request, house, "ApproveRefund", asking.by(who, body.occurred_at), plan)
    return _done(response, answer)


@router.post("/refunds/{refund}/reject", name="RejectRefund")
async def reject(
    refund: UUID,
    request: Request,
    response: Response,
    house: TheHouse,
    who: Cashier,
    asking: AskingNow,
    body: ActBody = default_of(ActBody),  # noqa: B008
) -> Done:
    """Reject it: what was asked for is free again."""
    dwelling = await here_or_in_a_thread(lambda: dwelling_of_refund(request, house, who, refund))
    plan = on_refund(dwelling, RejectRefund(refund))
    answer = await performing(request, house, "RejectRefund", asking.by(who, body.occurred_at), plan)
    return _done(response, answer)


@router.post("/refunds/{refund}/pay", name="PayRefund")
async def pay(
    refund: UUID,
    request: Request,
    response: Response,
    house: TheHouse,
    who: Cashier,
    asking: AskingNow,
    body: PayOutBody,
) -> Done:
    """Pay it out once it is approved. Cash leaves one's own drawer."""
    dwelling = await here_or_in_a_thread(lambda: dwelling_of_refund(request, house, who, refund))
    plan = pay_refund(dwelling, refund, body.method, body.paid_on, body.reference)
    answer = await performing(request, house, "PayRefund", asking.by(who, body.occurred_at), plan)
    return _done(response, answer)


def _done(response: Response, answer: Answer) -> Done:
    response.headers["ETag"] = etag(answer.version)
    return Done(answer.version, answer.position)
