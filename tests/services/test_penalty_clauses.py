"""A penalty rests on the clause of the contract under which its bill came about, and on no later one (INV-49)."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from domain.dwelling import Use
from domain.fee_basis import (
    FEE_BASIS,
    AdoptFeeSchedule,
    Charged,
    FeeMode,
    Price,
    SignContract,
    Terms,
    fee_basis_stream,
)
from domain.fee_item import FeeItem
from services.dunning_plans import charge_penalty
from tests.fee_office import ESTATE_CODE, Office

BEFORE, AFTER = UUID(int=0xC1), UUID(int=0xC2)
CHANGE = date(2026, 1, 1)
FEE = Price(FeeItem.PROPERTY_FEE, Charged.PER_AREA, (Use.RESIDENCE,), 6000, "8", "保洁、秩序")
PRICES = AdoptFeeSchedule(UUID(int=0x51), BEFORE, (FEE,), date(2025, 10, 1), date(2025, 10, 1))
WITH, WITHOUT = Terms(payment_days=30, penalty_rate=500, penalty_clause="12"), Terms(payment_days=30)


def contract(id: UUID, since: date, until: date, terms: Terms) -> SignContract:
    return SignContract(ESTATE_CODE, id, f"C-{since}", FeeMode.LUMP_SUM, since, until, terms)


@pytest.mark.parametrize(("before", "after", "charged"), [(WITHOUT, WITH, False), (WITH, WITHOUT, True)])
def test_a_contract_that_follows_changes_nothing_about_bills_of_the_one_before(
    before: Terms, after: Terms, charged: bool
) -> None:
    office = Office(date(2025, 10, 1), contract(BEFORE, date(2025, 10, 1), CHANGE, before), PRICES)
    home, _ = office.house("101", 8937, "邹老师", date(2020, 1, 1))
    office.bill(date(2025, 12, 1), CHANGE)  # to be paid by the end of January
    [bill] = office.account(home).bills
    office.later(92)
    signed = contract(AFTER, CHANGE, date(2028, 1, 1), after)
    prices = replace(
        PRICES, schedule=UUID(int=0x52), contract=AFTER, shown_from=office.today, valid_from=date(2026, 3, 1)
    )
    office.tell(FEE_BASIS, fee_basis_stream(ESTATE_CODE), signed, prices)
    office.later(60)
    assert (office.do(charge_penalty(home, bill)) is not None) is charged
    assert [each.item for each in office.account(home).bills.values()].count(FeeItem.LATE_PENALTY) == charged
