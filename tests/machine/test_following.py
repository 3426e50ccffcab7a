"""Followers and rebuilds in processes of their own, killed as the machine kills them."""

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Condition, Event, Thread
from typing import IO, Any
from uuid import UUID, uuid4

import httpx
import pytest

from domain.cases.issue import ISSUE, AdviceGiven, IssueNoted
from projections.news import CHANNEL
from projections.positions import ViewPositions
from projections.views import GROUP
from services.database.database import Database, listening
from services.database.installation import Belonging, Stage, say_belonging
from services.database.logins import Login
from services.log.event_log import Change, EventLog
from services.log.vault import Vault
from services.running.checking.of_log import check_log
from services.running.checking.of_views import check_views
from services.running.own_keys import belong_together, both_keys
from tests.clock import PATIENCE
from tests.conftest import FIRST
from tests.forked import Forked, Nursery
from tests.postgres import keep_logins, logins_of
from tests.scenario import MONDAY, at
from tests.templates import Templates

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Process:
    """A `jinlin` of its own and the JSON lines that it says."""

    popen: Forked
    errors: IO[str]
    lines: list[dict[str, Any]] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    news: Condition = field(default_factory=Condition)

    def hear(self) -> None:
        for line in self.errors:
            with self.news:
                if line.startswith("{"):
                    self.lines.append(json.loads(line))
                else:
                    self.other.append(line)
                self.news.notify_all()

    def events(self) -> list[str]:
        with self.news:
            return [line["event"] for line in self.lines]

    def leads(self) -> bool:
        with self.news:
            return any((line["event"], line.get("following")) == ("follower_leads", GROUP) for line in self.lines)

    def says(self, *wanted: str) -> str:
        """Wait for one of these events."""

        def found() -> str | None:
            return next((line["event"] for line in self.lines if line["event"] in wanted), None)

        with self.news:
            assert self.news.wait_for(lambda: found() or self.popen.poll() is not None, PATIENCE), self.lines
            said = found()
        assert said is not None, (self.lines, self.other)
        return said

    def kill_9(self) -> None:
        self.popen.send_signal(signal.SIGKILL)
        self.popen.wait(PATIENCE)

    def end(self) -> int:
        self.popen.terminate()
        return self.popen.wait(PATIENCE)


@dataclass(frozen=True)
class Ground:
    """A database with a log, and processes over it."""

    nursery: Nursery
    url: str
    data: Path
    database: Database
    log: EventLog

    def environment(self, **settings: str) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("JINLIN_")}
        return clean | {"JINLIN_DATA": str(self.data), "JINLIN_DATABASE_URL": self.url} | settings

    @contextmanager
    def jinlin(self, *arguments: str, **settings: str) -> Iterator[Process]:
        near, far = os.pipe()
        popen = self.nursery.start("services", arguments, self.environment(**settings), far)
        os.close(far)
        process = Process(popen, os.fdopen(near, encoding="utf-8"))
        hearing = Thread(target=process.hear)
        hearing.start()
        try:
            yield process
        finally:
            popen.kill()
            popen.wait(PATIENCE)
            hearing.join(PATIENCE)
            process.errors.close()

    def note(self, events: int = 1) -> UUID:
        """A new line in the notebook with so many events."""
        stream = uuid4()
        advice = [AdviceGiven(f"第{n}次") for n in range(events - 1)]
        change = Change(
            stream, ISSUE.name, 0, [IssueNoted("IS-1", FIRST, "门坏了"), *advice], at(MONDAY), FIRST, stream
        )
        self.log.append([change])
        return stream

    def rows(self) -> int:
        with self.database.follower.connection() as conn:
            row = conn.execute("SELECT count(*) FROM view.notebook").fetchone()
        assert row
        return int(row[0])

    def findings(self) -> list[str]:
        return [*check_log(self.database), *check_views(self.database, self.log)]


