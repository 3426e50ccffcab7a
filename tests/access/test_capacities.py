"""In which capacity somebody acts: another one takes a new token, and without a post nobody signs in."""

from uuid import UUID

from services.sessions.accounts import Accounts
from tests.access.test_session import sign_in, with_token
from tests.conftest import FIRST, SECOND, Demo


def test_acting_in_another_capacity_takes_a_new_token(demo: Demo, somebody: tuple[str, str]) -> None:
    username, password = somebody
    account = demo.product.part(Accounts).account(username)
    assert account is not None
    client = with_token(demo, username, password)
    not_held = client.post("/api/v1/session/capacity", json={"capacity": "STATION_HEAD"})
    assert (not_held.status_code, not_held.json()["code"]) == (409, "capacity_not_held")
    appoint(demo, account.person, "RESIDENTS_COMMITTEE")
    assert set(client.get("/api/v1/session").json()["held"]) == {"DISPATCHER", "RESIDENTS_COMMITTEE"}
    before = client.headers["Authorization"]
    switched = client.post("/api/v1/session/capacity", json={"capacity": "RESIDENTS_COMMITTEE"}).json()
    assert client.get("/api/v1/session", headers={"Authorization": before}).status_code == 401
    client.cookies.clear()
    client.headers["Authorization"] = f"Bearer {switched['token']}"
    assert client.get("/api/v1/session").json()["acting_as"] == "RESIDENTS_COMMITTEE"
    refused = client.post("/api/v1/issues", json={"estate": FIRST, "text": "试"})
    assert (refused.status_code, refused.json()["code"]) == (403, "capacity")


def appoint(demo: Demo, person: UUID, capacity: str) -> None:
    answer = demo.sign_in("admin").post(
        f"/api/v1/people/{person}/appoint",
        json={"capacity": capacity, "estate": FIRST, "since": demo.now.isoformat()},
    )
    assert answer.status_code == 200, answer.text


def test_nobody_signs_in_without_a_post(demo: Demo) -> None:
    admin = demo.sign_in("admin")
    person = admin.post("/api/v1/people", json={"name": "没有职务的人"}).json()["person"]
    password = demo.product.part(Accounts).create("without-post", UUID(person))
    answer = sign_in(demo.client(), "without-post", password)
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")


def test_a_centre_acts_in_all_its_estates(demo: Demo) -> None:
    assert set(demo.sign_in("centre").get("/api/v1/session").json()["estates"]) == {FIRST, SECOND}
