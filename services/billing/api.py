"""Bill runs and single bills over HTTP: reckon, look, confirm, watch; charge once, void, correct."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.concurrency import run_in_threadpool

from domain.billing.reckoning import Obstacle, Otherwise
from domain.fees.fee_account import Basis, VoidBill, VoidReason
from domain.money.items import FeeItem
from domain.money.repair_costs import RepairCosts
from projections.fees import bills
from projections.fees.bills import BILLS, BillRow
from services.billing.access import bill_of, days_of, run_of
from services.billing.plans import Correction, NewCharge, charge, correct_bill, void_bill
from services.billing.runs import BillRuns, Preview, RunNow, RunStanding
from services.http.act_route import act_at
from services.http.acting import AskingNow, etag, perform, performing, showing
from services.http.bodies import ActBody, Text
from services.http.who import Accountant, FeeReader, TheProduct, own
from services.log.not_found import NotFound
from services.product import Product
from services.threads.waiting import here_or_in_a_thread

router = APIRouter(prefix="/api/v1", tags=["bills"])

PAGE = 100
Period = Annotated[str, StringConstraints(pattern=r"^20\d\d-(0[1-9]|1[0-2])$"), Field(examples=["2026-12"])]
Fen = Annotated[int, Field(strict=True, description="Fen: 643.46 yuan are 64346.", examples=[64346])]
Part = Annotated[int, Field(strict=True, description="Fen", examples=[8000])]


class RunBody(ActBody):
    """The first month and how many."""

    period: Period
    months: Annotated[int, Field(strict=True)] = 1


class CostsBody(BaseModel):
    """The parts of what work in a home costs, in fen."""

    model_config = ConfigDict(extra="forbid")

    call_out: Part = 0
    labour: Part = 0
    material: Part = 0

    @property
    def costs(self) -> RepairCosts:
        return RepairCosts(self.call_out, self.labour, self.material)


class ChargeBody(ActBody):
    """``quantity`` pieces of an item at the displayed price; ``payer`` is the present owner unless named.

    ``IN_HOME_REPAIR``: ``reference`` is the work order, ``costs`` at most what was agreed to; all of it unless named.
    """

    item: FeeItem
    quantity: Annotated[int, Field(strict=True)] = 1
    payer: UUID | None = None
    reference: UUID | None = None
    costs: CostsBody | None = None


class VoidBody(ActBody):
    reason: VoidReason
    text: Text | None = None


class CorrectionBody(ActBody):
    """What is other than in the bill."""

    reason: VoidReason
    amount: Fen | None = None
    payer: UUID | None = None
    text: Text | None = None
    costs: CostsBody | None = None


@dataclass(frozen=True, slots=True)
class DifferenceShape:
    """What a dwelling was charged for an item in the period before and is now, in fen, and why."""

    dwelling: UUID
    item: FeeItem
    before: int
    now: int
    why: list[Otherwise]


@dataclass(frozen=True, slots=True)
class MissingBillShape:
    """Days (``until`` excluded) that cannot be billed, and why."""

    dwelling: UUID
    item: FeeItem
    since: date
    until: date
    obstacle: Obstacle


@dataclass(frozen=True, slots=True)
class ItemShape:
    item: FeeItem
    lines: int
    total: int


@dataclass(frozen=True, slots=True)
class RunShape:
    """A bill run: ``done`` of ``lines`` are looked after, ``issued`` is known at the end. Amounts in fen.

    ``differences`` and ``missing`` are the first of so many; they are empty in lists.
    """

    run: UUID
    estate: str
    number: str
    period: str
    since: date
    until: date
    standing: RunStanding
    lines: int
    total: int
    done: int
    issued: int | None
    prepared_at: datetime
    completed_at: datetime | None
    items: list[ItemShape]
    different: int
    differences: list[DifferenceShape]
    obstacles: int
    missing: list[MissingBillShape]


@dataclass(frozen=True, slots=True)
class BillRunLineShape:
    """A bill that is to be issued: ``amount`` in fen comes about by ``basis``."""

    dwelling: UUID
    item: FeeItem
    since: date
    until: date
    payer: UUID
    amount: int
    due: date
    basis: Basis


@dataclass(frozen=True, slots=True)
class RunBillShape:
    """A bill of a run; amounts in fen."""

    bill: UUID
    number: str
    dwelling: UUID
    item: FeeItem
    period: str
    since: date
    until: date
    amount: int
    open: int
    due: date
    voided: bool


@dataclass(frozen=True, slots=True)
class WholeBill:
    """A bill and how it came about; amounts in fen. ``costs`` are the parts of work in a home, which add up to it."""

    bill: UUID
    number: str
    dwelling: UUID
    item: FeeItem
    since: date
    until: date
    payer: UUID
    amount: int
    paid: int
    waived: int
    open: int
    due: date
    basis: Basis
    costs: RepairCosts | None
    contract: str | None
    clause: str | None
    schedule: UUID | None
    run: UUID | None
    reference: UUID | None
    corrects: UUID | None
    issued_at: datetime
    voided: VoidReason | None


@dataclass(frozen=True, slots=True)
class Billed:
    """``bill`` number where a new bill came of it; ``version`` of the account, ``position`` to wait for."""

    number: str | None
    version: int
    position: int


@act_at(router, "/estates/{estate}/bill-runs", status_code=201)
async def prepare_bill_run(
    estate: str,
    body: RunBody,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Accountant,
    asking: AskingNow,
) -> RunShape:
    """Reckon the bills of a period: what each dwelling owes, where it differs from the period before, what is missing.

    Nothing is billed until the run is confirmed. Days that are billed already are left out.
    """
    own(estate, who)
    since, until = days_of(body.period, body.months)
    ask = asking.by(who, body.occurred_at)
    do = partial(perform, request, "PrepareBillRun", lambda: product.part(BillRuns).prepare(estate, since, until, ask))
    answer = await run_in_threadpool(do)
    response.headers["ETag"] = etag(answer.version)
    return await here_or_in_a_thread(partial(_whole, product, answer.stream))


@router.get("/estates/{estate}/bill-runs")
def list_bill_runs(estate: str, product: TheProduct, who: Accountant) -> list[RunShape]:
    """The newest runs of an estate, newest first."""
    own(estate, who)
    return [_shape(each, None) for each in product.part(BillRuns).of_estate(estate)]


@router.get("/bill-runs/{run}")
def get_bill_run(run: UUID, product: TheProduct, who: Accountant) -> RunShape:
    """How far a run is, and what it is about."""
    run_of(product, who, run)
    return _whole(product, run)


@act_at(router, "/bill-runs/{run}/confirm", status_code=202)
async def confirm_bill_run(
    run: UUID, request: Request, response: Response, product: TheProduct, who: Accountant, asking: AskingNow
) -> RunShape:
    """Issue exactly what was previewed, in the background, or go on with what has stopped. It is confirmed once."""
    run_of(product, who, run)
    ask = asking.by(who)
    answer = await run_in_threadpool(
        partial(perform, request, "ConfirmBillRun", lambda: product.part(BillRuns).confirm(run, ask))
    )
    response.headers["ETag"] = etag(answer.version)
    return await here_or_in_a_thread(partial(_whole, product, run))


@act_at(router, "/bill-runs/{run}/discard")
async def discard_bill_run(
    run: UUID, request: Request, response: Response, product: TheProduct, who: Accountant, asking: AskingNow
) -> RunShape:
    """Forget a preview."""
    run_of(product, who, run)
    ask = asking.by(who)
    answer = await run_in_threadpool(
        partial(perform, request, "DiscardBillRun", lambda: product.part(BillRuns).discard(run, ask))
    )
    response.headers["ETag"] = etag(answer.version)
    return await here_or_in_a_thread(partial(_whole, product, run))


@router.get("/bill-runs/{run}/lines")
def list_lines_of_run(
    run: UUID, product: TheProduct, who: Accountant, page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> list[BillRunLineShape]:
    """What a run is to issue, line by line in the order in which it will, 100 a page."""
    if run_of(product, who, run).standing is RunStanding.DISCARDED:
        raise NotFound
    return [
        BillRunLineShape(
            line.dwelling, line.item, line.since, line.until, line.payer, line.amount, line.due, line.basis
        )
        for line in product.part(BillRuns).lines(run, PAGE, (page - 1) * PAGE)
    ]


@router.get("/bill-runs/{run}/bills", dependencies=[showing(BILLS)])
def list_bills_of_run(
    run: UUID, product: TheProduct, who: Accountant, page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> list[RunBillShape]:
    """Bills that a run issued, by number, 100 a page."""
    found = run_of(product, who, run)
    with product.database.lend(frozenset({found.estate})) as conn:
        rows = bills.of_run(conn, run, PAGE, (page - 1) * PAGE)
    return [_bill(row) for row in rows]


@act_at(router, "/accounts/{dwelling}/charges", status_code=201)
async def charge_once(
    dwelling: UUID, body: ChargeBody, request: Request, response: Response, product: TheProduct, who: Accountant,
    asking: AskingNow,
) -> Billed:  # fmt: skip
    """Bill something once: a key card at the displayed price, or work in a home as it was quoted and agreed to."""
    costs = body.costs.costs if body.costs else None
    plan = charge(dwelling, NewCharge(body.item, body.quantity, body.payer, body.reference, costs))
    answer = await performing(request, product, "IssueBill", asking.by(who, body.occurred_at), plan)
    response.headers["ETag"] = etag(answer.version)
    return Billed(answer.number, answer.version, answer.position)


@router.get("/bills/{bill}", dependencies=[showing(BILLS)])
async def get_bill(bill: UUID, product: TheProduct, who: FeeReader) -> WholeBill:
    """One bill with what it rests on: its reckoning, of work in a home its parts, and the bill that it corrects."""
    row = await here_or_in_a_thread(partial(bill_of, product, who, bill))
    return WholeBill(
        row.bill, row.number, row.dwelling, row.item, row.since, row.until, row.payer, row.amount, row.paid,
        row.waived, row.open, row.due, row.basis, row.costs, row.contract, row.clause, row.schedule, row.run,
        row.reference, row.corrects, row.issued_at, row.void_reason,
    )  # fmt: skip


@act_at(router, "/bills/{bill}/void")
async def void_a_bill(
    bill: UUID, body: VoidBody, request: Request, response: Response, product: TheProduct, who: Accountant,
    asking: AskingNow,
) -> Billed:  # fmt: skip
    """A bill that should not stand; what was paid on it is held for the payer again."""
    row = await here_or_in_a_thread(partial(bill_of, product, who, bill))
    plan = void_bill(row.dwelling, VoidBill(bill, body.reason, body.text))
    answer = await performing(request, product, "VoidBill", asking.by(who, body.occurred_at), plan)
    response.headers["ETag"] = etag(answer.version)
    return Billed(None, answer.version, answer.position)


@act_at(router, "/bills/{bill}/correct")
async def correct_a_bill(
    bill: UUID, body: CorrectionBody, request: Request, response: Response, product: TheProduct, who: Accountant,
    asking: AskingNow,
) -> Billed:  # fmt: skip
    """A bill that should read otherwise: it is voided, and a new one with a new number is issued instead."""
    row = await here_or_in_a_thread(partial(bill_of, product, who, bill))
    costs = body.costs.costs if body.costs else None
    plan = correct_bill(row.dwelling, bill, Correction(body.reason, body.amount, body.payer, body.text, costs))
    answer = await performing(request, product, "CorrectBill", asking.by(who, body.occurred_at), plan)
    response.headers["ETag"] = etag(answer.version)
    return Billed(answer.number, answer.version, answer.position)


def _whole(product: Product, run: UUID) -> RunShape:
    now = product.part(BillRuns).one(run)
    return _shape(now, None if now.standing is RunStanding.DISCARDED else product.part(BillRuns).preview(run))


def _shape(now: RunNow, preview: Preview | None) -> RunShape:
    return RunShape(
        run=now.id,
        estate=now.estate,
        number=now.number,
        period=f"{now.since:%Y-%m}",
        since=now.since,
        until=now.until,
        standing=now.standing,
        lines=now.lines,
        total=now.total,
        done=now.done,
        issued=now.issued,
        prepared_at=now.prepared_at,
        completed_at=now.completed_at,
        items=[ItemShape(each.item, each.lines, each.total) for each in preview.items] if preview else [],
        different=preview.different if preview else 0,
        differences=[
            DifferenceShape(each.dwelling, each.item, each.before, each.now, list(each.why))
            for each in (preview.differences if preview else ())
        ],
        obstacles=preview.obstacles if preview else 0,
        missing=[
            MissingBillShape(each.dwelling, each.item, each.since, each.until, each.obstacle)
            for each in (preview.missing if preview else ())
        ],
    )


def _bill(row: BillRow) -> RunBillShape:
    return RunBillShape(
        row.bill, row.number, row.dwelling, row.item, f"{row.since:%Y-%m}", row.since, row.until, row.amount,
        row.open, row.due, row.standing == "VOID",
    )  # fmt: skip
