"""The ways to pages: whose they are, that they stand still when another comes, and that each leads somewhere."""

import re
from dataclasses import replace

import pytest

from domain.capacity import Capacity
from services.console.navigation import BAR, SHELF, Entry, Group, Navigation, Rhythm, Tab, Waiting, Waits
from services.running.capabilities import NAVIGATION
from services.words.sentences import LANGUAGES, has
from tests.conftest import FIRST, Demo
from tests.members import CAPACITIES, member

HEAD, CASHIER = Capacity.STATION_HEAD, Capacity.CASHIER
RAILS = {
    Capacity.STATION_HEAD: "board notebook orders fees people",
    Capacity.DISPATCHER: "board notebook orders fees people",
    Capacity.CENTRE_HEAD: "board notebook orders fees people",
    Capacity.RED_STEWARD: "mine notebook orders",
    Capacity.CASHIER: "fees register",
    Capacity.ACCOUNTANT: "fees register",
    Capacity.RESIDENTS_COMMITTEE: "board notebook orders trail fees people",
    Capacity.ADMINISTRATOR: "admin walls people views",
    Capacity.AUDITOR: "journal",
}


def rail(navigation: Navigation, capacity: Capacity) -> list[str]:
    return [way.entry.key for way in navigation.ways(capacity, FIRST) if way.rail]


def area(key: str, group: Group, place: int, letter: str, home: bool = False) -> Entry:
    everybody = frozenset({HEAD})
    return Entry(
        key, f"/{key}", "x", place, everybody, everybody, key, group, letter, everybody if home else frozenset()
    )


TWELVE = [area(f"a{n}", list(Group)[n % 4], n, "abcdefghijkl"[n]) for n in range(12)]


@pytest.mark.parametrize("capacity", CAPACITIES)
def test_a_rail_holds_what_this_capacity_works_on_and_no_more(capacity: Capacity) -> None:
    assert " ".join(rail(NAVIGATION, capacity)) == RAILS[capacity]


def test_twelve_areas_stand_in_their_groups_and_none_moves_when_another_comes() -> None:
    twelve = rail(Navigation.of(TWELVE, ()), HEAD)
    assert len(twelve) == 12
    groups = [TWELVE[int(key[1:])].group for key in twelve]
    assert groups == sorted(groups, key=list(Group).index)
    thirteen = rail(Navigation.of([*TWELVE, area("new", Group.TOGETHER, 3, "z")], ()), HEAD)
    assert [key for key in thirteen if key != "new"] == twelve


def test_a_home_stands_first_and_a_line_stands_before_each_later_group() -> None:
    navigation = Navigation.of([*TWELVE, area("home", Group.BACK, 99, "z", home=True)], ())
    assert rail(navigation, HEAD)[0] == "home"
    assert [way.entry.key for way in navigation.ways(HEAD, FIRST) if way.first] == ["a0", "a1", "a2", "a3"]


def test_two_areas_with_one_letter_are_not_taken() -> None:
    with pytest.raises(ValueError, match="one letter"):
        Navigation.of([*TWELVE, area("new", Group.SITE, 1, "a")], ())


def test_the_bar_of_a_phone_holds_four_of_those_that_may_be_opened_whatever_a_cookie_says() -> None:
    navigation = Navigation.of(TWELVE, ())
    usual = navigation.bar(HEAD, FIRST)
    assert len(usual) == BAR
    assert "a11" in navigation.bar(HEAD, FIRST, ("a11",))
    for odd in (("nothing", "", "../x", "<b>"), ("a1",) * 50):
        assert len(navigation.bar(HEAD, FIRST, odd)) == BAR
    assert navigation.bar(CASHIER, FIRST, ("a11",)) == frozenset()


