"""Contract, prices and bill runs in a browser: notice by the rules, prices for everybody, a month in three clicks."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, SitDown
from tests.browser.test_axe import LOOKS, found
from tests.browser.test_board import sideways
from tests.conftest import SECOND

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.mark.parametrize(("size", "name"), [(DESKTOP, "desk"), (PHONE, "phone")])
def test_script_11_owners_end_the_contract_with_sixty_days(sit_down: SitDown, size: dict[str, int], name: str) -> None:
    """A notice that is too short says the earliest day; the right one is recorded, and withdrawn again."""
    desk = sit_down("head2", size=size)
    page = desk.see(f"/contracts/{SECOND}")
    expect(page.locator("main")).to_contain_text("LAX-")
    desk.picture(f"contracts-{name}")
    form = page.locator("form[action$='/notice']")
    page.locator("summary", has_text="书面通知终止").click()
    form.locator("[name=ends]").fill(str(desk.product.now.date() + timedelta(days=20)))
    form.locator("[name=decision]").fill("JD-2026-07")
    form.get_by_role("button").click()
    expect(form.locator(".field-error").first).to_contain_text("60 天")
    form.locator("[name=ends]").fill(str(desk.product.now.date() + timedelta(days=62)))
    form.get_by_role("button").click()
    expect(page.locator("main")).to_contain_text("业主已书面通知")
    assert sideways(page) == 0
    desk.picture(f"contracts-notice-{name}")
    page.get_by_role("button", name="撤回终止通知").click()
    expect(page.locator("main")).not_to_contain_text("已书面通知")


def test_everybody_may_read_the_prices(sit_down: SitDown) -> None:
    desk = sit_down("cashier")
    page = desk.see(f"/contracts/{desk.product.estate}")
    expect(page.get_by_role("button", name="签订合同")).to_have_count(0)
    desk.context.clear_cookies()
    page.goto(f"{desk.product.url}/prices/{desk.product.estate}")
    expect(page.locator("main")).to_contain_text("0.60 元/㎡·月")
    expect(page.locator("main")).to_contain_text("公示以外不收任何费用")
    desk.picture("prices-desk")


def test_a_month_is_billed_in_three_clicks(sit_down: SitDown) -> None:
    desk = sit_down("head2")
    page = desk.see(f"/bill-runs/{SECOND}")
    desk.picture("bill-runs-desk")
    page.get_by_role("button", name="预览").click()
    page.wait_for_url(re.compile(r"/bill-runs/[^/]+/[0-9a-f-]{36}"))
    expect(page.locator("#bill-run")).to_contain_text("360 张")
    desk.picture("bill-run-preview-desk")
    page.get_by_role("button", name="确认出账").click()
    expect(page.locator("#bill-run")).to_contain_text("出账完成，共 360 张")
    assert sideways(page) == 0
    desk.picture("bill-run-done-desk")
    page.locator("#bill-run tbody a").first.click()
    desk.turn(page.get_by_role("link", name="另收一笔"))
    assert found(desk) == []
    page.locator("#c-quantity").fill("2")
    page.get_by_role("button", name="出账单").first.click()
    card = page.locator(".table--bills tr").filter(has_text="门禁卡工本费").first
    expect(card).to_contain_text("15.00 元 × 2 = ¥30.00")
    card.get_by_role("link", name="门禁卡工本费").click()
    page.locator("#h-void summary").click()
    page.locator("#VoidBill-reason").select_option("OTHER")
    assert found(desk) == [] and sideways(page) == 0
    desk.picture("bill-desk")
    page.get_by_role("button", name="作废这张账单").click()
    expect(card).to_contain_text("已作废")


@pytest.mark.parametrize(("language", "theme", "size"), LOOKS)
def test_axe_has_nothing_against_the_pages(sit_down: SitDown, language: str, theme: str, size: dict[str, int]) -> None:
    desk = sit_down("head2", size=size, language=language, color_scheme=theme)
    for path in (f"/contracts/{SECOND}", f"/bill-runs/{SECOND}", f"/prices/{SECOND}"):
        page = desk.see(path)
        assert found(desk) == [], path
        assert sideways(page) == 0, path
    desk.picture(f"prices-{language}-{theme}-{size['width']}")
