"""Statement files over HTTP: upload, look at what would happen, confirm, watch; and the queue of lines left over."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.fees.payment_reference import payment_reference
from domain.reconciliation.line import DoubtLine, LineStage, ReturnLine, SetAsideReason, SetLineAside, TellLineApart
from domain.written.days import DayOrder
from projections.reconciliation.lines import STATEMENT_LINES
from projections.register import dwellings
from services.commands.ask import Ask
from services.http.act_route import act_at
from services.http.acting import AskingNow, AskingOfSeveral, etag, perform, performing, showing
from services.http.bodies import ActBody, Text
from services.http.border import BESIDES, Upload
from services.http.who import Cashier, TheProduct
from services.log.not_found import NotFound
from services.reconciliation.access import check_keeper, desk_plan, statement_form, statement_found, statement_of
from services.reconciliation.doubles import MOST_AT_ONCE, settle_doubles, undo_doubles
from services.reconciliation.files import StatementImports
from services.reconciliation.formats.limits import LARGEST_FILE
from services.reconciliation.formats.mapping import Mapping as Columns
from services.reconciliation.formats.mapping import mapping_of
from services.reconciliation.plans import match_line, on_line, refund_came_back
from services.reconciliation.shapes import (
    FILE_VIEWS,
    LINE_VIEWS,
    StatementLineShape,
    StatementShape,
    lines_of,
    plain_shape,
    shape_of,
)
from services.reconciliation.table_shapes import TableShape, table_of
from services.threads.waiting import here_or_in_a_thread

router = APIRouter(prefix="/api/v1", tags=["statements"])
UPLOAD = Upload("^/statements/|/statements$", LARGEST_FILE + BESIDES)


@dataclass(frozen=True, slots=True)
class MatchedShape:
    """``receipt`` is the number of the receipt for the payment."""

    version: int
    position: int
    payment: UUID
    receipt: str


@dataclass(frozen=True, slots=True)
class ReferenceShape:
    """What a resident writes into the remark of a transfer, so that it is matched by itself."""

    reference: str


Place = Annotated[int, Field(strict=True, ge=0, le=200)]
Places = Annotated[tuple[Place, ...], Field(max_length=20)]


class ColumnsBody(BaseModel):
    """Which column is what, from 0, in the rows after ``head``: ``amount`` with a sign, or ``money_in`` and ``out``.

    ``head`` is -1 where the table has no heading. Several columns may say who pays and what for. ``order`` is that of
    the days, where they may be read in several.
    """

    model_config = ConfigDict(extra="forbid")

    head: Annotated[int, Field(strict=True, ge=-1, le=10_000)]
    at: Place
    money_in: Place | None = None
    money_out: Place | None = None
    amount: Place | None = None
    direction: Place | None = None
    balance: Place | None = None
    payer: Place | Places | None = None
    account: Place | None = None
    remark: Place | Places | None = None
    serial: Place | None = None
    state: Place | None = None
    currency: Place | None = None
    order: DayOrder | None = None

    def columns(self) -> Columns:
        return mapping_of(self.model_dump(exclude={"head"}))


class ConfirmBody(BaseModel):
    """``accept_differences``: somebody has seen that the sums of the file are not those of its lines."""

    model_config = ConfigDict(extra="forbid")

    accept_differences: Annotated[bool, Field(strict=True)] = False


class MatchBody(ActBody):
    """Whose payment it is; ``bills`` that the payer names. ``accept_excess`` holds what nothing is open for.

    ``payment`` is one that the desk took down already: the line belongs to it, and no other is made. ``refund`` is one
    that was paid out and came back by this line.
    """

    dwelling: UUID
    payment: UUID | None = None
    refund: UUID | None = None
    bills: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    paid_on: date | None = None
    accept_excess: Annotated[bool, Field(strict=True)] = False


class AsideBody(ActBody):
    """``same`` is the earlier line that it is, for ``SAME_LINE``."""

    reason: SetAsideReason
    text: Text | None = None
    same: UUID | None = None


class DoublesAct(Enum):
    SAME = "SAME"
    APART = "APART"


class DoublesBody(ActBody):
    """``lines`` is how many wait, as they were seen: with another count nothing is done."""

    act: DoublesAct
    lines: Annotated[int, Field(strict=True, ge=1, le=MOST_AT_ONCE)]


class UndoDoublesBody(ActBody):
    """``position`` and ``lines`` as the act answered."""

    position: Annotated[int, Field(strict=True, ge=1, le=2**53)]
    lines: Annotated[int, Field(strict=True, ge=1, le=MOST_AT_ONCE)]


@dataclass(frozen=True, slots=True)
class DoublesDone:
    """How many lines it was done to, and the last position of it."""

    lines: int
    position: int


_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["statement"],
                    "properties": {"statement": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


async def _sent(request: Request, _who: Cashier) -> bytes:
    return await statement_of(await statement_form(request))


@router.post("/estates/{estate}/statements", status_code=201, openapi_extra=_FILE)
def upload_statement(
    estate: str, product: TheProduct, who: Cashier, statement: Annotated[bytes, Depends(_sent)]
) -> StatementShape:
    """Keep a statement of WeChat Pay, Alipay or a bank (CSV, XLSX, XLS, zip, gz; at most 20 MB and 100,000 lines),
    sealed, and say what would become of each line.

    Nothing is booked yet. The same file in the same estate is the same file, however often it is sent. Where estates
    share an account, a line is of the first that takes it up; another one's file takes it over if that estate set it
    aside as ``OTHER_ESTATE``, or if nothing leads to an account there and something does here. For lines that were set
    aside since, the same file is sent again.
    """
    check_keeper(who, estate)
    return shape_of(product, who, product.part(StatementImports).upload(estate, statement, who.person))


@router.get("/estates/{estate}/statements", dependencies=[showing(STATEMENT_LINES)])
def list_statements(estate: str, product: TheProduct, who: Cashier) -> list[StatementShape]:
    """The newest files of an estate, without their lines."""
    check_keeper(who, estate)
    return [plain_shape(product, who, each) for each in product.part(StatementImports).of_estate(estate)]


@router.get("/statements/{file}", dependencies=[showing(*FILE_VIEWS)])
def get_statement(file: UUID, product: TheProduct, who: Cashier) -> StatementShape:
    """How far it is; before it is confirmed also what would happen."""
    statement_found(product, who, file)
    return shape_of(product, who, file)


@router.post("/statements/{file}/columns")
def choose_columns(file: UUID, product: TheProduct, who: Cashier, body: ColumnsBody) -> StatementShape:
    """Say which column is what in a layout that nobody knew, or that was read otherwise; files with the same heading
    are read so from now on."""
    statement_found(product, who, file)
    product.part(StatementImports).choose(file, body.head, body.columns(), who.person)
    return shape_of(product, who, file)


@router.get("/statements/{file}/table")
def get_table(
    file: UUID, product: TheProduct, who: Cashier, head: Annotated[int | None, Query(ge=-1, le=10_000)] = None
) -> TableShape:
    """The first rows of a bank's file that is not begun, and what its columns seem to be, under any heading."""
    statement_found(product, who, file)
    return table_of(product, file, head)


