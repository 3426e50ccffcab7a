"""The lines of a bill run: exact arithmetic, clipped to contract and prices, owners and vacancies cut by days."""

import itertools
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.billing.reckoning import Before, Obstacle, Otherwise, ReckonedLine, differences, reckoned
from domain.contracts.fee_basis import BasisSpan, Charged, Contract, FeeMode, FeeSchedule, Price
from domain.money.formula import half_up, months_between
from domain.money.items import FeeItem
from domain.register.dwelling import Dwelling, Ownership, Taken, Use, Vacancy
from tests.contracts.examples import CONTRACT, PRICES, SCHEDULE, SINCE, TERMS, UNTIL

HOME, OLD, NEW = (UUID(int=n) for n in range(0x500, 0x503))
NEXT_YEAR = date(2027, 12, 1)
DAY = timedelta(days=1)
FLAT = Dwelling("350902002999-001", "3", "2", 8937, 7500, Use.RESIDENCE, (Ownership(OLD, date(2010, 1, 1)),))
AGREED = Contract(CONTRACT, "DHY-2026-01", FeeMode.LUMP_SUM, SINCE, UNTIL, TERMS)
LIST = FeeSchedule(SCHEDULE, CONTRACT, PRICES, date(2026, 11, 24), SINCE)


def span(since: date = SINCE, until: date = NEXT_YEAR) -> BasisSpan:
    return BasisSpan(since, until, AGREED, LIST)


def lines(home: Dwelling, *spans: BasisSpan, billed: tuple[tuple[date, date], ...] = ()) -> list[ReckonedLine]:
    return list(reckoned([(HOME, home)], spans or (span(),), {(HOME, FeeItem.PROPERTY_FEE): billed}).lines)


def test_the_published_vector() -> None:
    [line] = lines(FLAT)
    assert (line.amount, line.payer, line.item) == (64346, OLD, FeeItem.PROPERTY_FEE)
    assert line.due == NEXT_YEAR - DAY + timedelta(days=TERMS.payment_days)


def test_owners_that_change_in_mid_period_share_by_days_to_the_fen() -> None:
    sold = replace(
        FLAT, ownerships=(Ownership(OLD, date(2010, 1, 1), date(2027, 3, 10)), Ownership(NEW, date(2027, 3, 10)))
    )
    old, new = lines(sold)
    assert (old.payer, old.until, new.payer, new.since) == (OLD, date(2027, 3, 10), NEW, date(2027, 3, 10))
    assert old.amount + new.amount == 64346
    assert old.due == new.due == lines(FLAT)[0].due
    assert old.amount == half_up(Fraction(64346 * 99, 365))
    assert (old.basis.whole, old.basis.share_days, old.basis.share_of) == (64346, 99, 365)


def test_days_without_an_owner_are_told_and_billed_to_nobody() -> None:
    bought = replace(FLAT, ownerships=(Ownership(NEW, date(2027, 6, 1)),))
    found = reckoned([(HOME, bought)], (span(),), {})
    assert [line.payer for line in found.lines] == [NEW]
    assert [(each.obstacle, each.since, each.until) for each in found.missing] == [
        (Obstacle.NO_PAYER, SINCE, date(2027, 6, 1))
    ]


def test_vacant_days_cost_less_where_a_clause_says_so() -> None:
    empty = replace(FLAT, vacancies=(Vacancy(date(2027, 1, 1), date(2027, 7, 1)),))
    first, vacant, last = lines(empty)
    assert [line.basis.factor for line in (first, vacant, last)] == [10_000, 6_000, 10_000]
    assert vacant.clause == TERMS.vacancy_clause and vacant.amount == half_up(Fraction(8937 * 60 * 6 * 6, 1000))
    no_clause = replace(AGREED, terms=replace(TERMS, vacancy_clause=None, vacancy_factor=10_000))
    [whole] = lines(empty, replace(span(), contract=no_clause))
    assert whole.amount == 64346


def test_what_is_billed_already_is_left_out() -> None:
    rest = lines(FLAT, billed=((SINCE, date(2027, 3, 1)), (date(2027, 5, 1), date(2027, 6, 1))))
    assert [(line.since, line.until) for line in rest] == [
        (date(2027, 3, 1), date(2027, 5, 1)),
        (date(2027, 6, 1), NEXT_YEAR),
    ]
    assert lines(FLAT, billed=((SINCE, NEXT_YEAR),)) == []


def test_a_parking_space_is_charged_to_who_takes_it() -> None:
    parking = replace(FLAT, services=(Taken(FeeItem.PARKING, 2, date(2027, 11, 1)),))
    [fee, space] = lines(parking, span(date(2027, 10, 1), NEXT_YEAR))
    assert (fee.item, space.item, space.since, space.amount) == (
        FeeItem.PROPERTY_FEE, FeeItem.PARKING, date(2027, 11, 1), 10_000,
    )  # fmt: skip
    alone = replace(FLAT, use=Use.PARKING)
    assert [line.item for line in lines(alone)] == [FeeItem.PARKING]


