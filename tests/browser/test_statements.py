"""Statements in a browser: a real file, what would happen, the run, the queue with one tap, a layout chosen once."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, SitDown
from tests.browser.test_axe import found
from tests.browser.test_board import sideways
from tests.reconciliation import files
from tests.reconciliation.files import Paid

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def choose(page: Page, file: Path) -> None:
    page.locator("#statement").set_input_files(file)
    page.get_by_role("button", name="看一遍").click()
    page.wait_for_selector("html[data-ready]")


def test_a_statement_is_looked_at_booked_and_its_rest_settled(sit_down: SitDown, tmp_path: Path) -> None:
    desk = sit_down("accountant", bypass_csp=True)
    page = desk.see(f"/statements/{desk.product.estate}")
    expect(page.get_by_role("link", name="对账", exact=True)).to_be_visible()
    bill = tmp_path / "bill.csv"
    lines = [
        Paid("Q1", 12_300, "充电,卡", "oPayerQ1"),
        Paid("Q2", 4_560, "谢谢", "oPayerQ2"),
        Paid("Q1", -12_300, "充电,卡"),
    ]
    bill.write_bytes(files.wechat(lines).encode("utf-8-sig"))
    choose(page, bill)
    expect(page.locator("#h-look")).to_contain_text("微信支付")
    expect(page.locator("#statement-file")).to_contain_text("合计相符")
    expect(page.locator(".table--lines tbody tr")).to_have_count(3)
    expect(page.locator(".table--lines")).not_to_contain_text("oPayerQ1")
    assert found(desk) == []
    desk.picture("statement-look")
    page.get_by_role("button", name="开始入账").click()
    expect(page.locator("#h-done")).to_contain_text("3")  # by itself
    desk.picture("statement-done")
    page.get_by_role("link", name="去认领").click()
    page.wait_for_selector("html[data-ready]")
    row = page.locator(".money-line", has_text="充电,卡").filter(has_text="123.00").first
    expect(row).to_contain_text("看不出是哪一户")
    assert found(desk) == []
    desk.picture("statement-queue", full=True)
    row.locator("summary", has_text="是哪一户").click()
    row.locator("input[name=where]").fill("没有的地方")
    row.get_by_role("button", name="入账").click()
    expect(row.locator("[data-error-of=where]")).to_contain_text("没有找到这一户")
    row.locator("summary", has_text="放一边").click()
    row.get_by_role("button", name="放一边").click()
    expect(page.locator(".money-line", has_text="充电,卡").filter(has_text="看不出是哪一户")).to_have_count(0)
    expect(page.locator(".toast")).to_contain_text("已放一边")  # said on the page that comes after
    page.locator(".toast [data-undo]").click()
    expect(page.locator(".toast")).to_contain_text("已放回待认领")
    row.locator("summary", has_text="放一边").click()
    row.get_by_role("button", name="放一边").click()
    expect(page.locator(".toast")).to_contain_text("已放一边")
    page.goto(f"{desk.product.url}/statements/{desk.product.estate}?stage=SET_ASIDE")
    expect(page.locator(".money-line")).to_contain_text(["不是物业的费用"])

    page.goto(f"{desk.product.url}/statements/{desk.product.estate}")
    choose(page, bill)
    expect(page.locator("#h-done")).to_contain_text("3")  # recognised


def test_a_layout_nobody_knew_is_chosen_once(sit_down: SitDown, tmp_path: Path) -> None:
    desk = sit_down("accountant", size=PHONE, bypass_csp=True)
    page = desk.see(f"/statements/{desk.product.estate}")
    assert sideways(page) == 0
    desk.picture("statements-390", full=True)
    file = tmp_path / "rural.csv"
    file.write_bytes("某农商行\n流水,哪天,多少,谁,写了啥\nB1,2026-10-05,100.00,邹老师,别的\n".encode("gb18030"))
    choose(page, file)
    expect(page.locator("#h-columns")).to_be_visible()
    assert found(desk) == []
    assert sideways(page) == 0
    desk.picture("statement-columns-390", full=True)
    for column, name in (("at", "哪天"), ("amount", "多少"), ("serial", "流水")):
        expect(page.locator(f"#c-{column} option:checked")).to_have_text(name)  # understood
    page.get_by_role("group", name="对方户名").get_by_label("谁").check()
    page.get_by_role("group", name="留言").get_by_label("写了啥").check()
    page.get_by_role("button", name="按这样看一遍").click()
    expect(page.locator("#h-look")).to_be_visible()
    expect(page.locator(".table--lines")).to_contain_text("邹**")
    assert sideways(page) == 0
    desk.picture("statement-look-390", full=True)
    desk.turn(page.get_by_role("link", name="列认错了"))
    expect(page.get_by_role("group", name="对方户名").get_by_label("谁")).to_be_checked()
    desk.turn(page.get_by_role("link", name="不改了"))
    page.get_by_role("button", name="抹掉这份文件").click()
    expect(page.locator("#h-choose")).to_be_visible()


def test_what_does_not_add_up_is_said_with_both_figures(sit_down: SitDown, tmp_path: Path) -> None:
    desk = sit_down("accountant")
    page = desk.see(f"/statements/{desk.product.estate}")
    file = tmp_path / "wrong.csv"
    file.write_bytes(files.wechat([Paid("X", 100)], total=101).encode())
    choose(page, file)
    expect(page.locator("#statement-error")).to_contain_text("1.01")
    expect(page.locator("#statement-error")).to_contain_text("1.00")


def test_a_cashier_sees_the_queue_and_nothing_to_press(sit_down: SitDown) -> None:
    desk = sit_down("cashier")
    page = desk.see(f"/statements/{desk.product.estate}")
    expect(page.locator("#h-queue")).to_be_visible()
    expect(page.locator("#statement, .money-line__do")).to_have_count(0)
