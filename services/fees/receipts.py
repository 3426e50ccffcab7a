"""Receipts as the log knows them: what a payment went to when it was taken, in the words of who reads them.

They are put together from the facts of that moment: printed again years later a receipt reads the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never
from uuid import UUID

from domain.capacity import Capacity
from domain.contracts.fee_basis import FEE_BASIS, fee_basis_stream
from domain.fees.fee_account import BillIssued, PaymentRecorded, fee_account_stream
from domain.fees.fee_account.formula import formula
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
from domain.money.amount import yuan
from domain.recorded import Recorded
from projections.estates import estates
from projections.people import people
from projections.register import dwellings, owners
from services.contracts.letterhead import sender
from services.fees.paper import ReceiptLine, ReceiptPaper
from services.fees.receipt_tokens import ReceiptTokens
from services.product import Product
from services.words.figures import decimal, period
from services.words.sentences import say

MOST = 2_000  # receipts in one file


@dataclass(frozen=True, slots=True)
class Wanted:
    """One receipt to print: a payment on a dwelling's account."""

    dwelling: UUID
    payment: UUID


@dataclass
class _Taken:
    """A payment as it was taken."""

    recorded: Recorded[PaymentRecorded]
    lines: list[tuple[BillIssued | str, int]] = field(default_factory=list)
    void: bool = False


def receipt_papers(
    product: Product,
    estates_of: frozenset[str],
    wanted: Sequence[Wanted],
    language: str,
    origin: str,
    again: bool = False,
) -> list[ReceiptPaper]:
    """The papers of these payments in this order, none of other estates. ``origin`` is where browsers reach us.

    Accounts of which an event cannot be read are left out. Raises ``Unreadable`` where no other is wanted.
    """
    streams = {each.dwelling: fee_account_stream(each.dwelling) for each in wanted}
    reading = product.log.reading_of(list(dict.fromkeys(streams.values())), product.log.last_position())
    taken = _taken(reading.of_whole_streams() or reading.whole())
    found = [(each, taken[each.payment]) for each in wanted if each.payment in taken]
    found = [(each, paid) for each, paid in found if paid.recorded.estate in estates_of]
    with product.database.lend(estates_of) as conn:
        labels = dwellings.labels(conn, [each.dwelling for each, _ in found])
        payers = owners.named(conn, {paid.recorded.event.payer for _, paid in found})
        cashiers = people.named(conn, {paid.recorded.act.actor for _, paid in found})
        places = {row.code: row for row in estates.mine(conn)}
    bases = {code: product.log.load(FEE_BASIS, fee_basis_stream(code)).state for code in places}
    tokens = ReceiptTokens(product.secret)
    papers = []
    for each, paid in found:
        event, act = paid.recorded.event, paid.recorded.act
        place = places[paid.recorded.estate or ""]
        by_hand = act.acting_as is not Capacity.SYSTEM
        papers.append(
            ReceiptPaper(
                number=event.receipt,
                firm=sender(bases[place.code], place, event.paid_on, language),
                estate=place.name,
                dwelling=labels.get(each.dwelling, ""),
                payer=payers.get(event.payer),
                paid_on=event.paid_on,
                method=say(language, f"method-{event.method.value}"),
                lines=tuple(_line(language, about, amount) for about, amount in paid.lines),
                amount=event.amount,
                cashier=cashiers.get(act.actor) if by_hand else None,
                verify=f"{origin}/verify/{tokens.of(each.dwelling, each.payment)}",
                void=paid.void,
                again=again,
            )
        )
    return papers


def _taken(history: Sequence[Recorded[Any]]) -> Mapping[UUID, _Taken]:
    bills: dict[UUID, BillIssued] = {}
    payments: dict[UUID, _Taken] = {}
    for recorded in history:
        for moved in moved_by(recorded.event):
            match moved:
                case Billed(bill):
                    bills[bill] = recorded.event
                case Received(payment):
                    payments[payment] = _Taken(recorded)
                case Settled(payment, bill, amount):
                    payments[payment].lines.append((bills[bill], amount))
                case Held(payment, amount, overpaid):
                    payments[payment].lines.append(("overpaid" if overpaid else "prepaid", amount))
                case Reversed(payment):
                    payments[payment].void = True
                case Waived() | Voided() | Drawn() | Released() | Undone() | Refunded() | Returned():
                    pass  # what happened later stands on no receipt
                case RefundAsked() | RefundDecided() | InvoiceMoved():
                    pass
                case _:
                    assert_never(moved)
    return payments


def _line(language: str, about: BillIssued | str, amount: int) -> ReceiptLine:
    if isinstance(about, str):
        what = say(language, "went-prepaid" if about == "prepaid" else "went-overpaid")
        return ReceiptLine(what, "", say(language, f"went-{about}-what"), amount)
    part = say(language, "went-part", amount=yuan(about.amount)) if amount != about.amount else ""
    reckoned = reckoning(language, about)
    return ReceiptLine(
        item=say(language, f"feeitem-{about.item.value}"),
        span=period(about.since, about.until),
        reckoning=say(language, "list-comma").join(each for each in (reckoned, part) if each),
        amount=amount,
    )


def reckoning(language: str, bill: BillIssued) -> str:
    """How an amount came about, as one multiplies it: ``89.37 m² × 0.60 x 12``; nothing where no formula was.

    Of work in a home its parts (INV-22); of a refund that is owed back, which one.
    """
    if (about := bill.reclaims) is not None:
        return say(language, "bill-reclaims", receipt=about.receipt, day=f"{about.refunded_on:%Y-%m-%d}")
    if bill.costs is not None:
        parts = [f"{say(language, f'cost-{part}')} {yuan(amount)}" for part, amount in bill.costs.parts]
        return say(language, "list-comma").join(parts)
    how = formula(bill.item, bill.basis)
    if how is None:
        return ""
    price = say(language, "reckoned-price", price=decimal(how.unit_price, 4))
    if how.area is None:
        parts = [say(language, "reckoned-pieces", number=str(how.quantity)), price]
    else:
        parts = [say(language, "reckoned-area", area=decimal(how.area, 2)), price]
        parts += [str(how.quantity)] if how.quantity != 1 else []
    days = f"{how.days[0]}/{how.days[1]}" if how.days else ""
    if how.months or days:
        months = f"({how.months} + {days})" if how.months and days else days or str(how.months)
        parts.append(say(language, "reckoned-months", months=months))
    if how.factor is not None:
        parts.append(decimal(how.factor, 4))
    times = f" {chr(0xD7)} ".join(parts)
    if how.share:
        times += say(language, "reckoned-share", days=str(how.share[0]), of=str(how.share[1]))
    return times
