"""The OpenAPI document says everything once, so that people can read it."""

from typing import get_type_hints

from fastapi import FastAPI, Response
from fastapi.routing import APIRoute, iter_route_contexts

from services.http.acting import AskingNow
from tests.conftest import Demo


def test_the_document_is_of_a_readable_size_and_names_every_failure_once(demo: Demo) -> None:
    answer = demo.client().get("/api/v1/openapi.json")
    assert len(answer.content) < 700_000
    assert answer.text.count("Nothing was done; the code says why.") == 1
    found = answer.json()
    for path, methods in found["paths"].items():
        for operation in methods.values():
            assert operation.get("summary"), path
            if path.startswith("/api/"):
                assert operation["responses"]["409"] == {"$ref": "#/components/responses/Problem"}


def test_the_document_names_no_module(demo: Demo) -> None:
    """Where something lies in the code is nobody's business, and moving it changes nothing for programs."""
    said = demo.client().get("/api/v1/openapi.json").text
    assert not [name for name in ("domain.", "projections.", "services.") if f" {name}" in said or f"({name}" in said]


def test_every_shape_has_a_name_of_its_own(demo: Demo) -> None:
    """Two classes of one name would be called by the paths of their modules, and a move would rename them."""
    shapes = demo.client().get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert len(shapes) > 200
    assert [name for name in shapes if "__" in name] == []


def test_an_act_that_takes_the_version_seen_can_tell_the_version_it_made(demo: Demo) -> None:
    """The document promises an ``ETag`` wherever it offers ``If-Match``; an act without the response tells none."""
    app = demo.client().app
    assert isinstance(app, FastAPI)
    routes = [each.original_route for each in iter_route_contexts(app.router.routes)]
    taken = [
        (route.name, list(get_type_hints(route.endpoint, include_extras=True).values()))
        for route in routes
        if isinstance(route, APIRoute)
    ]
    versioned = [(name, hints) for name, hints in taken if AskingNow in hints]
    assert len(versioned) > 60
    assert [name for name, hints in versioned if Response not in hints] == []
