"""What is told of statements and their lines: stable names, payers masked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.masks import masked_account, masked_name
from domain.money.evidence import Evidence
from domain.reconciliation.line import LineStage, Provider, SetAsideReason, Waiting
from projections.estates import estates
from projections.fees import accounts
from projections.fees.accounts import ACCOUNTS
from projections.fees.bills import BILLS
from projections.fees.payments import PAYMENTS
from projections.fees.refunds import REFUNDS
from projections.projection import Connection
from projections.reconciliation import lines as statement_lines
from projections.reconciliation.lines import STATEMENT_LINES, LineRow
from projections.register import dwellings
from projections.register.dwellings import DWELLINGS
from projections.register.owners import OWNERS
from services.commands.ask import Ask
from services.product import Product
from services.reconciliation.access import PAGE
from services.reconciliation.earlier_lines import EarlierLineShape, earlier_lines
from services.reconciliation.files import StatementImports
from services.reconciliation.previews import PreviewedLine, StatementImport, StatementPreview, StatementStage, Table
from services.reconciliation.suggestions import Helped, suggested
from services.reconciliation.table_shapes import (
    ForeignShape,
    SumDifferenceShape,
    TableShape,
    differences_of,
    foreign_of,
    shape_of_table,
)
from services.sessions.member import Member

FILE_VIEWS = (BILLS, DWELLINGS, OWNERS, PAYMENTS, REFUNDS, STATEMENT_LINES)
LINE_VIEWS = (ACCOUNTS, BILLS, DWELLINGS, PAYMENTS, REFUNDS, STATEMENT_LINES)


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
class PreviewedLineShape:
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
class PreviewShape:
    """What a file says and what would become of it. ``fees`` are the firm's own cost.

    ``known`` lines came with an earlier file, some of them at ``elsewhere``; ``doubled`` stood in this one twice;
    ``void`` ones move no money; ``foreign`` ones are in another currency. ``personal``: it is of a person's account,
    and none of it is booked by itself. ``differences`` are sums of the file that its lines do not come to; whoever
    confirms it has to have seen them.
    """

    provider: Provider
    personal: bool
    money_in: int
    money_out: int
    fees: int
    footed: bool
    differences: list[SumDifferenceShape]
    foreign: int
    abroad: list[ForeignShape]
    doubled: int
    void: int
    known: int
    elsewhere: list[ElsewhereShape]
    matched: list[ReasonShape]
    waiting: list[ReasonShape]
    breaks: list[BreakShape]
    lines: list[PreviewedLineShape]


@dataclass(frozen=True, slots=True)
class StatementShape:
    """How far a file is: ``done`` of ``lines`` are in the log; then how many of them were matched, wait, or are aside.

    ``look`` tells what would happen until it is confirmed, ``table`` what has to be said about its columns first.
    """

    id: UUID
    estate: str
    standing: StatementStage
    lines: int
    done: int
    uploaded_at: datetime
    completed_at: datetime | None
    matched: int
    queued: int
    set_aside: int
    look: PreviewShape | None
    table: TableShape | None


@dataclass(frozen=True, slots=True)
class DwellingSuggestionShape:
    """A dwelling that it may be, and why; without ``evidence`` only the amount speaks for it. ``open`` in fen.

    ``payment`` is one of the desk that may be the same money, with its ``receipt``; or one of which the
    ``refund``, paid out on ``paid_on``, may have come back.
    """

    dwelling: UUID
    label: str
    evidence: Evidence | None
    open: int
    payment: UUID | None
    receipt: str | None
    refund: UUID | None
    paid_on: date | None


@dataclass(frozen=True, slots=True)
class StatementLineShape:
    """A line of a statement; who pays is masked. ``about`` is the payment that a refund gives back.

    ``earlier`` are lines that it may be, ``same`` the one that it is; ``named`` are words of it that name another
    estate, home or person; ``state`` is how it stands in the file's words where nobody knows them; of what came
    ``refunded`` fen went back, ``amount`` is the rest.
    """

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
    refund: UUID | None
    about: UUID | None
    reason: SetAsideReason | None
    payer: str | None
    account: str | None
    remark: str | None
    suggestions: list[DwellingSuggestionShape]
    refunded: int
    state: str | None
    named: str | None
    same: UUID | None
    earlier: list[EarlierLineShape]


def shape_of(product: Product, who: Member, id: UUID) -> StatementShape:
    """A file as it stands, with what would become of it."""
    found = product.part(StatementImports).one(id)
    preview = None
    if found.standing in (StatementStage.CHECKED, StatementStage.UNREAD):
        preview = product.part(StatementImports).preview(id, Ask(who.caller))
    return plain_shape(product, who, found, preview)


def lines_of(product: Product, who: Member, estate: str, stage: LineStage, page: int) -> list[StatementLineShape]:
    """A page of the lines of an estate that stand so."""
    with product.lend(who) as conn:
        rows = statement_lines.of_stage(conn, estate, stage, PAGE, (page - 1) * PAGE)
        helped = suggested(product, conn, estate, rows) if stage is LineStage.QUEUED else {}
        return line_shapes(conn, rows, helped, earlier_lines(product, who, rows))


def line_shapes(
    conn: Connection,
    rows: Sequence[LineRow],
    helped: Mapping[UUID, Helped],
    earlier: Mapping[UUID, list[EarlierLineShape]],
) -> list[StatementLineShape]:
    """Lines with the names of the dwellings that they belong to or may belong to."""
    wanted = {row.dwelling for row in rows if row.dwelling}
    wanted |= {each.dwelling for found in helped.values() for each in found.suggestions}
    labels = dwellings.labels(conn, wanted)
    open_on = {id: row.open for id, row in accounts.of_dwellings(conn, list(wanted)).items()}
    originals = statement_lines.by_id(conn, {row.told.about for row in rows if row.told.about})
    shapes = []
    for row in rows:
        original = originals.get(row.told.about) if row.told.about else None
        shapes.append(
            StatementLineShape(
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
                refund=row.refund,
                about=original.payment if original else None,
                reason=row.reason,
                payer=masked_name(row.payer),
                account=masked_account(row.account),
                remark=row.remark,
                suggestions=[
                    DwellingSuggestionShape(
                        each.dwelling,
                        labels.get(each.dwelling, "…"),
                        each.evidence,
                        open_on.get(each.dwelling, 0),
                        each.payment,
                        each.receipt,
                        each.refund,
                        each.paid_on,
                    )
                    for each in helped.get(row.line, Helped()).suggestions
                ],
                refunded=row.told.refunded,
                state=row.state,
                named=helped.get(row.line, Helped()).named,
                same=row.same,
                earlier=earlier.get(row.line, []),
            )
        )
    return shapes


def plain_shape(
    product: Product, who: Member, found: StatementImport, preview: StatementPreview | Table | None = None
) -> StatementShape:
    """A file as it stands, with what would become of it if that was looked at."""
    names = _names(product, {*preview.waiting_at, *preview.settled_at}) if isinstance(preview, StatementPreview) else {}
    with product.lend(who) as conn:
        counts = statement_lines.counts(conn, found.estate, found.id)
        shown = _preview(conn, preview, names) if isinstance(preview, StatementPreview) else None
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
        table=shape_of_table(preview) if isinstance(preview, Table) else None,
    )


def _names(product: Product, codes: set[str]) -> dict[str, str]:
    """What estates are called whose money comes to the same account: no more is told of them."""
    if not codes:
        return {}
    with product.database.lend(codes) as conn:
        return {code: row.name for code in sorted(codes) if (row := estates.estate(conn, code))}


def _preview(conn: Connection, preview: StatementPreview, names: dict[str, str]) -> PreviewShape:
    statement = preview.statement
    labels = dwellings.labels(conn, {each.dwelling for each in preview.shown if each.dwelling})
    return PreviewShape(
        provider=statement.provider,
        personal=statement.personal,
        money_in=statement.money_in,
        money_out=statement.money_out,
        fees=statement.fees,
        footed=statement.footed,
        differences=differences_of(statement),
        foreign=len(statement.foreign),
        abroad=foreign_of(statement),
        doubled=statement.doubled,
        void=preview.void,
        known=preview.known,
        elsewhere=[
            ElsewhereShape(code, name, preview.waiting_at.get(code, 0), preview.settled_at.get(code, 0))
            for code, name in names.items()
        ],
        matched=[ReasonShape(each.value, preview.matched[each]) for each in Evidence if each in preview.matched],
        waiting=[ReasonShape(each.value, preview.waiting[each]) for each in Waiting if each in preview.waiting],
        breaks=[BreakShape(each.row, each.expected, each.found) for each in statement.breaks[:50]],
        lines=[_previewed(each, labels, names) for each in preview.shown],
    )


def _previewed(each: PreviewedLine, labels: dict[UUID, str], names: dict[str, str]) -> PreviewedLineShape:
    entry = each.entry
    return PreviewedLineShape(
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
