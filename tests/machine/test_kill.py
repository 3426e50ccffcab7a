"""Kill -9 of anything under load, with imports, bill runs, statements and payments under way.

Nothing acknowledged is lost, nothing is doubled, nothing is half applied. The drill kills a hundred times.
"""

import json
import os
import random
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from uuid import UUID, uuid4, uuid5

import httpx
import psycopg
import pytest

from services.database.embedded_postgres import EmbeddedPostgres, running_url
from services.running.opening import begin
from services.running.wiring import utc_now
from services.runtime.settings import Settings
from tests.conftest import FIRST
from tests.forked import Forked, Nursery
from tests.machine.under_way import (
    Client,
    Promises,
    importing,
    kept,
    reconciling,
    running,
    taking,
    told_of,
    until_stopped,
)
from tests.templates import tell

ROUNDS, MANY = 6, int(os.environ.get("KILL_ROUNDS", "100"))
WRITERS = 4
pytestmark = pytest.mark.slow


@dataclass
class RestartedProduct:
    """The product in a process of its own, started again after each kill."""

    nursery: Nursery
    data: Path
    port: int
    process: Forked | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environment = os.environ | {"JINLIN_DATA": str(self.data), "PORT": str(self.port), "JINLIN_LOG_LEVEL": "error"}
        with (self.data.parent / "output").open("ab") as output:
            self.process = self.nursery.start("services", ["run"], environment, output)
        self.wait_ready()

    def wait_ready(self) -> None:
        until = time.monotonic() + 240  # a first start tells the demo's years, and the machine may be busy
        while True:
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/health/ready", timeout=2).status_code == 200:
                    return
            assert time.monotonic() < until, (self.data.parent / "output").read_text()[-2000:]
            time.sleep(0.05)

    def postmaster(self) -> int:
        return int((self.data / "postgres" / "cluster" / "postmaster.pid").read_text().split("\n", 1)[0])

    def kill(self, target: str) -> None:
        """``app``, ``postmaster`` alone, or ``group``: the postmaster with all its children."""
        assert self.process is not None
        if target == "app":
            self.process.kill()
            self.process.wait()
            self.start()
            return
        with suppress(ProcessLookupError):
            postmaster = self.postmaster()
            os.killpg(postmaster, signal.SIGKILL) if target == "group" else os.kill(postmaster, signal.SIGKILL)
        time.sleep(0.3)  # the writers meet a dead server for a moment
        self.wait_ready()


@dataclass
class Journal:
    """What clients were told, kept outside the product: number and issue by idempotency key."""

    answers: dict[str, tuple[str, str]] = field(default_factory=dict)
    asked: int = 0
    lock: Lock = field(default_factory=Lock)


@contextmanager
def started(nursery: Nursery, data: Path) -> Iterator[RestartedProduct]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = RestartedProduct(nursery, data, port)
    try:
        made.start()
        yield made
    finally:
        assert made.process is not None
        made.process.terminate()
        made.process.wait(60)


@pytest.fixture
def product(nursery: Nursery, tmp_path: Path) -> Iterator[RestartedProduct]:
    """As it comes up the very first time, with the demo's years in it."""
    begin(Settings(data=tmp_path / "data"))
    with started(nursery, tmp_path / "data") as made:
        yield made


@pytest.fixture
def young(nursery: Nursery, tmp_path: Path) -> Iterator[RestartedProduct]:
    """One that knows nothing but the demo's week, and so looks through its whole log in a moment."""
    data = tmp_path / "data"
    embedded = EmbeddedPostgres(data / "postgres")
    tell(embedded.start(), data, fees=False, clock=utc_now)  # the clock of ``jinlin run``
    embedded.stop()
    with started(nursery, data) as made:
        yield made


def token(product: RestartedProduct) -> str:
    accounts = json.loads((product.data / "demo-accounts.json").read_text(encoding="utf-8"))
    head = next(each for each in accounts if each["username"] == "head")
    body = {"username": "head", "password": head["password"]}
    return str(httpx.post(f"{product.url}/api/v1/session", json=body, timeout=10).json()["token"])


