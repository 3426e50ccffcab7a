"""The watch over the product: looks at everything once a second, so that whoever asks how it is waits for nothing.

It has a thread of its own and every look has a bound. What it saw last stands in memory; that the database has fallen
silent is known even without a look.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from threading import Event, Lock, Thread
from time import monotonic

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from projections.standings import Overview
from services.database.database import Database
from services.log.event_log import EventLog
from services.product import Product
from services.running import surroundings
from services.running.condition import (
    BALLAST,
    Backup,
    Bounds,
    Check,
    Condition,
    Disk,
    Pool,
    Runs,
    Server,
    left,
)
from services.running.gauges import Gauges
from services.running.views_standing import how_followings_stand
from services.runtime.metrics import Metrics
from services.runtime.settings import Settings
from services.threads.one_by_one import AtWork, OneByOne
from services.threads.try_later import TryLater

log = structlog.get_logger()

EVERY_SECONDS = 1.0
WEIGHED_EVERY = 60.0  # seconds between two looks at how large the database is
STANDS_STILL = 10.0  # seconds without a look after which the watch itself is what is wrong


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched. ``stand`` tells how the followings stand, as the database has it; ``works`` what is at work.

    ``notes`` are those of parts that nobody else looks at."""

    settings: Settings
    database: Database
    log: EventLog
    metrics: Metrics
    clock: Callable[[], datetime]
    stand: Callable[[], Overview]
    works: Callable[[], Sequence[OneByOne]] = tuple
    notes: Callable[[], Sequence[str]] = tuple


@dataclass(frozen=True, slots=True)
class Health:
    """``problems`` names what is missing; ``notes`` what those who run it should know while it serves."""

    ready: bool
    problems: list[str]
    notes: list[str]


