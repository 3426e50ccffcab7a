"""The application: border, routes by area, problems, and the console on top."""

from typing import Any

from fastapi import FastAPI

from services.console import pages
from services.house import House
from services.http import health, issues, people, photos, problems, session, stations, work_orders
from services.http.acting import OwnWrites
from services.http.border import Border

_PROBLEM = {
    "description": "A problem (RFC 9457) with a stable `code` and a sentence in the caller's language",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status", "detail", "code"],
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                    "version": {"type": "integer"},
                    "errors": {"type": "array", "items": {"type": "object"}},
                },
            },
            "example": {
                "type": "about:blank",
                "title": "做不了",
                "status": 409,
                "detail": "自己做的活不能自己核验，请站长或同事来",
                "code": "own_work",
            },
        }
    },
}
_FAILURES: dict[int | str, dict[str, Any]] = dict.fromkeys(
    (400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 503), _PROBLEM
)


def create_app(house: House) -> FastAPI:
    """The ASGI application over a house."""
    app = FastAPI(
        title="Jinlin 近邻",
        version="1",
        description="Service stations of property firms led by the community's Party organisation.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        strict_content_type=False,  # the border answers 415 before
    )
    app.state.house = house
    app.state.own_writes = OwnWrites()
    problems.install(app)
    for area in (session, issues, work_orders, stations, people, photos):
        app.include_router(area.router, responses=_FAILURES)
    app.include_router(health.router)
    pages.install(app)
    app.add_middleware(Border, metrics=house.metrics, secure=house.settings.secure)
    return app