@router.post("/statements/{file}/confirm", status_code=202)
def confirm_statement(
    file: UUID, product: TheProduct, request: Request, who: Cashier, body: ConfirmBody | None = None
) -> StatementShape:
    """Take over the lines, or go on where it was cut short. Repeats double nothing.

    Where the file states sums that its lines do not come to, somebody has to have seen that.
    """
    found, seen = statement_found(product, who, file), body is not None and body.accept_differences
    statements = product.part(StatementImports)
    perform(request, "StartStatement", lambda: statements.confirm(file, Ask(who.caller), accept_differences=seen))
    return plain_shape(product, who, product.part(StatementImports).one(found.id))


@router.post("/statements/{file}/discard", status_code=204)
def discard_statement(file: UUID, product: TheProduct, who: Cashier) -> Response:
    """Forget a file that was not confirmed."""
    statement_found(product, who, file)
    product.part(StatementImports).discard(file)
    return Response(status_code=204)


@router.post("/statements/{file}/doubles")
def settle(
    file: UUID, request: Request, product: TheProduct, who: Cashier, asking: AskingOfSeveral, body: DoublesBody
) -> DoublesDone:
    """Every line of a file that waits as a possible double is an earlier one, or none is, in one act.

    Where no earlier line is left for it, a line goes on waiting.
    """
    estate, same = statement_found(product, who, file).estate, body.act is DoublesAct.SAME
    plan, ask = settle_doubles(file, estate, body.lines, same=same), asking.by(who, body.occurred_at)
    command = "SetLineAside" if same else "TellLineApart"
    answer = perform(request, command, lambda: product.handler.do(ask, plan))
    return DoublesDone(answer.lines, answer.position)


