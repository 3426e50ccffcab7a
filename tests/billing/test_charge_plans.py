"""What is refused leaves no gap in the numbers of bills: a number is drawn for what will happen."""

from datetime import date
from uuid import UUID

import pytest

from domain.contracts.fee_basis import AdoptFeeSchedule, Charged, FeeMode, Price, SignContract, Terms
from domain.fees.fee_account import FEE_ACCOUNT, VoidReason, fee_account_stream
from domain.money.items import FeeItem
from domain.refusal import Refusal
from domain.register.dwelling import Use
from services.billing.plans import Correction, NewCharge, charge, correct_bill
from services.commands.ask import Ask, Caller, Stale
from services.commands.plan import Attempt, Plan
from tests.fees.office import ACCOUNTANT, ESTATE_CODE, STAFF, Office

BEGINS, ENDS = date(2026, 1, 1), date(2027, 1, 1)
CONTRACT, SCHEDULE, OCCASION, OTHER = (UUID(int=n) for n in range(0x500, 0x504))
CARD = Price(FeeItem.KEY_CARD, Charged.PER_PIECE, (Use.RESIDENCE,), 150_000, "第十条", "门禁卡")
SIGNED = SignContract(ESTATE_CODE, CONTRACT, "C-1", FeeMode.LUMP_SUM, BEGINS, ENDS, Terms())


@pytest.fixture
def office() -> Office:
    made = Office(BEGINS, SIGNED, AdoptFeeSchedule(SCHEDULE, CONTRACT, (CARD,), BEGINS, BEGINS))
    made.later(60)
    return made


def test_a_refused_charge_or_correction_takes_no_number(office: Office) -> None:
    home, _ = office.sold("101", 8937, "业主", date(2010, 1, 1))

    def issued(reference: UUID) -> str:
        answer = office.do(charge(home, NewCharge(FeeItem.KEY_CARD, 1, None, reference)))
        assert answer is not None and answer.number is not None
        return answer.number

    def turned_away(plan: Plan, version: int | None = None) -> str:
        ask = Ask(Caller(ACCOUNTANT, STAFF[ACCOUNTANT], frozenset({ESTATE_CODE})), expected_version=version)
        with pytest.raises((Refusal, Stale)) as refused:
            plan.make(Attempt(office.reach, ask, office.now))
        return refused.value.code if isinstance(refused.value, Refusal) else "stale"

    first = issued(OCCASION)
    [bill] = office.account(home).bills
    again = charge(home, NewCharge(FeeItem.KEY_CARD, 1, None, OCCASION))
    assert turned_away(again) == "already_billed"
    old_look = office.log.remembered(FEE_ACCOUNT, fee_account_stream(home)).version - 1
    assert turned_away(charge(home, NewCharge(FeeItem.KEY_CARD, 1, None, OTHER)), old_look) == "stale"
    assert turned_away(correct_bill(home, bill, Correction(VoidReason.WRONG_PRICE, 100)), old_look) == "stale"
    assert turned_away(correct_bill(home, bill, Correction(VoidReason.WRONG_PRICE, 0))) == "amount"
    assert int(issued(OTHER)[-4:]) == int(first[-4:]) + 1