@pytest.fixture
def ground(nursery: Nursery, templates: Templates, tmp_path: Path) -> Iterator[Ground]:
    url = templates.empty()
    keep_logins(url, tmp_path)
    logins = logins_of(url)
    with closing(Database(logins)) as database:
        say_belonging(tmp_path, Belonging(uuid4(), Stage.BEGUN))
        keys = both_keys(tmp_path, url)
        with closing(EventLog(logins, Vault(database, keys.vault))) as log:
            belong_together(tmp_path, url, keys, log)
            yield Ground(nursery, url, tmp_path, database, log)


@pytest.fixture
def positions(ground: Ground) -> Iterator[ViewPositions]:
    printed = ViewPositions(partial(listening, ground.database.logins, Login.WEB), ground.log.last_position)
    yield printed
    printed.stop()


@contextmanager
def writing(ground: Ground) -> Iterator[list[UUID]]:
    """People go on noting meanwhile; the lines that were acknowledged."""
    stopping, noted = Event(), list[UUID]()

    def write() -> None:
        while not stopping.is_set():
            noted.append(ground.note())

    thread = Thread(target=write)
    thread.start()
    try:
        yield noted
    finally:
        stopping.set()
        thread.join()


def leader_of(living: list[Process]) -> Process:
    """The one that says that it leads the views."""
    eventually(lambda: any(each.leads() for each in living))
    (leader,) = [each for each in living if each.leads()]
    return leader


