"""The package of a closed month as a workbook and as a paper to sign."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from uuid import UUID

from domain.arrears.overdue import Age
from domain.books.books import MonthFigures
from domain.months import end_of
from services.closing.closing import Aged, Package, PackageLine
from services.paper.reports import Column, ReportPaper, Table, reports
from services.sheets.writing import Cell, Kind, Sheet, SheetColumn, workbook
from services.words.figures import full_date
from services.words.sentences import say

Labels = Mapping[UUID, str]

RECEIVABLE_LINES = (  # name and how it moves what is to be paid
    ("receivable_begin", 1),
    ("billed", 1),
    ("reclaimed", 1),
    ("voided", -1),
    ("waived", -1),
    ("unwaived", 1),
    ("settled", -1),
    ("unsettled", 1),
)
HELD_LINES = (
    ("held_begin", 1),
    ("received", 1),
    ("reversed", -1),
    ("refunded", -1),
    ("returned", 1),
    ("reclaimed", 1),
    ("settled", -1),
    ("unsettled", 1),
)
_SHARES = (
    ("by_method", "method"),
    ("reversed_by_method", "method"),
    ("refunded_by_method", "method"),
    ("returned_by_method", "method"),
    ("billed_by_item", "feeitem"),
    ("settled_by_item", "feeitem"),
)

_RARE = frozenset({"reclaimed", "returned"})


def sums(figures: MonthFigures, lines: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Names and signed amounts of what a balance at the end of the month adds up from; the rare one where it is."""
    shown = ((name, sign) for name, sign in lines if name not in _RARE or getattr(figures, name))
    return [(name, sign * getattr(figures, name)) for name, sign in shown]


def sheets(package: Package, labels: Labels, estate: str, language: str) -> list[Sheet]:
    """Summary, bills, payments, refunds, waivers, voids, reversals and ageing, each with its total.

    Where refunds were reclaimed, or came back, they have a sheet as well.
    """
    reclaimed = _lines(package.reclaimed, labels, language, "reclaimed", ("number", "item", "due"))
    returned = _lines(package.returned, labels, language, "returned", ("receipt", "method"))
    return [
        _summary(package, estate, language),
        _lines(package.bills, labels, language, "bills", ("number", "item", "since", "until", "due")),
        _lines(package.payments, labels, language, "payments", ("receipt", "method")),
        _lines(package.refunds, labels, language, "refunds", ("receipt", "method")),
        _lines(package.waivers, labels, language, "waivers", ("number", "item", "reason", "rule")),
        _lines(package.voids, labels, language, "voids", ("number", "item", "reason")),
        _lines(package.reversals, labels, language, "reversals", ("receipt", "method", "reason")),
        *([returned] if package.returned else []),
        *([reclaimed] if package.reclaimed else []),
        _ageing(package, labels, language),
    ]


def xlsx(package: Package, labels: Labels, estate: str, language: str) -> bytes:
    """The package as a workbook of texts, days and amounts; nothing in it is a formula."""
    return workbook(sheets(package, labels, estate, language))


def _summary(package: Package, estate: str, language: str) -> Sheet:
    def words(key: str, **facts: object) -> str:
        return say(language, f"closing-{key}", **facts)

    figures = package.figures
    rows: list[Sequence[Cell]] = [
        (words("month"), package.month, None),
        (words("estate"), f"{estate} {package.estate}", None),
        (words("position"), str(package.position), None),
    ]
    for title, lines, end in (
        ("receivable", RECEIVABLE_LINES, "receivable_end"),
        ("held", HELD_LINES, "held_end"),
    ):
        rows.append((words(title), None, None))
        rows += [(None, words(f"figure-{name}"), amount) for name, amount in sums(figures, lines)]
        rows.append((None, words(f"figure-{end}"), getattr(figures, end)))
    for name, kind in _SHARES:
        shares = getattr(figures, name)
        if shares:
            rows.append((words(f"share-{name}"), None, None))
            rows += [(None, say(language, f"{kind}-{share.of}"), share.amount) for share in shares]
    headings = [SheetColumn(words("column-part"), width=28), SheetColumn(words("column-what"), width=36)]
    return Sheet(words("sheet-summary"), [*headings, SheetColumn(words("column-amount"), Kind.MONEY)], rows)


_KINDS = {"since": Kind.DATE, "until": Kind.DATE, "due": Kind.DATE}


