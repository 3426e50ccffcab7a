"""The console's board of the past: what it shows, what it no longer knows, and what cannot be done there."""

from html.parser import HTMLParser
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.conftest import FIRST, SECOND, Demo

BOARD = f"/board/{FIRST}"


class Forms(HTMLParser):
    """The methods of a page's forms, and every attribute name on it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.methods: list[str] = []
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _ in attrs}
        if tag == "form":
            self.methods.append(dict(attrs).get("method") or "get")


@pytest.fixture(scope="module")
def head(demo: Demo) -> TestClient:
    return demo.sign_in_patient("head")


def done(answer: Any) -> dict[str, Any]:
    assert answer.status_code in (200, 201), answer.text
    body: dict[str, Any] = answer.json()
    return body


def opened(client: TestClient, text: str) -> dict[str, Any]:
    """A line and the order that it became."""
    noted = done(client.post("/api/v1/issues", json={"estate": FIRST, "text": text}))
    order = {"category": "PUBLIC_LIGHTING"}
    return done(client.post(f"/api/v1/issues/{noted['issue']}/promote-to-work-order", json=order))


def page(client: TestClient, as_of: object, **more: str) -> str:
    answer = client.get(BOARD, params={"asOf": str(as_of), **more})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.text


def test_a_card_drawn_before_its_case_was_forgotten_is_not_shown_again(head: TestClient) -> None:
    body = opened(head, "郑家楼道里的灯坏了")  # given a card that everybody has seen, now and looking back
    assert "郑家楼道里的灯坏了" in head.get(BOARD).text
    assert "郑家楼道里的灯坏了" in page(head, body["position"])
    done(head.post(f"/api/v1/work-orders/{body['order']}/cancel-work-order", json={"reason": "报错了"}))
    done(head.post(f"/api/v1/issues/{body['issue']}/forget-case", json={"ground": "RESIDENT_ASKED"}))
    then = page(head, body["position"])  # when looked back again
    assert body["order"] in then  # then the card stands there without its words
    assert "郑家楼道里的灯坏了" not in then


def test_nothing_can_be_done_and_nothing_is_live(head: TestClient) -> None:
    body = opened(head, "三单元的灯闪")
    now, then = Forms(head.get(BOARD).text), Forms(page(head, body["position"]))
    assert "post" in now.methods
    assert {"data-live", "data-stream", "data-due", "data-act"} <= now.attributes
    assert set(then.methods) == {"get", "dialog"}  # the choice of the moment, the search, a dialog to close
    assert not {"data-live", "data-stream", "data-due", "data-act"} & then.attributes


def test_a_look_back_leaves_the_cards_of_now_as_they_are(head: TestClient) -> None:
    body = opened(head, "四单元的灯闪")
    page(head, body["position"])  # drawn first without anything to do
    assert f"/orders/{body['order']}/dispatch" in head.get(BOARD).text


@pytest.mark.parametrize("said", ["", " ", "2999-01-01", "1999-01-01", "soon", "2026-13-41", "999999999", "0"])
def test_a_moment_that_cannot_be_leaves_the_board_of_now(head: TestClient, said: str) -> None:
    answer = head.get(BOARD, params={"asOf": said})
    assert answer.status_code == 422
    assert 'id="past-error"' in answer.text
    assert "data-live" in answer.text
    assert head.get(BOARD, params={"asOf": "2026-11-20", "time": "25:99"}).status_code == 422


def test_only_who_may_see_the_board_may_see_its_past(demo: Demo, head: TestClient) -> None:
    last = demo.product.log.last_position()
    assert head.get(f"/board/{SECOND}", params={"asOf": last}).status_code == 404
    assert demo.sign_in("admin").get(BOARD, params={"asOf": last}).status_code == 403
    assert demo.client().get(BOARD, params={"asOf": last}, follow_redirects=False).status_code in (303, 401)
