"""The keys of the fee desk: they work where they are shown, and none of them books what nobody meant to."""

import random
import re

import pytest
from playwright.sync_api import Page, Request, Route, expect

from domain.fees.fee_account import UNDO_WITHIN
from tests.browser.conftest import PHONE, RunningProduct, SitDown, Workplace
from tests.browser.owing import owe

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

KEYS = (
    *"0123456789abcdefghijklmnopqrsuvwxyz/?., -",
    *("Enter", "Space", "Tab", "Shift+Tab", "Escape", "Backspace", "Delete", "Home", "End"),
    *("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageDown", "F2", "Shift+1", "Numpad1", "NumpadEnter"),
)  # all but those that open a sheet to print, which leaves the page
SEQUENCES, LENGTH = 6, 14


@pytest.fixture(scope="module", autouse=True)
def owing(product: RunningProduct) -> None:
    owe(product, "78", "司徒静雅")


def picked(desk: Workplace, room: str) -> Page:
    """The desk with a dwelling of that stairwell on it."""
    desk.see(f"/fees/{desk.product.estate}?q=78-1-{room}")
    return desk.turn(desk.page.locator("a.hit").first)


def taken(desk: Workplace, room: str, amount: str, method: int = 0) -> Page:
    """The desk right after so much was taken."""
    page = picked(desk, room)
    page.locator("#amount").fill(amount)
    return desk.turn(page.locator("[data-method]").nth(method))


def owed(desk: Workplace, dwelling: str) -> int:
    return int(desk.context.request.get(f"{desk.product.url}/api/v1/accounts/{dwelling}").json()["balance"])


def payments(desk: Workplace, dwelling: str) -> int:
    return len(desk.context.request.get(f"{desk.product.url}/api/v1/accounts/{dwelling}").json()["payments"])


def stays(route: Route) -> None:
    """No other page comes in place of this one."""
    if route.request.is_navigation_request():
        route.abort("aborted")
    else:
        route.continue_()


def booked(desk: Workplace, page: Page) -> list[str]:
    """Every payment that this page sends off from now on."""
    sent: list[str] = []

    def hears(request: Request) -> None:
        if request.method == "POST" and re.search(r"/fees/[^/]+/[0-9a-f-]{36}$", request.url):
            sent.append(request.url)

    page.on("request", hears)
    return sent


def test_no_keys_on_the_page_after_a_receipt_book_anything(sit_down: SitDown) -> None:
    """Whatever is pressed there, in any order. Where a key leads to another page, this one stays for the test."""
    desk = sit_down("cashier")
    page = taken(desk, "1201", "57")
    where, dwelling = page.url, page.url.split("/")[5]
    before, sent, draw = payments(desk, dwelling), booked(desk, page), random.Random(14)
    desk.expected = "Failed to load resource"
    for _ in range(SEQUENCES):
        desk.see(where)
        page.route("**/*", stays)
        for key in [draw.choice(KEYS) for _ in range(LENGTH)]:
            page.keyboard.press(key)
        page.unroute("**/*", stays)
    assert (sent, payments(desk, dwelling)) == ([], before)
    desk.see(
        where.rpartition("/")[0]
    )  # as the button for going back does: no amount waits there for a hand that goes on
    expect(page.locator(".till__pay .said--warn")).to_contain_text("刚收过这一户 ¥57.00（现金）")
    expect(page.locator("#amount")).to_have_value("")
    page.keyboard.press("Enter")
    expect(page.locator("[data-method]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#amount")).to_be_focused()
    assert payments(desk, dwelling) == before


def test_neither_digits_nor_a_key_held_down_book_where_no_method_is_shown(sit_down: SitDown) -> None:
    desk = sit_down("cashier")
    page = picked(desk, "1101")
    dwelling = page.url.split("?")[0].split("/")[5]
    before, sent = owed(desk, dwelling), booked(desk, page)
    page.locator(".due input").first.focus()
    for key in ("1", "2", "5", "Enter"):
        page.locator("main h2").first.click()
        page.keyboard.press(key)
    page.locator(".due input").first.press("Enter")  # a box that is ticked with the keyboard takes no cash
    expect(page.locator("[data-method]").first).to_be_focused()
    page.locator("#amount").focus()
    for _ in range(6):
        page.keyboard.down("Enter")  # as a hand that rests on it: each but the first is a repetition
    page.keyboard.up("Enter")
    expect(page.locator("[data-method]").first).to_be_focused()
    assert (sent, owed(desk, dwelling)) == ([], before)