def _lines(lines: Sequence[PackageLine], labels: Labels, language: str, sheet: str, names: Sequence[str]) -> Sheet:
    def heading(name: str) -> str:
        return say(language, f"closing-column-{name}")

    columns = [
        SheetColumn(heading("day"), Kind.DATE, 12),
        SheetColumn(heading("dwelling"), width=16),
        *(SheetColumn(heading(name), _KINDS.get(name, Kind.TEXT), 20) for name in names),
        SheetColumn(heading("amount"), Kind.MONEY),
    ]
    amount = sum(line.amount for line in lines)
    total: list[Cell] = [say(language, "closing-total"), *([None] * (len(names) + 1)), amount]
    rows = (
        (line.day, _label(line, labels), *(_cell(line, name, language) for name in names), line.amount)
        for line in lines
    )
    return Sheet(say(language, f"closing-sheet-{sheet}"), columns, rows, total)


def _label(line: PackageLine, labels: Labels) -> str | None:
    about = line.bill or line.payment
    return labels.get(about.dwelling) if about else None


def _cell(line: PackageLine, name: str, language: str) -> Cell:
    value: object
    if name in ("number", "item", "since", "until", "due"):
        value = getattr(line.bill, name, None)
    else:
        value = line.payment.receipt if name == "receipt" and line.payment else getattr(line, name, None)
    if isinstance(value, Enum):
        return say(language, f"{type(value).__name__.lower()}-{value.value}")
    return value if isinstance(value, str | date) else None


def _ageing(package: Package, labels: Labels, language: str) -> Sheet:
    def heading(name: str) -> str:
        return say(language, f"closing-column-{name}")

    columns = [
        SheetColumn(heading("dwelling"), width=16),
        SheetColumn(heading("not-due"), Kind.MONEY),
        *(SheetColumn(say(language, f"age-{age.value}"), Kind.MONEY) for age in Age),
        SheetColumn(heading("open"), Kind.MONEY),
    ]
    aged = sorted(package.ageing, key=lambda each: labels.get(each.dwelling, ""))
    rows = ((labels.get(each.dwelling), each.not_due, *each.ages, each.open) for each in aged)
    total: list[Cell] = [say(language, "closing-total"), *(sum(column) for column in _columns(aged))]
    return Sheet(say(language, "closing-sheet-ageing"), columns, rows, total)


def _columns(aged: Sequence[Aged]) -> list[list[int]]:
    return [
        [each.not_due for each in aged],
        *([each.ages[place] for each in aged] for place in range(len(Age))),
        [each.open for each in aged],
    ]


def pdf(package: Package, estate: str, closed_by: str, language: str, made_at: datetime) -> bytes:
    """The month on paper: how both balances came about, by method and item, and the ageing; for two to sign."""

    def words(key: str, **facts: object) -> str:
        return say(language, f"closing-{key}", **facts)

    figures = package.figures
    amount = Column(words("column-amount"), "money")
    tables = [
        Table(
            words(title),
            (Column(words("column-what")), amount),
            tuple((words(f"figure-{name}"), value) for name, value in sums(figures, lines)),
            (words(f"figure-{end}"), getattr(figures, end)),
        )
        for title, lines, end in (
            ("receivable", RECEIVABLE_LINES, "receivable_end"),
            ("held", HELD_LINES, "held_end"),
        )
    ]
    tables += [
        Table(
            words(f"share-{name}"),
            (Column(words("column-what")), amount),
            tuple((say(language, f"{kind}-{share.of}"), share.amount) for share in shares),
            (words("total"), sum(share.amount for share in shares)),
        )
        for name, kind in _SHARES
        if (shares := getattr(figures, name))
    ]
    by_age = _columns(package.ageing)
    names = [words("column-not-due"), *(say(language, f"age-{age.value}") for age in Age)]
    tables.append(
        Table(
            words("sheet-ageing"),
            (Column(words("column-age")), Column(words("column-dwellings"), "count"), amount),
            tuple(
                (name, sum(1 for value in column if value), sum(column))
                for name, column in zip(names, by_age, strict=False)
            ),
            (words("total"), len(package.ageing), figures.receivable_end),
        )
    )
    assert package.closed_at is not None
    paper = ReportPaper(
        firm=estate,
        title=words("paper-title", month=package.month),
        subtitle=words("paper-until", day=full_date(language, end_of(package.month) - timedelta(days=1))),
        facts=(
            (words("paper-closed-by"), closed_by),
            (words("paper-closed-on"), full_date(language, package.closed_at.date())),
            (words("paper-bills"), f"{figures.bills:,}"),
            (words("paper-payments"), f"{figures.payments:,}"),
        ),
        tables=tuple(tables),
        signs=(words("sign-accountant"), words("sign-head")),
        source=words("paper-source", position=str(package.position)),
        made_at=made_at,
    )
    return reports([paper], language)
