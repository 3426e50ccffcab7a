"""Statement files over HTTP: upload, look at what would happen, confirm, watch; and the queue of lines left over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from domain.fees.payment_reference import payment_reference
from domain.money.evidence import Evidence
from domain.powers import POWERS, may
from domain.reconciliation.file import StartStatement
from domain.reconciliation.line import LineStage, Provider, ReturnLine, SetAsideReason, SetLineAside, Waiting
from domain.refusal import refuse_if
from projections.estates import estates
from projections.fees import accounts
from projections.projection import Connection
from projections.reconciliation import lines as statement_lines
from projections.reconciliation.lines import LineRow
from projections.register import dwellings
from services.commands.ask import Ask, Forbidden
from services.commands.plan import Plan
from services.fees.api import payment_row
from services.http.act_route import ActRoute
from services.http.acting import AskingNow, CaughtUp, etag, perform, performing
from services.http.bodies import ActBody, Text
from services.http.border import BESIDES, Upload
from services.http.problems import Unusable
from services.http.who import Cashier, TheHouse
from services.log.not_found import NotFound
from services.product import House
from services.reconciliation.files import Look, Looked, Standing, StatementImport, Table
from services.reconciliation.formats.mapping import SHOWN as SHOWN_ROWS
from services.reconciliation.formats.mapping import Mapping as Columns
from services.reconciliation.formats.opening import LARGEST_FILE
from services.reconciliation.plans import found_at_desk, match_line, on_line
from services.reconciliation.suggestions import Suggestion, suggested
from services.sessions.member import Member
from services.threads.waiting import here_or_in_a_thread

router = APIRouter(prefix="/api/v1", tags=["statements"])
UPLOAD = Upload("^/statements/|/statements$", LARGEST_FILE + BESIDES)
acts = APIRouter(prefix="/api/v1", tags=["statements"], route_class=ActRoute)

PAGE = 40


@dataclass(frozen=True, slots=True)
class BreakShape:
    """A line whose balance does not follow from the one before, in fen."""

    row: int
    expected: int
    found: int


@dataclass(frozen=True, slots=True)
class ElsewhereShape:
    """Lines that another estate took up, whose money comes to the same account: they wait there, or are settled."""

    estate: str
    name: str
    waiting: int
    settled: int


@dataclass(frozen=True, slots=True)
class LookedShape:
    """A line as it would be taken over; who pays is masked. ``elsewhere`` is the name of the estate where it waits."""

    row: int
    at: datetime
    amount: int
    payer: str | None
    remark: str | None
    evidence: Evidence | None
    waiting: Waiting | None
    dwelling: UUID | None
    label: str | None
    elsewhere: str | None


@dataclass(frozen=True, slots=True)
class ReasonShape:
    """How many lines, and why."""

    why: str
    lines: int


@dataclass(frozen=True, slots=True)
class LookShape:
    """What a file says and what would become of it. ``fees`` are the firm's own cost.

    ``known`` lines came with an earlier file, some of them at ``elsewhere``; ``doubled`` stood in this one twice;
    ``void`` ones move no money.
    """

    provider: Provider
    money_in: int
    money_out: int
    fees: int
    footed: bool
    doubled: int
    void: int
    known: int
    elsewhere: list[ElsewhereShape]
    matched: list[ReasonShape]
    waiting: list[ReasonShape]
    breaks: list[BreakShape]
    lines: list[LookedShape]


@dataclass(frozen=True, slots=True)
class TableShape:
    """A file in an unknown layout: its first rows, and the row (from 0) that seems to be its heading."""

    rows: list[list[str]]
    head: int


@dataclass(frozen=True, slots=True)
class StatementShape:
    """How far a file is: ``done`` of ``lines`` are in the log; then how many of them were matched, wait, or are aside.

    ``look`` tells what would happen until it is confirmed, ``table`` what has to be said about its columns first.
    """

    id: UUID
    estate: str
    standing: Standing
    lines: int
    done: int
    uploaded_at: datetime
    completed_at: datetime | None
    matched: int
    queued: int
    set_aside: int
    look: LookShape | None
    table: TableShape | None


@dataclass(frozen=True, slots=True)
class SuggestionShape:
    """A dwelling that it may be, and why; without ``evidence`` only the amount speaks for it. ``open`` in fen.

    ``payment`` is one of the desk that may be the same money, with its ``receipt``.
    """

    dwelling: UUID
    label: str
    evidence: Evidence | None
    open: int
    payment: UUID | None
    receipt: str | None


@dataclass(frozen=True, slots=True)
class LineShape:
    """A line of a statement; who pays is masked. ``about`` is the payment that a refund gives back."""

    id: UUID
    version: int
    stage: LineStage
    provider: Provider
    at: datetime
    amount: int
    fee: int
    file: UUID
    row: int
    waiting: Waiting | None
    evidence: Evidence | None
    dwelling: UUID | None
    label: str | None
    payment: UUID | None
    about: UUID | None
    reason: SetAsideReason | None
    payer: str | None
    account: str | None
    remark: str | None
    suggestions: list[SuggestionShape]


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


class ColumnsBody(BaseModel):
    """Which column is what, from 0, in the rows after ``head``: ``amount`` with a sign, or ``money_in`` and ``out``."""

    model_config = ConfigDict(extra="forbid")

    head: Annotated[int, Field(strict=True, ge=0, le=10_000)]
    at: Annotated[int, Field(strict=True, ge=0, le=200)]
    money_in: Annotated[int, Field(strict=True, ge=0, le=200)] | None = None
    money_out: Annotated[int, Field(strict=True, ge=0, le=200)] | None = None
    amount: Annotated[int, Field(strict=True, ge=0, le=200)] | None = None
    direction: Annotated[int, Field(strict=True, ge=0, le=200)] | None = None
    balance: Annotated[int, Field(strict=True, ge=0, le=200)] | None = None
    payer: Annotated[int, Field(strict=True, ge=0, le=200)] | None = None
    account: Annotated[int, Field(strict=True, ge=0, le=200)] | None = None
    remark: Annotated[int, Field(strict=True, ge=0, le=200)] | None = None
    serial: Annotated[int, Field(strict=True, ge=0, le=200)] | None = None

    def columns(self) -> Columns:
        return Columns(**self.model_dump(exclude={"head"}))


class MatchBody(ActBody):
    """Whose payment it is; ``bills`` that the payer names. ``accept_excess`` holds what nothing is open for.

    ``payment`` is one that the desk took down already: the line belongs to it, and no other is made.
    """

    dwelling: UUID
    payment: UUID | None = None
    bills: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    paid_on: date | None = None
    accept_excess: Annotated[bool, Field(strict=True)] = False


class AsideBody(ActBody):
    reason: SetAsideReason
    text: Text | None = None


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


async def statement_form(request: Request) -> FormData:
    """The form with a statement in it, read in memory: what people paid must lie in no file in the clear."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return FormData()
    parser = MultiPartParser(request.headers, request.stream(), max_files=2, max_fields=20)
    parser.spool_max_size = 2 * LARGEST_FILE
    try:
        return await parser.parse()
    except (MultiPartException, KeyError):
        raise Unusable(400, "body") from None


