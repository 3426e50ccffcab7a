"""In what condition the product is: what it cannot serve without, what somebody should look after, and the figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from projections.standings import Overview

LEAST_FREE = 200_000_000  # bytes; below that the log may soon not grow
LITTLE_FREE = 1_000_000_000  # bytes; below that somebody should look for more
MOST_UNFOLLOWED = 15.0  # seconds without a follower; one that stands by takes over within a few
BALLAST = "ballast"  # the file of a folder that is there to be deleted when the disk is full
_HOUR = 3600.0


class Backup(msgspec.Struct, frozen=True):
    """What the newest backup left in ``backup.json``: moments as ISO texts, ``failed_at`` of one that failed since."""

    taken_at: str | None = None
    position: int = 0
    seconds: float = 0.0
    failed_at: str | None = None


class Check(msgspec.Struct, frozen=True):
    """What the last ``jinlin check`` left in ``check.json``."""

    checked_at: str | None = None
    position: int = 0
    findings: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Server:
    """The database: ``latency`` of its answers in seconds, ``connections`` of ``most``, ``size`` in bytes."""

    answers: bool
    latency: float = 0.0
    size: int = 0
    connections: int = 0
    most: int = 0
    version: str = ""


@dataclass(frozen=True, slots=True)
class Pool:
    """Connections of one kind: ``open`` and at most ``most`` of them, ``free`` now; ``waiting`` for one."""

    name: str
    open: int
    most: int
    free: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes of the disk on which the data folder lies."""

    free: int
    total: int
    ballast: int


@dataclass(frozen=True, slots=True)
class Runs:
    """Long work of one kind: how many are at it or wait for their turn, stopped, or have stood still for long."""

    kind: str
    under_way: int
    stopped: int
    stuck: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """``lag`` in seconds and ``backup`` in hours, beyond which it is said."""

    lag: float
    backup: float


@dataclass(frozen=True, slots=True)
class Condition:
    """Everything at one moment. Ages are in seconds; ``None`` where it never happened, or nobody can tell.

    ``overview`` is the newest that could be had; ``lags`` are the ages of the first events not yet taken in, by name;
    ``unfollowed`` is for how long no follower was at work.
    """

    server: Server
    disk: Disk
    overview: Overview | None = None
    lags: Mapping[str, float] | None = None
    unfollowed: float = 0.0
    crowded: bool = False
    pools: Sequence[Pool] = ()
    runs: Sequence[Runs] = ()
    backup: Backup | None = None
    backup_age: float | None = None
    backup_failed: bool = False
    check: Check | None = None
    check_age: float | None = None
    daily_age: float | None = None
    daily_failed: Sequence[str] = ()

    def problems(self, bounds: Bounds) -> list[str]:
        """What keeps commands or pages from being served as they should."""
        found = []
        if not self.server.answers:
            found.append("the database does not answer")
        elif self.crowded:
            found.append("no connection to the database is free")
        if self.overview is not None:
            found += self.overview.problems()
            views = [each.view for each in self.overview.views.views if not each.halted_at]
            longest = max(((self.lags or {}).get(view, 0.0) for view in views), default=0.0)
            if longest > bounds.lag:
                found.append(f"views are {_span(longest)} behind the log")
        if self.unfollowed > MOST_UNFOLLOWED:
            found.append(f"no follower has been at work for {_span(self.unfollowed)}")
        if self.disk.free < LEAST_FREE:
            found.append("less than 200 MB of disk are free" + self._way_out())
        return found

    def notes(self, bounds: Bounds) -> list[str]:
        """What those who run it should look after while it serves."""
        found = list(self.overview.notes()) if self.overview is not None else []
        for other in self.overview.others if self.overview is not None else ():
            lag = (self.lags or {}).get(other.name, 0.0)
            if lag > bounds.lag and not other.halted_at:
                found.append(f"{other.name} is {_span(lag)} behind the log")
        if LEAST_FREE <= self.disk.free < LITTLE_FREE:
            found.append("less than 1 GB of disk is free" + self._way_out())
        for each in self.runs:
            kind = each.kind.replace("-", " ")
            if each.stopped:
                found.append(f"{kind}: {each.stopped} stopped; its page says how it goes on")
            if each.stuck:
                found.append(f"{kind}: no progress for minutes")
        if self.backup_failed:
            found.append("the last backup failed")
        if self.backup_age is None:
            found.append("no backup has been taken")
        elif self.backup_age > bounds.backup * _HOUR:
            found.append(f"the newest backup is {_span(self.backup_age)} old")
        if self.check is not None and self.check.findings:
            found.append(f"the last check found {self.check.findings} things")
        found += [f"the daily work {name} failed" for name in self.daily_failed]
        return found

    def _way_out(self) -> str:
        return "; delete the ballast file and find more" if self.disk.ballast else ""


L = TypeVar("L", Backup, Check)


def left(folder: Path, name: str, kind: type[L]) -> L | None:
    """What a command left in the data folder for those who look; ``None`` where it left nothing that can be read."""
    try:
        return msgspec.json.decode((folder / name).read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError):
        return None


def _span(seconds: float) -> str:
    """A span as a person says it."""
    for size, word in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {word}"
    return f"{seconds:.0f} seconds"
