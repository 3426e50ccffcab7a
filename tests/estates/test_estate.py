"""An estate's buildings and hours, and what is no place in it."""

from datetime import timedelta

import pytest

from domain.calendar import ServiceHours
from domain.estates.estate import (
    ESTATE,
    BuildingRegistered,
    Estate,
    EstateRegistered,
    OpenStation,
    RegisterBuilding,
    RegisterEstate,
    Stairwell,
    StationOpened,
)
from domain.refusal import Refusal
from tests.estates.examples import ESTATE_CODE
from tests.scenario import Scenario

REGISTER = RegisterEstate(ESTATE_CODE, "SC-001", "东湖苑", "荷塘社区")
BUILDING = RegisterBuilding("3", (Stairwell("1", ("101", "102")), Stairwell("2", ("201",))))


def unknown() -> Scenario[Estate]:
    return Scenario(ESTATE, ESTATE.initial)


def registered() -> Scenario[Estate]:
    return unknown().when(REGISTER)


def test_an_estate_is_registered_once() -> None:
    registered().then(EstateRegistered(ESTATE_CODE, "SC-001", "东湖苑", "荷塘社区"))
    registered().refused(REGISTER, "already_registered")


def test_nothing_is_built_where_there_is_no_estate() -> None:
    for command in (BUILDING, OpenStation(ServiceHours())):
        unknown().refused(command, "unknown_estate")


@pytest.mark.parametrize(
    "code",
    [
        "350902002999",
        "350902002999-1",
        "35090200299-001",
        "x" * 16,
        "350902002999-0011",
        "３５０９０２００２９９９-001",
    ],
)
def test_an_estates_code_is_the_communitys_and_three_digits(code: str) -> None:
    unknown().refused(RegisterEstate(code, "SC-001", "东湖苑", "荷塘社区"), "estate_code", estate=code)


def test_a_building_gets_the_rooms_that_it_does_not_have_yet() -> None:
    more = RegisterBuilding("3", (Stairwell("1", ("103", "101")), Stairwell("10", ("101",))))
    whole = (Stairwell("1", ("101", "102", "103")), Stairwell("2", ("201",)), Stairwell("10", ("101",)))
    registered().when(BUILDING).when(more).then(BuildingRegistered("3", whole))


