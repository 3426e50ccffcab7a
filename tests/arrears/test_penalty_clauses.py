"""A penalty rests on the clause of the contract under which its bill came about, and on no later one (INV-49)."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from domain.contracts.fee_basis import (
    FEE_BASIS,
    AdoptFeeSchedule,
    Charged,
    FeeMode,
    Price,
    SignContract,
    Terms,
    fee_basis_stream,
)
from domain.fees.fee_account import FEE_ACCOUNT, fee_account_stream
from domain.money.items import FeeItem
from domain.register.dwelling import Use
from services.arrears.penalty_plans import charge_penalty
from services.commands.ask import Ask, Caller, Stale
from services.commands.plan import Attempt
from tests.fees.examples import ISSUE
from tests.fees.office import ACCOUNTANT, ESTATE_CODE, STAFF, Office

BEFORE, AFTER = UUID(int=0xC1), UUID(int=0xC2)
CHANGE = date(2026, 1, 1)
FEE = Price(FeeItem.PROPERTY_FEE, Charged.PER_AREA, (Use.RESIDENCE,), 6000, "8", "保洁、秩序")
PRICES = AdoptFeeSchedule(UUID(int=0x51), BEFORE, (FEE,), date(2025, 10, 1), date(2025, 10, 1))
WITH, WITHOUT = Terms(payment_days=30, penalty_rate=500, penalty_clause="12"), Terms(payment_days=30)


def contract(id: UUID, since: date, until: date, terms: Terms) -> SignContract:
    return SignContract(ESTATE_CODE, id, f"C-{since}", FeeMode.LUMP_SUM, since, until, terms)


def followed(office: Office, after: Terms) -> None:
    """By a contract with these terms; then two months go by."""
    office.later(92)
    signed = contract(AFTER, CHANGE, date(2028, 1, 1), after)
    prices = replace(
        PRICES, schedule=UUID(int=0x52), contract=AFTER, shown_from=office.today, valid_from=date(2026, 3, 1)
    )
    office.tell(FEE_BASIS, fee_basis_stream(ESTATE_CODE), signed, prices)
    office.later(60)


@pytest.mark.parametrize(("before", "after", "charged"), [(WITHOUT, WITH, False), (WITH, WITHOUT, True)])
def test_a_contract_that_follows_changes_nothing_about_bills_of_the_one_before(
    before: Terms, after: Terms, charged: bool
) -> None:
    office = Office(date(2025, 10, 1), contract(BEFORE, date(2025, 10, 1), CHANGE, before), PRICES)
    home, _ = office.sold("101", 8937, "邹老师", date(2020, 1, 1))
    office.bill(date(2025, 12, 1), CHANGE)  # to be paid by the end of January
    [bill] = office.account(home).bills
    followed(office, after)
    assert (office.do(charge_penalty(home, bill)) is not None) is charged
    assert [each.item for each in office.account(home).bills.values()].count(FeeItem.LATE_PENALTY) == charged


@pytest.mark.parametrize(("named", "since"), [("C-2025-10-01", CHANGE), (None, date(2025, 12, 1))])
@pytest.mark.parametrize(("before", "after", "charged"), [(WITHOUT, WITH, False), (WITH, WITHOUT, True)])
def test_it_is_the_contract_that_the_bill_names_and_else_that_of_its_days(
    before: Terms, after: Terms, charged: bool, named: str | None, since: date
) -> None:
    office = Office(date(2025, 10, 1), contract(BEFORE, date(2025, 10, 1), CHANGE, before), PRICES)
    home, owner = office.sold("101", 8937, "邹老师", date(2020, 1, 1))
    followed(office, after)
    due = CHANGE + timedelta(days=31)  # the contract that followed is in force by then
    bill = replace(ISSUE, since=since, until=since + timedelta(days=31), payer=owner, due=due, contract=named)
    office.tell(FEE_ACCOUNT, fee_account_stream(home), bill)
    answer = office.do(charge_penalty(home, bill.bill))
    assert (answer is not None) is charged
    added = [each for each in office.account(home).bills.values() if each.item is FeeItem.LATE_PENALTY]
    assert [each.contract for each in added] == ["C-2025-10-01"] * charged


def test_a_refused_penalty_takes_no_number() -> None:
    office = Office(date(2025, 10, 1), contract(BEFORE, date(2025, 10, 1), CHANGE, WITH), PRICES)
    home, _ = office.sold("101", 8937, "邹老师", date(2020, 1, 1))
    office.bill(date(2025, 12, 1), CHANGE)
    [bill] = office.account(home).bills
    office.later(150)
    old_look = office.log.remembered(FEE_ACCOUNT, fee_account_stream(home)).version - 1
    ask = Ask(Caller(ACCOUNTANT, STAFF[ACCOUNTANT], frozenset({ESTATE_CODE})), expected_version=old_look)
    with pytest.raises(Stale):
        charge_penalty(home, bill).make(Attempt(office.reach, ask, office.now))
    answer = office.do(charge_penalty(home, bill))
    assert answer is not None and answer.number is not None and answer.number.endswith("-0001")
