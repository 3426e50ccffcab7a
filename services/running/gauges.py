"""The condition of the product as figures for Prometheus."""

import platform
from importlib.metadata import PackageNotFoundError, version
from math import inf

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector

from services.running.condition import Condition


class Gauges:
    """What ``/metrics`` says beside what the parts of the product count. Ages are ``+Inf`` for what never happened."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        ProcessCollector(registry=registry)  # memory, processor time, open files, start
        info = self._gauge("jinlin_info", "1; the labels tell what runs", "version", "python")
        info.labels(product_version(), platform.python_version()).set(1)
        self._ready = self._gauge("jinlin_ready", "1 while /health/ready says so")
        self._up = self._gauge("jinlin_database_up", "1 while the database answers")
        self._latency = self._gauge("jinlin_database_answer_seconds", "How long the last sign of life took")
        self._size = self._gauge("jinlin_database_bytes", "Size of the database")
        self._connections = self._gauge("jinlin_database_sessions", "Connections to the database, of everybody")
        self._most = self._gauge("jinlin_database_sessions_most", "Connections that the server takes")
        self._server = self._gauge("jinlin_database_info", "1; the label tells the server's version", "version")
        pool = "Connections of a pool: "
        self._pool_open = self._gauge("jinlin_pool_connections", pool + "open ones", "pool")
        self._pool_most = self._gauge("jinlin_pool_connections_most", pool + "as many as there may be", "pool")
        self._pool_used = self._gauge("jinlin_pool_in_use", pool + "lent out", "pool")
        self._pool_waiting = self._gauge("jinlin_pool_waiting", "Who waits for a connection of a pool", "pool")
        self._free = self._gauge("jinlin_disk_free_bytes", "Free on the disk of the data folder")
        self._total = self._gauge("jinlin_disk_total_bytes", "Size of the disk of the data folder")
        self._ballast = self._gauge("jinlin_ballast_bytes", "Size of the ballast file; 0 where there is none")
        self._lags = self._gauge(
            "jinlin_follower_lag_seconds", "Age of the first event that a view has still to take in", "view"
        )
        self._unfollowed = self._gauge("jinlin_unfollowed_seconds", "For how long no follower has been at work")
        self._backup_age = self._gauge("jinlin_backup_age_seconds", "Age of the newest backup")
        self._backup_failed = self._gauge("jinlin_backup_failed", "1 where the last backup failed")
        self._backup_position = self._gauge("jinlin_backup_position", "Position of the log up to which it goes")
        self._backup_took = self._gauge("jinlin_backup_seconds", "How long the newest backup took")
        self._check_age = self._gauge("jinlin_check_age_seconds", "Age of the last check of the data")
        self._findings = self._gauge("jinlin_check_findings", "What the last check found")
        self._daily_age = self._gauge("jinlin_daily_age_seconds", "Since this process went through the daily work")
        self._daily_failed = self._gauge("jinlin_daily_failed", "1 for a daily work that failed last time", "work")
        self._runs = self._gauge("jinlin_runs_under_way", "Long works at it or waiting for their turn", "kind")
        self._stopped = self._gauge("jinlin_runs_stopped", "Long works that could not go on", "kind")
        self._stuck = self._gauge("jinlin_runs_stuck", "Long works without progress for minutes", "kind")

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(name, what, labels, registry=self._registry)

    def show(self, seen: Condition, ready: bool) -> None:
        """The newest condition."""
        self._ready.set(ready)
        self._show_server(seen)
        self._free.set(seen.disk.free)
        self._total.set(seen.disk.total)
        self._ballast.set(seen.disk.ballast)
        for name, seconds in (seen.lags or {}).items():
            self._lags.labels(name).set(seconds)
        self._unfollowed.set(seen.unfollowed)
        self._backup_age.set(inf if seen.backup_age is None else seen.backup_age)
        self._backup_failed.set(seen.backup_failed)
        self._backup_position.set(seen.backup.position if seen.backup else 0)
        self._backup_took.set(seen.backup.seconds if seen.backup else 0)
        self._check_age.set(inf if seen.check_age is None else seen.check_age)
        self._findings.set(seen.check.findings if seen.check else 0)
        self._daily_age.set(inf if seen.daily_age is None else seen.daily_age)
        self._daily_failed.clear()
        for name in seen.daily_failed:
            self._daily_failed.labels(name).set(1)
        for runs in seen.runs:
            self._runs.labels(runs.kind).set(runs.under_way)
            self._stopped.labels(runs.kind).set(runs.stopped)
            self._stuck.labels(runs.kind).set(runs.stuck)

    def _show_server(self, seen: Condition) -> None:
        server = seen.server
        self._up.set(server.answers)
        self._latency.set(server.latency)
        if server.version:
            self._size.set(server.size)
            self._connections.set(server.connections)
            self._most.set(server.most)
            self._server.clear()
            self._server.labels(server.version).set(1)
        for pool in seen.pools:
            self._pool_open.labels(pool.name).set(pool.open)
            self._pool_most.labels(pool.name).set(pool.most)
            self._pool_used.labels(pool.name).set(max(0, pool.open - pool.free))
            self._pool_waiting.labels(pool.name).set(pool.waiting)


def product_version() -> str:
    """That of the installed package."""
    try:
        return version("jinlin")
    except PackageNotFoundError:
        return "unknown"
