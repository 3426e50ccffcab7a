"""Figures for Prometheus: commands, refusals, latency, and how far behind each view and other following is."""

import os
from collections.abc import Callable
from functools import lru_cache

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from projections.skip import remedy
from projections.standings import FollowingStanding, Overview, ViewStanding
from projections.views import GROUP as VIEWS

log = structlog.get_logger()

MANY = 10_000  # events behind
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """One registry per product; labels are names of commands, codes, routes and followings, never anything personal.

    The label ``view`` names a view or another following: what watches all of them needs no change for a new one.
    """

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
        self.turned_away = Counter(
            "jinlin_door_turned_away", "Connections that were closed at the door, by reason", ["why"],
            registry=self.registry,
        )  # fmt: skip
        self.events = Counter("jinlin_events_appended", "Events appended", registry=self.registry)
        self.connections = self._gauge(
            "jinlin_database_connections_most", "Connections this process may come to hold, by login", "login"
        )
        self._log_position = self._gauge("jinlin_log_position", "Position of the newest event")
        self._followed = self._gauge("jinlin_follower_working", "1 while a follower works, in whatever process")
        self._led = self._gauge("jinlin_following_led", "1 while a process works for it, whichever", "following")
        self._positions = self._gauge("jinlin_view_position", "Position that a view has reached", "view")
        self._lags = self._gauge("jinlin_follower_lag_events", "Events a view has still to take in", "view")
        self._halted = self._gauge("jinlin_follower_halted", "1 where a view cannot take in an event", "view")
        self._skipped = self._gauge("jinlin_view_skipped_events", "Events a view goes on past", "view")
        self._rebuilt = self._gauge(
            "jinlin_rebuild_position", "Position that an unfinished rebuild has reached", "view"
        )
        self._rebuilt_of = self._gauge("jinlin_rebuild_total", "Position that a rebuild has to reach", "view")
        self._rebuilding = self._gauge("jinlin_rebuild_running", "1 while a rebuild runs, 0 once interrupted", "view")

        self._leading = self._gauge("jinlin_follower_leads", "1 while this very process works for it", "following")
        self._labelled = lru_cache(maxsize=None)(self.latency.labels)  # there are not more of them than routes

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered, in so many seconds."""
        self._labelled(method, route, str(status)).observe(seconds)

    def clock_behind(self, seconds: Callable[[], float]) -> None:
        """How far the machine's clock has been set back, asked whenever somebody looks."""
        self._gauge("jinlin_clock_behind_seconds", "Seconds by which the clock was set back").set_function(seconds)

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(name, what, labels, registry=self.registry)

    def show(self, found: Overview) -> None:
        """How the followings stand: the same in every process over one database."""
        self._log_position.set(found.views.last_position)
        self._followed.set(found.views.followed)
        self._led.labels(VIEWS).set(found.views.followed)
        for gauge in (self._rebuilt, self._rebuilt_of, self._rebuilding):
            gauge.clear()
        for view in found.views.views:
            self._show(view.view, view)
            if view.rebuild:
                self._rebuilt.labels(view.view).set(view.rebuild.position)
                self._rebuilt_of.labels(view.view).set(found.views.last_position)
                self._rebuilding.labels(view.view).set(view.rebuild.running)
        for other in found.others:
            self._show(other.name, other)
            self._led.labels(other.name).set(other.led)

    def _show(self, name: str, found: ViewStanding | FollowingStanding) -> None:
        self._positions.labels(name).set(found.position)
        self._lags.labels(name).set(found.lag)
        self._halted.labels(name).set(found.halted_at is not None)
        self._skipped.labels(name).set(len(found.skips))

    # -- what the follower of this process says ------------------------------------------------------------------

    def leads(self, group: str) -> None:
        """This process works for the group of followings."""
        self._leading.labels(group).set(1)
        log.info("follower_leads", pid=os.getpid(), following=group)

    def stands_by(self, group: str) -> None:
        """Another process works for it; this one takes over when that is gone."""
        self._leading.labels(group).set(0)
        log.info("follower_stands_by", pid=os.getpid(), following=group)

    def halted(self, following: str, position: int, because: str) -> None:
        """A following cannot take in the event at ``position``."""
        log.error("view_halted", view=following, position=position, error=because, remedy=remedy(following, position))

    def disturbed(self, group: str, because: str) -> None:
        """The follower lost its footing for a moment and tries again."""
        self._leading.labels(group).set(0)
        log.warning("follower_disturbed", error=because, following=group)

    def lags(self, following: str, events: int) -> None:
        """How many events a following is behind; said once when they are many, and when they are taken in."""
        if events >= MANY and following not in self._lagging:
            self._lagging.add(following)
            log.warning("view_lags", view=following, count=events)
        elif events == 0 and following in self._lagging:
            self._lagging.discard(following)
            log.info("view_caught_up", view=following)

    @property
    def lagging(self) -> bool:
        """Whether it was said of a following that it lags, and not yet that it has caught up."""
        return bool(self._lagging)

    def text(self) -> bytes:
        """Everything in the exposition format."""
        return generate_latest(self.registry)
