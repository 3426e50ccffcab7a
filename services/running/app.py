"""The application: border, problems, and the routes and pages of every capability."""

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp

from services.board.shared import LiveBoards
from services.console import failure, files, live
from services.console.kept_pages import Kept
from services.http import problems
from services.http.acting import OwnWrites
from services.http.border import Border
from services.http.directory import Directory
from services.http.document import add_document
from services.http.slots import Slots
from services.http.traced import Traced
from services.product import Product
from services.running.capabilities import NAVIGATION, all_of
from services.runtime import traces
from services.trail.receipts import receipts_told

MOST_PAGES = 200  # boards kept as they were drawn, of some 100 kB
MOST_VISITORS = 5_000
_SILENT: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}  # the product tells of itself


class _Application(FastAPI):
    """The framework's application with a short way in: border, failures, the route itself."""

    def build_middleware_stack(self) -> ASGIApp:
        product: Product = self.state.product
        answering = ExceptionMiddleware(Directory(self.router), self.exception_handlers)
        border = Border(answering, product, self.state.slots, all_of(lambda each: each.uploads))
        return Traced(border) if traces.is_on() else border


def create_app(product: Product) -> FastAPI:
    """The ASGI application of a product."""
    app = _Application(
        title="Jinlin 近邻",
        version="1",
        description="Service stations of property firms led by the community's Party organisation.",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        strict_content_type=False,  # the border answers 415 before
        telemetry=_SILENT,
    )
    app.state.product = product
    app.state.slots = Slots()
    app.state.own_writes = OwnWrites()
    problems.install(app)
    app.state.error_page = failure.error_page
    app.state.navigation = NAVIGATION
    app.state.pages, app.state.visitors = Kept(MOST_PAGES), Kept(MOST_VISITORS)
    app.state.boards = LiveBoards()
    app.state.receipts = receipts_told
    for router in (*all_of(lambda each: each.api), *all_of(lambda each: each.pages), files.router, live.router):
        app.router.routes.extend(router.routes)  # they say all of themselves; included they would be worked out again
    add_document(app, "/api/v1/openapi.json")
    return app
