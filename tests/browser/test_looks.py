"""The board and a case where they looked wrong: too narrow, too low, cut, covered, gone without a network."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, SitDown
from tests.browser.test_board import note, sideways
from tests.browser.test_order import make_order

pytestmark = pytest.mark.slow

SMALL = {"width": 320, "height": 640}
LOW = """() => [...document.querySelectorAll("a,button,summary,select")].filter(each => {
    const box = each.getBoundingClientRect();
    return box.height && box.width > 1 && box.height < 31.5 && !each.closest("dialog")
        && getComputedStyle(each, "::after").position !== "absolute" && getComputedStyle(each).position !== "absolute";
}).map(each => `${each.className} ${each.textContent.trim().slice(0, 20)} ${each.getBoundingClientRect().height}`)"""

BESIDE = """() => [...document.querySelectorAll("main, main :is(input, select, button, a, table, p)")].filter(each => {
    if (each.closest("[hidden], dialog, .sr, details:not([open])")) return false;
    if (each.id === "main") return each.scrollWidth > each.clientWidth + 1;
    for (let around = each.parentElement; around.id !== "main"; around = around.parentElement)
        if (getComputedStyle(around).overflowX !== "visible") return false;  // one pushes it along
    const box = each.getBoundingClientRect();
    return box.width && box.right > innerWidth + 1;
}).map(each => `${each.tagName} ${each.className} ${each.textContent.trim().slice(0, 20)}`)"""


def test_the_paused_lane_opens_as_wide_as_the_others_and_a_toast_covers_no_card(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.board()
    page.locator("#lane-held summary").click()
    width = "() => document.querySelector('#lane-held').getBoundingClientRect().width"
    page.wait_for_function("() => document.querySelector('#lane-held').getBoundingClientRect().width >= 150")
    assert page.evaluate(width) > page.evaluate(width.replace("held", "working")) - 2
    assert sideways(page) <= 0
    page.evaluate("() => document.dispatchEvent(new CustomEvent('say', { detail: '已派给陈志强' }))")
    box = page.locator(".toast").bounding_box()
    assert box and box["y"] + box["height"] <= 54  # the bar at the top
    desk.picture("board-held-desk")


def test_a_long_note_ends_after_four_lines_on_the_board(sit_down: SitDown) -> None:
    desk = sit_down("clerk")
    page = desk.board()
    said = "9栋楼道里堆了很多东西" + "还有旧家具没有人来搬走" * 60
    note(page, said)
    text = page.locator("#lane-inbox .note__text", has_text="9栋楼道里堆了很多东西").first
    expect(text).to_contain_text("还有旧家具没有人来搬走")
    assert text.evaluate("each => each.getBoundingClientRect().height") <= 4 * 20 + 1


@pytest.mark.parametrize("path", ["/board/{e}", "/notebook/{e}", "/orders-of/{e}", "/station/{e}"])
def test_nothing_that_is_pressed_at_the_desk_is_low(sit_down: SitDown, path: str) -> None:
    desk = sit_down("head")
    assert desk.see(path.format(e=desk.product.estate)).evaluate(LOW) == []


def test_letters_of_sixteen_pixels_are_chosen_once_and_fit_the_screen(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.see("/account")
    with page.expect_navigation():
        page.locator("[data-size-to=large]").click()
    expect(page.locator("[data-size-to=large]")).to_have_attribute("aria-pressed", "true")
    for path in ("/board/{e}", "/orders-of/{e}", "/statements/{e}"):
        desk.see(path.format(e=desk.product.estate))
        size = "() => parseFloat(getComputedStyle(document.body).fontSize) * document.body.currentCSSZoom"
        zoom = page.evaluate("() => document.body.getBoundingClientRect().width / document.body.offsetWidth")
        assert page.evaluate(size) >= 15.9 or zoom * 14 >= 15.9
        assert sideways(page) <= 0
        assert page.evaluate("() => document.documentElement.scrollHeight <= innerHeight + 1")
    desk.picture("large-desk")


def test_of_a_danger_somebody_is_sent_at_once_and_the_number_that_is_called_fills_the_form(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.board()
    make_order(page, "7栋1单元电梯困人，里面有老人")
    expect(page.locator("#next").get_by_role("link", name="派单")).to_have_class("btn btn--l")
    for number, service in (("110", "POLICE_110"), ("119", "FIRE_119"), ("120", "AMBULANCE_120")):
        call = page.locator("#f-main").get_by_role("link", name=number)
        call.evaluate("each => each.addEventListener('click', event => event.preventDefault())")
        call.click()
        expect(page.locator("#f-main [name=service]")).to_have_value(service)
    expect(page.locator(".hist .fact")).to_have_count(2)  # noted, and made an order: one line each
    page.locator(".beside summary").click()
    expect(page.locator(".beside")).to_contain_text("时限")
    desk.picture("danger-order-desk")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [PHONE, SMALL])
def test_a_phone_shows_every_step_of_an_order(sit_down: SitDown, size: dict[str, int], language: str) -> None:
    desk = sit_down("head", size, language)
    page = desk.board()
    order = page.locator("#lane-checking .card a[data-nav]").first.get_attribute("href")
    desk.see(str(order))
    expect(page.locator(".steps--wide li:visible")).to_have_count(7)
    assert sideways(page) <= 0
    inside = """() => [...document.querySelectorAll('.steps--wide li')].every(each =>
        each.getBoundingClientRect().right <= innerWidth && each.scrollWidth <= each.clientWidth + 1)"""
    assert page.evaluate(inside)
    desk.picture(f"steps-{language}-{size['width']}")


def test_help_scrolls_by_keyboard(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.see("/help")
    for key in ("PageDown", "Home", "End", "PageUp", "Space", "ArrowUp"):
        before = page.evaluate("() => document.getElementById('main').scrollTop")
        page.keyboard.press(key)
        page.wait_for_function(f"() => document.getElementById('main').scrollTop !== {before}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_wider_than_the_smallest_phone(sit_down: SitDown, language: str) -> None:
    desk = sit_down("head", SMALL, language)
    for path in ("/board/{e}", "/people/{e}", "/people/{e}/duty", "/help", "/account", "/bell", "/imports/{e}",
                 "/fees/{e}", "/drawer/{e}", "/statements/{e}", "/closing/{e}", "/arrears/{e}", "/contracts/{e}",
                 "/register/{e}", "/register/{e}/imports", "/cockpit/{e}", "/station/{e}"):  # fmt: skip
        desk.page.goto(desk.product.url + path.format(e=desk.product.estate), wait_until="domcontentloaded")
        assert sideways(desk.page) <= 0, path
        assert desk.page.evaluate(BESIDE) == [], path


def test_a_tap_without_a_network_keeps_the_page(sit_down: SitDown) -> None:
    desk = sit_down("head", PHONE)
    page = desk.board()
    desk.context.set_offline(True)
    page.locator(".rail__l li:visible a").nth(1).tap()
    expect(page.locator(".toast").last).to_contain_text("没有网络")
    assert page.url == desk.product.board
    expect(page.locator("#note")).to_be_visible()
    desk.context.set_offline(False)
    desk.turn(page.locator(".rail__l li:visible a").nth(1))
    assert "/notebook/" in page.url
