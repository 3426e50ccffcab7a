"""Whoever has just done something sees it done: an answer waits a moment for its views, and says when they lag."""

from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any, TypeVar

from projections.projection import View
from services.http.first_look import first_look
from services.product import Product
from services.threads.waiting import about_to_wait

T = TypeVar("T")

WAIT_SECONDS = 0.3  # how long an answer waits for its views, all together
LAGS_AFTER = 1.0  # seconds for which a view may be without what the log holds before an answer says so
LONGEST_WAIT = 3.0  # seconds for a view to show what somebody has just made and another one goes on with

Views = Iterable[View[Any]]


def shows(product: Product, position: int, views: Views) -> bool:
    """Whether these views have reached a position, after a short wait."""
    return not _without(product, position, views)


def lagging(product: Product, position: int, views: Views) -> list[View[Any]]:
    """Those of these views that do not show ``position`` after a short wait, or have long been behind the log."""
    first_look(product)
    behind = _without(product, position, views := tuple(views))
    return [view for view in views if view in behind or product.positions.behind(view.name) > LAGS_AFTER]


def _without(product: Product, position: int, views: Views) -> list[View[Any]]:
    behind = [view for view in views if product.positions.position(view.name) < position]
    if behind:
        about_to_wait()
    until = monotonic() + WAIT_SECONDS
    return [view for view in behind if not product.positions.wait(view.name, position, max(until - monotonic(), 0))]


def shown_soon(product: Product, view: View[Any], find: Callable[[], T | None]) -> T | None:
    """What a view shows; where it shows nothing, once more when it has caught up: made a moment ago, by anybody."""
    found = find()
    if found is None and product.positions.wait(view.name, product.log.last_position(), LONGEST_WAIT):
        found = find()
    return found
