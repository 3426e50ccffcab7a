"""What an amount would pay, told before it is taken: by the very plan that would take it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.fees.fee_account import FEE_ACCOUNT, fee_account_stream
from domain.money.items import FeeItem
from services.commands.ask import Ask
from services.commands.plan import Attempt
from services.console.visit import Visit
from services.fees.plans import NewPayment, payment_taken
from services.log.randomness import new_id
from services.words.figures import period


@dataclass(frozen=True, slots=True)
class Pays:
    """``amount`` of ``bills`` bills of one kind in a row; ``left`` stays open of the last of them. All in fen."""

    item: FeeItem
    since: date
    until: date
    amount: int
    left: int = 0
    bills: int = 1

    @property
    def period(self) -> str:
        return period(self.since, self.until)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Which bills an amount would pay, in this order, what it would leave open of all, and what would be held of it."""

    pays: tuple[Pays, ...]
    left: int
    prepaid: int = 0
    overpaid: int = 0


def foreseen(here: Visit, new: NewPayment) -> Foreseen:
    """What taking this money would do. Refuses what taking it refuses."""
    attempt = Attempt(here.product.handler.reach, Ask(here.member.caller), here.product.clock())
    payment, stream = new_id(), fee_account_stream(new.dwelling)
    planned = payment_taken(attempt, replace(new, reference=None), payment)  # its number says nothing of bills
    events = [event for change in planned.changes if change.stream == stream for event in change.events]
    account = FEE_ACCOUNT.fold([(event, attempt.act) for event in events], attempt.at(FEE_ACCOUNT, stream).state)
    paid = account.payments[payment]
    bills = [(account.bills[bill], amount) for bill, amount in paid.allocated.items() if amount]
    pays = [Pays(bill.item, bill.since, bill.until, amount, bill.open) for bill, amount in bills]
    return Foreseen(_in_rows(pays), account.open, paid.prepaid, paid.overpaid)


def _in_rows(pays: Sequence[Pays]) -> tuple[Pays, ...]:
    """Bills of a kind that are paid whole, one month after the other, are one row: nobody reads thirty-six of them."""
    rows: list[Pays] = []
    for each in pays:
        ends = (each.item, each.since, 0, 0)
        at = next((n for n, row in enumerate(rows) if (row.item, row.until, row.left, each.left) == ends), None)
        if at is None:
            rows.append(each)
        else:
            row = rows[at]
            rows[at] = replace(row, until=each.until, amount=row.amount + each.amount, bills=row.bills + 1)
    return tuple(rows)
