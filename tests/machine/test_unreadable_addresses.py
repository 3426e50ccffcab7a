"""Every address of the product while the things that it names cannot be read: an answer everywhere, never a failure."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from uuid import UUID

import psycopg
import pytest

from domain.capacity import Capacity
from domain.fees.fee_account import fee_account_stream
from tests.access.reached import Things, filled, things
from tests.access.test_access import api_routes, ask, routes
from tests.conftest import FIRST, Demo
from tests.machine.damage import Damaged
from tests.members import member

WHO = (Capacity.STATION_HEAD, Capacity.ACCOUNTANT, Capacity.ADMINISTRATOR)
STREAMING = "/live"


@pytest.fixture(scope="module")
def thing(demo: Demo) -> Things:
    return things(demo, "head", FIRST)


def looks(demo: Demo) -> list[str]:
    """Every address that one looks at."""
    found = [route.path for method, route in routes(demo) if method == "GET" and route.path != STREAMING]
    return sorted(set(found) - {"/language/{language}", "/static/{name}"})


def streams(thing: Things) -> list[UUID]:
    named = (thing.issue, thing.order, thing.dwelling, thing.owner, thing.line, thing.file, thing.person)
    return [*map(UUID, named), fee_account_stream(UUID(thing.dwelling))]


@pytest.fixture
def damaged(demo: Demo, thing: Things) -> Damaged:
    """What each of the things began or ended with, to be spoilt."""
    demo.caught_up()
    chance, found = Random(4), Damaged(demo.url)
    for stream in streams(thing):
        with psycopg.connect(demo.url) as conn:
            query = "SELECT notification_id FROM log.stored_events WHERE originator_id = %s ORDER BY 1"
            positions = [position for (position,) in conn.execute(query, (stream,))]
        if positions:
            found.spoil(chance.choice([positions[0], positions[-1]]), chance, "empty")
    assert len(found.before) >= 6
    return found


@contextmanager
def spoilt(demo: Demo, thing: Things, damaged: Damaged) -> Iterator[None]:
    """None of the things can be read while this lasts."""
    demo.product.log._known.forget(streams(thing))
    yield
    damaged.mend()
    demo.product.log._known.forget(streams(thing))


@pytest.mark.drill
@pytest.mark.parametrize("who", WHO, ids=lambda who: who.name)
def test_pages_and_lists_answer(demo: Demo, thing: Things, damaged: Damaged, who: Capacity) -> None:
    client = member(demo, who)
    with spoilt(demo, thing, damaged):
        answers = {path: client.get(filled(path, thing)) for path in looks(demo)}
    for path, answer in answers.items():
        whole = client.get(filled(path, thing)).status_code
        about_one = path.count("{") > path.count("{estate}") or "closings" in path  # no month is closed over it
        assert answer.status_code in ((whole, 409) if about_one else (whole,)), (path, answer.text[:300])
    refused = [
        answer.json()["code"] for path, answer in answers.items() if path.startswith("/api/") and answer.is_error
    ]
    assert "unreadable" in refused or who is Capacity.ADMINISTRATOR


def test_commands_are_refused_by_name_or_done(demo: Demo, thing: Things, damaged: Damaged) -> None:
    client, schema = member(demo, Capacity.STATION_HEAD), demo.client().get("/api/v1/openapi.json").json()
    codes = set()
    with spoilt(demo, thing, damaged):
        for method, route in api_routes(demo):
            if method != "GET":
                answer = ask(client, method, route, thing, schema)
                assert answer.status_code < 500, (method, route.path, answer.text)
                codes.add(answer.json().get("code") if answer.status_code == 409 else None)
    assert "unreadable" in codes
