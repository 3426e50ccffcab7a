"""A real PostgreSQL for every test that asks for one, and a whole product over it."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from starlette.testclient import TestClient

from domain.calendar import SHANGHAI
from projections.catalogue import VIEWS
from services.__main__ import COLLECTING
from services.product import Product
from services.running.app import create_app
from services.running.wiring import built
from services.runtime.settings import Settings
from tests.clock import PATIENCE, START, VARIABLE, RunningClock
from tests.forked import Nursery
from tests.machine.ground import Ground, a_ground
from tests.postgres import a_server, drop, keep_logins
from tests.templates import Templates, passwords_in

FIRST, SECOND = "350902002999-001", "350902002999-002"

# files of half a minute and more; begun first, none of them is left to one worker while the others have nothing to do
LONGEST = (
    "tests/machine/test_documented_commands.py",
    "tests/browser/test_axe.py",
    "tests/machine/test_kill.py",
    "tests/machine/test_schemathesis.py",
    "tests/browser/test_fee_desk.py",
    "tests/simulation/test_simulation.py",
    "tests/machine/test_silent_database.py",
    "tests/browser/test_fee_scripts.py",
    "tests/machine/test_following.py",
    "tests/access/test_access.py",
    "tests/machine/test_awkward_days.py",
    "tests/machine/test_crash_points.py",
)

gc.set_threshold(*COLLECTING)  # as the product does: it is the same code that runs here

# how long an example takes says how busy the machine is; all else stays as it is, here and with CI=true
settings.register_profile("however-busy", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("however-busy")


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder that belongs to this run of the tests, shared by its workers."""
    mine = tmp_path_factory.getbasetemp()
    return mine.parent if hasattr(request.config, "workerinput") else mine


@pytest.fixture(scope="session")
def server(run_folder: Path) -> Iterator[str]:
    """The URL of an embedded PostgreSQL that all tests of a run share."""
    with a_server(run_folder) as url:
        yield url


@pytest.fixture(scope="session")
def templates(server: str, run_folder: Path) -> Templates:
    """Databases to be cloned; made anew for another server."""
    folder = run_folder / f"templates-{sha256(server.encode()).hexdigest()[:12]}"
    folder.mkdir(exist_ok=True)
    return Templates(server, folder)


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where processes are forked from that need not read the product first."""
    made = Nursery()
    yield made
    made.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--simulation-seed", type=int, help="replay the simulation of this seed")
    parser.addoption("--simulate-for", type=float, default=0.0, metavar="SECONDS", help="go on with seeds of its own")


def pytest_collection_finish() -> None:
    gc.freeze()  # what was read stays to the end


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs a PostgreSQL is slow, so the quick tests need no list: ``-m "not slow"``. The longest come first."""
    for item in items:
        if "server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
    place = {file: number for number, file in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.nodeid.split("::")[0], len(LONGEST)))


def pytest_report_header() -> str:
    return f"the tests' clock starts at {START.isoformat()} ({VARIABLE})"


@pytest.fixture(scope="module")
def url(server: str, templates: Templates) -> Iterator[str]:
    """A database of the module's own, with all its tables and nothing in them."""
    made = templates.empty()
    yield made
    drop(server, made)


@pytest.fixture(scope="module")
def ground(url: str) -> Iterator[Ground]:
    """A log of the module's own."""
    with a_ground(url) as made:
        yield made


@contextmanager
def a_product(url: str, data: Path, clock: Callable[[], datetime] | None = None) -> Iterator[Product]:
    """A product over a database, its follower running; on the tests' clock, which starts with it, or a given one."""
    data.mkdir(parents=True, exist_ok=True)
    keep_logins(url, data)
    with built(Settings(data=data, public_url="http://station.test"), url, clock or RunningClock()) as product:
        product.follower.start()
        yield product


@dataclass(frozen=True)
class Demo:
    """A product with its demo week: ``passwords`` by account; ``sign_in`` gives a client with a session.

    ``url`` is that of its database, for whoever may do everything there.
    """

    product: Product
    passwords: dict[str, str]
    client: Callable[[], TestClient]
    url: str

    @property
    def now(self) -> datetime:
        """By the product's clock, in Shanghai."""
        return self.product.clock().astimezone(SHANGHAI)

    def sign_in(self, username: str) -> TestClient:
        client = self.client()
        answer = client.post("/api/v1/session", json={"username": username, "password": self.passwords[username]})
        assert answer.status_code == 200, answer.text
        client.cookies.clear()
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return client

    def sign_in_patient(self, username: str) -> TestClient:
        """``sign_in`` for somebody who asks on only when every view shows what was just done, however slow it is."""
        client = self.sign_in(username)
        client.event_hooks["response"].append(lambda answer: answer.request.method == "POST" and self.caught_up())
        return client

    def caught_up(self) -> None:
        """Wait until every view shows the whole log."""
        last = self.product.log.last_position()
        for view in VIEWS:
            assert self.product.positions.wait(view.name, last, PATIENCE), f"{view.name} does not follow"

    def number(self, view: str) -> int:
        with self.product.database.follower.connection() as conn:
            row = conn.execute(f"SELECT count(*) FROM view.{view}").fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture(scope="module")
def demo(server: str, templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A product of the module's own with the demo's week in it."""
    data = tmp_path_factory.mktemp("data")
    url = templates.week(data)
    with a_product(url, data) as product:
        app = create_app(product)

        def client() -> TestClient:
            return TestClient(app, base_url="http://station.test", raise_server_exceptions=False)

        made = Demo(product, passwords_in(data), client, url)
        made.caught_up()
        yield made
    drop(server, url)


def shanghai(text: str) -> datetime:
    """``2026-11-23 08:40`` in Shanghai."""
    return datetime.fromisoformat(f"{text}+08:00")
