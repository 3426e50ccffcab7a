"""No page has anything that axe finds wrong: every page, both languages, light and dark, desk and phone.

On phones nothing that is tapped is lower than a finger is wide.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, SitDown, Workplace

pytestmark = pytest.mark.slow

LOOK = """async () => (await axe.run({resultTypes: ["violations"]})).violations.map(
    found => `${found.id}: ${found.nodes[0].html.slice(0, 160)} ${found.nodes[0].failureSummary}`)"""

PAGES = {
    "head": (
        "/board/{e}?asOf=400", "/board/{e}?asOf=2999-01-01",
        "/board/{e}", "/notebook/{e}", "/orders-of/{e}", "/people/{e}", "/station/{e}", "/account",
        "/search?q=灯", "/search?q=zzz",
    ),
    "repairer": ("/mine", "/orders-of/{e}", "/refunds/{e}"),
    "admin": ("/admin/accounts", "/admin/sign-ins", "/admin/views", "/people/{e}", "/no-such-page"),
    "committee": (
        "/board/{e}?asOf=400", "/board/{e}", "/board/{e}?wall=1", "/arrears/{e}", "/register/{e}", "/contracts/{e}",
    ),
    "cashier": ("/fees/{e}", "/refunds/{e}", "/drawer/{e}", "/arrears/{e}", "/statements/{e}", "/register/{e}"),
}  # fmt: skip
LOOKS = [("zh", "light", DESKTOP), ("en", "dark", DESKTOP), ("zh", "dark", PHONE), ("en", "light", PHONE)]


LOW = """() => [...document.querySelectorAll(
    '.top .views--fees a, .ptitle, .rail__l a, .leaf-page :is(.btn, .tabs a, select, .table a)')]
    .filter(each => each.offsetHeight && each.offsetHeight < 44).map(each => each.outerHTML.slice(0, 160))"""


@cache
def axe() -> str:
    """The script that looks for what keeps people out; it comes with the packages of the browser's tests."""
    return (Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def found(desk: Workplace) -> list[str]:
    """What axe has against the page."""
    return found_on(desk.page)


def found_on(page: Page) -> list[str]:
    page.evaluate(axe())
    told: list[str] = page.evaluate(LOOK)
    return told


@pytest.mark.parametrize(("language", "theme", "size"), LOOKS)
@pytest.mark.parametrize("username", PAGES)
def test_axe_has_nothing_against_any_page(
    sit_down: SitDown, username: str, language: str, theme: str, size: dict[str, int]
) -> None:
    desk = sit_down(username, size=size, language=language, bypass_csp=True)
    desk.context.add_cookies([{"name": "theme", "value": theme, "url": desk.product.url}])
    for path in PAGES[username]:
        desk.page.goto(desk.product.url + path.format(e=desk.product.estate))
        assert found(desk) == [], path
        assert size != PHONE or desk.page.evaluate(LOW) == [], path
        name = path.split("?")[0].strip("/").replace("/{e}", "").replace("/", "-")
        desk.picture(f"{name}-{username}-{language}-{theme}-{size['width']}")


@pytest.mark.parametrize(("language", "theme", "size"), LOOKS)
def test_axe_has_nothing_against_an_order_a_line_and_the_sign_in(
    sit_down: SitDown, language: str, theme: str, size: dict[str, int]
) -> None:
    desk = sit_down("clerk", size=size, language=language, bypass_csp=True)
    desk.context.add_cookies([{"name": "theme", "value": theme, "url": desk.product.url}])

    def first(selector: str) -> Callable[[], str]:
        def address() -> str:
            desk.see(desk.product.board)
            return str(desk.page.locator(selector).first.get_attribute("href"))

        return address

    for place in (first(".card a[data-nav]"), first(".note a[data-nav]"), lambda: "/sign-in"):
        path = place()
        desk.page.goto(desk.product.url + path)
        assert found(desk) == [], path
