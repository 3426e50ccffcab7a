"""Cases (问题、工单): the notebook, work orders, photos, and paper notebooks taken over."""

from domain.capacity import CASES, HEADS, OUTSIDE
from services.capability import Capability
from services.cases import (
    bulk_api,
    bulk_pages,
    import_api,
    import_pages,
    issue_api,
    job_slip_pages,
    notebook_pages,
    order_api,
    order_pages,
    orders_pages,
    photo_api,
    station_api,
    station_pages,
    target_api,
)
from services.cases.checks import ORDERS_AND_ISSUES
from services.cases.handing_over import handed_over, left
from services.cases.notebook_imports import NotebookImports
from services.cases.spanning import RULES
from services.cases.waiting import LINES, TO_DO
from services.console.navigation import Entry, Group
from services.people.in_hand import OrdersInHand
from services.product import Product

_READERS = CASES | OUTSIDE


def _notebook_imports(product: Product) -> NotebookImports:
    return NotebookImports(
        product.database, product.vault, product.log, product.handler, product.numbers, product.secret, product.clock
    )


CAPABILITY = Capability(
    api=(
        bulk_api.router,
        job_slip_pages.api,
        issue_api.router,
        order_api.router,
        station_api.router,
        target_api.router,
        photo_api.router,
        import_api.router,
    ),
    pages=(
        bulk_pages.router,
        job_slip_pages.pages,
        import_pages.router,
        notebook_pages.router,
        order_pages.router,
        orders_pages.router,
        station_pages.router,
    ),
    entries=(
        Entry(
            "notebook",
            "/notebook/{estate}",
            "notebook",
            30,
            _READERS,
            _READERS,
            "notebook-title",
            Group.SITE,
            "n",
            waiting=LINES,
        ),
        Entry(
            "orders",
            "/orders-of/{estate}",
            "list-details",
            40,
            _READERS,
            _READERS,
            "orders-title",
            Group.SITE,
            "o",
            waiting=TO_DO,
        ),
        Entry("station", "/station/{estate}", "clock", 85, frozenset(), HEADS, "station-title", letter="h"),
    ),
    uploads=(photo_api.UPLOAD, import_api.UPLOAD),
    parts=(_notebook_imports, lambda _: OrdersInHand(orders_pages.in_hand, left)),
    companions=(handed_over,),
    spanning=RULES,
    checks=(ORDERS_AND_ISSUES,),
)
