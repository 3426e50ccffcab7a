"""Which debts a payment settles: Civil Code 560 (between several debts) and 561 (within one debt)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import groupby
from uuid import UUID


class AllocationOrder(Enum):
    """What of a debt is settled first; the contract says which (INV-46)."""

    PRINCIPAL_FIRST = "PRINCIPAL_FIRST"  # by agreement: every principal before any penalty, then costs
    COSTS_INTEREST_PRINCIPAL = "COSTS_INTEREST_PRINCIPAL"  # CC 561, where nothing else was agreed


class DebtPart(Enum):
    """What a bill is of its debt."""

    PRINCIPAL = "PRINCIPAL"
    PENALTY = "PENALTY"
    COST = "COST"


_RANK = {
    AllocationOrder.PRINCIPAL_FIRST: {DebtPart.PRINCIPAL: 0, DebtPart.PENALTY: 1, DebtPart.COST: 2},
    AllocationOrder.COSTS_INTEREST_PRINCIPAL: {DebtPart.COST: 0, DebtPart.PENALTY: 1, DebtPart.PRINCIPAL: 2},
}


@dataclass(frozen=True, slots=True)
class Debt:
    """What is open of one bill, in fen. ``due`` is that of its principal, also for its penalty and costs."""

    bill: UUID
    open: int
    due: date
    part: DebtPart = DebtPart.PRINCIPAL
    principal: UUID | None = None

    @property
    def root(self) -> UUID:
        """The bill of the principal."""
        return self.principal or self.bill


def allocate(
    amount: int, debts: Sequence[Debt], order: AllocationOrder, named: Sequence[UUID] = ()
) -> list[tuple[UUID, int]]:
    """Bills with what each gets; together ``amount``, or everything open if that is less.

    First what the payer names, in that order. Then the debts that fell due first; of several due on one day each gets
    its proportion, to the fen. Nobody has security here and all debts weigh alike, so no other rule of CC 560 applies.
    """
    left, given = amount, list[tuple[UUID, int]]()
    by_bill = {debt.bill: debt for debt in debts}
    for bill in dict.fromkeys(named):
        left -= _give(given, bill, min(left, by_bill.pop(bill).open))
    rank = _RANK[order]
    rest = list(by_bill.values())
    if order is AllocationOrder.PRINCIPAL_FIRST:
        tiers = sorted(rest, key=lambda debt: (rank[debt.part], debt.due))
        for _, tier in groupby(tiers, key=lambda debt: (rank[debt.part], debt.due)):
            left -= _proportionally(given, left, [[debt] for debt in tier])
        return given
    for _, same_day in groupby(sorted(rest, key=lambda debt: debt.due), key=lambda debt: debt.due):
        wholes: dict[UUID, list[Debt]] = {}
        for debt in sorted(same_day, key=lambda debt: rank[debt.part]):
            wholes.setdefault(debt.root, []).append(debt)
        left -= _proportionally(given, left, list(wholes.values()))
    return given


def _proportionally(given: list[tuple[UUID, int]], amount: int, wholes: Sequence[Sequence[Debt]]) -> int:
    """Settle debts of one day, each in the order of its own parts; answers what was given."""
    opens = [sum(debt.open for debt in whole) for whole in wholes]
    amount = min(amount, sum(opens))
    for whole, share in zip(wholes, proportions(amount, opens), strict=True):
        for debt in whole:
            share -= _give(given, debt.bill, min(share, debt.open))
    return amount


def _give(given: list[tuple[UUID, int]], bill: UUID, amount: int) -> int:
    if amount:
        given.append((bill, amount))
    return amount


def proportions(amount: int, weights: Sequence[int]) -> list[int]:
    """``amount`` in proportion to ``weights``, exact in sum; the fen left over go to the largest remainders."""
    whole = sum(weights)
    if not whole:
        return [0 for _ in weights]
    shares = [amount * weight // whole for weight in weights]
    remainders = sorted(range(len(weights)), key=lambda at: (-(amount * weights[at] % whole), at))
    for at in remainders[: amount - sum(shares)]:
        shares[at] += 1
    return shares
