"""The application: border, routes by area, problems, and the console on top."""

from fastapi import FastAPI

from services.console import pages
from services.house import House
from services.http import (
    arrears,
    bill_runs,
    closings,
    cockpits,
    drawers,
    dwellings,
    fee_bases,
    health,
    imports,
    invoices,
    issues,
    payments,
    people,
    photos,
    problems,
    receipts,
    register_imports,
    session,
    statement_links,
    statements,
    stations,
    views,
    work_orders,
)
from services.http.acting import OwnWrites
from services.http.border import Border
from services.http.document import documented


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
    for area in (
        session,
        issues,
        work_orders,
        stations,
        people,
        photos,
        imports,
        views,
        drawers,
        invoices,
        dwellings,
        arrears,
        payments,
        receipts,
        closings,
        statements,
        bill_runs,
        register_imports,
        cockpits,
        statement_links,
        fee_bases,
    ):
        app.include_router(area.router)
    app.include_router(statements.acts)
    app.include_router(health.router)
    pages.install(app)
    app.openapi = documented(app)  # type: ignore[method-assign]
    app.add_middleware(Border, metrics=house.metrics, secure=house.settings.secure)
    return app
