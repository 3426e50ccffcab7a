"""A database that says nothing any more: everybody hears so within seconds, nothing is doubled, and it goes on."""

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event, Thread
from time import monotonic
from typing import ClassVar
from uuid import uuid4

import httpx
import psycopg
import pytest
import uvicorn

from services.database.pulse import EVERY, LOST_AFTER, SILENCE
from services.product import Product
from services.running import schema
from services.running.app import create_app
from services.words.sentences import words_at_hand
from tests.clock import PATIENCE
from tests.conftest import FIRST, a_product
from tests.fault_proxy import FaultProxy, a_fault_proxy
from tests.postgres import a_server, drop
from tests.templates import Templates, passwords_in

BOUND = 5.0  # seconds within which everybody is answered, and within which all is well again
AT_ONCE = 1.0  # what needs no database

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Station:
    """A product behind a port, its database behind a proxy, and one who is signed in as a program and in a browser."""

    product: Product
    server: str
    through: str  # the same, by way of the proxy
    before: int  # lines that were there
    proxy: FaultProxy
    password: str
    bearer: dict[str, str]
    program: httpx.Client
    browser: httpx.Client
    asked: set[str] = field(default_factory=set)  # keys of lines
    time: ClassVar["OwnTime"]

    def page(self, path: str, language: str) -> tuple[httpx.Response, float]:
        """As a browser asks for it."""
        headers = {"Accept": "text/html", "Accept-Language": language}
        return timed(lambda: self.browser.get(path, headers=headers))

    def watched(self, which: str) -> tuple[httpx.Response, float]:
        """As those who run it ask for it."""
        return timed(lambda: self.program.get("/metrics" if which == "metrics" else f"/health/{which}"))

    def note(self, key: str, language: str = "en") -> tuple[httpx.Response, float]:
        """A line in the notebook."""
        self.asked.add(key)
        headers = self.bearer | {"Idempotency-Key": key, "Accept-Language": language}
        body = {"estate": FIRST, "text": f"第 {key} 件"}
        return timed(lambda: self.program.post("/api/v1/issues", json=body, headers=headers))

    def sign_in(self, language: str) -> tuple[httpx.Response, float]:
        body = {"username": "head", "password": self.password}
        headers = {"Accept-Language": language}
        return timed(lambda: self.program.post("/api/v1/session", json=body, headers=headers))

    def sign_in_page(self, language: str) -> tuple[httpx.Response, float]:
        form = {"username": "head", "password": self.password}
        headers = {"Accept-Language": language, "Accept": "text/html"}
        return timed(lambda: self.program.post("/sign-in", data=form, headers=headers))

    def noted(self) -> int:
        """Lines in the notebook, as the log has them."""
        return lines_in(self.server)

    def well_within(self, seconds: float) -> None:
        until, key = self.time.now + seconds, uuid4().hex
        while self.note(key)[0].status_code != 201:
            assert self.time.now < until, "it does not go on"

    def ready_within(self, seconds: float) -> None:
        until = self.time.now + seconds
        while self.watched("ready")[0].status_code != 200:
            assert self.time.now < until, self.watched("ready")[0].text


