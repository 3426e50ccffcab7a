"""A provider's number that was taken before: the desk asks first, at the field, and nothing that was typed is lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, RunningProduct, SitDown, Workplace
from tests.browser.owing import owe
from tests.browser.test_board import sideways

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

NUMBER = "4200 0024-6820 2612 0112 3456 7890"
AS_SHOWN = "４２０００0246820261201１23456789０"


@pytest.fixture(scope="module", autouse=True)
def owing(product: RunningProduct) -> None:
    owe(product, "76", "欧阳春雨")


def at(desk: Workplace, room: str) -> Page:
    page = desk.see(f"/fees/{desk.product.estate}?q={room}")
    return desk.turn(page.locator("a.hit").first)


@pytest.mark.parametrize(("size", "language", "rooms"), [(DESKTOP, "zh", (1, 2)), (PHONE, "en", (3, 4))])
def test_the_same_number_asks_and_is_taken_by_whoever_says_that_it_is_other_money(
    sit_down: SitDown, size: dict[str, int], language: str, rooms: tuple[int, int]
) -> None:
    desk, (first, second) = sit_down("cashier", size=size, language=language), rooms
    page = at(desk, f"76-1-{first}01")
    page.locator("#amount").fill("10")
    page.locator(".more summary").click()
    expect(page.locator("[name=again]")).to_be_hidden()  # nobody has asked
    page.locator("#reference").fill(f"{NUMBER}{first}")
    desk.turn(page.locator("[data-method='3']"))
    receipt = page.locator("#receipt-no").inner_text()

    page = at(desk, f"76-1-{second}01")
    page.locator("#amount").fill("12.34")
    page.locator(".more summary").click()
    page.locator("#reference").fill(f"{AS_SHOWN}{first}")
    page.locator(".more summary").click()
    page.locator("[data-method='3']").click()
    asked = page.locator("#e-reference")
    for fact in (receipt, f"76-1-{first}01", "10.00"):
        expect(asked).to_contain_text(fact)
    expect(page.locator("#reference")).to_be_focused()
    expect(page.locator("#amount")).to_have_value("12.34")
    expect(page.locator("#reference")).to_have_value(f"{AS_SHOWN}{first}")
    again = page.locator("[name=again]")
    expect(again).to_be_visible()
    assert sideways(page) == 0
    desk.picture(f"fee-desk-number-{language}")
    again.check()
    page.locator("#reference").press("End")
    page.keyboard.type("1")  # another number: what was said of the first one holds no more
    expect(again).not_to_be_checked()
    page.keyboard.press("Backspace")
    page.locator("[data-method='3']").click()
    expect(asked).to_contain_text(receipt)
    again.check()
    desk.turn(page.locator("[data-method='3']"))
    expect(page.locator("#receipt-no")).to_have_text(re.compile(r"^\d{4}-\d{6}$"))
    expect(page.locator(".paid")).to_contain_text("12.34")
