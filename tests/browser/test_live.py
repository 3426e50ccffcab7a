"""Live is true or says as of when: what may be behind covers its dot within seconds, and comes back by itself."""

import re
import socket
from contextlib import suppress
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningProduct, SitDown

pytestmark = pytest.mark.slow

DOT = "#live-state"


def covered(page: Page) -> None:
    """The dot says as of when, and so does the whole page."""
    expect(page.locator(f"{DOT}[data-state=old]")).to_be_visible(timeout=20_000)
    expect(page.locator(DOT)).to_have_text(re.compile(r"停在 (\d\d-\d\d )?\d\d:\d\d\s*$"))
    assert page.evaluate("document.body.classList.contains('is-old')")


def test_a_wall_whose_session_is_gone_says_as_of_when(sit_down: SitDown, product: RunningProduct) -> None:
    desk = sit_down("clerk")
    page = desk.see(f"{product.board}?wall=1")
    page.wait_for_selector(f"{DOT}[data-state=on]")
    admin = sit_down("admin")
    token = admin.see("/account").locator("meta[name=csrf-token]").get_attribute("content")
    ended = admin.context.request.delete(
        f"{product.url}/api/v1/accounts/clerk/sessions", headers={"X-CSRF-Token": token or "", "Origin": product.url}
    )
    assert ended.status == 204
    covered(page)
    expect(page.locator(DOT)).to_contain_text("登录已失效")


class Line:
    """A line to the product that can be cut and mended."""

    def __init__(self, port: int) -> None:
        self._upstream, self._ends, self.up = port, set[socket.socket](), True
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        self.up = False
        for end in list(self._ends):
            end.close() if end.fileno() < 0 else end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.cut()
        self._door.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                if not self.up:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._upstream))
                self._ends |= {near, far}
                for one, other in ((near, far), (far, near)):
                    Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for end in (one, other):
            self._ends.discard(end)
            end.close()


def test_a_server_out_of_reach_covers_the_dot_until_it_can_be_reached(
    sit_down: SitDown, product: RunningProduct
) -> None:
    line, desk = Line(int(product.url.rpartition(":")[2])), sit_down("head")
    page = desk.page
    try:
        desk.see(f"http://127.0.0.1:{line.port}/board/{product.estate}")
        page.wait_for_selector(f"{DOT}[data-state=on]")
        line.cut()
        covered(page)
        line.up = True
        page.wait_for_selector(f"{DOT}[data-state=on]")
        assert not page.evaluate("document.body.classList.contains('is-old')")
    finally:
        page.close()
        line.close()
        desk.complaints.clear()  # what was cut off on purpose


def test_a_page_whose_stream_is_silent_says_so(sit_down: SitDown, product: RunningProduct) -> None:
    """A line that is cut without a word: nothing ends, nothing comes."""
    desk = sit_down("head")
    page = desk.page
    page.add_init_script("window.EventSource = class extends EventTarget { readyState = 1; close() {} };")
    desk.see(product.board)
    covered(page)


def test_a_page_that_slept_is_covered_when_it_wakes(sit_down: SitDown, product: RunningProduct) -> None:
    """Frozen as a browser freezes tabs and a lid freezes machines: what it shows is then of a moment long ago."""
    desk = sit_down("head")
    page = desk.board()
    page.evaluate(
        """() => {
        const stream = window.EventSource, real = Date.now.bind(Date);
        window.EventSource = class extends EventTarget { readyState = 1; close() {} };  // nothing is heard at once
        window.fetch = () => new Promise(() => {});
        Date.now = () => real() + 3600000;
        document.dispatchEvent(new Event("resume"));
    }"""
    )
    covered(page)


def test_news_that_cannot_be_fetched_cover_the_dot(sit_down: SitDown, product: RunningProduct) -> None:
    desk = sit_down("head")
    page = desk.board()
    page.route("**/live?**", lambda route: route.abort() if "/board/" in route.request.url else route.continue_())
    page.route("**/board/*/live", lambda route: route.abort())
    page.evaluate("document.querySelector('#note').value = ''")
    page.locator("#note").fill("3栋楼道灯坏了")
    page.locator("#capture button[type=submit]").click()
    covered(page)
    desk.complaints.clear()  # what was cut off on purpose
