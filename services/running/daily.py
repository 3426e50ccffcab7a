"""What the passing of days brings by itself, as the capabilities say.

Looked after at start, at every midnight and every hour, by whichever process gets the lock in the database; everything
may be done again.
"""

from datetime import datetime, time, timedelta
from threading import Event, Thread

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from domain.calendar import SHANGHAI, local_date
from services.product import Product
from services.running.capabilities import all_of
from services.running.watch import Watch
from services.threads.try_later import TryLater

log = structlog.get_logger()

EVERY_SECONDS = 3600.0
_LOCK = 7_305_001  # of the advisory lock


DAILY = tuple(each.do for each in sorted(all_of(lambda capability: capability.daily), key=lambda each: each.place))


def look_after(product: Product) -> bool:
    """Do what is due by today; ``False`` where another process is at it. A work that fails stops no other."""
    with product.database.app.connection() as conn, conn.transaction():
        row = conn.execute("SELECT pg_try_advisory_xact_lock(%s)", (_LOCK,)).fetchone()
        if row is None or not row[0]:
            return False
        conn.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # the lock is kept as long as the work lasts
        failed = []
        for work in DAILY:
            try:
                work(product, local_date(product.clock()))
            except (TryLater, PoolTimeout, psycopg.OperationalError):
                log.warning("daily_work_put_off", view=work.__name__)
                failed.append(work.__name__)
            except Exception as broken:
                log.error("daily_work_broken", view=work.__name__, exc_info=broken)
                failed.append(work.__name__)
    product.part(Watch).heard_of_daily(failed)
    return True


def until_midnight(now: datetime) -> float:
    """Seconds until the next day in Shanghai has begun."""
    tomorrow = datetime.combine(local_date(now) + timedelta(days=1), time(0), SHANGHAI)
    return (tomorrow - now).total_seconds() + 1.0


class Daily:
    """A thread that looks after it as long as the product runs."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self.looked_after = False  # once, whoever did it
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="daily", daemon=True)

    def __enter__(self) -> "Daily":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                look_after(self._product)
            except (PoolTimeout, psycopg.OperationalError):
                log.warning("daily_work_put_off")
            self.looked_after = True
            self._stopping.wait(min(EVERY_SECONDS, until_midnight(self._product.clock())))
