"""Somebody for each capacity: of the demo's cast, or taken on where the cast has nobody."""

from starlette.testclient import TestClient

from domain.capacity import Capacity
from services.demo.cast import FIRST, PEOPLE, Someone
from tests.conftest import Demo

CAPACITIES = [capacity for capacity in Capacity if capacity is not Capacity.SYSTEM]


def member(demo: Demo, capacity: Capacity) -> TestClient:
    """A client of somebody who acts in this capacity in the first estate."""
    known = next((each.account for each in PEOPLE if each.account and _acts_as(each) is capacity), None)
    username = known or capacity.value.lower().replace("_", "-")
    if username not in demo.passwords:
        demo.passwords[username] = _taken_on(demo, capacity, username)
    return demo.sign_in(username)


def _acts_as(someone: Someone) -> Capacity:
    return someone.posts[0][0] if someone.posts else Capacity.RED_STEWARD


def _taken_on(demo: Demo, capacity: Capacity, username: str) -> str:
    """Registers a person, gives the post and an account; the password drawn for it."""
    admin = demo.sign_in_patient("admin")
    person = admin.post("/api/v1/people", json={"name": f"新来的 {username}"}).json()["person"]
    post = {"capacity": capacity.value, "estate": FIRST, "since": demo.now.isoformat()}
    given = admin.post(f"/api/v1/people/{person}/appoint", json=post)
    assert given.status_code == 200, given.text
    made = admin.post("/api/v1/accounts", json={"username": username, "person": person})
    assert made.status_code == 201, made.text
    password: str = made.json()["password"]
    return password