async def statement_of(form: FormData) -> bytes:
    """The statement of a form; empty where none was chosen."""
    sent = form.get("statement")
    return await sent.read() if isinstance(sent, UploadFile) else b""


async def _sent(request: Request, _who: Cashier) -> bytes:
    return await statement_of(await statement_form(request))


@router.post("/estates/{estate}/statements", status_code=201, openapi_extra=_FILE)
def upload_statement(
    estate: str, house: TheHouse, who: Cashier, statement: Annotated[bytes, Depends(_sent)]
) -> StatementShape:
    """Keep a statement of WeChat Pay, Alipay or a bank (CSV, XLSX, zip, gz; at most 20 MB and 100,000 lines), sealed,
    and say what would become of each line.

    Nothing is booked yet. The same file in the same estate is the same file, however often it is sent. Where estates
    share an account, a line is of the first that takes it up; another one's file takes it over if that estate set it
    aside as ``OTHER_ESTATE``, or if nothing leads to an account there and something does here. For lines that were set
    aside since, the same file is sent again.
    """
    check_keeper(who, estate)
    return shape_of(house, who, house.statements.upload(estate, statement, who.person))


@router.get("/estates/{estate}/statements")
def list_statements(estate: str, house: TheHouse, who: Cashier) -> list[StatementShape]:
    """The newest files of an estate, without their lines."""
    check_keeper(who, estate)
    return [_plain(house, who, each) for each in house.statements.of_estate(estate)]


