"""The numbers that law and practice give as examples (2.5, 2.8.1, 2.8.5 and 2.8.6 of the dossier of the field)."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from domain.arrears.dunning import DEMAND_AFTER, DEMAND_LEAVES, REMINDER_AFTER, penalty
from domain.arrears.limitation import reckoned
from domain.arrears.overdue import penalty_spans
from domain.contracts.fee_basis import Terms
from domain.money.allocation import AllocationOrder, Debt, DebtPart, allocate
from domain.money.formula import line_amount
from domain.money.tax import check_number, from_elsewhere, split
from domain.refusal import Refusal
from services.estates.holidays import PublicHolidays

OLD, NEW, PENALTY, COST = (UUID(int=n) for n in range(1, 5))
LAST_YEAR, THIS_YEAR = date(2025, 6, 30), date(2026, 6, 30)
LAW = AllocationOrder.COSTS_INTEREST_PRINCIPAL


def test_2_5_civil_code_560_named_then_oldest_then_in_proportion() -> None:
    debts = [Debt(NEW, 64346, THIS_YEAR), Debt(OLD, 64346, LAST_YEAR)]
    assert allocate(50000, debts, LAW, [NEW]) == [(NEW, 50000)]
    assert allocate(70000, debts, LAW) == [(OLD, 64346), (NEW, 5654)]
    same_day = [Debt(OLD, 64346, THIS_YEAR), Debt(NEW, 32173, THIS_YEAR)]
    assert allocate(30000, same_day, LAW) == [(OLD, 20000), (NEW, 10000)]


def test_2_5_civil_code_561_costs_then_interest_then_principal_unless_agreed_otherwise() -> None:
    debts = [
        Debt(OLD, 64346, LAST_YEAR),
        Debt(PENALTY, 1448, LAST_YEAR, DebtPart.PENALTY, OLD),
        Debt(COST, 5000, LAST_YEAR, DebtPart.COST, OLD),
    ]
    assert allocate(50000, debts, LAW) == [(COST, 5000), (PENALTY, 1448), (OLD, 43552)]
    assert allocate(50000, debts, AllocationOrder.PRINCIPAL_FIRST) == [(OLD, 50000)]


def test_2_5_civil_code_188_and_195_due_2022_06_30_demanded_2024_05_10_until_2027_05_10() -> None:
    calendar = PublicHolidays()
    due, served = date(2022, 6, 30), date(2024, 5, 10)
    assert reckoned(due, calendar).last_day.day == date(2025, 6, 30)
    assert reckoned(due, calendar, [served]).last_day.day == date(2027, 5, 10)


def test_2_5_civil_code_203_a_last_day_on_a_holiday_moves_to_the_next_working_day() -> None:
    """Three years after 1 October 2022 people rest from 1 to 8 October."""
    assert reckoned(date(2022, 10, 1), PublicHolidays()).last_day.day == date(2025, 10, 9)


@pytest.mark.parametrize(("months", "fen"), [(12, 643_46), (1, 53_62)])
def test_2_8_1_area_89_37_at_0_60(months: int, fen: int) -> None:
    assert line_amount(89_37, 6000, months) == fen


def test_2_8_1_rounded_once_per_line_and_not_per_month() -> None:
    assert 12 * line_amount(89_37, 6000, 1) == 643_44 != line_amount(89_37, 6000, 12)


def test_2_8_5_the_penalty_of_643_46_at_0_05_per_cent_for_45_days_is_14_48() -> None:
    spans = penalty_spans(643_46, [], THIS_YEAR, THIS_YEAR + timedelta(days=45))
    assert penalty(spans, 500) == 14_48


def test_2_8_5_no_penalty_unless_agreed_and_the_days_of_the_ladder() -> None:
    assert (Terms().penalty_rate, Terms().penalty_clause) == (0, None)
    assert [each.days for each in (REMINDER_AFTER, DEMAND_AFTER, DEMAND_LEAVES)] == [7, 30, 15]


@pytest.mark.parametrize(("rate", "net", "tax"), [(600, 607_04, 36_42), (300, 624_72, 18_74), (100, 637_09, 6_37)])
def test_2_8_6_643_46_split_by_rate(rate: int, net: int, tax: int) -> None:
    assert split(643_46, rate) == (net, tax)


def test_2_8_6_an_invoice_has_twenty_digits_year_and_province_first() -> None:
    number = "26" + "35" + "2" + "0" * 14 + "1"
    assert check_number(number, THIS_YEAR) == number and not from_elsewhere(number)
    for wrong in (number[1:], number + "0", "25" + number[2:]):
        with pytest.raises(Refusal):
            check_number(wrong, THIS_YEAR)