def eventually(found: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < until
        time.sleep(0.02)


def shown_after(ground: Ground, positions: ViewPositions, noted: list[UUID]) -> float:
    """Note a line; answers the seconds until it is shown, on this machine just now."""
    begun = time.monotonic()
    noted.append(ground.note())
    assert positions.wait("notebook", ground.log.last_position(), PATIENCE)
    return time.monotonic() - begun


def test_one_leads_and_the_next_takes_over_within_seconds_of_a_kill_9(ground: Ground, positions: ViewPositions) -> None:
    """Each is killed while people go on writing; the last one ends when it is asked to."""
    took = []
    with ground.jinlin("follow") as one, ground.jinlin("follow") as two, ground.jinlin("follow") as three:
        said = [each.says("follower_leads", "follower_stands_by") for each in (one, two, three)]
        assert sorted(said) == ["follower_leads", "follower_stands_by", "follower_stands_by"]
        living = [one, two, three]
        with writing(ground) as noted:
            usual = shown_after(ground, positions, noted)
            while len(living) > 1:
                leader = leader_of(living)
                living.remove(leader)
                leader.kill_9()
                took.append(shown_after(ground, positions, noted))
        assert positions.wait("notebook", ground.log.last_position(), PATIENCE)
        assert leader_of(living).end() == 0
        assert living[0].events()[-1] == "follower_stopped"
    print(f"taken over after {took} s, {len(noted)} lines noted, each shown after some {usual} s")
    assert max(took) < 5 + 10 * usual
    assert ground.rows() == len(noted)
    assert ground.findings() == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def figures(base: str) -> dict[str, float]:
    text = httpx.get(f"{base}/metrics", timeout=10).text
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")}


def answers(base: str) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(f"{base}/health/live", timeout=2).status_code == 200
    return False


def test_a_product_told_not_to_follow_shows_that_nobody_does_until_somebody_does(ground: Ground) -> None:
    port = free_port()
    base, lag = f"http://127.0.0.1:{port}", 'jinlin_follower_lag_events{view="notebook"}'
    ground.note(events=150)  # a log that has begun, so that no demo is told
    with ground.jinlin("run", JINLIN_FOLLOW="no", PORT=str(port)) as web:
        eventually(lambda: answers(base))
        assert "follower_leads" not in web.events()
        alone = figures(base)
        assert (alone["jinlin_follower_working"], alone[lag]) == (0, alone["jinlin_log_position"])
        assert alone[lag] > 100
        ready = httpx.get(f"{base}/health/ready", timeout=5).json()
        assert not ready["ready"]  # its pages show nothing
        assert [each.partition(" are ")[0] for each in ready["problems"]] == ["views"]
        assert ready["notes"][0] == "no follower is at work"
        watched = free_port()
        its = f"http://127.0.0.1:{watched}"
        with ground.jinlin("follow", JINLIN_FOLLOW_PORT=str(watched)) as follower:
            follower.says("follower_leads")
            eventually(lambda: figures(base)[lag] == 0)
            eventually(lambda: figures(base)["jinlin_follower_working"] == 1)
            eventually(lambda: httpx.get(f"{base}/health/ready", timeout=5).json()["problems"] == [])
            assert answers(its)
            eventually(lambda: httpx.get(f"{its}/health/ready", timeout=5).status_code == 200)
            assert figures(its)['jinlin_follower_leads{following="views"}'] == 1
            assert figures(its)["jinlin_database_up"] == figures(its)["jinlin_ready"] == 1
            assert figures(its)["process_resident_memory_bytes"] > 10**7
            with ground.jinlin("follow", JINLIN_FOLLOW_PORT=str(watched)) as second:
                assert second.popen.wait(PATIENCE) == 2
            assert any("set JINLIN_FOLLOW_PORT" in line for line in second.other)
        eventually(lambda: figures(base)["jinlin_follower_working"] == 0)
    assert ground.findings() == []


def test_without_a_database_it_says_what_to_do(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JINLIN_")}
    done = subprocess.run(
        [sys.executable, "-m", "services", "follow"],
        cwd=ROOT, env=environment | {"JINLIN_DATA": str(tmp_path)}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert "start `jinlin run` first, or set JINLIN_DATABASE_URL" in done.stderr


def stood(ground: Ground) -> int:
    """Where the rebuild of the notebook stands."""
    with ground.database.follower.connection() as conn:
        row = conn.execute("SELECT position FROM view.positions WHERE name = 'notebook__new'").fetchone()
    return int(row[0]) if row else 0


def test_a_rebuild_that_was_killed_goes_on_and_is_seen_meanwhile(ground: Ground) -> None:
    for _ in range(40):
        ground.note(events=500)
    last = ground.log.last_position()
    with listening(ground.database.logins, Login.WEB, CHANNEL) as conn:
        with ground.jinlin("rebuild", "notebook") as first:
            for notice in conn.notifies(timeout=PATIENCE):
                if "notebook__new" in [news["view"] for news in json.loads(notice.payload)]:
                    first.kill_9()
                    break
        before = stood(ground)
        assert 0 < before < last
        assert ground.rows() == 0  # nothing was there, and nothing half done is
        with ground.jinlin("run", JINLIN_FOLLOW="no", PORT=str(port := free_port())):
            base = f"http://127.0.0.1:{port}"
            eventually(lambda: answers(base))
            seen = figures(base)
            assert seen['jinlin_rebuild_position{view="notebook"}'] == before
            assert seen['jinlin_rebuild_total{view="notebook"}'] == last
            assert seen['jinlin_rebuild_running{view="notebook"}'] == 0
            notes = httpx.get(f"{base}/health/ready", timeout=5).json()["notes"]
            assert [note for note in notes if "view notebook was interrupted" in note]
            printed, status = at_a_terminal(
                [sys.executable, "-m", "services", "rebuild", "notebook"], ground.environment()
            )
            eventually(lambda: not [name for name in figures(base) if name.startswith("jinlin_rebuild")])
        told_of = [news for notice in conn.notifies(timeout=1) for news in json.loads(notice.payload)]
        again = [news["position"] for news in told_of if news["view"] == "notebook__new"]
    assert status == 0
    assert f"\rnotebook  [{'#' * 5}" in printed and " of 20,00" in printed
    assert re.search(r"notebook: rebuilt to position 200\d\d", printed)  # a start says how it is set
    assert min(each for each in again if each > before) > before
    assert ground.rows() == 40
    assert ground.findings() == []


def at_a_terminal(command: list[str], environment: dict[str, str]) -> tuple[str, int]:
    """What a person sees, and how it ended."""
    near, far = pty.openpty()
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment | {"COLUMNS": "100"}, stdin=far, stdout=far, stderr=far
    )
    os.close(far)
    seen = b""
    with suppress(OSError):  # the other side was closed: it has ended
        while part := os.read(near, 4096):
            seen += part
    os.close(near)
    return seen.decode(), process.wait(PATIENCE)
