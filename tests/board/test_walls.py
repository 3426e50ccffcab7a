"""A screen on a wall has a token of its own: it sees the masked board of one estate, outlives sessions, is revoked."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.sessions.accounts import ABSOLUTE, Accounts
from services.sessions.journal import AccountAct
from tests.conftest import FIRST, SECOND, Demo

WALLS = f"/api/v1/estates/{FIRST}/walls"
BOARD = f"/board/{FIRST}?wall=1"


@pytest.fixture(scope="module")
def head(demo: Demo) -> TestClient:
    return demo.sign_in_patient("head")


def made(head: TestClient, name: str = "大厅") -> dict[str, Any]:
    answer = head.post(WALLS, json={"name": name})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def screen(demo: Demo, token: str) -> TestClient:
    client = demo.client()
    client.headers["Authorization"] = f"Bearer {token}"
    return client


def test_it_shows_the_board_of_its_estate_without_anything_personal(demo: Demo, head: TestClient) -> None:
    said = "住户钱多多家3栋1单元301漏得哗哗响13812345678"
    noted = head.post("/api/v1/issues", json={"estate": FIRST, "text": said, "building": "3", "reporter": "钱多多"})
    assert noted.status_code == 201
    wall = screen(demo, made(head)["token"])
    page = wall.get(BOARD)
    assert page.status_code == 200
    for each in ("钱多多", "哗哗", "1381234", "138*", "/orders/", "/issues/", 'method="post"', 'class="rail__a"'):
        assert each not in page.text, each
    assert wall.get(f"/board/{FIRST}/live?wall=0&show=all").status_code == 200
    assert "钱多多" not in wall.get(f"/board/{FIRST}/live").text


def test_it_sees_nothing_else_and_does_nothing(demo: Demo, head: TestClient) -> None:
    wall = screen(demo, made(head, "门厅")["token"])
    shown = {
        path: wall.get(path, follow_redirects=False).status_code
        for path in (
            f"/board/{SECOND}?wall=1", f"/live?estate={SECOND}", f"/orders-of/{FIRST}", f"/notebook/{FIRST}",
            "/account",
            "/search?q=1", f"/people/{FIRST}", f"/walls/{FIRST}", f"/api/v1/stations/{FIRST}/board", WALLS, "/",
            f"/api/v1/stations/{FIRST}/work-orders", "/api/v1/session", f"/cockpit/{FIRST}",
        )
    }  # fmt: skip
    assert {path for path, status in shown.items() if status not in (303, 401, 404)} == set()
    assert wall.post("/api/v1/issues", json={"estate": FIRST, "text": "试"}).status_code == 401
    assert wall.post(f"/board/{FIRST}/notes", data={"text": "试"}).status_code in (401, 403)


def test_it_outlives_sessions_until_it_is_revoked(demo: Demo, head: TestClient) -> None:
    new = made(head, "楼道")
    wall, accounts = screen(demo, new["token"]), demo.product.part(Accounts)
    with demo.product.database.app.connection() as conn:
        long_ago = demo.product.clock() - ABSOLUTE - timedelta(days=400)
        conn.execute("UPDATE access.sessions SET made_at = %s, seen_at = %s WHERE username = 'clerk'", (long_ago,) * 2)
    assert wall.get(BOARD).status_code == 200
    listed = {each["wall"]: each for each in head.get(WALLS).json()}
    assert listed[new["wall"]]["name"] == "楼道" and listed[new["wall"]]["seen_at"] is not None
    assert new["token"] not in str(listed)
    for _ in range(2):  # a repeated revocation changes nothing
        assert head.delete(f"{WALLS}/{new['wall']}").status_code == 204
    assert wall.get(BOARD, follow_redirects=False).status_code in (303, 401)
    assert accounts.walls.member(new["token"]) is None
    mine = [each.what for each in accounts.journal(["head"])]
    assert mine.count(AccountAct.WALL_REVOKED) == 1 and mine.count(AccountAct.WALL_MADE) >= 1


def test_the_token_is_kept_nowhere(demo: Demo, head: TestClient) -> None:
    token = made(head, "车库")["token"]
    with demo.product.database.app.connection() as conn:
        rows = conn.execute("SELECT to_jsonb(w)::text FROM access.walls w").fetchall()
    assert all(token not in row and token[:20] not in row for (row,) in rows)


def test_a_screen_takes_its_token_from_a_form(demo: Demo, head: TestClient) -> None:
    new, browser = made(head, "前台"), demo.client()
    assert browser.get("/wall").status_code == 200
    wrong = browser.post("/wall", data={"token": "nonsense"}, follow_redirects=False)
    assert wrong.status_code == 404 and 'role="alert"' in wrong.text
    entered = browser.post("/wall", data={"token": f" {new['token']} "}, follow_redirects=False)
    assert (entered.status_code, entered.headers["location"]) == (303, BOARD)
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie and "Max-Age=34560000" in cookie
    foreign = {"Origin": "http://elsewhere.test"}
    assert browser.post("/wall", data={"token": new["token"]}, headers=foreign).status_code == 403


def test_heads_and_administrators_keep_screens_and_nobody_else(demo: Demo, head: TestClient) -> None:
    for username, status in (("admin", 201), ("clerk", 403), ("committee", 403), ("repairer", 403)):
        assert demo.sign_in(username).post(WALLS, json={"name": "墙"}).status_code == status, username
    assert head.post(f"/api/v1/estates/{SECOND}/walls", json={"name": "墙"}).status_code == 404
    theirs = head.delete(f"{WALLS}/00000000-0000-0000-0000-00000000beef")
    assert theirs.status_code == 404


@pytest.mark.parametrize("name", ["", "  ", "长" * 41])
def test_a_name_that_is_none_is_refused_in_words(head: TestClient, name: str) -> None:
    answer = head.post(WALLS, json={"name": name})
    assert answer.status_code == 422 and answer.json()["detail"]


def test_the_page_shows_the_token_once_and_lists_the_screens(demo: Demo, head: TestClient) -> None:
    page = head.post(f"/walls/{FIRST}", data={"name": "会议室"})
    assert page.status_code == 200 and "/wall#" in page.text
    again = head.get(f"/walls/{FIRST}").text
    assert "/wall#" not in again and "会议室" in again
    wrong = head.post(f"/walls/{FIRST}", data={"name": " "})
    assert wrong.status_code == 422 and 'role="alert"' in wrong.text