@router.get("/statements/{file}", dependencies=[CaughtUp])
def get_statement(file: UUID, house: TheHouse, who: Cashier) -> StatementShape:
    """How far it is; before it is confirmed also what would happen."""
    statement_found(house, who, file)
    return shape_of(house, who, file)


@router.post("/statements/{file}/columns")
def choose_columns(file: UUID, house: TheHouse, who: Cashier, body: ColumnsBody) -> StatementShape:
    """Say which column is what in a layout that nobody knew; files with the same heading are read so from now on."""
    statement_found(house, who, file)
    house.statements.choose(file, body.head, body.columns(), who.person)
    return shape_of(house, who, file)


@router.post("/statements/{file}/confirm", status_code=202)
def confirm_statement(file: UUID, house: TheHouse, request: Request, who: Cashier) -> StatementShape:
    """Take over the lines, or go on where it was cut short. Repeats double nothing."""
    found = statement_found(house, who, file)
    perform(request, "StartStatement", lambda: house.statements.confirm(file, Ask(who.caller)))
    return _plain(house, who, house.statements.one(found.id))


@router.post("/statements/{file}/discard", status_code=204)
def discard_statement(file: UUID, house: TheHouse, who: Cashier) -> Response:
    """Forget a file that was not confirmed."""
    statement_found(house, who, file)
    house.statements.discard(file)
    return Response(status_code=204)


