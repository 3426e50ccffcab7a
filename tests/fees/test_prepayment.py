"""INV-47: nobody pays more in advance than the months that are agreed, and none of it beyond the contract."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import partial
from uuid import UUID, uuid5

import pytest

from domain.contracts.fee_basis import Charged, FeeSchedule, Price
from domain.fees.fee_account import Bill, FeeAccount, Method, Payment
from domain.fees.prepayment import Rate, last_rates, listed_rates, prepayment_limit
from domain.money.items import FeeItem
from domain.months import months_later
from domain.register.dwelling import Dwelling, Taken, Use

OWNER = UUID(int=0x300)
YEAR = 64346  # 89.37 m² at 0.60 yuan for twelve months
TODAY = date(2026, 11, 24)


def bill(since: date, until: date, amount: int, item: FeeItem = FeeItem.PROPERTY_FEE, **more: object) -> Bill:
    return Bill("B-1", item, since, until, OWNER, amount, until, **more)  # type: ignore[arg-type]


def account(*bills: Bill, prepaid: int = 0) -> FeeAccount:
    payments = {OWNER: Payment(OWNER, prepaid, Method.CASH, TODAY, "2026-000001", prepaid=prepaid)} if prepaid else {}
    return FeeAccount(OWNER, "-", bills={uuid5(OWNER, str(n)): each for n, each in enumerate(bills)}, payments=payments)


def limit(account: FeeAccount, day: date = TODAY, until: date | None = None, payer: UUID | None = None) -> int:
    return prepayment_limit(account, last_rates(account), day, until or months_later(day, 12), payer)


def test_what_was_billed_last_is_what_a_month_comes_to() -> None:
    found = last_rates(
        account(
            bill(date(2024, 1, 1), date(2025, 1, 1), 60000),
            bill(date(2025, 1, 1), date(2026, 1, 1), YEAR),
            bill(date(2025, 1, 1), date(2025, 2, 1), 15000, FeeItem.PARKING),
            bill(date(2026, 1, 1), date(2027, 1, 1), 1, voided=True),
            bill(date(2026, 1, 1), date(2026, 1, 1), 800, FeeItem.KEY_CARD),
        )
    )
    assert found == (
        Rate(FeeItem.PROPERTY_FEE, Fraction(YEAR, 12)),
        Rate(FeeItem.PARKING, Fraction(15000)),
    )


def test_twelve_months_from_today_less_what_is_billed_for_them_already() -> None:
    assert limit(account(bill(date(2025, 1, 1), date(2026, 1, 1), YEAR)), date(2026, 1, 1)) == YEAR
    until_new_year = account(bill(date(2026, 1, 1), date(2027, 1, 1), YEAR))
    assert limit(until_new_year, date(2026, 11, 1)) == 53622  # ten months of 53.6217 yuan
    assert limit(until_new_year, date(2026, 11, 1), date(2027, 5, 1)) == 21449  # four of them


def test_what_is_held_already_counts() -> None:
    billed = bill(date(2025, 1, 1), date(2026, 1, 1), YEAR)
    assert limit(account(billed, prepaid=50000), date(2026, 1, 1)) == YEAR - 50000
    assert limit(account(billed, prepaid=YEAR + 1), date(2026, 1, 1)) == 0


def test_what_an_earlier_owner_has_left_there_takes_no_room() -> None:
    left = account(bill(date(2025, 1, 1), date(2026, 1, 1), YEAR), prepaid=50000)
    assert limit(left, date(2026, 1, 1), payer=OWNER) == YEAR - 50000
    assert limit(left, date(2026, 1, 1), payer=UUID(int=0x301)) == YEAR


@pytest.mark.parametrize(("ends", "most"), [(date(2026, 4, 1), 16087), (date(2026, 1, 1), 0), (date(2025, 7, 1), 0)])
def test_nothing_is_held_for_days_after_the_contract(ends: date, most: int) -> None:
    billed = account(bill(date(2025, 1, 1), date(2026, 1, 1), YEAR))
    assert limit(billed, date(2026, 1, 1), ends) == most  # a quarter of 643.46 is 160.865


def test_without_anything_billed_the_price_list_says_what_a_month_comes_to() -> None:
    assert limit(account()) == 0
    price = partial(Price, uses=(Use.RESIDENCE,), clause="8", content="-")
    schedule = FeeSchedule(
        OWNER,
        OWNER,
        (
            price(FeeItem.PROPERTY_FEE, Charged.PER_AREA, unit_price=6000),
            price(FeeItem.PARKING, Charged.PER_UNIT, unit_price=1_500_000),
            price(FeeItem.STORAGE, Charged.PER_UNIT, unit_price=1_000_000),
            price(FeeItem.KEY_CARD, Charged.PER_PIECE, unit_price=80_000),
            Price(FeeItem.STALL, Charged.PER_AREA, (Use.STALL,), 90_000, "9", "-"),
        ),
        TODAY,
        TODAY,
    )
    home = Dwelling("-", chargeable_area=8937, services=(Taken(FeeItem.PARKING, 2, TODAY),))
    rates = listed_rates(schedule, home)
    assert rates == (Rate(FeeItem.PROPERTY_FEE, Fraction(53622, 10)), Rate(FeeItem.PARKING, Fraction(30000)))
    year = prepayment_limit(account(), rates, date(2026, 1, 1), date(2027, 1, 1))
    assert year == 64346 + 12 * 30000
    space = replace(home, use=Use.PARKING)
    whose = replace(schedule, prices=tuple(replace(each, uses=(Use.PARKING,)) for each in schedule.prices[1:2]))
    assert listed_rates(whose, replace(space, services=())) == (Rate(FeeItem.PARKING, Fraction(15000)),)
    assert listed_rates(whose, space) == (Rate(FeeItem.PARKING, Fraction(45000)),)