def write(product: RestartedProduct, bearer: str, journal: Journal, stop: Event) -> None:
    """Note issues one after the other; ask again under the same key until there is an answer."""
    headers = {"Authorization": f"Bearer {bearer}"}
    with httpx.Client(base_url=product.url, headers=headers, timeout=20) as client:
        while not stop.is_set():
            key = uuid4().hex
            with journal.lock:
                journal.asked += 1
            while True:
                try:
                    body = {"estate": FIRST, "text": f"第 {key} 件"}
                    answer = client.post("/api/v1/issues", json=body, headers={"Idempotency-Key": key})
                except httpx.HTTPError:
                    time.sleep(0.02)
                    continue
                if answer.status_code == 201:
                    journal.answers[key] = (answer.json()["number"], answer.json()["issue"])
                    break
                assert answer.status_code == 503, answer.text
                assert "retry-after" in answer.headers
                time.sleep(0.02)


def homes_of(product: RestartedProduct, bearer: str) -> list[str]:
    """Some dwellings of the first estate."""
    headers = {"Authorization": f"Bearer {bearer}"}
    answer = httpx.get(f"{product.url}/api/v1/dwellings", params={"estate": FIRST}, headers=headers, timeout=20)
    return [each["dwelling"] for each in answer.json()]


def check(product: RestartedProduct) -> None:
    """The product's own check finds nothing."""
    environment = os.environ | {"JINLIN_DATA": str(product.data)}
    told = product.data.parent / "checked"
    with told.open("wb") as output:
        status = product.nursery.start("services", ["check"], environment, output).wait()
    said = told.read_text(encoding="utf-8")
    assert status == 0, said
    assert "all is whole" in said


