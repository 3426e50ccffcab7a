"""The register of dwellings: areas, who owned what when, vacancy, what is taken besides, and what a mistake leaves."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money.items import FeeItem
from domain.refusal import Refusal
from domain.register.dwelling import (
    DWELLING,
    BeginOwnership,
    CorrectDwellingAreas,
    Dwelling,
    DwellingAreasCorrected,
    DwellingRegistered,
    DwellingWithdrawn,
    EndService,
    EndVacancy,
    NoteVacancy,
    Ownership,
    OwnershipBegan,
    OwnershipWithdrawn,
    RegisterDwelling,
    ServiceEnded,
    ServiceTaken,
    Taken,
    TakeService,
    Use,
    Vacancy,
    VacancyEnded,
    VacancyNoted,
    WithdrawDwelling,
    WithdrawOwnership,
)
from tests.register.examples import ESTATE
from tests.scenario import MONDAY, Scenario

FIRST, SECOND, THIRD = (UUID(int=n) for n in range(0x800, 0x803))
TODAY = MONDAY.date()


def registering(chargeable: int = 8935, exclusive: int = 7120, use: Use = Use.RESIDENCE) -> RegisterDwelling:
    return RegisterDwelling(ESTATE, "3", "2", "501", chargeable, exclusive, use)


def untouched() -> Scenario[Dwelling]:
    return Scenario(DWELLING, DWELLING.initial)


def registered() -> Scenario[Dwelling]:
    return untouched().when(registering())


def owned(*since: date) -> Scenario[Dwelling]:
    owners = (FIRST, SECOND, THIRD)
    return registered().when(*(BeginOwnership(owner, day) for owner, day in zip(owners, since, strict=False)))


def test_a_dwelling_is_registered_once() -> None:
    registered().then(DwellingRegistered(ESTATE, "3", "2", "501", 8935, 7120, Use.RESIDENCE))
    registered().refused(registering(), "dwelling_registered")
    untouched().refused(BeginOwnership(FIRST, TODAY), "dwelling_unknown")


@pytest.mark.parametrize(
    ("chargeable", "exclusive", "use", "code"),
    [
        (0, 0, Use.RESIDENCE, "area"), (-1, 0, Use.PARKING, "area"), (10**7, 0, Use.SHOP, "area"),
        (8935, 8936, Use.RESIDENCE, "area_exclusive"), (8935, -1, Use.RESIDENCE, "area"),
    ],
)  # fmt: skip
def test_areas_that_cannot_be_are_refused(chargeable: int, exclusive: int, use: Use, code: str) -> None:
    untouched().refused(registering(chargeable, exclusive, use), code)
    if use is Use.RESIDENCE:
        registered().refused(CorrectDwellingAreas(chargeable, exclusive, "-"), code)


def test_a_parking_space_needs_no_area() -> None:
    untouched().when(registering(0, 0, Use.PARKING)).then(DwellingRegistered)


def test_areas_are_corrected_with_a_reason() -> None:
    registered().when(CorrectDwellingAreas(9012, 7120, "重新测绘")).then(DwellingAreasCorrected(9012, 7120, "重新测绘"))
    registered().when(CorrectDwellingAreas(8935, 7120, "一样")).then()
    registered().refused(CorrectDwellingAreas(9012, 7120, " "), "blank_text")


def test_a_new_owner_ends_the_period_of_the_one_before() -> None:
    scenario = owned(date(2024, 1, 1), date(2026, 11, 16)).then(OwnershipBegan(SECOND, date(2026, 11, 16)))
    scenario.holds(
        lambda dwelling: (
            dwelling.ownerships
            == (Ownership(FIRST, date(2024, 1, 1), date(2026, 11, 16)), Ownership(SECOND, date(2026, 11, 16)))
        )
    )
    dwelling = scenario.state
    assert dwelling.owner == SECOND
    assert dwelling.owner_on(date(2023, 12, 31)) is None
    assert dwelling.owner_on(date(2026, 11, 15)) == FIRST
    assert dwelling.owner_on(date(2026, 11, 16)) == SECOND
    assert dwelling.owners_between(date(2026, 11, 1), date(2026, 12, 1)) == (
        (FIRST, date(2026, 11, 1), date(2026, 11, 16)),
        (SECOND, date(2026, 11, 16), date(2026, 12, 1)),
    )
    assert dwelling.owners_between(date(2020, 1, 1), date(2021, 1, 1)) == ()


def test_an_owner_begins_after_the_one_before_and_not_in_the_future() -> None:
    scenario = owned(date(2024, 1, 1))
    scenario.refused(BeginOwnership(SECOND, date(2024, 1, 1)), "ownership_not_later", since=date(2024, 1, 1))
    scenario.refused(BeginOwnership(SECOND, TODAY + timedelta(days=1)), "register_future")
    scenario.refused(BeginOwnership(SECOND, date(1979, 12, 31)), "register_day")
    scenario.refused(BeginOwnership(FIRST, TODAY), "ownership_same")
    scenario.when(BeginOwnership(FIRST, date(2024, 1, 1))).then()
    scenario.when(BeginOwnership(SECOND, TODAY)).then(OwnershipBegan)


def test_only_the_last_change_of_owner_is_withdrawn() -> None:
    scenario = owned(date(2024, 1, 1), date(2026, 11, 1))
    scenario.refused(WithdrawOwnership(FIRST, date(2024, 1, 1)), "ownership_unknown")
    scenario.refused(WithdrawOwnership(SECOND, date(2026, 11, 2)), "ownership_unknown")
    back = scenario.when(WithdrawOwnership(SECOND, date(2026, 11, 1))).then(
        OwnershipWithdrawn(SECOND, date(2026, 11, 1))
    )
    back.holds(lambda dwelling: dwelling.ownerships == (Ownership(FIRST, date(2024, 1, 1)),))
    back.when(WithdrawOwnership(FIRST, date(2024, 1, 1))).holds(lambda dwelling: dwelling.owner is None)
    registered().refused(WithdrawOwnership(FIRST, TODAY), "ownership_unknown")


def test_vacancies_do_not_overlap() -> None:
    scenario = registered().when(NoteVacancy(date(2026, 3, 1), date(2026, 6, 1)))
    scenario.then(VacancyNoted(date(2026, 3, 1), date(2026, 6, 1)))
    scenario.refused(NoteVacancy(date(2026, 5, 31)), "vacancy_overlaps")
    scenario.refused(NoteVacancy(date(2026, 1, 1)), "vacancy_overlaps")
    scenario.refused(NoteVacancy(date(2026, 8, 1), date(2026, 8, 1)), "until_not_later")
    scenario.refused(EndVacancy(TODAY), "vacancy_none")
    again = scenario.when(NoteVacancy(date(2026, 6, 1)))
    again.refused(NoteVacancy(date(2027, 6, 1)), "vacancy_overlaps")
    again.refused(EndVacancy(date(2026, 6, 1)), "until_not_later")
    ended = again.when(EndVacancy(date(2026, 9, 1))).then(VacancyEnded(date(2026, 9, 1)))
    assert ended.state.vacancies == (
        Vacancy(date(2026, 3, 1), date(2026, 6, 1)), Vacancy(date(2026, 6, 1), date(2026, 9, 1))
    )  # fmt: skip


def test_a_parking_space_is_taken_and_given_back() -> None:
    scenario = registered().when(TakeService(FeeItem.PARKING, 2, date(2026, 1, 1)))
    scenario.then(ServiceTaken(FeeItem.PARKING, 2, date(2026, 1, 1)))
    scenario.when(TakeService(FeeItem.PARKING, 2, date(2026, 1, 1))).then()
    scenario.refused(TakeService(FeeItem.PARKING, 1, date(2026, 2, 1)), "service_overlaps")
    scenario.when(TakeService(FeeItem.STORAGE, 1, date(2026, 2, 1))).then(ServiceTaken)
    scenario.refused(EndService(FeeItem.STALL, TODAY), "service_not_taken")
    scenario.refused(EndService(FeeItem.PARKING, date(2026, 1, 1)), "until_not_later")
    ended = scenario.when(EndService(FeeItem.PARKING, date(2026, 7, 1))).then(
        ServiceEnded(FeeItem.PARKING, date(2026, 7, 1))
    )
    ended.refused(TakeService(FeeItem.PARKING, 1, date(2026, 6, 30)), "service_overlaps")
    assert ended.when(TakeService(FeeItem.PARKING, 1, date(2026, 7, 1))).state.services == (
        Taken(FeeItem.PARKING, 2, date(2026, 1, 1), date(2026, 7, 1)),
        Taken(FeeItem.PARKING, 1, date(2026, 7, 1)),
    )


@pytest.mark.parametrize("item", [FeeItem.PROPERTY_FEE, FeeItem.KEY_CARD, FeeItem.LATE_PENALTY])
def test_what_is_not_charged_by_period_is_not_taken_besides(item: FeeItem) -> None:
    registered().refused(TakeService(item, 1, TODAY), "service_item")


@pytest.mark.parametrize("quantity", [0, -1, 101])
def test_a_service_is_taken_in_sensible_numbers(quantity: int) -> None:
    registered().refused(TakeService(FeeItem.PARKING, quantity, TODAY), "service_quantity")


def test_what_was_withdrawn_may_be_registered_anew() -> None:
    gone = owned(date(2024, 1, 1)).when(WithdrawDwelling()).then(DwellingWithdrawn())
    gone.refused(WithdrawDwelling(), "dwelling_withdrawn")
    gone.refused(BeginOwnership(SECOND, TODAY), "dwelling_withdrawn")
    gone.refused(CorrectDwellingAreas(9012, 7120, "-"), "dwelling_withdrawn")
    gone.when(registering(9012)).then(DwellingRegistered).holds(
        lambda dwelling: not dwelling.withdrawn and dwelling.owner is None
    )


DAYS = st.dates(date(2000, 1, 1), TODAY)


@given(st.lists(st.tuples(st.sampled_from((FIRST, SECOND, THIRD)), DAYS), max_size=8), DAYS, DAYS)
def test_every_day_after_the_first_has_one_owner_and_spans_add_up(
    changes: list[tuple[UUID, date]], since: date, until: date
) -> None:
    scenario = registered()
    for owner, day in changes:
        try:
            scenario = scenario.when(BeginOwnership(owner, day))
        except Refusal:
            continue
    dwelling = scenario.state
    parts = dwelling.owners_between(since, until)
    days = {since + timedelta(days=n): None for n in range(max((until - since).days, 0))}
    covered = [begins + timedelta(days=n) for _, begins, ends in parts for n in range((ends - begins).days)]
    assert len(covered) == len(set(covered)) and set(covered) <= days.keys()
    for owner, begins, ends in parts:
        assert dwelling.owner_on(begins) == owner == dwelling.owner_on(ends - timedelta(days=1))
    if dwelling.ownerships:
        first = dwelling.ownerships[0].since
        assert set(covered) == {day for day in days if day >= first}
        assert all(
            before.until == after.since
            for before, after in zip(dwelling.ownerships, dwelling.ownerships[1:], strict=False)
        )
