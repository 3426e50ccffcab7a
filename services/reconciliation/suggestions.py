"""Up to three dwellings for each line that waits, what speaks for each, and what speaks against any."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from domain.contracts.fee_basis import FEE_BASIS, fee_basis_stream
from domain.fees.fee_account import FEE_ACCOUNT, fee_account_stream
from domain.money.evidence import Evidence
from domain.reconciliation.line import Waiting
from domain.register.dwelling import DWELLING
from projections.fees import accounts
from projections.projection import Connection
from projections.reconciliation.lines import LineRow
from services.product import Product
from services.reconciliation.desk_payments import DeskPayments
from services.reconciliation.formats.entry import Entry
from services.reconciliation.formats.matching import (
    SUGGESTIONS,
    Book,
    Traces,
    candidates_of,
    speaks_against,
    suggestions,
    traces_of,
)
from services.reconciliation.known import debts_of, known_of
from services.reconciliation.paid_refunds import PaidRefund, PaidRefunds
from services.reconciliation.surroundings import around_of, firm


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A dwelling that a line may belong to; without ``evidence`` only the amount speaks for it.

    ``payment`` is one that the desk took down and that may be the same, with its ``receipt``; ``refund`` is one of it
    that was paid out on ``paid_on`` and may have come back.
    """

    dwelling: UUID
    evidence: Evidence | None
    payment: UUID | None = None
    receipt: str | None = None
    refund: UUID | None = None
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Helped:
    """What helps to settle a line: suggestions, and the words of it that name another estate, home or person."""

    suggestions: Sequence[Suggestion] = ()
    named: str | None = None


def suggested(product: Product, conn: Connection, estate: str, rows: Sequence[LineRow]) -> dict[UUID, Helped]:
    """What helps with each line; nothing for money that went out."""
    waiting = [row for row in rows if row.told.amount > 0]
    if not waiting:
        return {}
    with product.database.lend(firm(product.database)) as of_all:
        people = any(row.waiting is Waiting.OTHER_PERSON for row in waiting)
        around = around_of(of_all, estate, people=people)
    known = known_of(conn, estate, around)
    entries = {row.line: _entry(row) for row in waiting}
    traces = {line: traces_of(entry) for line, entry in entries.items()}
    by_amount: dict[int, list[UUID]] = {row.told.amount: [] for row in waiting}
    for account in accounts.of_estate(conn, estate):
        if account.open in by_amount and len(by_amount[account.open]) < 3:
            by_amount[account.open].append(account.dwelling)
    wanted = {each for row in waiting for each in candidates_of(traces[row.line], row.told.mark, known.book)}
    states = product.log.readable_of(FEE_ACCOUNT, [fee_account_stream(each) for each in wanted]).states
    homes = product.log.readable_of(DWELLING, list(wanted)).states
    basis = product.log.load(FEE_BASIS, fee_basis_stream(estate)).state
    desk = DeskPayments(product.log, conn, estate, list(entries.values()))
    desk.prepare(list(entries.values()))
    paid_out = PaidRefunds(conn, estate, list(entries.values()))
    found: dict[UUID, Helped] = {}
    for row in waiting:
        entry = entries[row.line]
        debts = {
            each: debts_of(states[fee_account_stream(each)].state, homes[each].state, basis, entry)
            for each in candidates_of(traces[row.line], row.told.mark, known.book)
            if each in homes and not homes[each].state.withdrawn and fee_account_stream(each) in states
        }
        book = replace(known.book, debts=debts)
        same = sorted(by_amount[row.told.amount])
        taken = [] if row.waiting is Waiting.OTHER_ESTATE else desk.alike(entry, {})
        back = paid_out.of(entry)
        nobodys = row.waiting is Waiting.REFUND_BACK
        of_line = [] if nobodys else suggestions(entry, traces[row.line], row.told.mark, book, same)
        found[row.line] = Helped(
            [
                *(_of_refund(each) for each in back if row.waiting is Waiting.REFUND_BACK),
                *(Suggestion(each.dwelling, Evidence.AT_DESK, each.payment, each.receipt) for each in taken),
                *(Suggestion(dwelling, evidence) for dwelling, evidence in of_line),
                *(_of_refund(each) for each in back if row.waiting is not Waiting.REFUND_BACK),
            ][:SUGGESTIONS],
            _named(row, entry, traces[row.line], book, [dwelling for dwelling, _ in of_line]),
        )
    return found


def _of_refund(back: PaidRefund) -> Suggestion:
    evidence = Evidence.REFUND_RETURNED
    return Suggestion(back.dwelling, evidence, back.payment, back.receipt, back.refund, back.paid_on)


def _named(row: LineRow, entry: Entry, traces: Traces, book: Book, led_to: Sequence[UUID]) -> str | None:
    """The words for which a line waits, where it waits for such."""
    for dwelling in (*led_to, None):
        against = speaks_against(entry, traces, dwelling, book)
        if against is not None and against[0] is row.waiting:
            return against[1]
    return None


def _entry(row: LineRow) -> Entry:
    return Entry(
        row.told.row, row.told.provider, row.serial or "", row.told.at, row.told.amount, remark=row.remark,
        payer=row.payer, account=row.account,
    )  # fmt: skip
