"""Invoices as a sheet for the tax software: who buys, what for, how much with and without tax."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from domain.fees.fee_account import FEE_ACCOUNT, FeeAccount, InvoiceStage, Payment
from domain.money.items import NO_FEES, FeeItem
from projections.fees.invoices import InvoiceRow, MadeOut
from services.log.event_log import EventLog
from services.log.known_states import Loaded
from services.sheets.writing import Cell, Kind, Sheet, SheetColumn
from services.words.sentences import say

MOST = 5_000  # rows in one file

_COLUMNS: tuple[tuple[str, Kind, int], ...] = (
    ("serial", Kind.TEXT, 38),
    ("kind", Kind.TEXT, 14),
    ("title", Kind.TEXT, 36),
    ("tax-number", Kind.TEXT, 22),
    ("email", Kind.TEXT, 26),
    ("item", Kind.TEXT, 18),
    ("gross", Kind.MONEY, 14),
    ("rate", Kind.TEXT, 8),
    ("net", Kind.MONEY, 14),
    ("tax", Kind.MONEY, 12),
    ("remark", Kind.TEXT, 30),
    ("number", Kind.TEXT, 24),
    ("issued-on", Kind.DATE, 12),
    ("red-number", Kind.TEXT, 24),
    ("red-on", Kind.DATE, 12),
)


def invoice_sheet(
    log: EventLog, rows: Sequence[InvoiceRow], made_out: Mapping[UUID, MadeOut], stage: InvoiceStage, language: str
) -> Sheet:
    """One row per invoice, with a total. A payer who was forgotten has no name any more.

    Where an event of an account cannot be read, what its money went to stays empty.
    """
    accounts = log.readable_of(FEE_ACCOUNT, list({row.account for row in rows}), keep=False).states
    return Sheet(
        name=say(language, f"invoicestage-{stage.value}"),
        columns=[SheetColumn(say(language, f"invoice-column-{name}"), kind, width) for name, kind, width in _COLUMNS],
        rows=[_row(_state(accounts, row), row, made_out.get(row.invoice), language) for row in rows],
        total=_total(rows, language),
    )


def _state(accounts: Mapping[UUID, Loaded[FeeAccount]], row: InvoiceRow) -> FeeAccount | None:
    return accounts[row.account].state if row.account in accounts else None


def rate_words(rate: int) -> str:
    """``6%`` of 600 basis points."""
    return f"{rate // 100}{f'.{rate % 100:02d}'.rstrip('0') if rate % 100 else ''}%"


def _row(account: FeeAccount | None, row: InvoiceRow, out: MadeOut | None, language: str) -> Sequence[Cell]:
    payment = account.payments.get(row.payment) if account else None
    return (
        str(row.invoice),
        say(language, "invoice-kind"),
        out.title if out else None,
        out.tax_number if out else None,
        out.email if out else None,
        _items(account, payment, language) if account else None,
        row.amount,
        rate_words(row.rate),
        row.net,
        row.tax,
        say(language, "invoice-remark", receipt=payment.receipt) if payment else None,
        row.number,
        row.issued_on,
        row.red_number,
        row.red_on,
    )


def _items(account: FeeAccount, payment: Payment | None, language: str) -> str:
    """What the money went to; what is held of it will go to the property fee."""
    bills = payment.allocated if payment else {}
    items = [item for bill, amount in bills.items() if amount and (item := account.bills[bill].item) not in NO_FEES]
    if not items or (payment and payment.held):
        items.append(FeeItem.PROPERTY_FEE)
    return say(language, "list-comma").join(say(language, f"feeitem-{item.value}") for item in dict.fromkeys(items))


def _total(rows: Sequence[InvoiceRow], language: str) -> Sequence[Cell]:
    sums: dict[str, Cell] = {
        "serial": say(language, "receipt-total"),
        "gross": sum(row.amount for row in rows),
        "net": sum(row.net for row in rows),
        "tax": sum(row.tax for row in rows),
    }
    return tuple(sums.get(name) for name, _, _ in _COLUMNS)
