"""What a new day brings, before anybody looks: whoever comes first that day waits until it is done."""

from collections.abc import Callable
from datetime import date
from threading import Lock
from time import monotonic

import structlog
from psycopg import OperationalError
from psycopg_pool import PoolTimeout

from domain.calendar import local_date
from services.product import Product
from services.threads.try_later import TryLater
from services.threads.waiting import about_to_wait

log = structlog.get_logger()

PAUSE_SECONDS = 10.0  # after it could not be done


class FirstLook:
    """``do`` for the day in Shanghai before anything is looked at; it may be done again.

    The daily work does the same after midnight; this is for whoever is up earlier than it, or after the product slept.
    """

    def __init__(self, product: Product, do: Callable[[Product, date], None]) -> None:
        self._product = product
        self._do = do
        self._done: date | None = None
        self._again = 0.0  # not before, as one looks at a steady clock
        self._lock = Lock()

    def now(self) -> None:
        """Somebody is going to look."""
        today = local_date(self._product.clock())
        if self._done == today or monotonic() < self._again:
            return
        about_to_wait()
        with self._lock:
            if self._done == today or monotonic() < self._again:
                return
            try:
                self._do(self._product, today)
            except (TryLater, PoolTimeout, OperationalError):  # nobody waits for it at every look
                self._again = monotonic() + PAUSE_SECONDS
                log.warning("first_look_put_off")
            else:
                self._done = today


def first_look(product: Product) -> None:
    """Have done what a new day brings."""
    known = product.parts.get(FirstLook)
    if known is not None:
        known.now()
