"""What is held pays what falls due, day by day, and what was served before any of it goes back."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from domain.fees.fee_account.state import Bill, FeeAccount
from domain.fees.fee_account.vocabulary import Draw
from domain.money.allocation import AllocationOrder, Debt, DebtPart, allocate
from domain.money.items import FeeItem


def prepayment_draws(
    account: FeeAccount, day: date, order: AllocationOrder, leaving: UUID | None = None
) -> tuple[Draw, ...]:
    """Each payer's money pays the payer's own bills that are due by ``day``, the oldest money first.

    It does so due day by due day, as if somebody had looked at every midnight: whoever looks when changes nothing.
    What was due already when the account last changed is due together. Whoever is ``leaving`` and wants the rest back
    pays for all days served, due or not.
    """
    draws: list[Draw] = []
    for payer in dict.fromkeys(each.payer for each in account.payments.values()):
        left = {
            id: free for id, each in account.payments.items() if each.payer == payer and (free := _free(account, id))
        }
        theirs = debts(account, lambda _, bill, payer=payer: bill.payer == payer)  # type: ignore[misc]
        for wanted in _in_turn(account, theirs if left else (), day, payer == leaving):
            paid: dict[UUID, int] = {}
            for draw in draws:
                paid[draw.bill] = paid.get(draw.bill, 0) + draw.amount
            still = [replace(debt, open=debt.open - paid.get(debt.bill, 0)) for debt in wanted]
            due = [debt for debt in still if debt.open]
            for bill, amount in allocate(sum(left.values()), due, order):
                draws += _from(left, bill, amount)
    return tuple(draws)


def _free(account: FeeAccount, payment: UUID) -> int:
    return max(account.available(payment), 0)


def _from(left: dict[UUID, int], bill: UUID, amount: int) -> list[Draw]:
    """So much for a bill out of what is ``left`` of each payment, which becomes less."""
    draws = []
    for payment, held in left.items():
        if drawn := min(amount, held):
            draws.append(Draw(payment, bill, drawn))
            left[payment] -= drawn
            amount -= drawn
    return draws


def _in_turn(account: FeeAccount, theirs: Sequence[Debt], day: date, leaving: bool) -> list[list[Debt]]:
    """The debts that are paid at one time, one time after another; each of them holds those before it."""
    bills = account.bills
    days = sorted({bills[debt.bill].due for debt in theirs if bills[debt.bill].due <= day})
    before = [each for each in days if account.day is not None and each <= account.day]
    times = [*before[-1:], *days[len(before) :]]
    turns = [[debt for debt in theirs if bills[debt.bill].due <= time] for time in times]
    if leaving:
        turns.append([debt for debt in theirs if debt in (turns[-1] if turns else ()) or served(bills[debt.bill], day)])
    return turns


def served(bill: Bill, day: date) -> bool:
    """Whether all days that a bill charges for are over, or it is due."""
    return bill.due <= day or bill.until <= day


def served_open(account: FeeAccount, payer: UUID, day: date) -> int:
    """What a payer has not paid yet of what was served."""
    return sum(bill.open for bill in account.open_bills(payer).values() if served(bill, day))


def debts(account: FeeAccount, wanted: Callable[[UUID, Bill], bool]) -> list[Debt]:
    """The open bills that are ``wanted``, as parts of what is owed."""
    found = []
    for id, bill in account.open_bills().items():
        if not wanted(id, bill):
            continue
        part, principal, due = DebtPart.PRINCIPAL, None, bill.due
        if bill.item in (FeeItem.LATE_PENALTY, FeeItem.ENFORCEMENT_COST) and bill.reference is not None:
            part = DebtPart.PENALTY if bill.item is FeeItem.LATE_PENALTY else DebtPart.COST
            principal, due = bill.reference, account.bills[bill.reference].due
        found.append(Debt(id, bill.open, due, part, principal))
    return found
