"""The load: requests over kept-alive connections, as cheap as Python makes them, in a process of its own.

``python -m tests.bench.load`` reads a ``Load`` as JSON from stdin and answers a ``Counted`` as JSON on stdout.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

import uvloop

from tests.bench.lines import percentile

ROOT = Path(__file__).parents[2]
_POSITION = b'"position":'


@dataclass(frozen=True, slots=True)
class Load:
    """What to send to ``127.0.0.1:port`` over ``clients`` connections, each one request at a time.

    ``bodies`` take turns (empty: no body is sent). With ``keys`` every request has an Idempotency-Key of its own that
    starts with that text. ``paths`` take turns. ``positions`` asks when each answer came and which position it named.
    ``rate`` is requests a second over all clients; 0 as fast as answers come.
    """

    port: int
    method: str
    paths: list[str]
    clients: int
    seconds: float
    headers: dict[str, str] = field(default_factory=dict)
    bodies: list[str] = field(default_factory=list)
    keys: str = ""
    warm_up: float = 0.3
    rate: float = 0
    positions: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """``statuses`` of every answer, warm-up included; the rest is of answers within the measured time.

    ``rate`` in answers/s, ``p50`` and ``p99`` in ms, ``size`` of the last answer's body in bytes, ``acknowledged``
    pairs of a monotonic moment in seconds and the position that became durable then.
    """

    statuses: dict[str, int]
    rate: float
    p50: float | None
    p99: float | None
    cpu: float
    size: int
    acknowledged: list[tuple[float, int]]


class LoadFailed(Exception):
    """An answer that is no success, or none at all: its rate is nobody's business."""


def under(load: Load) -> Counted:
    """Run the load in a process of its own. Raises ``LoadFailed`` on anything but 2xx."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"],
        input=json.dumps(asdict(load)), capture_output=True, text=True, cwd=ROOT, check=False,
        timeout=load.seconds + 60,
    )  # fmt: skip
    if done.returncode:
        raise LoadFailed(f"{load.method} {load.paths[0]}: {done.stderr.strip()[-600:]}")
    return Counted(**json.loads(done.stdout))


class _Client(asyncio.Protocol):
    """One connection: sends the next request as soon as it has the answer to the last one, or when it is time to."""

    def __init__(self, load: Load, number: int, tally: "_Tally") -> None:
        self._load = load
        self._number = number
        self._tally = tally
        self._sent = 0
        self._begun = 0.0
        self._answer = bytearray()
        self._due = 0.0
        self._interval = load.clients / load.rate if load.rate else 0.0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests = [self._written(path, body) for path in load.paths for body in load.bodies or [""]]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own class is no subclass of it
        self._due = time.perf_counter() + self._interval * self._number / self._load.clients
        self._next()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head = self._answer.find(b"\r\n\r\n")
        if head < 0:
            return
        lower = bytes(self._answer[:head]).lower()
        at = lower.find(b"content-length:")
        if at < 0:
            self._fail(f"no content-length in {lower[:200]!r}")
            return
        end = lower.find(b"\r\n", at)
        size = int(lower[at + 15 : end if end > 0 else None])
        if len(self._answer) < head + 4 + size:
            return
        now = time.perf_counter()
        body = bytes(self._answer[head + 4 : head + 4 + size])
        self._tally.take(now, now - self._begun, bytes(self._answer[9:12]), body)
        self._answer.clear()
        if now >= self._tally.until:
            self._transport.close()
        elif self._tally.failed:
            self._fail("")
        else:
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ended.done():
            if time.perf_counter() >= self._tally.until:
                self.ended.set_result(None)
            else:
                self.ended.set_exception(LoadFailed(f"connection lost: {exc}"))

    def _fail(self, why: str) -> None:
        self._tally.failed = self._tally.failed or why
        self._tally.until = 0
        self._transport.close()

    def _next(self) -> None:
        if self._interval:
            wait = self._due - time.perf_counter()
            self._due += self._interval
            if wait > 0:
                asyncio.get_running_loop().call_later(wait, self._send)
                return
        self._send()

    def _send(self) -> None:
        before, after = self._requests[(self._sent * self._load.clients + self._number) % len(self._requests)]
        self._sent += 1
        self._begun = time.perf_counter()
        if self._load.keys:
            key = f"{self._load.keys}-{self._number}-{self._sent}".encode()
            self._transport.write(before + b"Idempotency-Key: " + key + after)
        else:
            self._transport.write(before + after)

    def _written(self, path: str, body: str) -> tuple[bytes, bytes]:
        """A request in two parts, between which the key goes."""
        load = self._load
        lines = [
            f"{load.method} {path} HTTP/1.1",
            "Host: station.test",
            *(f"{k}: {v}" for k, v in load.headers.items()),
        ]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body.encode())}"]
        before = "\r\n".join([*lines, ""]).encode()
        return before, (b"\r\n" if load.keys else b"") + b"\r\n" + body.encode()


class _Tally:
    """What all clients of a load have seen together."""

    def __init__(self, load: Load) -> None:
        self.since = time.perf_counter() + load.warm_up
        self.until = self.since + load.seconds
        self.failed = ""
        self.took: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.size = 0
        self.acknowledged: list[tuple[float, int]] = []
        self._positions = load.positions

    def take(self, now: float, took: float, status: bytes, body: bytes) -> None:
        self.statuses[status.decode()] += 1
        if not status.startswith(b"2"):
            self.failed = self.failed or f"{status.decode()}: {body[:400]!r}"
        if not self.since <= now < self.until:
            return
        self.took.append(took)
        self.size = len(body)
        if self._positions:
            at = body.find(_POSITION) + len(_POSITION)
            self.acknowledged.append((time.monotonic(), int(body[at : body.find(b"}", at)].split(b",")[0])))


async def _run(load: Load) -> Counted:
    tally = _Tally(load)
    loop = asyncio.get_running_loop()
    clients = [
        (await loop.create_connection(partial(_Client, load, number, tally), "127.0.0.1", load.port))[1]
        for number in range(load.clients)
    ]
    await asyncio.wait_for(asyncio.gather(*(each.ended for each in clients)), load.warm_up + load.seconds + 15)
    if tally.failed or not tally.took:
        raise LoadFailed(f"{dict(tally.statuses)} {tally.failed}")
    tally.took.sort()
    p50, p99 = percentile(tally.took, 0.5), percentile(tally.took, 0.99)
    return Counted(
        statuses=dict(tally.statuses),
        rate=len(tally.took) / load.seconds,
        p50=None if p50 is None else p50 * 1000,
        p99=None if p99 is None else p99 * 1000,
        cpu=time.process_time(),
        size=tally.size,
        acknowledged=tally.acknowledged,
    )


def main() -> None:
    asked: dict[str, Any] = json.load(sys.stdin)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(asdict(runner.run(_run(Load(**asked))))))


if __name__ == "__main__":
    main()
