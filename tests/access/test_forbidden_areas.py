"""An area that somebody may not open says who may, as what one came, and how to come as somebody who may."""

import re
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from domain.capacity import Capacity
from services.sessions.accounts import Accounts
from tests.conftest import FIRST, Demo
from tests.members import member


def taken_on(demo: Demo, username: str, *capacities: Capacity) -> str:
    """The password of somebody new who holds these posts in the first estate."""
    admin = demo.sign_in_patient("admin")
    person = admin.post("/api/v1/people", json={"name": f"新来的 {username}"}).json()["person"]
    for capacity in capacities:
        post = {"capacity": capacity.value, "estate": FIRST, "since": demo.now.isoformat()}
        assert admin.post(f"/api/v1/people/{person}/appoint", json=post).status_code == 200
    made = admin.post("/api/v1/accounts", json={"username": username, "person": person})
    assert made.status_code == 201, made.text
    password: str = made.json()["password"]
    return password


def opened(client: TestClient, path: str) -> tuple[int, str]:
    answer = client.get(path, headers={"Accept": "text/html"})
    return answer.status_code, answer.text


@pytest.mark.parametrize("path", [f"/fees/{FIRST}", f"/refunds/{FIRST}", f"/closing/{FIRST}", f"/station/{FIRST}"])
def test_who_may_is_told_with_names_and_as_what_one_came(demo: Demo, path: str) -> None:
    status, page = opened(member(demo, Capacity.RED_STEWARD), path)
    assert status == 403
    assert "您现在以红管家身份" in page
    assert re.search(r"站长 \S*林静怡", page)
    assert 'action="/account/capacity"' not in page


def test_whoever_reads_from_outside_is_told_posts_and_no_names(demo: Demo) -> None:
    status, page = opened(member(demo, Capacity.RESIDENTS_COMMITTEE), f"/refunds/{FIRST}")
    assert status == 403
    assert "站长" in page
    assert "林静怡" not in page


def test_whoever_holds_a_post_that_may_goes_there_with_one_press(demo: Demo) -> None:
    demo.passwords["twofold"] = taken_on(demo, "twofold", Capacity.CASHIER, Capacity.AUDITOR)
    client = demo.sign_in("twofold")
    status, page = opened(client, "/admin/sign-ins?username=head")
    assert status == 403
    form = dict(re.findall(r'name="(csrf|capacity|next)" value="([^"]*)"', page))
    assert form["capacity"] == "AUDITOR"
    answer = client.post("/account/capacity", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/sign-ins?username=head")
    assert client.get("/admin/sign-ins").status_code == 200


@pytest.mark.parametrize("elsewhere", ["//evil.example/x", "https://evil.example", "/\\evil.example"])
def test_another_site_is_never_where_a_switch_leads(demo: Demo, elsewhere: str) -> None:
    client = demo.sign_in("head")
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/account").text)
    assert csrf
    form = {"csrf": csrf[1], "capacity": "STATION_HEAD", "next": elsewhere}
    answer = client.post("/account/capacity", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_without_a_post_it_is_said_at_the_door_and_to_whoever_knows_the_password_alone(demo: Demo) -> None:
    person = demo.sign_in_patient("admin").post("/api/v1/people", json={"name": "没有岗位的人"}).json()["person"]
    password = demo.product.part(Accounts).create("postless", UUID(person))
    said = demo.client().post("/sign-in", data={"username": "postless", "password": password})
    assert (said.status_code, "还没给您派岗" in said.text) == (401, True)
    wrong = demo.client().post("/sign-in", data={"username": "postless", "password": "not-it-at-all"})
    assert (wrong.status_code, "还没给您派岗" in wrong.text) == (401, False)
