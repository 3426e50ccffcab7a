"""The backup of each day, in a thread of its own: a large one holds up neither the other daily works nor the stop."""

from datetime import date, datetime
from threading import Event, Lock, Thread

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from domain.calendar import local_date
from services.backup.archive import BackupError, BackupUnderWay
from services.backup.custody import Pair
from services.backup.keeping import back_up, see_made, state_of
from services.backup.tables import Stopped
from services.product import Product

log = structlog.get_logger()


class Backups:
    """At work from when the first one is due until ``close``."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._stopping = Event()
        self._lock = Lock()
        self._thread: Thread | None = None

    def due(self, day: date) -> bool:
        """Whether the settings want backups and there is none of this day yet."""
        if self._product.settings.backup is None:
            return False
        taken_at = state_of(self._product.settings.data).taken_at
        return taken_at is None or local_date(datetime.fromisoformat(taken_at)) < day

    def see_to(self, day: date) -> Thread | None:
        """Begin one if it is due and none is under way; answers what is at it."""
        with self._lock:
            if self._stopping.is_set() or not self.due(day) or (self._thread and self._thread.is_alive()):
                return None
            self._thread = Thread(target=self.take, name="backup", daemon=True)
            self._thread.start()
            return self._thread

    def take(self) -> None:
        """One now; how it went stands in the log lines and in the data folder."""
        settings, folder = self._product.settings, self._product.settings.backup
        assert folder is not None
        try:
            pair = Pair.kept_in(settings.data)
            taken = back_up(
                settings, self._product.database, pair, folder, self._product.clock, self._stopping.is_set, see_made
            )
        except Stopped:
            log.info("backup_stopped")
        except BackupUnderWay:
            log.info("backup_under_way")
        except BackupError as wrong:
            log.error("backup_failed", remedy=str(wrong))
        except (psycopg.Error, PoolTimeout, OSError) as wrong:
            log.error("backup_failed", exc_info=wrong)
        else:
            log.info("backup_taken", position=taken.position, milliseconds=round(taken.seconds * 1000))

    def close(self) -> None:
        """Stop what is under way; its files are drafts until they are whole."""
        with self._lock:
            self._stopping.set()
        if self._thread is not None:
            self._thread.join()


def back_up_daily(product: Product, day: date) -> None:
    """Once a day, in its first hours or whenever the product starts."""
    product.part(Backups).see_to(day)
