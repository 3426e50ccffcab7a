"""Figures for Prometheus: commands, refusals, latency, and how far behind each view is."""

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

log = structlog.get_logger()

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """One registry per product; labels are names of commands, codes, routes and views, never anything personal."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
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
        self.lag_events = Gauge(
            "jinlin_follower_lag_events", "Events a view has still to take in", ["view"], registry=self.registry
        )
        self.halted_views = Gauge(
            "jinlin_follower_halted", "1 where a view cannot take in an event", ["view"], registry=self.registry
        )

    def halted(self, view: str, position: int, because: str) -> None:
        """The alarm of a follower: a view cannot take in the event at ``position``."""
        log.error("view_halted", view=view, position=position, error=because)
        self.halted_views.labels(view).set(1)

    def disturbed(self, because: str) -> None:
        """The follower lost its footing for a moment and tries again."""
        log.warning("follower_disturbed", error=because)

    def standing(self, view: str, lag: int, halted: bool) -> None:
        """How many events a view is behind, and whether it goes on."""
        self.lag_events.labels(view).set(lag)
        self.halted_views.labels(view).set(halted)

    def text(self) -> bytes:
        """Everything in the exposition format."""
        return generate_latest(self.registry)
