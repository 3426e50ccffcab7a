"""Boards kept as they were drawn: the same while nothing changes, never shared, no form twice with one key."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from starlette.testclient import TestClient

from services.board import pages as board
from services.console.kept_pages import Kept
from tests.clock import PATIENCE
from tests.conftest import FIRST, SECOND, Demo


def signed_in(demo: Demo, username: str) -> TestClient:
    client = demo.client()
    typed = {"username": username, "password": demo.passwords[username], "next": "/"}
    client.post("/sign-in", data=typed, follow_redirects=False)
    return client


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """For whom a board was drawn."""
    whose: list[str] = []
    draw = board._drawn

    def drawing(here: board.Visit, *rest: object) -> str:
        done = draw(here, *rest)  # type: ignore[arg-type]
        whose.append(here.member.username)
        return done

    monkeypatch.setattr(board, "_drawn", drawing)
    monkeypatch.setattr(board, "DRAWN_ANEW", 1e6)  # the clock of the test stands still
    yield whose


def keys(page: str) -> list[str]:
    return re.findall(r'name="key" value="(\w+)"', page)


def test_an_unchanged_board_is_drawn_once_and_its_forms_have_new_keys(demo: Demo, drawn: list[str]) -> None:
    demo.caught_up()
    head = signed_in(demo, "head")
    drawn.clear()
    first, second = head.get(f"/board/{FIRST}").text, head.get(f"/board/{FIRST}").text
    assert drawn == ["head"]
    assert keys(first) and all(len(key) == 32 for key in keys(first))
    assert set(keys(first)).isdisjoint(keys(second))
    assert re.sub(r'name="key" value="\w+"', "", first) == re.sub(r'name="key" value="\w+"', "", second)


def test_what_has_changed_is_drawn_anew(demo: Demo, drawn: list[str]) -> None:
    head = signed_in(demo, "head")
    head.get(f"/board/{FIRST}")
    program = demo.sign_in("clerk")
    program.post("/api/v1/issues", json={"estate": FIRST, "text": "新的一件事情"})
    demo.caught_up()
    drawn.clear()
    assert "新的一件事情" in head.get(f"/board/{FIRST}").text
    assert drawn == ["head"]


def test_a_change_elsewhere_draws_nothing_anew(demo: Demo, drawn: list[str]) -> None:
    head = signed_in(demo, "head")
    head.get(f"/board/{FIRST}")
    demo.sign_in("head2").post("/api/v1/issues", json={"estate": SECOND, "text": "别处的事"})
    demo.caught_up()
    drawn.clear()
    head.get(f"/board/{FIRST}")
    assert drawn == []


def test_everybody_gets_a_board_of_their_own(demo: Demo, drawn: list[str]) -> None:
    head, clerk = signed_in(demo, "head"), signed_in(demo, "clerk")
    drawn.clear()
    pages = [who.get(f"/board/{FIRST}").text for who in (head, clerk, head)]
    assert sorted(drawn) == ["clerk", "head"]
    tokens = [re.findall(r'name="csrf-token" content="(\w+)"', page) for page in pages]
    assert tokens[0] == tokens[2] != tokens[1]


def test_a_board_of_another_estate_is_not_found_however_often_its_own_staff_look(demo: Demo) -> None:
    assert signed_in(demo, "head2").get(f"/board/{SECOND}").status_code == 200
    assert signed_in(demo, "head").get(f"/board/{SECOND}").status_code == 404


def test_of_many_values_those_used_last_are_kept() -> None:
    kept: Kept[str] = Kept(2)
    kept.keep("a", "A")
    kept.keep("b", "B")
    assert kept.get("a") == "A"
    kept.keep("c", "C")
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == ("A", None, "C")


def test_what_several_ask_for_at_once_is_made_once() -> None:
    kept: Kept[str] = Kept(2)
    together, made = Barrier(4), []

    def ask(number: int) -> str:
        together.wait(PATIENCE)
        return kept.once("board", lambda: made.append(number) or "drawn")

    with ThreadPoolExecutor(4) as people:
        assert list(people.map(ask, range(4))) == ["drawn"] * 4
    assert len(made) == 1


def test_what_could_not_be_made_is_tried_again() -> None:
    kept: Kept[str] = Kept(2)

    def broken() -> str:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        kept.once("board", broken)
    assert kept.once("board", lambda: "drawn") == "drawn"