class Watch:
    """Between ``go_on`` and ``close`` it looks by itself; without, whoever asks lets it look."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._bounds = Bounds(watched.settings.most_lag, watched.settings.backup_hours)
        self._gauges = Gauges(watched.metrics.registry)
        self._looking = Lock()
        self._seen: Condition | None = None
        self._seen_at = 0.0
        self._weighed_at = -WEIGHED_EVERY
        self._unfollowed_since: float | None = None
        self._daily_at: datetime | None = None
        self._daily_failed: tuple[str, ...] = ()
        self._stopping = Event()
        self._thread: Thread | None = None
        self.answering = ThreadPoolExecutor(1, thread_name_prefix="health")  # no request of anybody else waits there

    def go_on(self) -> None:
        """Look now, and by itself from now on."""
        self._look_or_say()
        self._thread = Thread(target=self._run, name="watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stopping.set()
        if self._thread:
            self._thread.join(timeout=3)
        self.answering.shutdown(wait=False, cancel_futures=True)

    def heard_of_daily(self, failed: Sequence[str]) -> None:
        """The daily work was gone through; these of it failed."""
        self._daily_at, self._daily_failed = self._watched.clock(), tuple(failed)

    # -- for whoever asks ----------------------------------------------------------------------------------------

    def health(self) -> Health:
        """How the product is, from memory."""
        seen = self._newest()
        problems, notes = seen.problems(self._bounds), [*seen.notes(self._bounds), *self._watched.notes()]
        if self._thread and monotonic() - self._seen_at > STANDS_STILL:
            problems.append("the watch over the product stands still")
        return Health(not problems, problems, notes)

    def figures(self) -> bytes:
        """Everything for Prometheus, from memory. While the database is away, the views' stay as they were last."""
        seen = self._newest()
        if seen.overview is not None:
            self._watched.metrics.show(seen.overview)
        self._gauges.show(seen, not seen.problems(self._bounds))
        return self._watched.metrics.text()

    def _newest(self) -> Condition:
        if self._thread is None:
            self._look()
        seen = self._seen or Condition(Server(answers=False), self._disk())
        if self._watched.database.pulse.silent:
            seen = replace(seen, server=replace(seen.server, answers=False))
        return seen

    # -- looking -------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_SECONDS):
            self._look_or_say()

    def _look_or_say(self) -> None:
        try:
            self._look()
        except Exception as broken:  # the thread must not end: without it nobody knows anything
            log.error("watch_disturbed", exc_info=broken)

    def _look(self) -> None:
        with self._looking:
            overview, server, crowded = self._asked()
            last = self._seen.overview if self._seen else None
            seen = Condition(
                server=server,
                disk=self._disk(),
                overview=overview or last,
                lags=self._lags(overview) if overview else (self._seen.lags if self._seen else None),
                unfollowed=self._unfollowed(overview),
                crowded=crowded,
                pools=tuple(self._pools()),
                runs=tuple(self._runs()),
                daily_age=self._since(self._daily_at),
                daily_failed=self._daily_failed,
            )
            self._seen, self._seen_at = self._with_what_was_left(seen), monotonic()

    def _asked(self) -> tuple[Overview | None, Server, bool]:
        """What the database says of the followings and of itself, and whether no connection was free to ask it."""
        pulse = self._watched.database.pulse
        server = replace(self._seen.server if self._seen else Server(answers=True), latency=pulse.latency)
        overview, crowded = None, False
        try:
            overview = self._watched.stand()
            if monotonic() - self._weighed_at > WEIGHED_EVERY:
                server = self._weighed(server)
                self._weighed_at = monotonic()
        except PoolTimeout:
            crowded = pulse.beats
        except (psycopg.Error, TryLater):
            pass
        return overview, replace(server, answers=overview is not None or crowded), crowded

    def _weighed(self, server: Server) -> Server:
        with self._watched.database.at_hand.connection(timeout=2) as conn:
            row = conn.execute(
                "SELECT pg_database_size(current_database()), (SELECT numbackends FROM pg_stat_database WHERE datname ="
                " current_database()), current_setting('max_connections')::int, current_setting('server_version')"
            ).fetchone()
        assert row is not None
        return Server(True, server.latency, *row)

    def _lags(self, overview: Overview) -> Mapping[str, float]:
        """How long ago the first event was recorded that a following has not yet taken in; 0.0 where there is none."""
        standings = [(each.view, each.position, each.lag) for each in overview.views.views]
        standings += [(each.name, each.position, each.lag) for each in overview.others]
        recorded: dict[int, float] = {}
        for position in {position for _, position, lag in standings if lag}:
            recorded[position] = self._age_of(position + 1)
        return {name: recorded[position] if lag else 0.0 for name, position, lag in standings}

    def _age_of(self, position: int) -> float:
        try:
            return max(0.0, (self._watched.clock() - self._watched.log.recorded_at(position)).total_seconds())
        except Exception:  # away by now, or nobody can read it: then what halted there says so
            return 0.0

    def _unfollowed(self, overview: Overview | None) -> float:
        if overview is None or overview.views.followed:
            self._unfollowed_since = None
            return 0.0
        self._unfollowed_since = self._unfollowed_since or monotonic()
        return monotonic() - self._unfollowed_since

    def _disk(self) -> Disk:
        folder = self._watched.settings.data
        usage, ballast = shutil.disk_usage(folder), folder / BALLAST
        return Disk(usage.free, usage.total, ballast.stat().st_size if ballast.is_file() else 0)

    def _pools(self) -> Iterator[Pool]:
        for pool in [pool for pulse in self._watched.database.pulses.values() for pool in pulse.pools()]:
            stats = pool.get_stats()
            yield Pool(pool.name, stats["pool_size"], pool.max_size, stats["pool_available"], stats["requests_waiting"])

    def _runs(self) -> Iterator[Runs]:
        for each in self._watched.works():
            now = each.standing()
            yield Runs(each.name, now.under_way, now.stopped, now.stuck)

    def _with_what_was_left(self, seen: Condition) -> Condition:
        """What ``jinlin backup`` and ``jinlin check`` left in the data folder."""
        folder = self._watched.settings.data
        backup, check = left(folder, "backup.json", Backup), left(folder, "check.json", Check)
        taken, failed = self._age(backup.taken_at if backup else None), self._age(backup.failed_at if backup else None)
        return replace(
            seen,
            backup=backup,
            backup_age=taken,
            backup_failed=failed is not None and (taken is None or failed < taken),
            check=check,
            check_age=self._age(check.checked_at if check else None),
        )

    def _age(self, at: str | None) -> float | None:
        """Seconds since a moment; ``None`` for what is none."""
        with suppress(TypeError, ValueError):
            return self._since(datetime.fromisoformat(at or ""))
        return None

    def _since(self, moment: datetime | None) -> float | None:
        return None if moment is None else max(0.0, (self._watched.clock() - moment).total_seconds())


def watch_of(product: Product) -> Watch:
    """The watch over a product."""

    def works() -> list[OneByOne]:
        return [part.at_work for part in product.parts.values() if isinstance(part, AtWork)]

    return Watch(
        Watched(
            settings=product.settings,
            database=product.database,
            log=product.log,
            metrics=product.metrics,
            clock=product.clock,
            stand=partial(how_followings_stand, product),
            works=works,
            notes=partial(surroundings.notes, product),
        )
    )
