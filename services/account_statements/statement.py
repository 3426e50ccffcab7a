"""A payer's statement of account on one dwelling: every step that changed what is owed, and what is left of it.

An account may have had several payers, one after the other. What one of them owes is nobody else's business (INV-54),
so a statement is one payer's; money that paid another one's bill is told as such, without saying whose.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from domain.calendar import local_date
from domain.contracts.fee_basis import FEE_BASIS, fee_basis_stream
from domain.fees import fee_account as fees
from domain.fees.fee_account import FEE_ACCOUNT, fee_account_stream
from domain.fees.fee_account.movements import (
    Billed,
    Drawn,
    Held,
    InvoiceMoved,
    Received,
    RefundAsked,
    RefundDecided,
    Refunded,
    Released,
    Returned,
    Reversed,
    Settled,
    Undone,
    Voided,
    Waived,
    moved_by,
)
from domain.fees.payment_reference import payment_reference
from domain.recorded import Recorded
from projections.estates import estates
from projections.register import dwellings, owners
from services.account_statements.paper import AccountStatementPaper, Movement, OpenBill
from services.contracts.letterhead import sender
from services.fees.receipts import reckoning
from services.http.first_look import first_look
from services.log.not_found import NotFound
from services.product import Product
from services.words.figures import period
from services.words.sentences import say


@dataclass(frozen=True, slots=True)
class Step:
    """What one event did to what a payer owes: fen ``billed`` or ``received``, below zero where it was taken back."""

    on: date
    what: str
    about: Any
    billed: int = 0
    received: int = 0


@dataclass
class _Seen:
    bills: dict[UUID, fees.BillIssued] = field(default_factory=dict)
    waived: dict[UUID, int] = field(default_factory=dict)
    payments: dict[UUID, fees.PaymentRecorded] = field(default_factory=dict)
    refunded: dict[UUID, int] = field(default_factory=dict)  # by payment


def steps(history: Sequence[Recorded[Any]], payer: UUID) -> list[Step]:
    """Every step of an account that changed what ``payer`` owes, in the order of the log; their sum is the balance."""
    seen = _Seen()
    return [step for recorded in history for step in _steps(seen, recorded, payer) if step.billed or step.received]


def _steps(seen: _Seen, recorded: Recorded[Any], payer: UUID) -> Iterator[Step]:
    event, day = recorded.event, local_date(recorded.act.occurred_at)
    for moved in moved_by(event):
        match moved:
            case Billed(bill, amount):
                seen.bills[bill] = event
                if moved.payer == payer:
                    yield Step(day, "bill", event, billed=amount)
            case Voided(bill):
                voided = seen.bills[bill]
                if voided.payer == payer:
                    yield Step(day, "void", voided, billed=seen.waived.get(bill, 0) - voided.amount)
            case Waived(bill, amount):
                seen.waived[bill] = seen.waived.get(bill, 0) + amount
                if seen.bills[bill].payer == payer:
                    yield Step(day, "waiver", seen.bills[bill], billed=-amount)
            case Received(payment, amount):
                seen.payments[payment] = event
                if moved.payer == payer:
                    yield Step(moved.paid_on, "payment", event, received=amount)
            case Settled(payment, bill, amount) | Drawn(payment, bill, amount):
                yield _across(seen, payer, day, payment, bill, amount)
            case Released(payment, bill, amount) | Undone(payment, bill, amount):
                yield _across(seen, payer, day, payment, bill, -amount)
            case Reversed(payment):
                if (paid := seen.payments[payment]).payer == payer:
                    back = seen.refunded.get(payment, 0)  # went out already, and is billed again
                    yield Step(day, "reversal-rest" if back else "reversal", paid, received=back - paid.amount)
            case Refunded(payment=payment, amount=amount, paid_on=paid_on):
                seen.refunded[payment] = seen.refunded.get(payment, 0) + amount
                if (paid := seen.payments[payment]).payer == payer:
                    yield Step(paid_on, "refund", paid, received=-amount)
            case Returned(payment=payment, amount=amount, returned_on=returned_on):
                seen.refunded[payment] = seen.refunded.get(payment, 0) - amount
                if (paid := seen.payments[payment]).payer == payer:
                    yield Step(returned_on, "refund-returned", paid, received=amount)
            case Held() | RefundAsked() | RefundDecided() | InvoiceMoved():
                pass  # changes nothing of what is owed
            case _:
                assert_never(moved)


def _across(seen: _Seen, payer: UUID, day: date, payment: UUID, bill: UUID, amount: int) -> Step:
    """Money of one payer on a bill of another one; nothing where both are the same."""
    giver, owing = seen.payments[payment].payer, seen.bills[bill].payer
    if giver == payer and owing != payer:
        return Step(day, "for-another", seen.payments[payment], billed=amount)
    if owing == payer and giver != payer:
        return Step(day, "by-another", seen.bills[bill], received=amount)
    return Step(day, "same", None)


def account_statement_paper(
    product: Product, estates_of: frozenset[str], dwelling: UUID, payer: UUID | None, since: date | None, language: str
) -> AccountStatementPaper:
    """The statement up to now of the present owner, or of an earlier payer; from ``since`` or the year's first day.

    Raises ``NotFound`` for an account of other estates, and for a payer that it never had.
    """
    first_look(product)
    stream = fee_account_stream(dwelling)
    history = product.log.history(stream)
    account = FEE_ACCOUNT.fold([(recorded.event, recorded.act) for recorded in history])
    if account.estate not in estates_of:
        raise NotFound
    known = {bill.payer for bill in account.bills.values()} | {paid.payer for paid in account.payments.values()}
    with product.database.lend(estates_of) as conn:
        place = estates.estate(conn, account.estate or "")
        row = dwellings.one(conn, dwelling)
        payer = payer or (row.owner if row else None)
        if place is None or payer is None or (payer not in known and (row is None or payer != row.owner)):
            raise NotFound
        name = owners.named(conn, [payer]).get(payer)
    basis = product.log.load(FEE_BASIS, fee_basis_stream(place.code)).state
    today = local_date(product.clock())
    since = since or today.replace(month=1, day=1)
    moves = steps(history, payer)
    before = sum(step.billed - step.received for step in moves if step.on < since)
    return AccountStatementPaper(
        firm=sender(basis, place, today, language),
        station=say(language, "letter-station", estate=place.name),
        phone=None,
        estate=place.name,
        dwelling=(row.label if row else None) or "",
        reference=payment_reference(dwelling),
        payer=name,
        since=since,
        as_of=today,
        before=before,
        movements=tuple(
            _movement(language, step) for step in sorted(moves, key=lambda step: step.on) if step.on >= since
        ),
        bills=tuple(
            OpenBill(
                number=bill.number,
                item=say(language, f"feeitem-{bill.item.value}"),
                span=period(bill.since, bill.until),
                due=bill.due,
                amount=bill.amount,
                open=bill.open,
            )
            for bill in account.open_bills(payer).values()
        ),
        prepaid=sum(payment.held for payment in account.payments.values() if payment.payer == payer),
    )


def _movement(language: str, step: Step) -> Movement:
    about = step.about
    match about:
        case fees.BillIssued():
            item = say(language, f"feeitem-{about.item.value}")
            text = say(language, f"movement-{step.what}", item=item, span=period(about.since, about.until))
            detail = reckoning(language, about) if step.what == "bill" else ""
        case _:
            method = say(language, f"method-{about.method.value}")
            text = say(language, f"movement-{step.what}", method=method, receipt=about.receipt)
            detail = ""
    return Movement(step.on, text, detail, step.billed, step.received)
