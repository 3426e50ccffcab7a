"""What the pages about one account show: bills in words, what is open of them, and what a payment was for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from domain.fees.fee_account import Basis, Bill, BillIssued, FeeAccount, Method, Payment, fee_account_stream
from domain.fees.fee_account.formula import formula
from domain.money.items import PERIODIC, FeeItem
from domain.recorded import Recorded
from projections.projection import Connection
from projections.register import dwellings
from projections.register.dwellings import DwellingRow
from services.console.amounts import costs_text
from services.console.render import Voice
from services.console.visit import Visit
from services.fees.lines import BillLine
from services.log.not_found import NotFound
from services.words.figures import day, decimal, period, shown

TIMES = f" {chr(0xD7)} "

SIGNS = (
    (Method.CASH, "cash"),
    (Method.WECHAT, "brand-wechat"),
    (Method.ALIPAY, "brand-alipay"),
    (Method.CARD, "credit-card"),
    (Method.BANK_TRANSFER, "building-bank"),
)


class Reckoned(Protocol):
    """What is billed, or would be: an amount in fen and what it was worked out of."""

    @property
    def item(self) -> FeeItem: ...

    @property
    def amount(self) -> int: ...

    @property
    def basis(self) -> Basis: ...


@dataclass(frozen=True, slots=True)
class Due:
    """A bill with something to pay. ``payer_name`` only where it is not who owns the dwelling now.

    ``parts`` of work in a home: what coming, work and material cost.
    """

    bill: UUID
    what: str
    period: str
    open: int
    due: str
    late: bool
    payer_name: str
    parts: str


@dataclass(frozen=True, slots=True)
class PaidLine:
    what: str
    period: str
    amount: int


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment as it is told right after it was taken."""

    payment: UUID
    amount: int
    method: Method
    receipt: str
    lines: tuple[PaidLine, ...]
    prepaid: int
    overpaid: int


def dues(
    voice: Voice,
    account: FeeAccount,
    today: date,
    owner: UUID | None,
    names: Mapping[UUID, str | None],
    lines: Mapping[UUID, BillLine],
) -> list[Due]:
    """Open bills in the order in which they fell due; ``lines`` of those that came about part by part."""
    found = sorted(account.open_bills().items(), key=lambda each: (each[1].due, each[1].since))
    return [
        Due(
            bill=id,
            what=voice.name(bill.item),
            period=period(bill.since, bill.until),
            open=bill.open,
            due=day(bill.due),
            late=bill.due < today,
            payer_name="" if bill.payer == owner else (names.get(bill.payer) or ""),
            parts=explained(voice, lines[id]) if id in lines else "",
        )
        for id, bill in found
    ]


def paid(voice: Voice, account: FeeAccount, id: UUID, payment: Payment) -> Paid:
    """What a payment went to, as things stand."""
    lines = tuple(
        PaidLine(voice.name(bill.item), period(bill.since, bill.until), amount)
        for bill, amount in ((account.bills[each], amount) for each, amount in payment.allocated.items())
    )
    return Paid(id, payment.amount, payment.method, payment.receipt, lines, payment.prepaid, payment.overpaid)


def by_due(bills: Mapping[UUID, Bill]) -> list[tuple[UUID, Bill]]:
    """Bills, the newest period first."""
    return sorted(bills.items(), key=lambda each: (each[1].since, each[1].due), reverse=True)


def area_text(area: int) -> str:
    """``89.37`` of hundredths of a square metre."""
    return decimal(area, 2)


def rate_text(unit_price: int) -> str:
    """A unit price of ten-thousandths of a yuan with as many places as it needs, two at least."""
    return decimal(unit_price, 4)


def explained(voice: Voice, bill: BillIssued | BillLine) -> str:
    """How an amount came about, as it can be worked out again: by its formula, part by part, or by its refund."""
    if (about := bill.reclaims) is not None:
        return voice.say("bill-reclaims", receipt=about.receipt, day=day(about.refunded_on))
    if bill.costs is not None:
        return f"{costs_text(voice, bill.costs)} = {shown(bill.amount)}"
    return reckoned(voice, bill)


def reckoned(voice: Voice, bill: Reckoned) -> str:
    """Area x price x months x factor, and what it comes to."""
    how, amount = formula(bill.item, bill.basis), bill.amount
    if how is None:
        return voice.say("bill-agreed")
    factors = [] if how.area is None else [voice.say("bill-area", area=area_text(how.area))]
    factors.append(voice.say("bill-price", price=rate_text(how.unit_price)))
    if how.quantity != 1:
        factors.append(str(how.quantity))
    if how.months:
        factors.append(voice.say("bill-months", n=how.months))
    if how.days:
        part = voice.say("bill-days", days=str(how.days[0]), of=str(how.days[1]))
        factors[-1:] = [f"({factors[-1]} + {part})"] if how.months else [factors[-1], part]
    if how.factor is not None:
        factors.append(rate_text(how.factor))
    sum_of_it = TIMES.join(factors)
    if how.share:
        return voice.say(
            "bill-share",
            formula=sum_of_it,
            whole=shown(bill.basis.whole),
            days=str(how.share[0]),
            of=str(how.share[1]),
            amount=shown(amount),
        )
    return f"{sum_of_it} = {shown(amount)}"


def dwelling_of(conn: Connection, here: Visit, dwelling: UUID) -> DwellingRow:
    """The dwelling of an account, where it is one of the member's estates."""
    row = dwellings.one(conn, dwelling)
    if row is None or row.estate not in here.member.estates:
        raise NotFound
    return row


def events_of(here: Visit, dwelling: UUID) -> Sequence[Recorded[Any]]:
    """Everything that happened on an account, in order."""
    log = here.product.log
    return log.of_streams([fee_account_stream(dwelling)], log.last_position())


def is_sold(line: BillLine, row: DwellingRow) -> bool:
    """Whether somebody else owned the dwelling for some of the days that a standing bill charges its payer for."""
    if line.voided or line.item not in PERIODIC:
        return False
    return any(owner != line.payer for owner, _, _ in row.state.owners_between(line.since, line.until))
