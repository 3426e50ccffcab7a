"""Figures for Prometheus: commands, refusals, latency, and how far behind each view is."""

import os
from functools import lru_cache

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from projections.rebuild import BESIDE
from projections.skip import remedy
from projections.standings import Standings

log = structlog.get_logger()

MANY = 10_000  # events behind
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """One registry per product; labels are names of commands, codes, routes and views, never anything personal."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._lagging: set[str] = set()
        self.commands = Counter(
            "jinlin_commands", "Commands by name and outcome", ["command", "outcome"], registry=self.registry
        )
        self.refusals = Counter("jinlin_refusals", "Refused commands by code", ["code"], registry=self.registry)
        self.latency = Histogram(
            "jinlin_request_seconds",
            "Time to answer by method and route",
            ["method", "route", "status"],
            registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
        )
        self.events = Counter("jinlin_events_appended", "Events appended", registry=self.registry)
        self._log_position = self._gauge("jinlin_log_position", "Position of the newest event")
        self._followed = self._gauge("jinlin_follower_working", "1 while a follower works, in whatever process")
        self._positions = self._gauge("jinlin_view_position", "Position that a view has reached", "view")
        self._lags = self._gauge("jinlin_follower_lag_events", "Events a view has still to take in", "view")
        self._halted = self._gauge("jinlin_follower_halted", "1 where a view cannot take in an event", "view")
        self._skipped = self._gauge("jinlin_view_skipped_events", "Events a view goes on past", "view")
        self._rebuilt = self._gauge(
            "jinlin_rebuild_position", "Position that an unfinished rebuild has reached", "view"
        )
        self._rebuilt_of = self._gauge("jinlin_rebuild_total", "Position that a rebuild has to reach", "view")
        self._rebuilding = self._gauge("jinlin_rebuild_running", "1 while a rebuild runs, 0 once interrupted", "view")

        self._labelled = lru_cache(maxsize=None)(self.latency.labels)  # there are not more of them than routes

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered, in so many seconds."""
        self._labelled(method, route, str(status)).observe(seconds)

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(name, what, labels, registry=self.registry)

    def show(self, found: Standings) -> None:
        """How the views stand: the same in every process over one database."""
        self._log_position.set(found.last_position)
        self._followed.set(found.followed)
        for gauge in (self._rebuilt, self._rebuilt_of, self._rebuilding):
            gauge.clear()
        for each in found.views:
            self._positions.labels(each.view).set(each.position)
            self._lags.labels(each.view).set(each.lag)
            self._halted.labels(each.view).set(each.halted_at is not None)
            self._skipped.labels(each.view).set(len(each.skips))
            if each.rebuild:
                self._rebuilt.labels(each.view).set(each.rebuild.position)
                self._rebuilt_of.labels(each.view).set(found.last_position)
                self._rebuilding.labels(each.view).set(each.rebuild.running)

    # -- what the follower of this process says ------------------------------------------------------------------

    def leads(self) -> None:
        """This process's follower works."""
        log.info("follower_leads", pid=os.getpid())

    def stands_by(self) -> None:
        """Another follower works; this one takes over when it is gone."""
        log.info("follower_stands_by", pid=os.getpid())

    def halted(self, view: str, position: int, because: str) -> None:
        """A view cannot take in the event at ``position``."""
        log.error("view_halted", view=view, position=position, error=because, remedy=remedy(view, position))

    def disturbed(self, because: str) -> None:
        """The follower lost its footing for a moment and tries again."""
        log.warning("follower_disturbed", error=because)

    def standing(self, view: str, lag: int, halted: bool) -> None:
        """How many events a view is behind; said once when it is many, and when they are taken in."""
        if view.endswith(BESIDE):  # a rebuild tells its own progress
            return
        if lag >= MANY and view not in self._lagging:
            self._lagging.add(view)
            log.warning("view_lags", view=view, count=lag)
        elif lag == 0 and view in self._lagging:
            self._lagging.discard(view)
            log.info("view_caught_up", view=view)

    @property
    def lagging(self) -> bool:
        """Whether it was said of a view that it lags, and not yet that it has caught up."""
        return bool(self._lagging)

    def text(self) -> bytes:
        """Everything in the exposition format."""
        return generate_latest(self.registry)
