"""Civil Code 560 and 561: which debts a payment settles."""

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.money.allocation import AllocationOrder, Debt, DebtPart, allocate, proportions

A, B, C, D = (UUID(int=n) for n in range(1, 5))
LAW, FRIENDLY = AllocationOrder.COSTS_INTEREST_PRINCIPAL, AllocationOrder.PRINCIPAL_FIRST
OLD, NEW = date(2024, 6, 30), date(2025, 6, 30)


def test_what_the_payer_names_comes_first() -> None:
    assert allocate(150, [Debt(A, 100, OLD), Debt(B, 100, NEW)], LAW, [B]) == [(B, 100), (A, 50)]


def test_else_what_fell_due_first() -> None:
    assert allocate(150, [Debt(A, 100, NEW), Debt(B, 100, OLD)], LAW) == [(B, 100), (A, 50)]


def test_what_fell_due_on_one_day_is_settled_in_proportion() -> None:
    assert allocate(100, [Debt(A, 100, OLD), Debt(B, 200, OLD)], LAW) == [(A, 33), (B, 67)]


def test_within_a_debt_costs_then_interest_then_principal() -> None:
    debts = [Debt(A, 100, OLD), Debt(B, 30, OLD, DebtPart.PENALTY, A), Debt(C, 20, OLD, DebtPart.COST, A)]
    assert allocate(60, debts, LAW) == [(C, 20), (B, 30), (A, 10)]


def test_by_agreement_every_principal_before_any_penalty() -> None:
    debts = [Debt(A, 100, OLD), Debt(B, 30, OLD, DebtPart.PENALTY, A), Debt(C, 100, NEW)]
    assert allocate(210, debts, FRIENDLY) == [(A, 100), (C, 100), (B, 10)]


def test_the_oldest_debt_is_settled_whole_with_its_penalty_before_the_next() -> None:
    debts = [Debt(A, 100, OLD), Debt(B, 30, OLD, DebtPart.PENALTY, A), Debt(C, 100, NEW)]
    assert allocate(150, debts, LAW) == [(B, 30), (A, 100), (C, 20)]


_DEBTS = st.lists(
    st.builds(Debt, st.uuids(), st.integers(1, 10**6), st.sampled_from([OLD, NEW]), st.sampled_from(DebtPart)),
    max_size=8,
    unique_by=lambda debt: debt.bill,
)


@given(st.integers(0, 10**7), _DEBTS, st.sampled_from(AllocationOrder), st.data())
def test_nothing_is_lost_nothing_is_given_twice(
    amount: int, debts: list[Debt], order: AllocationOrder, data: st.DataObject
) -> None:
    bills = [debt.bill for debt in debts]
    named = data.draw(st.lists(st.sampled_from(bills), unique=True)) if bills else []
    given_ = allocate(amount, debts, order, named)
    assert sum(part for _, part in given_) == min(amount, sum(debt.open for debt in debts))
    assert len({bill for bill, _ in given_}) == len(given_)
    opens = {debt.bill: debt.open for debt in debts}
    assert all(0 < part <= opens[bill] for bill, part in given_)


@given(st.integers(0, 10**7), st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_proportions_are_exact_in_sum(amount: int, weights: list[int]) -> None:
    shares = proportions(amount, weights)
    assert sum(shares) == (amount if sum(weights) else 0)
    assert all(
        abs(share * sum(weights) - amount * weight) < sum(weights)
        for share, weight in zip(shares, weights, strict=True)
        if sum(weights)
    )
