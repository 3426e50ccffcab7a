"""More than can be done is told to come again: at once, in people's words, and what is under way gets done."""

import re
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import psycopg
import pytest

from services.http.slots import Slots
from tests.clock import PATIENCE
from tests.conftest import FIRST, Demo


def slots_of(demo: Demo) -> Slots:
    """Of the demo's application."""
    found: Slots = demo.client().app.state.slots  # type: ignore[attr-defined]
    return found


def test_beyond_the_limit_programs_and_people_are_told_to_come_again(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = demo.sign_in("head")
    monkeypatch.setattr(slots_of(demo).signed_in, "most", 0)
    refused = head.post("/api/v1/issues", json={"estate": FIRST, "text": "路灯不亮"})
    assert (refused.status_code, refused.json()["code"]) == (503, "try_later")
    assert int(refused.headers["retry-after"]) > 0
    page = head.get(f"/board/{FIRST}", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert int(page.headers["retry-after"]) > 0
    assert head.get("/health/ready").status_code == 200  # whoever runs it still sees


def test_what_a_person_typed_stands_on_the_page_that_asks_to_come_again(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = demo.client()
    browser.post("/sign-in", data={"username": "head", "password": demo.passwords["head"], "next": "/"})
    page = browser.get(f"/board/{FIRST}").text
    token = page.split('name="csrf" value="')[1].split('"')[0]
    form = {"text": "3栋门口路灯不亮", "csrf": token, "key": "typed-1", "channel": "DESK"}
    before = demo.product.log.last_position()
    with monkeypatch.context() as busy:
        busy.setattr(slots_of(demo).signed_in, "most", 0)
        kept = browser.post(f"/board/{FIRST}/notes", data=form)
        assert kept.status_code == 503
        assert demo.product.log.last_position() == before
    sent_again = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', kept.text))
    assert sent_again == form
    assert ">3栋门口路灯不亮</textarea>" in kept.text
    for _ in range(2):
        assert browser.post(f"/board/{FIRST}/notes", data=sent_again).status_code == 200
    assert demo.product.log.last_position() == before + 1


def test_a_slow_database_holds_up_a_bounded_number_and_loses_none(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    head = demo.sign_in("head")
    monkeypatch.setattr(slots_of(demo).signed_in, "most", 4)
    before = demo.product.log.last_position()
    body = {"estate": FIRST, "text": "路灯不亮"}

    def note(number: int) -> tuple[int, float]:
        started = monotonic()
        answer = head.post("/api/v1/issues", json=body, headers={"Idempotency-Key": f"slow-{number}"})
        return answer.status_code, monotonic() - started

    with psycopg.connect(demo.url) as slow, ThreadPoolExecutor(12) as pool:
        slow.execute("LOCK TABLE log.stored_events IN EXCLUSIVE MODE")
        asked = [pool.submit(note, number) for number in range(12)]
        refused = [each for each in asked if each.done() or _answered(each, asked)]
        slow.rollback()
        answers = [each.result(PATIENCE) for each in asked]
    assert len(refused) == 8
    assert sorted(status for status, _ in answers) == [201] * 4 + [503] * 8
    assert demo.product.log.last_position() == before + 4
    assert [note(number)[0] for number in range(12)] == [201] * 12  # again under the same keys: nothing doubled
    assert demo.product.log.last_position() == before + 12


def _answered(one: object, all_of_them: list[object]) -> bool:
    """Wait until the eight that are too many have been told."""
    until = monotonic() + PATIENCE
    while sum(each.done() for each in all_of_them) < 8:  # type: ignore[attr-defined]
        assert monotonic() < until
    return bool(one.done())  # type: ignore[attr-defined]


def test_head_is_get_without_its_body(demo: Demo) -> None:
    head = demo.sign_in("head")
    path = f"/api/v1/estates/{FIRST}"
    got, asked = head.get(path), head.head(path)
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["etag"] == got.headers["etag"]
    assert asked.headers["content-length"] == got.headers["content-length"]
