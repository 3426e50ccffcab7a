"""The notebook over HTTP: noting, versions, keys, photos named in a body, and what a case may not forget."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from starlette.testclient import TestClient

from tests.conftest import FIRST, SECOND, Demo


@pytest.fixture(scope="module")
def head(demo: Demo) -> TestClient:
    return demo.sign_in("head")


def noted(client: TestClient, **more: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/issues", json={"estate": FIRST, "text": "路灯不亮", **more})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def a_photo(client: TestClient, estate: str = FIRST) -> str:
    picture = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(picture, "PNG")
    answer = client.post("/api/v1/photos", params={"estate": estate}, files={"photo": picture.getvalue()})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["photo"])


def code(answer: Any) -> str:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return str(answer.json()["code"])


# -- photos named in a body ------------------------------------------------------------------------------------------


def test_only_a_photo_of_the_estate_is_attached(demo: Demo, head: TestClient) -> None:
    """Forgetting a case destroys the keys of its photos: no other id may get in."""
    steward = head.get(f"/api/v1/stations/{FIRST}/stewards").json()[0]["person"]
    elsewhere = a_photo(demo.sign_in("head2"), SECOND)
    issue = noted(head)["issue"]
    for wrong in (steward, issue, elsewhere, str(uuid4())):
        assert code(head.post(f"/api/v1/issues/{issue}/attach-photo", json={"photo": wrong})) == "unknown_photo"
        body = {"estate": FIRST, "text": "带照片", "photos": [wrong]}
        assert code(head.post("/api/v1/issues", json=body)) == "unknown_photo"
    assert head.post(f"/api/v1/issues/{issue}/attach-photo", json={"photo": a_photo(head)}).status_code == 200


def test_a_forgotten_case_takes_its_photos_with_it(head: TestClient) -> None:
    photo, other = a_photo(head), a_photo(head)
    issue = noted(head, photos=[photo])["issue"]
    assert head.get(f"/api/v1/photos/{photo}").status_code == 200
    assert head.post(f"/api/v1/issues/{issue}/drop-issue", json={"reason": "看错了"}).status_code == 200
    forgotten = head.post(f"/api/v1/issues/{issue}/forget-case", json={"ground": "RESIDENT_ASKED"})
    assert forgotten.status_code == 200
    assert code(head.get(f"/api/v1/photos/{photo}")) == "not_found"
    assert head.get(f"/api/v1/photos/{other}").status_code == 200


# -- when it happened ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "refused"),
    [
        ("0001-01-01T00:00:00+14:00", "too_long_ago"),
        ("1026-11-23T08:00:00+08:00", "too_long_ago"),
        ("9999-12-31T23:59:59-12:00", "future"),
        ((datetime.now(UTC) + timedelta(hours=1)).isoformat(), "future"),
    ],
)
def test_times_that_cannot_be(head: TestClient, at: str, refused: str) -> None:
    body = {"estate": FIRST, "text": "路灯不亮", "occurredAt": at}
    assert code(head.post("/api/v1/issues", json=body)) == refused


def test_a_time_needs_an_offset(head: TestClient) -> None:
    body = {"estate": FIRST, "text": "路灯不亮", "occurredAt": "2026-11-20T08:00:00"}
    answer = head.post("/api/v1/issues", json=body)
    assert code(answer) == "invalid"
    assert [each["field"] for each in answer.json()["errors"]] == ["occurredAt"]
