"""A whole product in a process of its own, and real browsers that look at it."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect, sync_playwright

from domain.calendar import SHANGHAI
from tests.browser.chromium import chromium
from tests.clock import PATIENCE, RunningClock
from tests.conftest import FIRST
from tests.forked import Nursery
from tests.templates import Templates, passwords_in

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "build" / "screenshots"
WANTED = os.environ.get("TESTS_PICTURES", "no") == "yes"
DESKTOP = {"width": 1366, "height": 768}
TABLET = {"width": 820, "height": 1180}
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 360, "height": 740}


@dataclass(frozen=True)
class RunningProduct:
    """Where it is, and the demo's passwords by account; ``estate`` is the first one's code.

    ``data`` is its folder, ``database`` the URL of what it keeps.
    """

    url: str
    passwords: dict[str, str]
    estate: str
    data: Path
    clock: Callable[[], datetime]
    database: str

    @property
    def now(self) -> datetime:
        """By the product's clock, in Shanghai."""
        return self.clock().astimezone(SHANGHAI)

    @property
    def board(self) -> str:
        return f"{self.url}/board/{self.estate}"


@pytest.fixture(scope="session")
def product(
    nursery: Nursery, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningProduct]:
    """For all browser tests together."""
    with a_running_product(nursery, templates, tmp_path_factory.mktemp("product")) as started:
        yield started


@contextmanager
def a_running_product(nursery: Nursery, templates: Templates, data: Path, **settings: str) -> Iterator[RunningProduct]:
    """A product in a process of its own with the demo's years in it; ``data`` is an empty folder."""
    database = templates.years(data / "data")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    clock = RunningClock()
    environment = os.environ | {
        "JINLIN_DATA": str(data / "data"),
        "JINLIN_DATABASE_URL": database,
        "PORT": str(port),
        **settings,
    }
    with (data / "output").open("wb") as output:
        process = nursery.start("tests.product", [str(clock.began)], environment, output)
    try:
        url = f"http://127.0.0.1:{port}"
        until(lambda: process.poll() is None and ready(url), 120, lambda: (data / "output").read_text()[-4000:])
        yield RunningProduct(url, passwords_in(data / "data"), FIRST, data / "data", clock, database)
    finally:
        process.terminate()
        process.wait(20)


def ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def until(done: Callable[[], bool], seconds: float, why: Callable[[], str]) -> None:
    latest = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < latest, why()
        time.sleep(0.1)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The tests' own Chromium."""
    found = chromium()
    if found is None:
        pytest.skip("no Chromium on this machine")
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=found.executable_path, args=[*found.args], env={**found.env}
        )
        yield started
        started.close()


@dataclass
class Workplace:
    """One browser of one person. ``complaints`` are console errors and policy violations seen on the way.

    ``expected`` is what the console says of a failure that a test brings about itself.
    """

    page: Page
    context: BrowserContext
    product: RunningProduct
    name: str
    complaints: list[str] = field(default_factory=list)
    expected: str = "Failed to load resource: the server responded with a status of 4"  # refusals are answers

    def see(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else self.product.url + path)
        self.page.wait_for_selector("html[data-ready]")
        return self.page

    def turn(self, link: Locator) -> Page:
        """Press what leads to another page, and wait until that one stands: a click returns while the old one does."""
        with self.page.expect_navigation():
            link.click()
        self.page.wait_for_selector("html[data-ready]")
        return self.page

    def board(self) -> Page:
        self.see(self.product.board)
        self.page.wait_for_selector("#live-state[data-state=on]")
        return self.page

    def picture(self, name: str, *, full: bool = False) -> None:
        """What somebody would see now, for whoever asks for pictures: each takes as long as a page."""
        if WANTED:
            PICTURES.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=PICTURES / f"{name}.png", full_page=full)

    def hears(self, message: ConsoleMessage) -> None:
        offline = "net::ERR_INTERNET_DISCONNECTED"
        if message.type == "error" and self.expected not in message.text and offline not in message.text:
            self.complaints.append(message.text)


SitDown = Callable[..., Workplace]


@pytest.fixture
def sit_down(browser: Browser, product: RunningProduct) -> Iterator[SitDown]:
    """``sit_down("head", size=DESK, language="zh")``: a signed-in browser; at the end nobody may have complaints."""
    desks: list[Workplace] = []

    def sit(username: str, size: dict[str, int] = DESKTOP, language: str = "zh", **options: Any) -> Workplace:
        context = browser.new_context(
            viewport=size, has_touch=size["width"] < 800, locale="zh-CN", timezone_id="Asia/Shanghai", **options
        )
        context.add_cookies([{"name": "language", "value": language, "url": product.url}])
        body = {"username": username, "password": product.passwords[username]}
        answer = context.request.post(f"{product.url}/api/v1/session", data=body)
        assert answer.ok, answer.text()
        page = context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        desk = Workplace(page, context, product, username)
        page.on("console", desk.hears)
        page.on("pageerror", lambda error: desk.complaints.append(str(error)))
        desks.append(desk)
        return desk

    yield sit
    for desk in desks:
        desk.context.close()
    assert [complaint for desk in desks for complaint in desk.complaints] == []