def test_more_pages_than_six_stand_on_a_shelf_by_their_rhythm() -> None:
    who = frozenset({HEAD})
    pages = [Tab(f"p{n}", f"/p{n}/{{estate}}", n, who, list(Rhythm)[-n % 4]) for n in range(SHELF + 1)]
    few, many = Navigation.of((), pages[:SHELF]), Navigation.of((), pages)
    assert few.shelf("fees", HEAD, FIRST) == []
    shelf = many.shelf("fees", HEAD, FIRST)
    assert [rhythm for rhythm, _ in shelf] == list(Rhythm)
    assert sum(len(some) for _, some in shelf) == SHELF + 1
    assert many.shelf("fees", CASHIER, FIRST) == many.shelf("fees", HEAD, None) == []


def test_the_fee_area_is_a_shelf_for_whoever_keeps_money_and_tabs_for_others() -> None:
    shelved = {capacity for capacity in CAPACITIES if NAVIGATION.shelf("fees", capacity, FIRST)}
    money = {Capacity.STATION_HEAD, Capacity.CENTRE_HEAD, Capacity.CASHIER, Capacity.ACCOUNTANT}
    assert shelved == money
    today = dict(NAVIGATION.shelf("fees", Capacity.STATION_HEAD, FIRST))[Rhythm.TODAY]
    assert [tab.key for tab, _ in today] == ["desk", "drawer", "refunds"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_has_its_words(language: str) -> None:
    keys = [f"rail-{each.key}" for each in NAVIGATION.entries if each.letter]
    keys += [each.title for each in NAVIGATION.entries] + [f"fee-tab-{each.key}" for each in NAVIGATION.tabs]
    keys += [f"nav-group-{each.value}" for each in Group] + [f"rhythm-{each.value}" for each in Rhythm]
    assert [key for key in keys if not has(language, key)] == []


@pytest.mark.parametrize("capacity", CAPACITIES)
def test_every_way_of_a_capacity_opens(demo: Demo, capacity: Capacity) -> None:
    client = member(demo, capacity)
    home = client.get("/")
    assert home.status_code == 200
    links = set(re.findall(r'class="(?:rail__a|tile|shelf__a)" href="([^"]+)"', home.text))
    assert {way.href for way in NAVIGATION.ways(capacity, FIRST) if way.entry.letter} <= {
        link.replace("&amp;", "&") for link in links
    }
    for link in sorted(links):
        assert client.get(link.replace("&amp;", "&")).status_code == 200, link


def waits(demo: Demo, capacity: Capacity, estate: str = FIRST) -> dict[str, dict[str, int]]:
    answer = member(demo, capacity).get(f"/waits/{estate}")
    assert answer.status_code == 200, answer.text
    found: dict[str, dict[str, int]] = answer.json()
    return found


def test_a_badge_counts_what_this_capacity_must_act_on_and_nothing_for_others(demo: Demo) -> None:
    before = waits(demo, HEAD)["areas"]
    others = waits(demo, Capacity.RESIDENTS_COMMITTEE), waits(demo, Capacity.AUDITOR)
    noted = member(demo, HEAD).post("/api/v1/issues", json={"estate": FIRST, "text": "3栋1单元灯不亮"})
    assert noted.status_code == 201
    after = waits(demo, HEAD)["areas"]
    assert after == before | {"notebook": before["notebook"] + 1}
    assert (waits(demo, Capacity.RESIDENTS_COMMITTEE), waits(demo, Capacity.AUDITOR)) == others
    assert not any(others[0]["areas"].values())
    assert "notebook" not in others[1]["areas"]


def test_of_another_estate_nothing_is_told(demo: Demo) -> None:
    assert member(demo, HEAD).get("/waits/350902002999-999").status_code == 404


def test_of_a_view_that_lags_nothing_is_told(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.console.visit.Visit.caught_up", lambda here, after, views: "10:21" if views else "")
    told = waits(demo, HEAD)
    assert "notebook" not in told["areas"]
    assert "refunds" not in told["pages"]


def test_a_state_in_words_does_not_count() -> None:
    navigation = Navigation.of([replace(TWELVE[0], waiting=Waiting((), lambda here, conn: Waits(said="x")))], ())
    assert list(navigation.waiting(HEAD, FIRST)) == [("a0", "")]