def killed(product: RestartedProduct, rounds: int) -> None:
    """Kill one thing or another while everything is under way, and look what the log holds in the end."""
    chance, journal, stop, bearer = random.Random(20261123), Journal(), Event(), token(product)
    promises, homes = Promises(), homes_of(product, bearer)
    works = (importing, running, reconciling(homes[:3]), taking(homes[3:6]), taking(homes[6:9]))
    with ThreadPoolExecutor(WRITERS + len(works)) as pool:
        writers = [pool.submit(write, product, bearer, journal, stop) for _ in range(WRITERS)]
        clients = [Client(product.url, bearer, stop) for _ in works]
        under_way = [
            pool.submit(until_stopped, work, client, promises) for work, client in zip(works, clients, strict=True)
        ]
        try:
            for number in range(rounds):
                if number % 10 == 0:
                    print(f"{number} kills, {len(journal.answers)} issues, {told_of(promises)}", flush=True)
                told, paid = len(journal.answers), len(promises.receipts)
                while len(journal.answers) < told + WRITERS or len(promises.receipts) < paid + 2:
                    time.sleep(0.02)  # however busy the machine is, something goes on between two kills
                    for each in (*writers, *under_way):
                        assert not each.done(), each.result()  # raises why somebody gave up
                time.sleep(chance.uniform(0.1, 0.5))  # under load for a moment that nobody chose
                product.kill(chance.choice(("app", "postmaster", "group")))
        finally:
            stop.set()
        for each in (*writers, *under_way):
            each.result(300)

    assert len(journal.answers) == journal.asked > rounds * WRITERS
    numbers = [number for number, _ in journal.answers.values()]
    assert len(set(numbers)) == len(numbers)
    assert promises.imports and promises.runs and promises.statements and len(promises.receipts) > rounds
    with psycopg.connect(running_url(product.data / "postgres") or "") as conn:
        noted = conn.execute("SELECT originator_id::text FROM log.stored_events WHERE topic = 'IssueNoted'").fetchall()
        kept(conn, promises)
    assert {issue for _, issue in journal.answers.values()} <= {issue for (issue,) in noted}
    with httpx.Client(base_url=product.url, headers={"Authorization": f"Bearer {bearer}"}, timeout=20) as client:
        for key, (number, issue) in list(journal.answers.items())[:: max(1, len(journal.answers) // 50)]:
            body = {"estate": FIRST, "text": f"第 {key} 件"}
            again = client.post("/api/v1/issues", json=body, headers={"Idempotency-Key": key})
            assert (again.json()["number"], again.json()["issue"]) == (number, issue)
    check(product)
    print(f"{rounds} kills, {len(journal.answers)} issues, {told_of(promises)}: all is whole")


@pytest.mark.timeout(1_800)
def test_kill_9_of_anything_loses_nothing_acknowledged(product: RestartedProduct) -> None:
    killed(product, ROUNDS)


@pytest.mark.drill
@pytest.mark.timeout(3_600)
def test_a_hundred_kills_lose_nothing_double_nothing_and_leave_nothing_half_applied(product: RestartedProduct) -> None:
    killed(product, MANY)


@pytest.mark.timeout(300)
def test_kill_9_while_a_notebook_is_taken_over_doubles_no_line_and_it_goes_on_by_itself(
    young: RestartedProduct,
) -> None:
    lines, headers = 4_000, {"Authorization": f"Bearer {token(young)}"}
    text = "\n".join(["日期,内容", *(f"2024-03-05,旧事 {n}" for n in range(lines))])
    with httpx.Client(base_url=young.url, headers=headers, timeout=30) as client:
        sent = client.post(f"/api/v1/stations/{FIRST}/imports", files={"notebook": ("old.csv", text.encode())})
        address = f"/api/v1/imports/{sent.json()['id']}"
        assert client.post(f"{address}/start").status_code == 202
        kills, until = 0, time.monotonic() + 200
        while (found := client.get(address).json())["standing"] != "DONE":
            assert time.monotonic() < until, found
            if kills < 3 and found["done"] >= kills * 1_000:
                assert found["done"] < lines
                young.kill("app")  # nobody presses go on afterwards
                kills += 1
            time.sleep(0.01)
        while not (last := client.get(f"{address}/lines", params={"page": lines // 40}).json()):
            assert time.monotonic() < until  # the notebook is on its way
            time.sleep(0.05)
    assert [line["text"] for line in last[-2:]] == [f"旧事 {lines - 2}", f"旧事 {lines - 1}"]
    assert (kills, found["done"]) == (3, lines)
    issues = [uuid5(UUID(found["id"]), str(n)) for n in range(lines)]
    with psycopg.connect(running_url(young.data / "postgres") or "") as conn:
        select = "SELECT count(*), count(DISTINCT originator_id) FROM log.stored_events WHERE originator_id = ANY(%s)"
        assert conn.execute(select, (issues,)).fetchone() == (lines, lines)
        drawn = conn.execute("SELECT body->>'number' FROM view.notebook WHERE key = ANY(%s)", (list(map(str, issues)),))
        assert len({number for (number,) in drawn}) == lines
    check(young)


def test_the_proof_would_see_a_loss(tmp_path: Path) -> None:
    """The control: the same kill with ``synchronous_commit=off`` does lose what was acknowledged."""
    embedded, lost = EmbeddedPostgres(tmp_path / "postgres"), 0
    url = embedded.start()
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("CREATE TABLE told (number bigint)")
    for _ in range(5):
        acknowledged = 0
        with suppress(psycopg.OperationalError), psycopg.connect(url, autocommit=True) as conn:
            conn.execute("SET synchronous_commit = off")
            conn.execute("TRUNCATE told")
            conn.execute("CHECKPOINT")
            until = time.monotonic() + 0.15
            while time.monotonic() < until:
                conn.execute("INSERT INTO told VALUES (%s)", (acknowledged,))
                acknowledged += 1
            assert embedded.pid is not None
            os.killpg(embedded.pid, signal.SIGKILL)
        embedded.start()
        with psycopg.connect(url) as conn:
            row = conn.execute("SELECT count(*) FROM told").fetchone()
        assert row is not None
        lost += acknowledged - row[0]
        if lost:
            break
    embedded.stop()
    assert lost > 0