@router.get("/estates/{estate}/statement-lines", dependencies=[CaughtUp])
def list_lines(
    estate: str,
    house: TheHouse,
    who: Cashier,
    stage: LineStage = LineStage.QUEUED,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> list[LineShape]:
    """Lines of an estate that stand so, 40 a page; what waits comes with up to three suggestions and why."""
    if estate not in who.estates:
        raise NotFound
    return lines_of(house, who, estate, stage, page)


@router.get("/dwellings/{dwelling}/payment-reference")
def get_reference(dwelling: UUID, house: TheHouse, who: Cashier) -> ReferenceShape:
    """The dwelling's own payment reference, for whoever pays by transfer."""
    with house.database.lend(who.estates) as conn:
        if dwellings.one(conn, dwelling) is None:
            raise NotFound
    return ReferenceShape(payment_reference(dwelling))


@acts.post("/statement-lines/{line}/match")
async def match_by_hand(
    line: UUID, request: Request, response: Response, house: TheHouse, who: Cashier, asking: AskingNow, body: MatchBody
) -> MatchedShape:
    """Say whose payment a waiting line is; its receipt is numbered at once."""
    ask, taken = asking.by(who, body.occurred_at), body.payment
    if taken is not None:
        plan = await here_or_in_a_thread(lambda: desk_plan(house, who, line, body.dwelling, taken))
    else:
        plan = match_line(line, body.dwelling, body.bills, body.paid_on, accept_excess=body.accept_excess)
    answer = await performing(request, house, "MatchLine", ask, plan)
    response.headers["ETag"] = etag(answer.version)
    assert answer.order is not None and answer.number is not None
    return MatchedShape(answer.version, answer.position, answer.order, answer.number)


def desk_plan(house: House, who: Member, line: UUID, dwelling: UUID, payment: UUID) -> Plan:
    """The line is about a payment that the desk took down, and no other line was found for it.

    Accounts have noted that only lately; of what was found before only the view knows.
    """
    row = payment_row(house, who, payment)
    with house.database.lend(who.estates) as conn:
        found = statement_lines.of_desk(conn, [payment])
    refuse_if((row.line or found.get(payment)) not in (None, line), "payment_on_statement")
    return found_at_desk(line, dwelling, payment)


@dataclass(frozen=True, slots=True)
class LineDone:
    version: int
    position: int


@acts.post("/statement-lines/{line}/set-aside")
async def set_line_aside(
    line: UUID, request: Request, response: Response, house: TheHouse, who: Cashier, asking: AskingNow, body: AsideBody
) -> LineDone:
    """The line concerns no account here, for this reason."""
    plan = on_line(line, SetLineAside(body.reason, body.text))
    answer = await performing(request, house, "SetLineAside", asking.by(who, body.occurred_at), plan)
    response.headers["ETag"] = etag(answer.version)
    return LineDone(answer.version, answer.position)


@acts.post("/statement-lines/{line}/return")
async def return_line(
    line: UUID, request: Request, response: Response, house: TheHouse, who: Cashier, asking: AskingNow,
) -> LineDone:  # fmt: skip
    """Back into the queue: it was set aside by mistake, or its payment was reversed."""
    answer = await performing(request, house, "ReturnLine", asking.by(who), on_line(line, ReturnLine()))
    response.headers["ETag"] = etag(answer.version)
    return LineDone(answer.version, answer.position)


# -- shapes, for the console too -----------------------------------------------------------------------------------


def check_keeper(who: Member, estate: str) -> None:
    """Statements are taken over by who keeps the accounts of the estate. Raises ``NotFound`` or ``Forbidden``."""
    if estate not in who.estates:
        raise NotFound
    if not may(who.capacity, StartStatement):
        raise Forbidden("capacity", capacity=who.capacity, may=POWERS[StartStatement])


def statement_found(house: House, who: Member, id: UUID) -> StatementImport:
    """A file of one of the member's own estates."""
    found = house.statements.one(id)
    check_keeper(who, found.estate)
    return found


def shape_of(house: House, who: Member, id: UUID) -> StatementShape:
    """A file as it stands, with what would become of it."""
    found = house.statements.one(id)
    look = None
    if found.standing in (Standing.CHECKED, Standing.UNREAD):
        look = house.statements.look(id, Ask(who.caller))
    return _plain(house, who, found, look)


def lines_of(house: House, who: Member, estate: str, stage: LineStage, page: int) -> list[LineShape]:
    """A page of the lines of an estate that stand so."""
    with house.database.lend(who.estates) as conn:
        rows = statement_lines.of_stage(conn, estate, stage, PAGE, (page - 1) * PAGE)
        suggestions = suggested(house, conn, estate, rows) if stage is LineStage.QUEUED else {}
        return line_shapes(conn, rows, suggestions)


def line_shapes(
    conn: Connection, rows: Sequence[LineRow], suggestions: dict[UUID, Sequence[Suggestion]]
) -> list[LineShape]:
    """Lines with the names of the dwellings that they belong to or may belong to."""
    wanted = {row.dwelling for row in rows if row.dwelling}
    wanted |= {each.dwelling for found in suggestions.values() for each in found}
    labels = dwellings.labels(conn, wanted)
    open_on = {id: row.open for id, row in accounts.of_dwellings(conn, list(wanted)).items()}
    originals = statement_lines.by_id(conn, {row.told.about for row in rows if row.told.about})
    shapes = []
    for row in rows:
        original = originals.get(row.told.about) if row.told.about else None
        shapes.append(
            LineShape(
                id=row.line,
                version=row.version,
                stage=row.stage,
                provider=row.told.provider,
                at=row.told.at,
                amount=row.told.amount,
                fee=row.told.fee,
                file=row.told.file,
                row=row.told.row,
                waiting=row.waiting,
                evidence=row.evidence,
                dwelling=row.dwelling,
                label=labels.get(row.dwelling) if row.dwelling else None,
                payment=row.payment,
                about=original.payment if original else None,
                reason=row.reason,
                payer=masked_name(row.payer),
                account=masked_account(row.account),
                remark=row.remark,
                suggestions=[
                    SuggestionShape(
                        each.dwelling,
                        labels.get(each.dwelling, "…"),
                        each.evidence,
                        open_on.get(each.dwelling, 0),
                        each.payment,
                        each.receipt,
                    )
                    for each in suggestions.get(row.line, ())
                ],
            )
        )
    return shapes


def masked_name(name: str | None) -> str | None:
    """The first sign of a name, the rest hidden."""
    return name and name[0] + "*" * min(len(name) - 1, 2)


def masked_account(account: str | None) -> str | None:
    """The last four signs of an account."""
    return account and ("*" * 4 + account[-4:] if len(account) > 4 else "*" * 4)


def _plain(house: House, who: Member, found: StatementImport, look: Look | Table | None = None) -> StatementShape:
    names = _names(house, {*look.waiting_at, *look.settled_at}) if isinstance(look, Look) else {}
    with house.database.lend(who.estates) as conn:
        counts = statement_lines.counts(conn, found.estate, found.id)
        shown = _look(conn, look, names) if isinstance(look, Look) else None
    return StatementShape(
        id=found.id,
        estate=found.estate,
        standing=found.standing,
        lines=found.lines,
        done=found.done,
        uploaded_at=found.uploaded_at,
        completed_at=found.completed_at,
        matched=counts.get(LineStage.MATCHED, 0),
        queued=counts.get(LineStage.QUEUED, 0),
        set_aside=counts.get(LineStage.SET_ASIDE, 0),
        look=shown,
        table=TableShape([list(row) for row in look.rows[: look.head + SHOWN_ROWS]], look.head)
        if isinstance(look, Table)
        else None,
    )


def _names(house: House, codes: set[str]) -> dict[str, str]:
    """What estates are called whose money comes to the same account: no more is told of them."""
    if not codes:
        return {}
    with house.database.lend(codes) as conn:
        return {code: row.name for code in sorted(codes) if (row := estates.estate(conn, code))}


def _look(conn: Connection, look: Look, names: dict[str, str]) -> LookShape:
    statement = look.statement
    labels = dwellings.labels(conn, {each.dwelling for each in look.shown if each.dwelling})
    return LookShape(
        provider=statement.provider,
        money_in=statement.money_in,
        money_out=statement.money_out,
        fees=statement.fees,
        footed=statement.footed,
        doubled=statement.doubled,
        void=statement.void,
        known=look.known,
        elsewhere=[
            ElsewhereShape(code, name, look.waiting_at.get(code, 0), look.settled_at.get(code, 0))
            for code, name in names.items()
        ],
        matched=[ReasonShape(each.value, look.matched[each]) for each in Evidence if each in look.matched],
        waiting=[ReasonShape(each.value, look.waiting[each]) for each in Waiting if each in look.waiting],
        breaks=[BreakShape(each.row, each.expected, each.found) for each in statement.breaks[:50]],
        lines=[_looked(each, labels, names) for each in look.shown],
    )


def _looked(each: Looked, labels: dict[UUID, str], names: dict[str, str]) -> LookedShape:
    entry = each.entry
    return LookedShape(
        row=entry.row,
        at=entry.at,
        amount=entry.amount,
        payer=masked_name(entry.payer) or masked_account(entry.account),
        remark=entry.remark,
        evidence=each.evidence,
        waiting=each.waiting,
        dwelling=each.dwelling,
        label=labels.get(each.dwelling) if each.dwelling else None,
        elsewhere=names.get(each.elsewhere) if each.elsewhere else None,
    )
