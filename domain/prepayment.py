"""How much may be held in advance (INV-47): so many months of what is billed, and no day beyond the contract.

What is billed for days to come and paid already counts as paid in advance as much as what is held.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from domain.fee_account import Bill, FeeAccount
from domain.fee_formula import half_up, months_between, months_later
from domain.fee_item import PERIODIC, FeeItem

MOST_MONTHS = 12  # unless the contract says less


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


def prepayment_limit(
    account: FeeAccount,
    rates: Sequence[Rate],
    day: date,
    months: int = MOST_MONTHS,
    ends: date | None = None,
    payer: UUID | None = None,
) -> int:
    """Fen that may still be held on ``day``, beyond all that is open; ``ends`` is the contract's last day, excluded.

    For each item the days from the last one billed until ``months`` from now; less what is held of ``payer`` already.
    """
    until = months_later(day, months)
    if ends is not None:
        until = min(until, ends)
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
