"""How much may be held in advance (INV-47): so many months of what is billed, and no day beyond the contract.

What is billed for days to come and paid already counts as paid in advance as much as what is held.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from domain.contracts.fee_basis import Charged, FeeSchedule
from domain.fees.fee_account import Bill, FeeAccount
from domain.fees.pieces import own_pieces
from domain.money.formula import ONE_UNIT, WHOLE, half_up, months_between
from domain.money.items import PERIODIC, FeeItem
from domain.register.dwelling import Dwelling


@dataclass(frozen=True, slots=True)
class Rate:
    """What one item comes to a month, in fen, exactly."""

    item: FeeItem
    monthly: Fraction


def last_rates(account: FeeAccount) -> tuple[Rate, ...]:
    """What each item came to when it was billed last; what is no longer billed does not come again by itself."""
    newest: dict[FeeItem, Bill] = {}
    for bill in account.bills.values():
        if bill.item in PERIODIC and not bill.voided and bill.since < bill.until:
            known = newest.get(bill.item)
            if known is None or (bill.since, bill.until) >= (known.since, known.until):
                newest[bill.item] = bill
    return tuple(
        Rate(item, Fraction(bill.amount) / months_between(bill.since, bill.until)) for item, bill in newest.items()
    )


def listed_rates(schedule: FeeSchedule, dwelling: Dwelling) -> tuple[Rate, ...]:
    """What each item comes to by a price list: for its area, or for what it is or takes besides by the piece."""
    found = []
    for price in schedule.prices:
        if dwelling.use not in price.uses or price.charged is Charged.PER_PIECE:
            continue
        taken = dwelling.taking(price.item)
        pieces = own_pieces(price.item, dwelling.use) + (taken.quantity if taken is not None else 0)
        area = dwelling.chargeable_area if price.charged is Charged.PER_AREA else ONE_UNIT
        if pieces:
            found.append(Rate(price.item, Fraction(area * pieces * price.unit_price, WHOLE)))
    return tuple(found)


def prepayment_limit(
    account: FeeAccount, rates: Sequence[Rate], day: date, until: date, payer: UUID | None = None
) -> int:
    """Fen that may still be held on ``day`` for days before ``until``, beyond all that is open.

    For each item the days from the last one billed; less what is held of ``payer`` (of everybody) already.
    """
    wanted = sum((_ahead(account, rate, day, until) for rate in rates), Fraction(0))
    held = sum(each.prepaid for each in account.payments.values() if payer in (None, each.payer))
    return max(half_up(wanted) - held, 0)


def _ahead(account: FeeAccount, rate: Rate, day: date, until: date) -> Fraction:
    billed = _billed_until(account, rate.item)
    since = max(billed, day) if billed else day
    return rate.monthly * months_between(since, until) if since < until else Fraction(0)


def _billed_until(account: FeeAccount, item: FeeItem) -> date | None:
    ends: Iterable[date] = (bill.until for bill in account.bills.values() if bill.item is item and not bill.voided)
    return max(ends, default=None)
