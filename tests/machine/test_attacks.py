"""A signed-in clerk is served while strangers try to keep everybody out, from one address and from fifty."""

import http.client
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any

import pytest

from services.http.door import Bounds
from tests.bench.ground import prepared
from tests.bench.station import running
from tests.conftest import FIRST, Demo
from tests.machine.attackers import ATTACKS
from tests.machine.served import served

ROOT = Path(__file__).resolve().parents[2]
ADDRESSES = (1, 50)
MEMORY = 150_000_000  # bytes that attacks may cost beside what a process grows by anyway
NOTE = json.dumps({"estate": FIRST, "text": "路灯不亮"})


@dataclass
class Clerk:
    """Looks at the board, notes an issue and asks who it is: on a connection of its own, and on new ones."""

    port: int
    token: str
    took: list[float]

    def works(self, until: float) -> None:
        kept = self._connected()
        while monotonic() < until:
            for connection in (kept, self._connected()):
                self._ask(connection, "GET", f"/board/{FIRST}")
                self._ask(connection, "POST", "/api/v1/issues", NOTE)
                self._ask(connection, "GET", "/api/v1/session")
                if connection is not kept:
                    connection.close()
        kept.close()

    def _connected(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def _ask(self, connection: http.client.HTTPConnection, method: str, path: str, body: str | None = None) -> None:
        began = perf_counter()
        headers = {"Authorization": self.token} | ({"Content-Type": "application/json"} if body else {})
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        self.took.append(perf_counter() - began)
        assert answer.status in (200, 201), (method, path, answer.status)

    def quantile(self, share: float) -> float:
        """Milliseconds."""
        return 1000 * sorted(self.took)[int(len(self.took) * share)]

    def __str__(self) -> str:
        return f"p50 {self.quantile(0.5):.1f} ms, p99 {self.quantile(0.99):.1f} ms, {len(self.took)} answers"


@contextmanager
def attacked(port: int, names: Sequence[str], addresses: int, seconds: float) -> Iterator[dict[str, Any]]:
    """By a process of its own, for as long as the body takes; what it saw stands in the result afterwards."""
    command = [
        sys.executable,
        "-m",
        "tests.machine.attackers",
        str(port),
        ",".join(names),
        str(addresses),
        str(seconds),
    ]
    seen: dict[str, Any] = {}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as attackers:
        yield seen
        said, _ = attackers.communicate(timeout=60)
    seen.update(json.loads(said))


def memory(pid: int) -> int:
    """Bytes that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize("addresses", ADDRESSES)
def test_a_clerk_is_served_under_every_attack_at_once(
    demo: Demo, addresses: int, caplog: pytest.LogCaptureFixture
) -> None:
    clerk_of = demo.sign_in("clerk").headers["Authorization"]
    with served(demo.client().app, Bounds()) as door:
        clerk = Clerk(door.port, clerk_of, [])
        clerk.works(monotonic())  # once, so that all is warm
        before = memory(os.getpid())
        with attacked(door.port, list(ATTACKS), addresses, 1.5) as seen:
            clerk.works(monotonic() + 1.0)
        assert len(clerk.took) >= 6
        assert all(each["opened"] for each in seen.values())
        assert memory(os.getpid()) - before < MEMORY
        assert len(door.door) <= Bounds().connections
        assert not [each for each in caplog.records if each.levelno >= logging.ERROR]


@pytest.mark.drill
@pytest.mark.slow
def test_every_attack_by_itself_for_long(capsys: pytest.CaptureFixture[str]) -> None:
    """Prints for each attack the clerk's times beside the quiet ones, what the attackers heard, and the memory it took.

    Quiet and attacked turns follow one another, so that what else the machine does falls on both.
    """
    seconds, turns = float(os.environ.get("ATTACK_SECONDS", "10")), 3
    with prepared(seconds, 1, False, False) as ground, running(ground) as product, capsys.disabled():

        def clerk() -> Clerk:
            return Clerk(product.port, f"Bearer {product.token}", [])

        clerk().works(monotonic() + seconds)
        of_attacks = 0
        for name in ATTACKS:
            for addresses in ADDRESSES:
                quiet, under = clerk(), clerk()
                for _ in range(turns):
                    quiet.works(monotonic() + seconds / turns)
                    before = memory(product.pid)
                    with attacked(product.port, [name], addresses, seconds / turns + 0.5) as seen:
                        under.works(monotonic() + seconds / turns)
                    of_attacks += memory(product.pid) - before
                ratio = under.quantile(0.99) / quiet.quantile(0.99)
                print(f"\n{name} from {addresses}: p99 {ratio:.1f} x quiet, {of_attacks >> 20:+} MiB so far")
                print(f"  quiet {quiet}\n  under {under}\n  {seen[name]}")
                assert of_attacks < 2 * MEMORY