@pytest.mark.parametrize(
    ("building", "stairwells", "code"),
    [
        ("3", (), "building_rooms"),
        ("3", (Stairwell("1", ()),), "building_rooms"),
        ("3", (Stairwell("1", tuple(map(str, range(2_001)))),), "building_rooms"),
        ("-1", (Stairwell("1", ("101",)),), "place_code"),
        ("3--1", (Stairwell("1", ("101",)),), "place_code"),
        ("3\n1", (Stairwell("1", ("101",)),), "control_characters"),
        ("3", (Stairwell("1", ("101", "１０１")),), "place_twice"),
        ("3", (Stairwell("1", ("101a", "101A")),), "place_twice"),
        ("3", (Stairwell("1", ("101",)), Stairwell("一单元", ("101",))), "place_twice"),
        ("3", (Stairwell("1", ("1 01",)),), "place_code"),
        ("3", (Stairwell("", ("101",)), Stairwell("2", ("101",))), "place_code"),
        ("x" * 17, (Stairwell("1", ("101",)),), "place_code"),
        (" ", (Stairwell("1", ("101",)),), "blank_text"),
        ("3", (Stairwell("1", ("101",)), Stairwell("1", ("102",))), "place_twice"),
        ("3", (Stairwell("1", ("101", "101")),), "place_twice"),
    ],
)
def test_what_is_no_building(building: str, stairwells: tuple[Stairwell, ...], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        registered().when(RegisterBuilding(building, stairwells))
    assert refused.value.code == code
    registered().when(RegisterBuilding("C", (Stairwell("", ("P001", "P002")),))).then(BuildingRegistered)


@pytest.mark.parametrize("code", ["12-1", "1#", "102-1", "A座", "101A", "12-1幢", "101/102", "B1", "地下室"])
def test_codes_that_people_have_are_taken_as_they_are(code: str) -> None:
    registered().when(RegisterBuilding(code, (Stairwell(code, (code,)),))).then(
        BuildingRegistered(code, (Stairwell(code, (code,)),))
    )


@pytest.mark.parametrize("again", ["3", "３", "3栋", "三号楼", "3#", "03"])
def test_a_building_is_one_however_it_is_written(again: str) -> None:
    built = registered().when(BUILDING)
    built.refused(RegisterBuilding(again, (Stairwell("1单元", ("１０１", "102室")),)), "already_registered")
    more = RegisterBuilding(again, (Stairwell("１", ("101", "103a")), Stairwell("三单元", ("301",))))
    built.when(more).then(
        BuildingRegistered(
            "3", (Stairwell("1", ("101", "102", "103a")), Stairwell("2", ("201",)), Stairwell("三单元", ("301",)))
        )
    )


def test_codes_of_long_ago_stay_as_they_are() -> None:
    """A register may have both 101a and 101A from before; what is added to it does not touch them."""
    old = BuildingRegistered("3", (Stairwell("1", ("101A", "101a")),))
    built = registered().when(BUILDING).given(old)
    built.when(RegisterBuilding("3", (Stairwell("1", ("102",)),))).then(
        BuildingRegistered("3", (Stairwell("1", ("102", "101A", "101a")),))
    )


def test_inv_44_an_estates_code_holds_those_of_its_community_street_and_county() -> None:
    """Of 350902 002 999 - 001 the first six digits are the county, nine the street, twelve the community."""
    registered().holds(
        lambda estate: estate.estate == ESTATE_CODE and ESTATE_CODE[:12].isdecimal() and ESTATE_CODE[12] == "-"
    )
    for code in (f"{ESTATE_CODE[:6]}-001", f"{ESTATE_CODE[:9]}-001"):  # neither county nor street has estates itself
        unknown().refused(RegisterEstate(code, "SC-001", "东湖苑", "荷塘社区"), "estate_code", estate=code)


def test_a_building_is_registered_once() -> None:
    built = registered().when(BUILDING).then(BuildingRegistered)
    built.refused(BUILDING, "already_registered")


def test_inv_02_an_estate_has_one_station_that_opens_and_changes_its_hours() -> None:
    hours = ServiceHours(8 * 60, 18 * 60)
    opened = registered().when(OpenStation(hours)).then(StationOpened(hours))
    opened.when(OpenStation(hours)).then()
    opened.when(OpenStation(ServiceHours())).then(StationOpened(ServiceHours()))


def test_hours_of_a_day_to_come_hold_from_then_on_and_are_taken_back_by_what_holds_before() -> None:
    now, winter, longer = ServiceHours(8 * 60, 18 * 60), ServiceHours(9 * 60, 17 * 60), ServiceHours(7 * 60, 20 * 60)
    opened = registered().when(OpenStation(now))
    today = opened.clock.date()
    month, later = today + timedelta(days=30), today + timedelta(days=60)
    planned = (
        opened.when(OpenStation(winter, month)).then(StationOpened(winter, month)).when(OpenStation(longer, later))
    )
    days = (today, month - timedelta(days=1), month, later - timedelta(days=1), later, later + timedelta(days=400))
    assert [planned.state.hours_on(day) for day in days] == [now, now, winter, winter, longer, longer]
    planned.when(OpenStation(winter, month)).then()
    assert planned.when(OpenStation(now, month)).state.coming == ((later, longer),)
    at_once = planned.later(days=31).when(OpenStation(longer)).state
    assert (at_once.hours, at_once.coming) == (longer, ((later, longer),))
    assert planned.when(OpenStation(winter, today)).state.hours == winter
    opened.refused(OpenStation(winter, today - timedelta(days=1)), "target_past", field="since")
    opened.refused(OpenStation(winter, today + timedelta(days=367)), "station_since", field="since")


@pytest.mark.parametrize(("opens", "closes"), [(-1, 600), (600, 600), (700, 600), (0, 1441)])
def test_hours_lie_within_a_day(opens: int, closes: int) -> None:
    registered().refused(OpenStation(ServiceHours(opens, closes)), "station_hours")


PLACES: tuple[tuple[tuple[str | None, str | None, str | None], str | None], ...] = (
    ((None, None, None), None),
    (("3", None, None), None),
    (("3", "1", None), None),
    (("3", "1", "101"), None),
    (("3", None, "201"), None),
    (("３栋", "二单元", "201室"), None),
    ((None, None, "3-2-201"), None),
    (("3", None, "3-2-201"), None),
    ((None, "1", None), "building_missing"),
    ((None, None, "101"), "building_missing"),
    (("4", None, None), "unknown_building"),
    (("3", "9", None), "unknown_stairwell"),
    (("3", "2", "101"), "unknown_dwelling"),
    (("3", None, "999"), "unknown_dwelling"),
)


@pytest.mark.parametrize(("place", "code"), PLACES)
def test_what_is_a_place_and_what_is_none(place: tuple[str | None, str | None, str | None], code: str | None) -> None:
    estate = registered().when(BUILDING).state
    if code is None:
        estate.place(*place)
        return
    with pytest.raises(Refusal) as refused:
        estate.place(*place)
    assert refused.value.code == code
    assert "dwelling" not in refused.value.facts  # a room number is personal