def test_a_digit_in_the_amount_is_an_amount_and_the_bills_it_pays_are_told(sit_down: SitDown) -> None:
    desk = sit_down("cashier")
    page = picked(desk, "1001")
    rows = page.locator("#pays li")
    expect(rows).to_have_count(1)  # three years of one kind in a row are one line
    expect(rows.first).to_contain_text("交清")
    page.keyboard.type("2")
    expect(page.locator("#amount")).to_have_value("2")
    expect(rows.first).to_contain_text("还欠 ¥641.46")
    page.locator("#amount").fill("700")
    expect(rows).to_have_count(2)
    page.locator(".due input").last.check()
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text(page.locator(".due small").last.inner_text().split(" ")[0][:4])
    page.locator("#amount").fill("12,3,4")
    expect(page.locator("#pays .pays__wrong")).to_be_visible()
    desk.picture("fee-desk-pays")


def test_a_slip_is_undone_and_the_dwelling_owes_again(sit_down: SitDown) -> None:
    desk = sit_down("cashier")
    page = taken(desk, "901", "64.35", 1)
    where, dwelling = page.url, page.url.split("/")[5]
    lately = page.locator(".till__lately li").first
    expect(lately).to_contain_text("邹丽华")
    expect(lately.locator(".lately__how")).to_contain_text(re.compile(r"\d\d:\d\d.*微信"))
    undo = page.locator("form[data-until]")
    expect(undo.locator("[data-seconds]")).to_have_text(re.compile(r"^\d+$"))
    assert int(undo.locator("[data-seconds]").inner_text()) <= UNDO_WITHIN.total_seconds()
    desk.turn(undo.locator("button"))
    expect(page.locator("#pays li").first).to_contain_text("交清")
    assert owed(desk, dwelling) == 3 * 64346
    desk.see(where)
    expect(page.locator(".paid .said--bad")).to_contain_text("冲回")
    expect(page.locator("form[data-until]")).to_have_count(0)
    page = desk.turn(page.locator(".paid .said--bad a"))
    expect(page.locator("#h-payment ~ .mark--bad")).to_contain_text("当场撤销")
    expect(page.locator(".panel .said--bad").first).to_contain_text(re.compile(r"江小燕 .*\d\d:\d\d 冲回"))


def test_after_a_receipt_one_press_leads_to_the_next_dwelling_also_with_a_thumb(sit_down: SitDown) -> None:
    desk = sit_down("cashier", size=PHONE)
    page = taken(desk, "801", "20")
    expect(page.locator("[data-take]")).to_have_count(0)
    box = page.locator("[data-next]").bounding_box()
    assert box is not None and box["height"] >= 44 and box["y"] + box["height"] < PHONE["height"]
    desk.turn(page.locator("[data-next]"))
    expect(page.locator("#fee-q")).to_be_visible()
    with_keys = sit_down("cashier")
    page = taken(with_keys, "801", "21")
    page.keyboard.press("n")
    expect(page.locator("#fee-q")).to_be_focused()


def test_what_was_typed_when_the_session_ended_is_there_after_signing_in(sit_down: SitDown) -> None:
    """Amounts, which the page would fill in by itself, boxes and days as well."""
    desk = sit_down("accountant")
    page = picked(desk, "701")
    page.locator(".due input").nth(1).check()
    page.locator("#amount").fill("123.45")
    page.locator("#given").fill("200")
    cookies = desk.context.cookies()
    desk.context.clear_cookies()
    desk.context.add_cookies([each for each in cookies if each["name"] == "language"])
    page.locator("[data-method]").first.click()
    expect(page.locator(".toast--gone")).to_be_visible()
    page.locator(".toast--gone button").click()
    page.locator("[name=username]").fill("accountant")
    page.locator("[name=password]").fill(desk.product.passwords["accountant"])
    desk.turn(page.locator("main button[type=submit], form button[type=submit]").first)
    expect(page.locator("#amount")).to_have_value("123.45")
    expect(page.locator("#given")).to_have_value("200")
    expect(page.locator(".due input").nth(1)).to_be_checked()
    expect(page.locator("#pays")).to_contain_text("¥123.45")
    expect(page.locator(".draft-back")).to_be_visible()
    page.locator(".draft-back button").click()
    expect(page.locator("#amount")).to_have_value("1930.38")
