"""Everything that goes wrong answers as problem details: a stable code, the right status, a sentence to read."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.http.problems import MEDIA_TYPE
from services.words.sentences import say
from tests.conftest import FIRST, Demo

JSON = {"Content-Type": "application/json"}
MARK = "13987654321"  # a phone that no problem may repeat


@pytest.fixture(scope="module")
def head(demo: Demo) -> TestClient:
    return demo.sign_in("head")


def body(**changed: Any) -> bytes:
    return json.dumps({"estate": FIRST, "text": "路灯不亮"} | changed).encode()


def problem(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == MEDIA_TYPE, answer.text
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["title"]
    assert body["detail"] != body["code"], f"no words for {body['code']}"
    assert MARK not in answer.text
    return answer.status_code, body["code"]


UNREADABLE = {
    "no JSON": b"{",
    "cut UTF-8": b'{"estate": "x", "text": "\xe5\xb0',
    "GB18030": '{"estate": "x", "text": "灯"}'.encode("gb18030"),
    "a number of 6000 digits": b'{"estate": 1' + b"0" * 6000 + b"}",
    "deep nesting": b"[" * 100_000,
    "deep nesting inside": b'{"estate": ' + b"[" * 5000 + b"]" * 5000 + b"}",
}


@pytest.mark.parametrize("sent", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_refused(head: TestClient, sent: bytes) -> None:
    assert problem(head.post("/api/v1/issues", content=sent, headers=JSON)) == (400, "body")


WRONG = {
    "nothing": (b"", "body", "field_missing"),
    "null": (b"null", "body", "field_invalid"),
    "a list": (b"[]", "body", "field_invalid"),
    "no text": (json.dumps({"estate": FIRST}).encode(), "text", "field_missing"),
    "an unknown field": (body(colour="red"), "colour", "field_unknown"),
    "not a number": (body(text=float("nan")), "text", "field_invalid"),
    "an infinite time": (body(occurredAt="1e400"), "occurredAt", "field_invalid"),
    "a lone surrogate": (body(text="a\ud800b"), "text", "broken_text"),
    "a lone surrogate in the estate": (body(estate="\udfff"), "estate", "broken_text"),
    "blank": (body(text=" \n\u3000"), "text", "blank_text"),
    "only what cannot be seen": (body(text="\u200b\u200d"), "text", "blank_text"),
    "nothing but signs that nobody sees": (body(text="\x00\x07\u200b"), "text", "blank_text"),
    "100 kB": (body(text="长" * 34_000), "text", "text_too_long"),
    "a name too long": (body(reporter="名" * 61), "reporter", "text_too_long"),
    "a photo that is no id": (body(photos=["x"]), "photos.0", "field_invalid"),
}


@pytest.mark.parametrize(("sent", "field", "refused"), WRONG.values(), ids=WRONG)
def test_a_wrong_field_is_named(head: TestClient, sent: bytes, field: str, refused: str) -> None:
    answer = head.post("/api/v1/issues", content=sent, headers=JSON)
    assert problem(answer)[0] == 422
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, refused)]


PLACES = {
    "another estate's code": ({"estate": "350902002999-002"}, 404, "not_found"),
    "no estate": ({"estate": "-"}, 404, "not_found"),
    "an unknown building": ({"building": "99"}, 422, "unknown_building"),
    "a stairwell nowhere": ({"stairwell": "1"}, 422, "building_missing"),
    "an unknown stairwell": ({"building": "1", "stairwell": "9"}, 422, "unknown_stairwell"),
    "an unknown dwelling": ({"building": "1", "dwelling": "9999"}, 422, "unknown_dwelling"),
}


@pytest.mark.parametrize(("changed", "status", "refused"), PLACES.values(), ids=PLACES)
def test_a_place_that_is_not_there(head: TestClient, changed: dict[str, str], status: int, refused: str) -> None:
    assert problem(head.post("/api/v1/issues", content=body(**changed), headers=JSON)) == (status, refused)


def test_what_was_sent_is_never_repeated(head: TestClient) -> None:
    for sent in (
        body(phone=MARK * 9),
        body(reporter=MARK + "\ud800"),
        body(dwelling=MARK, building="1"),
        body(channel=MARK),
        body(follows=MARK),
        body(occurredAt=MARK + "x"),
        body(text=[MARK]),
    ):
        assert problem(head.post("/api/v1/issues", content=sent, headers=JSON))[0] == 422


def test_a_made_up_field_comes_back_short(head: TestClient) -> None:
    answer = head.post("/api/v1/issues", content=body(**{"x" * 500_000: 1}), headers=JSON)
    assert problem(answer) == (422, "invalid")
    assert len(answer.content) < 1000


# -- kinds and sizes of bodies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/json+x"])
def test_only_json_is_taken(head: TestClient, kind: str) -> None:
    answer = head.post("/api/v1/issues", content=body(), headers={"Content-Type": kind})
    assert problem(answer) == (415, "content_type")


def test_photos_come_as_a_form(head: TestClient) -> None:
    answer = head.post("/api/v1/photos", params={"estate": FIRST}, json={"photo": "x"})
    assert problem(answer) == (415, "content_type")
    assert "multipart/form-data" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "kind", "size"),
    [
        ("/api/v1/issues", "application/json", 1_000_001),
        (f"/api/v1/photos?estate={FIRST}", "multipart/form-data; boundary=x", 15_000_001),
    ],
)
def test_a_body_too_large_is_refused_by_its_length_and_while_it_grows(
    head: TestClient, path: str, kind: str, size: int
) -> None:
    def growing() -> Iterator[bytes]:
        for _ in range(0, size, 50_000):
            yield b" " * 50_000
        yield b" "

    headers = {"Content-Type": kind}
    assert problem(head.post(path, content=b" " * size, headers=headers)) == (413, "too_large")
    assert problem(head.post(path, content=growing(), headers=headers)) == (413, "too_large")


# -- addresses and methods -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/session/", "/api/v2/issues", "/api/v1/estates/%00"])
def test_an_unknown_address(head: TestClient, path: str) -> None:
    assert problem(head.get(path)) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/v1/session", "DELETE, GET, POST"),
        ("GET", "/api/v1/issues", "POST"),
        ("PATCH", "/api/v1/accounts", "GET, POST"),
        ("POST", "/api/v1/estates", "GET"),
        ("DELETE", "/health/live", "GET"),
    ],
)
def test_another_method_is_told_which_ones_there_are(head: TestClient, method: str, path: str, allowed: str) -> None:
    answer = head.request(method, path)
    assert problem(answer) == (405, "method")
    assert answer.headers["Allow"] == allowed


# -- languages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepts", "language"),
    [
        (None, "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("en;q=0.1, zh-CN;q=0.9", "zh"),
        ("fr, en;q=0.5", "en"),
        ("fr", "zh"),
        ("*", "zh"),
        ("zh;q=0, en;q=0.2", "en"),
        ("en;q=nan", "zh"),
        (";;;,,,=", "zh"),
    ],
)
def test_the_sentence_is_in_the_callers_language(demo: Demo, accepts: str | None, language: str) -> None:
    headers = {"Accept-Language": accepts} if accepts is not None else {}
    client = demo.client()
    client.headers.pop("accept-language", None)
    answer = client.get("/api/v1/nothing", headers=headers)
    assert answer.headers["Content-Language"] == language
    assert answer.json()["detail"] == say(language, "refused-not_found")


# -- headers of safety -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/api/v1/session", "/api/v1/nothing", "/sign-in", "/health/live", "/metrics", "/none"]
)
def test_every_answer_is_dressed(demo: Demo, head: TestClient, path: str) -> None:
    for client in (demo.client(), head):
        headers = client.get(path, follow_redirects=False).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"


def test_methods_that_somebody_makes_up_make_no_series(demo: Demo) -> None:
    client = demo.client()
    for number in range(5):
        client.request(f"MADE{number}", "/api/v1/session")
    assert "MADE" not in client.get("/metrics").text


def test_what_a_person_sends_too_large_is_said_on_a_page(demo: Demo) -> None:
    answer = demo.client().post(
        "/sign-in", content=b"x" * 1_000_001, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert (answer.status_code, answer.headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert say("zh", "refused-too_large") in answer.text


def test_what_breaks_has_its_headers_and_its_measure_too(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    client = demo.sign_in("head")

    def broken(token: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(demo.product.sessions, "member", broken)
    answer = client.post("/api/v1/issues", json={"estate": "x", "text": "y"})
    assert (answer.status_code, answer.json()["code"]) == (500, "broken")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert b'jinlin_request_seconds_count{method="POST",route="/api/v1/issues",status="500"} 1.0' in (
        demo.product.metrics.text()
    )
