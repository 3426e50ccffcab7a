"""What an amount would pay, told before it is taken: by the very plan that would take it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from domain.fees.fee_account import (
    FEE_ACCOUNT,
    FeeAccount,
    OverpaymentHeld,
    PaymentAllocated,
    PrepaymentHeld,
    fee_account_stream,
)
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
    events = payment_taken(attempt, new, new_id()).changes[0].events
    return _told(attempt.at(FEE_ACCOUNT, fee_account_stream(new.dwelling)).state, events)


def _told(account: FeeAccount, events: Sequence[Any]) -> Foreseen:
    pays: list[Pays] = []
    prepaid = overpaid = 0
    for event in events:
        match event:
            case PaymentAllocated(_, allocations):
                for each in allocations:
                    bill = account.bills[each.bill]
                    pays.append(Pays(bill.item, bill.since, bill.until, each.amount, bill.open - each.amount))
            case PrepaymentHeld(_, amount):
                prepaid = amount
            case OverpaymentHeld(_, amount):
                overpaid = amount
    return Foreseen(_in_rows(pays), account.open - sum(each.amount for each in pays), prepaid, overpaid)


def _in_rows(pays: Sequence[Pays]) -> tuple[Pays, ...]:
    """Bills that are paid whole and follow each other are one row: nobody reads thirty-six months one by one."""
    rows: list[Pays] = []
    for each in pays:
        last = rows[-1] if rows else None
        if last and (last.item, last.until, last.left, each.left) == (each.item, each.since, 0, 0):
            rows[-1] = replace(last, until=each.until, amount=last.amount + each.amount, bills=last.bills + 1)
        else:
            rows.append(each)
    return tuple(rows)
