"""The directory of routes leads where the framework would lead."""

import re
from typing import Any

import pytest
from fastapi.routing import APIRouter
from starlette.routing import Match
from starlette.types import Scope

from services.http.directory import Directory
from services.running.app import create_app
from tests.conftest import Demo

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def router(demo: Demo) -> APIRouter:
    return create_app(demo.product).router


def first_asked(router: APIRouter, method: str, path: str) -> str | None:
    """The form of the address that the framework finds, asking one route after the other."""
    scope: Scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    found: Any = next((route for route in router.routes if route.matches(scope)[0] is Match.FULL), None)
    while hasattr(found, "_match"):  # a router within: which of its own
        _, _, route, context = found._match(scope)
        found = context or route
    return found.path if found else None


def test_every_address_leads_where_the_framework_would_lead(router: APIRouter) -> None:
    directory = Directory(router)
    lasts = {each.last for each in directory.places if each.last}
    tried = 0
    for each in directory.places:
        addresses = {re.sub(r"\{\w+\}", "x", each.path)}
        if each.last is None:  # where a parameter stands, every word that is an address elsewhere
            addresses |= {re.sub(r"\{\w+\}", "x", each.path.rpartition("/")[0]) + f"/{word}" for word in lasts}
        for method in each.methods:
            for address in addresses:
                found = directory.find(method, address)
                assert (found[0].path if found else None) == first_asked(router, method, address), (method, address)
                tried += 1
    assert tried > 300


def test_what_no_route_takes_is_told_apart(demo: Demo) -> None:
    client = demo.sign_in("head")
    assert client.post("/api/v1/nothing/here").status_code == 404
    answer = client.put("/api/v1/issues", json={})
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