class OwnTime:
    """Seconds as this process lives them: while others have the machine, its time stands still.

    A bound on waiting is held against it; how fast a busy machine computes is no matter of a bound.
    """

    TICK = 0.02

    def __init__(self) -> None:
        self.now = 0.0
        self._ending = Event()
        self._thread = Thread(target=self._run, name="own-time", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._ending.wait(self.TICK):
            self.now += self.TICK

    def end(self) -> None:
        self._ending.set()
        self._thread.join()


@pytest.fixture(scope="module", autouse=True)
def own_time() -> Iterator[None]:
    Station.time = OwnTime()
    yield
    Station.time.end()


def lines_in(url: str) -> int:
    with psycopg.connect(url) as conn:
        row = conn.execute("SELECT count(*) FROM log.stored_events WHERE topic = 'IssueNoted'").fetchone()
    assert row is not None
    return int(row[0])


def timed(ask: Callable[[], httpx.Response]) -> tuple[httpx.Response, float]:
    began = Station.time.now
    return ask(), Station.time.now - began


def client(address: str) -> httpx.Client:
    """Whose requests do not wait for one another."""
    return httpx.Client(base_url=address, timeout=PATIENCE, limits=httpx.Limits(max_connections=200))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own, since it is stopped while others go on with their tests."""
    with a_server(tmp_path_factory.mktemp("run")) as url:
        yield url


@pytest.fixture(scope="module")
def templates(server: str, tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return Templates(server, tmp_path_factory.mktemp("templates"))


@pytest.fixture(scope="module")
def station(server: str, templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    data = tmp_path_factory.mktemp("data")
    url = templates.week(data)
    with (
        tempfile.TemporaryDirectory(prefix="jinlin-proxy-") as folder,  # short: a socket's path has few characters
        a_fault_proxy(url, Path(folder)) as (through, proxy),
        a_product(through, data) as product,
        served(product) as address,
    ):
        password = passwords_in(data)["head"]
        with client(address) as program, client(address) as browser:
            signed_in = program.post("/api/v1/session", json={"username": "head", "password": password})
            program.cookies.clear()
            browser.post("/sign-in", data={"username": "head", "password": password})
            bearer = {"Authorization": f"Bearer {signed_in.json()['token']}"}
            yield Station(product, url, through, lines_in(url), proxy, password, bearer, program, browser)
        proxy.heal()
    drop(server, url)


@contextmanager
def served(product: Product) -> Iterator[str]:
    """The address of a product behind a port of its own."""
    product.go_on()
    words_at_hand()
    config = uvicorn.Config(create_app(product), port=0, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, name="server")
    thread.start()
    until = monotonic() + PATIENCE
    while not server.started:
        assert monotonic() < until
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


@contextmanager
def stopped(server: str) -> Iterator[None]:
    """PostgreSQL and all its children stand still for as long as this lasts."""
    with psycopg.connect(server) as conn:
        row = conn.execute("SHOW data_directory").fetchone()
    assert row is not None
    postmaster = int((Path(row[0]) / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
    held: list[int] = []
    try:
        for pid in (postmaster, *children(postmaster)):
            with suppress(ProcessLookupError):  # it ended of itself
                os.kill(pid, signal.SIGSTOP)
                held.append(pid)
        yield
    finally:
        for pid in held:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def children(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(status.parent.name))
    return found


def told_to_come_again(answered: tuple[httpx.Response, float], language: str, page: bool) -> None:
    answer, took = answered
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["retry-after"]) > 0
    assert took < BOUND
    if page:
        assert f'lang="{"zh" if language == "zh" else "en"}' in answer.text
    else:
        assert answer.json()["code"] == "try_later"
        assert answer.headers["content-language"] == language


def none_is_lost_or_doubled(station: Station) -> None:
    """Every line that anybody ever asked for stands in the log once, however often and with what answers he asked."""
    numbers = set()
    for key in station.asked:
        answer, _ = station.note(key)
        assert answer.status_code == 201, answer.text
        numbers.add(answer.json()["number"])
    assert len(numbers) == len(station.asked)
    assert station.noted() == station.before + len(station.asked)


def test_a_stopped_server_costs_nobody_more_than_seconds_and_nothing_is_doubled(station: Station, server: str) -> None:
    station.well_within(BOUND)
    keys = [f"stopped-{n}" for n in range(48)]  # more than there are threads and connections
    with ThreadPoolExecutor(64) as people:
        with stopped(server):
            notes = [people.submit(station.note, key, "zh") for key in keys]
            signing_in = [people.submit(station.sign_in, language) for language in ("zh", "en")]
            pages = [people.submit(station.sign_in_page, language) for language in ("zh", "en")]
            watching = [people.submit(station.watched, which) for which in ("live", "ready", "metrics") * 5]
            for each in watching:  # although every thread waits by now
                answer, took = each.result()
                assert answer.status_code in (200, 503) and took < AT_ONCE
            boards = [people.submit(station.page, f"/orders-of/{FIRST}", language) for language in ("zh", "en")]
            for each in notes:
                told_to_come_again(each.result(), "zh", False)
            for each, language in zip(signing_in, ("zh", "en"), strict=True):
                told_to_come_again(each.result(), language, False)
            for each, language in zip([*pages, *boards], ("zh", "en") * 2, strict=True):
                told_to_come_again(each.result(), language, True)
            again = station.note("stopped-0")  # nobody waits in vain any more
            told_to_come_again(again, "en", False)
            assert again[1] < AT_ONCE
            ready, took = station.watched("ready")
            assert (ready.status_code, took < AT_ONCE) == (503, True)
            assert int(ready.headers["retry-after"]) > 0
            assert ready.json()["problems"][0] == "the database does not answer"
            assert station.watched("live")[0].json() == {"live": True}
            assert "jinlin_database_up 0.0" in station.watched("metrics")[0].text
        station.well_within(BOUND)
        station.ready_within(BOUND)
    none_is_lost_or_doubled(station)


def test_a_network_that_swallows_everything_is_no_different(station: Station) -> None:
    station.well_within(BOUND)
    station.proxy.swallow()
    with ThreadPoolExecutor(2) as people:
        asked = [people.submit(station.note, "swallowed"), people.submit(station.sign_in, "en")]
        for each in asked:
            told_to_come_again(each.result(), "en", False)
    station.proxy.heal()  # what was on its way is lost for good: every connection is a new one
    station.well_within(BOUND)
    none_is_lost_or_doubled(station)


@pytest.mark.parametrize("before", [True, False], ids=["the question", "the answer"])
def test_one_connection_on_which_something_got_lost_is_found_although_the_server_lives(
    station: Station, before: bool
) -> None:
    station.well_within(BOUND)
    key = f"lost-{before}"
    station.proxy.swallow_after(key.encode(), before=before)
    answer, took = station.note(key)
    assert took < BOUND + SILENCE
    assert answer.status_code in (201, 503), answer.text
    station.well_within(BOUND)
    none_is_lost_or_doubled(station)


def test_a_server_that_works_for_long_is_not_taken_for_a_silent_one(station: Station) -> None:
    station.well_within(BOUND)
    with station.product.database.app.connection() as conn:
        conn.execute("SELECT pg_sleep(%s)", (LOST_AFTER + 2 * EVERY + 0.5,))
        assert conn.execute("SELECT 1").fetchone() == (1,)


def stop_and_go(station: Station, server: str, rounds: int, writers: int = 4) -> None:
    """While people write on, stop the server again and again for a while that nobody chose; each line is there once."""
    chance, over, keys = Random(20261201), Event(), [[uuid4().hex] for _ in range(writers)]

    def write(mine: list[str]) -> None:
        while not over.is_set():
            answer, took = station.note(mine[-1])
            assert answer.status_code in (201, 503), answer.text
            assert took < BOUND
            if answer.status_code == 201:
                mine.append(uuid4().hex)

    with ThreadPoolExecutor(writers) as people:
        writing = [people.submit(write, mine) for mine in keys]
        for _ in range(rounds):
            with stopped(server):
                over.wait(chance.uniform(0.1, 2 * SILENCE))
            over.wait(chance.uniform(0.05, 1.0))
        station.well_within(BOUND)
        over.set()
        for each in writing:
            each.result(PATIENCE)
    assert sum(len(mine) for mine in keys) > rounds + writers
    none_is_lost_or_doubled(station)


@pytest.mark.timeout(120)
def test_stopped_now_and_then_while_people_write_nothing_is_lost_or_doubled(station: Station, server: str) -> None:
    stop_and_go(station, server, rounds=2)


@pytest.mark.drill
@pytest.mark.timeout(1800)
def test_stopped_a_hundred_times_nothing_is_lost_or_doubled(station: Station, server: str) -> None:
    stop_and_go(station, server, rounds=100)


@pytest.mark.parametrize("already_asked", [False, True], ids=["from the first word", "in the midst of it"])
def test_a_start_over_it_ends_in_a_sentence_instead_of_waiting(station: Station, already_asked: bool) -> None:
    station.well_within(BOUND)
    if already_asked:
        station.proxy.swallow_after(b"pg_advisory_lock", before=True)
    else:
        station.proxy.swallow()
    began = Station.time.now
    try:
        with pytest.raises(psycopg.OperationalError):
            schema.prepare(station.through, station.product.settings.data)
        assert Station.time.now - began < BOUND
    finally:
        station.proxy.heal()
    station.well_within(BOUND)


def test_news_are_heard_again_after_the_line_has_gone_dead(station: Station) -> None:
    station.well_within(BOUND)
    station.proxy.swallow()
    until = monotonic() + PATIENCE
    while not station.product.database.pulse.silent:
        assert monotonic() < until
    station.proxy.heal()
    station.well_within(BOUND)
    noted = station.note("heard")[0].json()
    assert station.product.positions.wait("notebook", noted["position"], PATIENCE)
