"""A view that lags is shown as such, and whoever has just done something sees that it is done."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from services.words.sentences import say
from tests.conftest import FIRST, Demo


@pytest.fixture(scope="module")
def stopped(demo: Demo) -> Iterator[Demo]:
    """A product whose follower stands still."""
    demo.caught_up()
    demo.product.follower.stop()
    yield demo


@pytest.fixture
def browser(stopped: Demo) -> TestClient:
    client = stopped.client()
    client.post("/sign-in", data={"username": "head", "password": stopped.passwords["head"], "next": "/"})
    return client


def csrf(page: str) -> str:
    return page.split('name="csrf" value="')[1].split('"')[0]


def test_programs_hear_that_the_view_lags(stopped: Demo) -> None:
    head = stopped.sign_in("head")
    fresh = head.get(f"/api/v1/stations/{FIRST}/board")
    assert "x-view-lags" not in fresh.headers
    noted = head.post("/api/v1/issues", json={"estate": FIRST, "text": "停着的时候记的"}).json()
    late = head.get(f"/api/v1/stations/{FIRST}/board", params={"after": noted["position"]})
    assert (late.status_code, late.headers["x-view-lags"]) == (200, "true")
    assert late.json()["position"] < noted["position"]


def test_people_see_that_the_board_lags_and_that_their_own_line_is_kept(browser: TestClient) -> None:
    page = browser.get(f"/board/{FIRST}").text
    form = {"text": "又一件", "csrf": csrf(page), "key": "lag-1", "channel": "DESK"}
    shown = browser.post(f"/board/{FIRST}/notes", data=form)
    assert shown.status_code == 200
    assert say("zh", "board-stale-own") in shown.text
    assert 'class="stale' in shown.text
    assert "IS-" in shown.text  # the number is given all the same


def test_a_second_click_meanwhile_is_the_same_line(browser: TestClient, stopped: Demo) -> None:
    before = stopped.product.log.last_position()
    page = browser.get(f"/board/{FIRST}").text
    form = {"text": "又一件", "csrf": csrf(page), "key": "lag-2", "channel": "DESK"}
    for _ in range(2):
        assert browser.post(f"/board/{FIRST}/notes", data=form).status_code == 200
    assert stopped.product.log.last_position() == before + 1
