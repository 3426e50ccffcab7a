"""The post room: makes letters of what there is to tell, sends each by its way, and keeps what became of it.

A letter is claimed before it is sent and noted afterwards. Whatever ends in between, it waits to be tried once more
under the same id: never lost, and doubled at most by that one try. Its text is written when it is sent, so that nothing
personal rests here, and whoever was forgotten meanwhile is told nothing.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Event, Thread

import psycopg
import structlog
from psycopg_pool import PoolClosed, PoolTimeout

from domain.telling.occasions import LATEST, NoticeWay, Occasion, Quiet, next_try
from services.product import Product
from services.telling.letters import Claimed, addressed, made_of, noted_deadlines
from services.telling.outward import Refused
from services.telling.ways import Way, ways
from services.threads.try_later import TryLater

log = structlog.get_logger()

EVERY_SECONDS = 2.0
LEASE = timedelta(minutes=2)  # of a claimed letter: longer than a try may take
AT_ONCE = 50
KEPT = timedelta(days=180)
_AWAY = (psycopg.OperationalError, PoolTimeout, PoolClosed, TryLater)


class PostRoom:
    """Works in a thread as long as the product serves; ``step`` is one round of it."""

    def __init__(self, product: Product, out: Mapping[NoticeWay, Way] | None = None) -> None:
        self._product = product
        self.ways = dict(ways(product.settings.telling) if out is None else out)
        self._quiet = Quiet(*product.settings.telling.quiet)
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="post-room", daemon=True)

    def go_on(self) -> None:
        if not self._thread.is_alive():
            self._thread.start()

    def close(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def step(self) -> int:
        """Make what letters there are to make and send what is due; how many were tried."""
        now = self._product.clock()
        noted_deadlines(self._product, now)
        self._make(now)
        tried = 0
        while not self._stopping.is_set() and (claimed := self._claim(now)) is not None:
            self._try(claimed)
            tried += 1
        return tried

    def prune(self) -> None:
        """Forget what was told long ago."""
        before = self._product.clock() - KEPT
        with self._product.database.lend_by_id() as conn:
            conn.execute(
                "DELETE FROM log.letters WHERE occasion IN (SELECT id FROM log.occasions WHERE at < %s)", (before,)
            )
            conn.execute("DELETE FROM log.occasions WHERE at < %s", (before,))

    # -- within --------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_SECONDS):
            try:
                self.step()
            except _AWAY:
                log.warning("letters_put_off")
            except Exception as broken:  # the next round tries again
                log.error("post_room_broken", error=type(broken).__name__)

    def _make(self, now: datetime) -> None:
        """Letters of what came up; what is too old is told nobody, and marked so."""
        with self._product.database.lend_by_id() as conn:
            conn.execute("UPDATE log.occasions SET state = 'SKIPPED' WHERE state = 'NEW' AND at < %s", (now - LATEST,))
            new = conn.execute(
                "SELECT id, what, estate, case_id, order_id, person FROM log.occasions WHERE state = 'NEW'"
                " ORDER BY at LIMIT %s",
                (AT_ONCE,),
            ).fetchall()
        if not new or not self._views_show_it():
            return
        for id, what, estate, case, order, person in new:
            found = made_of(self._product, Occasion(what), estate, case, order, person, set(self.ways))
            if found is None:
                continue  # not shown yet
            held = None if found.danger else self._quiet.held_until(now)
            with self._product.database.lend_by_id() as conn:
                for channel, who, line in found.to:
                    letter = found.id_of(id, channel, who, line)
                    bell = channel is NoticeWay.BELL
                    conn.execute(
                        "INSERT INTO log.letters (id, occasion, what, estate, order_id, channel, person, line, state,"
                        " made_at, next_at, sent_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
                        " ON CONFLICT DO NOTHING",
                        (letter, id, what, estate, order, channel.value, who, line, "SENT" if bell else "WAITING",
                         now, now if bell else held or now, now if bell else None),
                    )  # fmt: skip
                conn.execute("UPDATE log.occasions SET state = 'MADE' WHERE id = %s", (id,))

    def _views_show_it(self) -> bool:
        """Whether the views are as far as the following that notes what there is to tell."""
        with self._product.database.lend_by_id() as conn:
            row = conn.execute(
                "SELECT min(position) FILTER (WHERE name IN ('orders', 'notebook', 'people')),"
                " max(position) FILTER (WHERE name = 'telling') FROM view.positions"
            ).fetchone()
        return row is not None and (row[1] is None or (row[0] is not None and row[0] >= row[1]))

    def _claim(self, now: datetime) -> Claimed | None:
        """The next letter that is due, nobody else's for a while."""
        with self._product.database.lend_by_id() as conn:
            row = conn.execute(
                "UPDATE log.letters SET tries = tries + 1, next_at = %(lease)s WHERE id = ("
                "SELECT id FROM log.letters WHERE state = 'WAITING' AND next_at <= %(now)s ORDER BY next_at"
                " LIMIT 1 FOR UPDATE SKIP LOCKED)"
                " RETURNING id, what, estate, order_id, channel, person, line, tries",
                {"now": now, "lease": now + LEASE},
            ).fetchone()
        return Claimed(*row) if row else None

    def _try(self, claimed: Claimed) -> None:
        way, now = self.ways.get(NoticeWay(claimed.channel)), self._product.clock()
        letter = addressed(self._product, claimed, now) if way else None
        if way is None or letter is None:
            self._note(claimed, "DROPPED", now, None, "nobody")
            return
        try:
            way(letter)
        except (Refused, OSError) as wrong:
            error = str(wrong) if isinstance(wrong, Refused) else type(wrong).__name__
            again = next_try(claimed.tries, now)
            log.warning("letter_failed", channel=claimed.channel, error=error)
            self._note(claimed, "WAITING" if again else "FAILED", now, again, error)
            return
        self._note(claimed, "SENT", now, None, None)

    def _note(self, claimed: Claimed, state: str, now: datetime, again: datetime | None, error: str | None) -> None:
        with self._product.database.lend_by_id() as conn:
            conn.execute(
                "UPDATE log.letters SET state = %s, next_at = %s, sent_at = CASE WHEN %s = 'SENT' THEN %s END,"
                " error = %s WHERE id = %s",
                (state, again or now, state, now, error, claimed.id),
            )
