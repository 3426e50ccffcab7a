"""Many strangers who try passwords at once, and honest people who sign in meanwhile.

Strangers come from addresses of this machine, and by the word of a proxy from as many others as there are tries.
"""

import asyncio
import json
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from random import Random
from threading import Thread
from time import monotonic

import uvicorn

from tests.clock import PATIENCE
from tests.conftest import Demo

AT_ONCE = 8  # strangers under way; each comes again as soon as he is answered


@contextmanager
def served(demo: Demo) -> Iterator[int]:
    """The demo's application behind a real socket; its port."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(256)
        server = uvicorn.Server(uvicorn.Config(demo.client().app, log_config=None, proxy_headers=False))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


@dataclass
class Siege:
    """What became of it: statuses of strangers, and status and seconds of each honest sign-in, ``known`` or not."""

    strangers: Counter[int] = field(default_factory=Counter)
    honest: list[tuple[bool, int, float]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Tries of strangers in a second."""
        return self.strangers.total() / self.seconds

    def slowest(self, known: bool) -> list[float]:
        """Seconds of the honest ones in order, the slowest last."""
        return sorted(seconds for was_known, _, seconds in self.honest if was_known is known)


@dataclass(frozen=True)
class Answer:
    status: int
    device: str


async def tried(
    port: int, username: str, password: str, *, forwarded: str = "", peer: str = "127.0.0.1", device: str = ""
) -> Answer:
    """One try over a connection of its own, from an address of this machine and, to a proxy's word, from another."""
    body = json.dumps({"username": username, "password": password}).encode()
    lines = [
        "POST /api/v1/session HTTP/1.1", "Host: station.test", "Connection: close", "Content-Type: application/json",
        f"Content-Length: {len(body)}", *([f"X-Forwarded-For: {forwarded}"] if forwarded else []),
        *([f"Cookie: jinlin-device={device}"] if device else []),
    ]  # fmt: skip
    reading, writing = await asyncio.open_connection("127.0.0.1", port, local_addr=(peer, 0))
    try:
        writing.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = (await reading.read()).partition(b"\r\n\r\n")[0].decode()
    finally:
        writing.close()
    found = [line.partition("jinlin-device=")[2].partition(";")[0] for line in head.split("\r\n") if "-device=" in line]
    return Answer(int(head.split(" ", 2)[1]), found[0] if found else "")


async def besieged(port: int, passwords: dict[str, str], tries: int, seed: int = 1) -> Siege:
    """Strangers make so many wrong tries; somebody known and somebody new sign in by turns meanwhile."""
    siege, chance, numbers = Siege(), Random(seed), count(1)
    device = (await tried(port, "head", passwords["head"])).device
    assert device
    names = [*passwords, "nobody"]
    began = monotonic()

    async def stranger() -> None:
        for number in numbers:
            if number > tries:
                return
            guess, peer = f"guess {chance.random()}", f"127.0.0.{2 + number % 250}"
            forwarded = f"{chance.randrange(11, 223)}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
            answer = await tried(port, chance.choice(names), guess, forwarded=forwarded, peer=peer)
            siege.strangers[answer.status] += 1

    async def honest() -> None:
        for turn in count():
            if siege.strangers.total() >= tries:
                return
            known, began = turn % 2 == 0, monotonic()
            who = "head" if known else "clerk"
            sent = {"device": device} if known else {"forwarded": f"2001:db8:{turn:x}::1"}
            answer = await tried(port, who, passwords[who], **sent)
            siege.honest.append((known, answer.status, monotonic() - began))

    await asyncio.gather(honest(), *(stranger() for _ in range(AT_ONCE)))
    siege.seconds = monotonic() - began
    return siege