def test_what_a_space_is_and_what_it_takes_besides_is_one_charge_a_day() -> None:
    taken = Taken(FeeItem.PARKING, 2, date(2027, 3, 1), date(2027, 9, 1))
    space = replace(FLAT, use=Use.PARKING, chargeable_area=0, services=(taken,))
    [price] = [each for each in LIST.prices if each.item is FeeItem.PARKING]
    for_spaces = replace(LIST, prices=(replace(price, uses=(Use.PARKING,)),))
    found = lines(space, replace(span(), schedule=for_spaces))
    assert [(line.since, line.until, line.basis.quantity) for line in found] == [
        (SINCE, date(2027, 3, 1), 1),
        (date(2027, 3, 1), date(2027, 9, 1), 3),
        (date(2027, 9, 1), NEXT_YEAR, 1),
    ]


def test_a_use_without_a_price_and_a_home_without_an_area_are_told() -> None:
    shop = reckoned([(HOME, replace(FLAT, use=Use.SHOP))], (span(),), {})
    bare = reckoned([(HOME, replace(FLAT, chargeable_area=0))], (span(),), {})
    assert ([*shop.lines], [each.obstacle for each in shop.missing]) == ([], [Obstacle.NO_PRICE])
    stall = replace(FLAT, use=Use.STALL, chargeable_area=0)
    assert [each.item for each in reckoned([(HOME, stall)], (span(),), {}).missing] == [FeeItem.STALL]
    rent = Price(FeeItem.STALL, Charged.PER_UNIT, (Use.STALL,), 3_000_000, "12", "摊位")
    priced = replace(span(), schedule=replace(LIST, prices=(*PRICES, rent)))
    [line] = lines(stall, priced)  # who has a stall and no flat is billed like anybody else
    assert (line.item, line.payer, line.amount) == (FeeItem.STALL, OLD, 300_00 * 12)
    assert reckoned([(HOME, replace(FLAT, use=Use.STORAGE))], (span(),), {}).missing == []
    assert ([*bare.lines], [each.obstacle for each in bare.missing]) == ([], [Obstacle.NO_AREA])
    assert lines(replace(FLAT, withdrawn=True)) == []


def test_differences_name_their_reason() -> None:
    [line] = lines(FLAT)
    same = Before(HOME, line.item, line.payer, line.amount, line.basis)
    assert differences([line], [same]) == []
    area = same._replace(basis=replace(line.basis, area=8900), amount=1)
    owner = same._replace(payer=NEW, basis=replace(line.basis, unit_price=5500))
    assert [each.why for each in differences([line], [area])] == [(Otherwise.AREA,)]
    assert [each.why for each in differences([line], [owner])] == [(Otherwise.PRICE, Otherwise.PAYER)]
    assert [each.why for each in differences([line], [])] == [(Otherwise.NEW,)]
    assert [each.why for each in differences([], [same])] == [(Otherwise.GONE,)]


def test_a_longer_run_is_no_difference_and_a_part_of_a_run_is() -> None:
    [year], [month] = lines(FLAT), lines(FLAT, span(date(2026, 12, 1), date(2027, 1, 1)))
    was = Before(HOME, year.item, year.payer, year.amount, year.basis)
    assert differences([month], [was], 1, 12) == []
    assert [each.why for each in differences([month], [was], 12, 12)] == [(Otherwise.PERIOD,)]
    half = lines(FLAT, span(date(2026, 12, 1), date(2026, 12, 16)))
    assert [each.why for each in differences(half, [was], 1, 12)] == [(Otherwise.PERIOD,)]


def test_what_is_billed_already_is_not_gone() -> None:
    [line] = lines(FLAT)
    was = Before(HOME, line.item, line.payer, line.amount, line.basis)
    assert differences([], [was], billed={(HOME, line.item): [(SINCE, NEXT_YEAR)]}) == []
    assert [each.why for each in differences([], [was])] == [(Otherwise.GONE,)]


_DAYS = st.dates(date(2026, 6, 1), date(2028, 6, 1))


@given(
    st.integers(1, 50_000),
    st.lists(_DAYS, max_size=4, unique=True),
    st.lists(_DAYS, min_size=2, max_size=6, unique=True),
)
def test_every_line_is_exact_and_no_day_is_charged_twice(area: int, sales: list[date], cuts: list[date]) -> None:
    days = [date(2010, 1, 1), *sorted(sales)]
    owners = tuple(
        Ownership(UUID(int=n), since, until)
        for n, (since, until) in enumerate(zip(days, [*days[1:], None], strict=True))
    )
    home = replace(FLAT, chargeable_area=area, ownerships=owners)
    edges = sorted(cuts)
    billed: list[tuple[date, date]] = []
    for begin, end in itertools.pairwise(edges):  # several runs, each over the others' ground
        wide = span(begin, max(end, begin + timedelta(days=40)))
        for line in lines(home, wide, billed=tuple(billed)):
            exact = Fraction(area * 6000, 10_000) * (line.basis.months + Fraction(line.basis.days, line.basis.of_days))
            if line.basis.share_of:
                assert line.basis.whole == half_up(exact)
                assert abs(line.amount - Fraction(line.basis.whole * line.basis.share_days, line.basis.share_of)) < 1
            else:
                assert line.amount == half_up(exact)
                assert months_between(line.since, line.until) == line.basis.months + Fraction(
                    line.basis.days, line.basis.of_days
                )
            assert home.owner_on(line.since) == home.owner_on(line.until - DAY) == line.payer
            assert all(line.until <= first or last <= line.since for first, last in billed)
        billed += [(line.since, line.until) for line in lines(home, wide, billed=tuple(billed))]
