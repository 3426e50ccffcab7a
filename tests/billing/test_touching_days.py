"""Entries of the register that touch are one span: a bill has one line for days on which the same holds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.billing.reckoning import ReckonedLine, reckoned
from domain.money.items import FeeItem
from domain.register.dwelling import Dwelling, Ownership, Taken, Vacancy
from tests.billing.test_reckoning import FLAT, HOME, NEW, NEXT_YEAR, OLD, lines, span
from tests.contracts.examples import SINCE

JANUARY, APRIL, JULY = date(2027, 1, 1), date(2027, 4, 1), date(2027, 7, 1)
DAYS = st.integers(1, 364).map(lambda days: SINCE + timedelta(days=days))
CUTS = st.lists(DAYS, max_size=4, unique=True).map(sorted)


def test_two_vacancies_that_touch_make_one_line() -> None:
    once = replace(FLAT, vacancies=(Vacancy(JANUARY, JULY),))
    twice = replace(FLAT, vacancies=(Vacancy(JANUARY, APRIL), Vacancy(APRIL, JULY)))
    first, vacant, last = lines(twice)
    assert [first, vacant, last] == lines(once)
    assert (vacant.since, vacant.until, vacant.basis.months) == (JANUARY, JULY, 6)


def test_a_space_taken_anew_without_a_gap_stays_one_line_and_a_gap_does_not() -> None:
    def taken(*services: Taken) -> list[ReckonedLine]:
        return [line for line in lines(replace(FLAT, services=services)) if line.item is FeeItem.PARKING]

    until_april, from_april = Taken(FeeItem.PARKING, 1, JANUARY, APRIL), Taken(FeeItem.PARKING, 1, APRIL)
    assert taken(until_april, from_april) == taken(Taken(FeeItem.PARKING, 1, JANUARY))
    later = replace(from_april, since=APRIL + timedelta(days=1))
    assert [(line.since, line.until) for line in taken(until_april, later)] == [
        (JANUARY, APRIL),
        (later.since, NEXT_YEAR),
    ]


def test_an_owner_entered_twice_without_a_gap_has_one_line_of_the_whole_amount() -> None:
    again = (Ownership(OLD, date(2010, 1, 1), APRIL), Ownership(OLD, APRIL))
    assert lines(replace(FLAT, ownerships=again)) == lines(FLAT)
    sold = (Ownership(OLD, date(2010, 1, 1), JANUARY), Ownership(OLD, JANUARY, APRIL), Ownership(NEW, APRIL))
    assert [(line.payer, line.until) for line in lines(replace(FLAT, ownerships=sold))] == [
        (OLD, APRIL),
        (NEW, NEXT_YEAR),
    ]


def _pieces(since: date, until: date, cuts: Sequence[date]) -> list[tuple[date, date]]:
    days = [since, *(day for day in cuts if since < day < until), until]
    return list(pairwise(days))


@given(DAYS, DAYS, CUTS, CUTS, CUTS)
def test_however_an_entry_is_cut_the_lines_are_the_same(
    one: date, other: date, of_vacancy: list[date], of_service: list[date], of_owner: list[date]
) -> None:
    since, until = min(one, other), max(one, other) + timedelta(days=1)
    whole = replace(
        FLAT,
        vacancies=(Vacancy(since, until),),
        services=(Taken(FeeItem.PARKING, 2, since, until),),
        ownerships=(Ownership(OLD, date(2010, 1, 1), until), Ownership(NEW, until)),
    )
    cut = replace(
        whole,
        vacancies=tuple(Vacancy(*days) for days in _pieces(since, until, of_vacancy)),
        services=tuple(Taken(FeeItem.PARKING, 2, *days) for days in _pieces(since, until, of_service)),
        ownerships=(
            *(Ownership(OLD, *days) for days in _pieces(date(2010, 1, 1), until, of_owner)),
            Ownership(NEW, until),
        ),
    )

    def reckon(home: Dwelling) -> Sequence[ReckonedLine]:
        return reckoned([(HOME, home)], (span(),), {}).lines

    assert reckon(cut) == reckon(whole)
