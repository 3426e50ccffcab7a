"""A product with the demo's station in it, copied from one set up once a run; and the product as people run it."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit, urlunsplit

import psycopg

from services.database.embedded_postgres import running_url
from services.demo.cast import FIRST
from services.product import Product
from services.running.run import set_up_demo
from services.running.wiring import built
from services.runtime.settings import Settings
from services.sessions.accounts import Accounts
from tests.bench.full_log import Filled, Staff, fill
from tests.bench.ground import Ground
from tests.bench.lines import progress
from tests.bench.load import ROOT

READY_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Station:
    """A database of one's own with the demo's week in it; ``data`` holds the keys."""

    url: str
    data: Path

    @contextmanager
    def product(self) -> Iterator[Product]:
        """The product's parts over it; nothing follows the log yet."""
        with built(Settings(data=self.data), self.url) as product:
            yield product

    def fill(self, product: Product, events: int, mix: dict[str, int]) -> Filled:
        """Add a believable past to the log."""
        return fill(self.url, product.vault, staff_of(product), events, mix, product.clock())


def a_station(ground: Ground) -> Station:
    """A copy of the station that is set up at the first asking."""
    made: Station | None = ground.kept.get("station")
    if made is None:
        made = ground.kept["station"] = Station(ground.new_database(), ground.new_folder())
        with made.product() as product:
            set_up_demo(product, fees=False)  # whose years would be more than a short log holds
    url, data = made.url, ground.new_folder()
    name = urlsplit(url).path.lstrip("/")
    copied = f"{name}_{len(list(ground.folder.iterdir()))}"
    with psycopg.connect(ground.server, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {copied} TEMPLATE {name} STRATEGY file_copy")
    shutil.copytree(made.data, data, dirs_exist_ok=True)
    return Station(urlunsplit(urlsplit(url)._replace(path=f"/{copied}")), data)


def staff_of(product: Product) -> Staff:
    """The demo's people of its first estate."""
    person = {each.username: each.person for each in product.part(Accounts).everybody()}
    stewards = tuple(person[username] for username in ("repairer", "adviser", "mediator"))
    return Staff(FIRST, person["clerk"], stewards, person["head"])


# -- the product as a process ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RunningProduct:
    """``jinlin run`` in a folder of its own, its demo set up: ``pid`` of the web process, ``token`` of the head."""

    pid: int
    port: int
    data: Path
    url: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What every signed-in request carries."""
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str) -> tuple[int, bytes]:
        """One look, for checking."""
        return _asked(self.port, "GET", path, None, self.headers)


@contextmanager
def running(ground: Ground, *, apart: bool = False) -> Iterator[RunningProduct]:
    """The product started as ``make run`` starts it, ready and signed in to.

    ``apart`` has its follower in a process of its own, as `jinlin follow` beside `JINLIN_FOLLOW=no` does.
    """
    data = ground.new_folder()
    port = _free_port()
    log = (ground.folder / f"product-{port}.log").open("wb")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("JINLIN_")}
    environment |= {"PORT": str(port), "JINLIN_DATA": str(data), "PYTHONPATH": str(ROOT)}
    _started("begin", log, environment).wait(20)
    child = _started("run", log, environment | ({"JINLIN_FOLLOW": "no"} if apart else {}))
    children = [child]
    try:
        if apart:
            _wait_until(child, port, "/health/live", Path(log.name))  # its PostgreSQL is there
            children.append(_started("follow", log, environment))
        _wait_until(child, port, "/health/ready", Path(log.name))
        accounts = json.loads((data / "demo-accounts.json").read_text(encoding="utf-8"))
        [password] = [each["password"] for each in accounts if each["username"] == "head"]
        said = json.dumps({"username": "head", "password": password})
        _, answer = _asked(port, "POST", "/api/v1/session", said, {"Content-Type": "application/json"})
        url = running_url(data / "postgres")
        assert url is not None
        yield RunningProduct(child.pid, port, data, url, json.loads(answer)["token"])
    finally:
        if child.poll() is not None:
            said = Path(log.name).read_text(encoding="utf-8", errors="replace")[-800:]
            progress(f"the product had ended by itself ({child.returncode}): {said}")
        for each in reversed(children):
            _ended(each)
        log.close()


def _started(command: str, log: IO[bytes], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "services", command], cwd=ROOT, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
        env=environment,
    )  # fmt: skip


def _ended(child: "subprocess.Popen[bytes]") -> None:
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(20)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _wait_until(child: "subprocess.Popen[bytes]", port: int, path: str, log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and child.poll() is None:
        with suppress(OSError):
            if _asked(port, "GET", path, None, {})[0] == 200:
                return
        time.sleep(0.05)
    raise RuntimeError(f"the product did not start: {log.read_text(encoding='utf-8', errors='replace')[-800:]}")


def _asked(port: int, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, bytes]:
    conn = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        conn.request(method, path, body, headers)
        answer = conn.getresponse()
        return answer.status, answer.read()
    finally:
        conn.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
