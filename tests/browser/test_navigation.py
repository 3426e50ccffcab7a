"""The ways to pages as people use them: rail and shelf, all areas, the bar of a phone, and what stands still."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, SitDown

pytestmark = pytest.mark.slow

SHIFTED = """() => new Promise(done => {
    let sum = 0;
    new PerformanceObserver(list => { for (const each of list.getEntries()) sum += each.value; })
        .observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})"""
PLACES = """() => [".rail__brand", ".rail__l", ".all", ".shelf", ".top > .switch", ".top .find", ".top .me", "#main"]
    .map(found => document.querySelector(found)).filter(each => each && each.offsetParent !== null)
    .map(each => [each.className.split(" ")[0] || each.id, Math.round(each.getBoundingClientRect().x),
                  Math.round(each.getBoundingClientRect().y)].join(" "))"""
OF_FEES = ("fees", "drawer", "refunds", "bill-runs", "statements", "invoices", "closing", "arrears", "contracts",
           "register", "cockpit")  # fmt: skip


def told(page: Page) -> None:
    """Wait until what waits has been asked for and shown."""
    page.wait_for_function("() => [...document.querySelectorAll('.rail [data-waits-of]')].some(each => !each.hidden)")


@pytest.mark.parametrize(("size", "language"), [(DESKTOP, "zh"), (DESKTOP, "en"), (PHONE, "zh")])
def test_nothing_shifts_while_a_page_loads_nor_from_page_to_page(
    sit_down: SitDown, size: dict[str, int], language: str
) -> None:
    desk = sit_down("head", size, language)
    stood: dict[str, list[str]] = {}
    for path in OF_FEES:
        page = desk.see(f"/{path}/{desk.product.estate}")
        told(page)
        assert page.evaluate(SHIFTED) < 0.005, path
        stood[path] = page.evaluate(PLACES) if size is DESKTOP else []
    assert {tuple(each) for each in stood.values()} == {tuple(stood["fees"])}, stood
    areas = {}
    for path in ("board", "notebook", "orders-of", "people", "station"):
        page = desk.see(f"/{path}/{desk.product.estate}")
        told(page)
        assert page.evaluate(SHIFTED) < 0.005, path
        areas[path] = [
            each for each in page.evaluate(PLACES) if each.split()[0] in ("rail__brand", "rail__l", "switch")
        ]
    assert size is PHONE or len({tuple(each) for each in areas.values()}) == 1, areas


def test_a_shelf_is_put_away_to_its_title_and_stays_so(sit_down: SitDown) -> None:
    desk = sit_down("cashier")
    page = desk.see(f"/statements/{desk.product.estate}")
    expect(page.locator(".shelf [aria-current=page]")).to_have_text("对账")
    desk.picture("shelf-desk")
    page.keyboard.press("[")
    expect(page.locator("#shelf")).to_be_hidden()
    expect(page.locator(".ptitle")).to_contain_text("对账")
    page.reload()
    expect(page.locator("#shelf")).to_be_hidden()
    page.wait_for_selector("html[data-ready]")
    page.locator(".ptitle").click()
    desk.picture("shelf-folded-desk")
    expect(page.locator("#shelf [aria-current=page]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#shelf")).to_be_hidden()
    page.keyboard.press("[")
    expect(page.locator("#shelf")).to_be_visible()
    page.locator(".find input").focus()
    page.keyboard.press("[")
    expect(page.locator("#shelf")).to_be_visible()  # typed into a field it is a letter


def test_all_areas_open_with_their_letters_and_say_what_is_elsewhere(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.board()
    page.locator(".all summary").click()
    expect(page.locator(".all .tile", has_text="台账").locator("kbd")).to_have_text("r")
    expect(page.locator(".all__keys")).to_contain_text("账号、运行在管理员那里")
    desk.picture("all-areas-desk")
    page.keyboard.press("Escape")
    expect(page.locator(".all__in")).to_be_hidden()
    for letter, where in (("r", "register"), ("h", "station"), ("b", "board"), ("m", "fees")):
        page.keyboard.press("g")
        with page.expect_navigation():
            page.keyboard.press(letter)
        page.wait_for_selector("html[data-ready]")
        assert f"/{where}/" in page.url


def test_a_badge_that_is_not_known_to_be_true_disappears(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.see(f"/people/{desk.product.estate}")
    told(page)
    badge = page.locator('.rail [data-area="notebook"] .rail__n')
    expect(badge).to_contain_text("件等您办")
    page.evaluate("() => dispatchEvent(new Event('offline'))")
    expect(badge).to_be_hidden()
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(badge).to_be_visible()
    desk.expected = "Failed to load resource"
    page.route("**/waits/*", lambda route: route.abort())
    page.evaluate("() => document.dispatchEvent(new Event('settled'))")
    expect(badge).to_be_hidden()


def test_twelve_areas_stand_above_one_another_on_a_small_screen(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.board()
    page.evaluate("""() => {
        const list = document.querySelector(".rail__l"), shown = () => list.querySelectorAll("li:not(.is-else)");
        while (shown().length < 12) list.append(shown()[0].cloneNode(true));
    }""")
    assert page.evaluate(
        "() => document.querySelector('.rail__l').scrollHeight <= document.querySelector('.rail__l').clientHeight"
    )
    assert page.locator(".all summary").bounding_box()["y"] + 46 <= DESKTOP["height"]  # type: ignore[index]


def test_a_phone_has_four_areas_and_all_and_a_long_press_puts_one_there(sit_down: SitDown) -> None:
    desk = sit_down("head", PHONE)
    page = desk.see(f"/people/{desk.product.estate}")
    bar = page.locator(".rail__l li:visible")
    expect(bar.locator("a > span")).to_have_text(["看板", "记事", "工单", "收费"])
    page.locator(".all summary").tap()
    desk.picture("all-areas-phone")
    low = """() => [...document.querySelectorAll('.all a, .rail__l a')]
        .filter(each => each.offsetHeight && each.offsetHeight < 44).length"""
    assert page.evaluate(low) == 0
    tile = page.locator(".tile", has_text="台账")
    tile.dispatch_event("pointerdown")
    expect(page.locator(".all__h")).to_contain_text("台账已换到底栏")
    tile.dispatch_event("pointerup")
    expect(bar.last.locator("a > span")).to_have_text("台账")
    page.reload()
    expect(bar.locator("a > span")).to_have_text(["看板", "记事", "工单", "台账"])
    page.wait_for_selector("html[data-ready]")
    page.locator(".all summary").press("Enter")  # and without a finger: a button, then the area
    page.get_by_role("button", name="换底栏").press("Enter")
    page.locator(".tile", has_text="本站").press("Enter")
    expect(page.locator(".all__h")).to_contain_text("本站已换到底栏")
    expect(bar.locator("a > span")).to_have_text(["看板", "记事", "工单", "本站"])
    assert "/people/" in page.url


def test_on_a_phone_the_title_raises_the_pages_of_its_area(sit_down: SitDown) -> None:
    desk = sit_down("cashier", PHONE)
    page = desk.see(f"/drawer/{desk.product.estate}")
    page.locator(".ptitle").tap()
    expect(page.locator("#shelf")).to_be_visible()
    desk.picture("shelf-phone")
    page.locator("#shelf").get_by_role("link", name="退款").tap()
    page.wait_for_url("**/refunds/*")
    expect(page.locator("#shelf")).to_be_hidden()


def test_without_a_script_all_ways_are_links(sit_down: SitDown) -> None:
    desk = sit_down("cashier", PHONE, java_script_enabled=False)
    page = desk.page
    page.goto(f"{desk.product.url}/drawer/{desk.product.estate}")
    page.locator(".ptitle").tap()
    expect(page.locator("#shelf")).to_be_visible()
    page.locator("#shelf").get_by_role("link", name="退款").tap()
    page.wait_for_url("**/refunds/*")
    page.locator(".all summary").tap()
    page.locator(".tile", has_text="台账").tap()
    page.wait_for_url("**/register/*")