@router.post("/statements/{file}/doubles/undo")
def undo(
    file: UUID, request: Request, product: TheProduct, who: Cashier, asking: AskingOfSeveral, body: UndoDoublesBody
) -> DoublesDone:
    """What was said of all of them is taken back; lines that went on since are left alone."""
    estate = statement_found(product, who, file).estate
    plan, ask = undo_doubles(file, estate, body.position, body.lines), asking.by(who, body.occurred_at)
    answer = perform(request, "ReturnLine", lambda: product.handler.do(ask, plan))
    return DoublesDone(answer.lines, answer.position)


@router.get("/estates/{estate}/statement-lines", dependencies=[showing(*LINE_VIEWS)])
def list_lines(
    estate: str,
    product: TheProduct,
    who: Cashier,
    stage: LineStage = LineStage.QUEUED,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> list[StatementLineShape]:
    """Lines of an estate that stand so, 40 a page; what waits comes with up to three suggestions and why."""
    if estate not in who.estates:
        raise NotFound
    return lines_of(product, who, estate, stage, page)


@router.get("/dwellings/{dwelling}/payment-reference")
def get_reference(dwelling: UUID, product: TheProduct, who: Cashier) -> ReferenceShape:
    """The dwelling's own payment reference, for whoever pays by transfer."""
    with product.lend(who) as conn:
        if dwellings.one(conn, dwelling) is None:
            raise NotFound
    return ReferenceShape(payment_reference(dwelling))


@act_at(router, "/statement-lines/{line}/match")
async def match_by_hand(
    line: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Cashier,
    asking: AskingNow,
    body: MatchBody,
) -> MatchedShape:
    """Say whose payment a waiting line is; its receipt is numbered at once."""
    ask, taken = asking.by(who, body.occurred_at), body.payment
    if body.refund is not None:
        plan = refund_came_back(line, body.dwelling, body.refund)
    elif taken is not None:
        plan = await here_or_in_a_thread(lambda: desk_plan(product, who, line, body.dwelling, taken))
    else:
        plan = match_line(line, body.dwelling, body.bills, body.paid_on, accept_excess=body.accept_excess)
    answer = await performing(request, product, "MatchLine", ask, plan)
    response.headers["ETag"] = etag(answer.version)
    return MatchedShape(answer.version, answer.position, answer.payment, answer.receipt)


@dataclass(frozen=True, slots=True)
class LineDone:
    version: int
    position: int


@act_at(router, "/statement-lines/{line}/set-aside")
async def set_line_aside(
    line: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Cashier,
    asking: AskingNow,
    body: AsideBody,
) -> LineDone:
    """The line concerns no account here, for this reason."""
    plan = on_line(line, SetLineAside(body.reason, body.text, body.same))
    answer = await performing(request, product, "SetLineAside", asking.by(who, body.occurred_at), plan)
    response.headers["ETag"] = etag(answer.version)
    return LineDone(answer.version, answer.position)


@act_at(router, "/statement-lines/{line}/apart")
async def tell_apart(
    line: UUID, request: Request, response: Response, product: TheProduct, who: Cashier, asking: AskingNow,
) -> LineDone:  # fmt: skip
    """The line only looks like an earlier one: it is money of its own, and may be matched."""
    answer = await performing(request, product, "TellLineApart", asking.by(who), on_line(line, TellLineApart()))
    response.headers["ETag"] = etag(answer.version)
    return LineDone(answer.version, answer.position)


@act_at(router, "/statement-lines/{line}/doubt")
async def doubt(
    line: UUID, request: Request, response: Response, product: TheProduct, who: Cashier, asking: AskingNow,
) -> LineDone:  # fmt: skip
    """It may be an earlier line after all: it waits until somebody says which."""
    answer = await performing(request, product, "DoubtLine", asking.by(who), on_line(line, DoubtLine()))
    response.headers["ETag"] = etag(answer.version)
    return LineDone(answer.version, answer.position)


@act_at(router, "/statement-lines/{line}/return")
async def return_line(
    line: UUID, request: Request, response: Response, product: TheProduct, who: Cashier, asking: AskingNow,
) -> LineDone:  # fmt: skip
    """Back into the queue: it was set aside by mistake, or its payment was reversed."""
    answer = await performing(request, product, "ReturnLine", asking.by(who), on_line(line, ReturnLine()))
    response.headers["ETag"] = etag(answer.version)
    return LineDone(answer.version, answer.position)


# -- shapes, for the console too -----------------------------------------------------------------------------------
