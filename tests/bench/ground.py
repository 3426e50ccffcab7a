"""What every measure stands on: a PostgreSQL in a temporary folder, the facts of the machine, and who loads it."""

import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit
from uuid import uuid4

import psycopg

from services.database.embedded_postgres import EmbeddedPostgres, binaries

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Ground:
    """One run: ``seconds`` a timed load lasts, ``rounds`` it is repeated (the best one is told)."""

    folder: Path
    server: str
    seconds: float
    rounds: int
    full: bool
    huge: bool
    kept: dict[str, Any] = field(default_factory=dict)  # what a group of measures sets up once

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"b_{uuid4().hex[:12]}"
        with psycopg.connect(self.server, autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {name}")
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{name}"))

    def new_folder(self) -> Path:
        """An empty folder that goes when the run ends."""
        return Path(tempfile.mkdtemp(dir=self.folder))


@contextmanager
def prepared(seconds: float, rounds: int, full: bool, huge: bool) -> Iterator[Ground]:
    """The ground of a run; everything of it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="jinlin-bench-") as name:
        folder = Path(name)
        embedded = EmbeddedPostgres(folder / "postgres")
        try:
            yield Ground(folder, embedded.start(), seconds, rounds, full, huge)
        finally:
            embedded.stop()


def machine(ground: Ground) -> dict[str, Any]:
    """What the figures depend on, measured or asked, for the header."""
    with psycopg.connect(ground.server) as conn:
        settings = {name: conn.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit")}
        version = conn.execute("SHOW server_version").fetchone()
    return {
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "postgres": version[0] if version else None,
        **{name: found[0] if found else None for name, found in settings.items()},
        "fdatasync_us": _fdatasync_us(ground.folder),
        "load_1min": os.getloadavg()[0],
        "mode": "full" if ground.full else "quick",
        "seconds": ground.seconds,
        "rounds": ground.rounds,
    }


def _fdatasync_us(folder: Path) -> float:
    """Median time to make one appended page of 8 kB durable, in the folder where the database lives."""
    took = []
    with (folder / "fdatasync").open("wb", buffering=0) as file:
        for _ in range(200):
            file.write(b"x" * 8192)
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - started)
    return statistics.median(took) * 1e6


def pgbench() -> str:
    """The wheel's own load generator for PostgreSQL."""
    return str(binaries() / "pgbench")


def libpq(url: str) -> dict[str, str]:
    """The environment that leads a program of PostgreSQL to this database."""
    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    name = {"PGUSER": parts.username or "", "PGPASSWORD": parts.password or ""}
    return {"PGHOST": host, "PGDATABASE": parts.path.lstrip("/"), **name}


# -- processes ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Process:
    """A living process of ours: CPU seconds so far, its ended children's included."""

    pid: int
    parent: int
    name: str
    cpu: float


def family(root: int) -> list[Process]:
    """A process and everything below it."""
    living = {each.pid: each for each in map(_process, _pids()) if each is not None}
    found: list[Process] = []
    following = [root]
    while following:
        pid = following.pop()
        if pid in living:
            found.append(living[pid])
            following += [each.pid for each in living.values() if each.parent == pid]
    return found


def cpu_of(root: int) -> dict[str, float]:
    """CPU seconds of a process and all below it so far, by ``postgres`` and ``python``."""
    spent = {"postgres": 0.0, "python": 0.0}
    for each in family(root):
        spent["postgres" if each.name == "postgres" else "python"] += each.cpu
    return spent


def cpu_now() -> dict[str, float]:
    """``cpu_of`` everything that this run has started."""
    return cpu_of(os.getpid())


def busy() -> float:
    """CPU seconds that the whole machine has spent so far, whoever it was."""
    words = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]
    user, nice, system, _idle, _wait, irq, soft, steal = map(int, words)
    return (user + nice + system + irq + soft + steal) / TICKS


class Watch:
    """Between its making and ``facts``: what our processes spent, and what others took from us meanwhile."""

    def __init__(self, root: int | None = None) -> None:
        self._root = root
        self._started = time.perf_counter()
        self._busy, self._own, self._of_root = self._now()

    def facts(self) -> dict[str, Any]:
        """``cores``: how many cores the root's parts kept busy; ``others``: what processes not ours did."""
        took = time.perf_counter() - self._started
        all_busy, own, of_root = self._now()
        spent = sum(own.values()) - sum(self._own.values())
        said: dict[str, Any] = {}
        if self._root is not None:
            said["cores"] = {
                "python": (of_root["python"] - self._of_root["python"]) / took,
                "postgres": (of_root["postgres"] - self._of_root["postgres"]) / took,
            }
        return {**said, "others": max(0.0, (all_busy - self._busy - spent) / took)}

    def _now(self) -> tuple[float, dict[str, float], dict[str, float]]:
        of_root = cpu_of(self._root) if self._root is not None else {}
        return busy(), cpu_of(os.getpid()), of_root


def memory_of(root: int) -> dict[str, dict[str, float]]:
    """RSS and PSS in MB by what a process is; PSS counts once in all what several share."""
    said: dict[str, dict[str, float]] = {}
    for each in family(root):
        with suppress(OSError):  # it has just ended
            text = Path(f"/proc/{each.pid}/smaps_rollup").read_text(encoding="ascii")
            sizes = {line.split(":")[0]: int(line.split()[1]) for line in text.splitlines()[1:]}
            mine = said.setdefault(_kind(each), {"processes": 0, "rss": 0.0, "pss": 0.0})
            mine["processes"] += 1
            mine["rss"] += sizes["Rss"] / 1024
            mine["pss"] += sizes["Pss"] / 1024
    return said


def _kind(process: Process) -> str:
    """``jinlin run``, ``postgres checkpointer``, ``postgres connections``: what a process says that it is."""
    said = Path(f"/proc/{process.pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    if process.name != "postgres":
        return "jinlin " + (said.rpartition(" services ")[2].split(" ")[0] or process.name)
    title = said.removeprefix("postgres: ")
    if title == said:
        return "postgres"
    return "postgres connections" if "[" in title else f"postgres {title.rstrip(' 0123456789')}"


def _pids() -> Sequence[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _process(pid: int) -> Process | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    name, _, rest = text.partition("(")[2].rpartition(")")
    words = rest.split()
    return Process(pid, int(words[1]), name, sum(map(int, words[11:15])) / TICKS)


def best(rounds: int, measure: Callable[[], dict[str, Any]], by: str = "value") -> dict[str, Any]:
    """The round with the highest ``by``, beside the highest ``limit`` of all rounds.

    Others on the machine only ever take from a figure. A limit that they pressed down in one round must not make the
    product look good, so a ratio is never what a round is chosen by.
    """
    found = [measure() for _ in range(rounds)]
    chosen = max(found, key=lambda each: float(each[by]))
    limits = [each["limit"] for each in found if "limit" in each]
    return {**chosen, "limit": max(limits)} if limits else chosen
