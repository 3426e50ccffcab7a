"""The application: border, routes by area, problems, and the console on top."""

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp

from services.access import account_api as accounts
from services.access import api as session
from services.account_statements import api as statement_links
from services.account_statements import paper_api as account_papers
from services.arrears import api as arrears
from services.arrears import dunning_api as dunning_acts
from services.billing import api as bill_runs
from services.cases import (
    import_api as imports,
)
from services.cases import (
    issue_api as issues,
)
from services.cases import (
    order_api as work_orders,
)
from services.cases import (
    photo_api as photos,
)
from services.cases import (
    station_api as stations,
)
from services.cash import api as drawers
from services.closing import api as closings
from services.cockpit import api as cockpits
from services.console import pages
from services.contracts import api as fee_bases
from services.contracts import price_api as prices
from services.estates import api as estates
from services.fees import api as payments
from services.fees import invoice_api as invoices
from services.fees import receipt_api as receipts
from services.fees import refund_api as refunds
from services.http import problems
from services.http.acting import OwnWrites
from services.http.border import Border
from services.http.directory import Directory
from services.http.document import documented
from services.people import api as people
from services.product import House
from services.reconciliation import api as statements
from services.register import api as dwellings
from services.register import import_api as register_imports
from services.running import health
from services.running import views_api as views

_UPLOADS = (photos.UPLOAD, statements.UPLOAD, register_imports.UPLOAD, imports.UPLOAD)
_SILENT: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}  # the house tells of itself


class _Application(FastAPI):
    """The framework's application with a short way in: border, failures, the route itself."""

    def build_middleware_stack(self) -> ASGIApp:
        house: House = self.state.house
        answering = ExceptionMiddleware(Directory(self.router), self.exception_handlers)
        return Border(answering, house.metrics, house.settings.secure, _UPLOADS)


def create_app(house: House) -> FastAPI:
    """The ASGI application over a house."""
    app = _Application(
        title="Jinlin 近邻",
        version="1",
        description="Service stations of property firms led by the community's Party organisation.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        strict_content_type=False,  # the border answers 415 before
        telemetry=_SILENT,
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
        estates,
        accounts,
        photos,
        imports,
        views,
        drawers,
        invoices,
        dwellings,
        arrears,
        dunning_acts,
        payments,
        refunds,
        receipts,
        account_papers,
        prices,
        closings,
        statements,
        bill_runs,
        register_imports,
        cockpits,
        statement_links,
        fee_bases,
    ):
        app.include_router(area.router)
    app.include_router(health.router)
    pages.install(app)
    app.openapi = documented(app)  # type: ignore[method-assign]
    return app
