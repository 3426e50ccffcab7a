"""The owner's own statement: made at the desk as a code, read on a phone by somebody who is not signed in."""

from io import BytesIO

import httpx
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DESKTOP, PHONE, RunningProduct, SitDown
from tests.browser.test_axe import LOOK, LOOKS, axe, found
from tests.browser.test_board import sideways
from tests.browser.test_receipts import Paid, paid, program

__all__ = ["paid"]  # the fixture

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def address(client: httpx.Client, dwelling: str) -> str:
    answer = client.post(f"/api/v1/dwellings/{dwelling}/statement-links", json={"days": 7})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["url"])


@pytest.mark.parametrize(("language", "theme", "size"), LOOKS)
def test_an_owner_reads_it_without_signing_in(
    browser: Browser, product: RunningProduct, paid: Paid, language: str, theme: str, size: dict[str, int]
) -> None:
    url = address(program(product, "cashier"), paid.dwelling)
    context = browser.new_context(viewport=size, locale="zh-CN", bypass_csp=True)
    context.add_cookies([{"name": name, "value": value, "url": product.url} for name, value in (
        ("language", language), ("theme", theme),
    )])  # fmt: skip
    page = context.new_page()
    page.goto(url)
    expect(page.locator("section:has(#h-paid)")).to_contain_text("643.46")
    assert not sideways(page)
    page.evaluate(axe())
    assert page.evaluate(LOOK) == []
    page.screenshot(path=f"build/screenshots/own-statement-{language}-{theme}-{size['width']}.png", full_page=True)
    page.goto(product.url + "/s/" + "x" * 22)
    expect(page.locator("[role=alert]")).to_be_visible()
    context.close()


@pytest.mark.parametrize(("language", "theme", "size"), LOOKS)
def test_the_desk_shows_a_code_that_leads_there_and_takes_it_back(
    sit_down: SitDown, browser: Browser, paid: Paid, language: str, theme: str, size: dict[str, int]
) -> None:
    desk = sit_down("cashier", size=size, language=language, bypass_csp=True)
    desk.context.add_cookies([{"name": "theme", "value": theme, "url": desk.product.url}])
    page = desk.see(f"/accounts/{paid.dwelling}")
    page.locator("a[href$='/statement-links']").click()
    page.wait_for_url("**/statement-links")
    page.locator(".form-row button").click()
    code = page.locator(".code__qr")
    expect(code).to_be_visible()
    assert found(desk) == [] and not sideways(page)
    desk.picture(f"statement-links-{language}-{theme}-{size['width']}", full=True)
    [read] = zxingcpp.read_barcodes(Image.open(BytesIO(code.screenshot())))
    assert read.text == page.locator(".code__url").get_attribute("href")
    stranger = browser.new_context(viewport=PHONE if size == DESKTOP else DESKTOP).new_page()
    answer = stranger.goto(read.text)
    assert answer is not None and answer.status == 200
    page.goto(desk.product.url + f"/accounts/{paid.dwelling}/statement-links")
    page.locator("form[action$='/revoke'] button").first.click()
    page.wait_for_load_state("networkidle")
    answer = stranger.goto(read.text)
    assert answer is not None and answer.status == 404
