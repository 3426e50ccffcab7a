"""The OpenAPI document: problems and ways to sign in said once, and referred to by every operation."""

import json
from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi

FAILURES = (400, 401, 403, 404, 406, 408, 409, 412, 413, 415, 422, 429, 503)
PUBLIC = ("/api/v1/session", "/health/live", "/health/ready", "/metrics")  # of the session only signing in

_PROBLEM = {
    "title": "Problem",
    "description": "RFC 9457 problem details: a stable code, and a sentence in the caller's language.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "version": {"type": "integer", "description": "Of a stale command: the newest version."},
        "done": {
            "type": "object",
            "description": "Of what is done already: whose act that was, when, when it was told, and how.",
            "required": ["by", "name", "acting_as", "at", "recorded_at", "how"],
            "properties": {
                "by": {"type": "string", "format": "uuid"},
                "name": {"type": ["string", "null"]},
                "acting_as": {"type": "string"},
                "at": {"type": "string", "format": "date-time"},
                "recorded_at": {"type": "string", "format": "date-time"},
                "how": {"type": ["string", "null"]},
            },
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "detail")},
            },
        },
    },
}
_EXAMPLE = {
    "type": "about:blank",
    "title": "现在办不了",
    "status": 409,
    "detail": "自己做的活不能自己核验，请站长或同事来",
    "code": "own_work",
}
_RESPONSE = {
    "description": "Nothing was done; the code says why.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}, "example": _EXAMPLE}},
}
_SIGNED_IN = {
    "token": {"type": "http", "scheme": "bearer", "description": "The token of POST /api/v1/session."},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "jinlin", "description": "Goes with X-CSRF-Token."},
}


def add_document(app: FastAPI, path: str) -> None:
    """The document at ``path``: anybody may ask for it, and it is long, so it is written once, beside what goes on."""
    document = documented(app)
    written: list[bytes] = []
    writing = Lock()

    def answer(request: Request) -> Response:
        with writing:
            if not written:
                written.append(json.dumps(document(), ensure_ascii=False, separators=(",", ":")).encode())
        return Response(written[0], media_type="application/json")

    app.openapi = document  # type: ignore[method-assign]
    app.add_route(path, answer, include_in_schema=False)


def documented(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """What ``app.openapi`` is to be: made once."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            components = found.setdefault("components", {})
            components.setdefault("schemas", {})["Problem"] = _PROBLEM
            for unused in ("HTTPValidationError", "ValidationError"):
                components["schemas"].pop(unused, None)
            components["responses"] = {"Problem": _RESPONSE}
            components["securitySchemes"] = _SIGNED_IN
            for path, method, operation in _operations(found):
                _finish(path, method, operation)
            app.openapi_schema = found
        return app.openapi_schema

    return document


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


_ETAG = {"ETag": {"description": "The version of what was asked for.", "required": True, "schema": {"type": "string"}}}
_LOCATION = {"Location": {"description": "Where it is.", "required": True, "schema": {"type": "string"}}}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "A version seen before: 304 if it is still the newest.",
}


# what a route says of itself, as its ``responses``
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Nothing new.", "headers": _ETAG}}
LOCATED: dict[int | str, dict[str, Any]] = {201: {"headers": _LOCATION}}


def _tag(operation: dict[str, Any]) -> None:
    """Say where versions are told and asked for."""
    parameters = operation.get("parameters", [])
    act = any(each["name"].lower() == "if-match" for each in parameters)
    tagged = "304" in operation["responses"]
    if tagged:
        parameters.append(_IF_NONE_MATCH)
    if act or tagged:
        done = next(operation["responses"][code] for code in ("201", "202", "200") if code in operation["responses"])
        done["headers"] = _ETAG | done.get("headers", {})


def _finish(path: str, method: str, operation: dict[str, Any]) -> None:
    if path.startswith("/api/"):
        for status in FAILURES:
            operation["responses"][str(status)] = {"$ref": "#/components/responses/Problem"}
    _tag(operation)
    if path not in PUBLIC or (path == "/api/v1/session" and method != "post"):
        operation["security"] = [{scheme: []} for scheme in _SIGNED_IN]
