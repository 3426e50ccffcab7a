"""The register in a browser: what is wrong with a sheet; a dwelling found, handed over, corrected; wide and narrow."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, SitDown
from tests.browser.test_axe import found
from tests.browser.test_board import sideways

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def choose(page: Page, folder: Path, *lines: str) -> None:
    file = folder / "register.csv"
    heading = "楼栋,单元,房号,建筑面积,套内面积,业主姓名,联系电话,业主类别,交房日期"
    file.write_bytes("\r\n".join([heading, *lines, ""]).encode("gb18030"))
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="看一遍").click()


def test_what_is_wrong_with_a_sheet_is_told_line_by_line(sit_down: SitDown, tmp_path: Path) -> None:
    desk = sit_down("accountant", bypass_csp=True)
    page = desk.see(f"/register/{desk.product.estate}")
    desk.turn(page.get_by_role("link", name="导入台账"))
    assert found(desk) == []
    desk.picture("register-imports-accountant", full=True)
    choose(page, tmp_path, "6,2,101,89.355,71,钱多多", "99,2,102,89,71,钱少少", "6,2,102,89,90,钱不够")
    wrongs = page.locator(".table--wrongs tbody tr")
    expect(wrongs).to_have_count(3)
    expect(wrongs.first).to_contain_text("两位小数")
    assert found(desk) == []
    desk.picture("register-import-wrong-accountant", full=True)
    page.set_viewport_size(NARROW)
    assert sideways(page) == 0
    desk.picture("register-import-wrong-narrow", full=True)
    page.get_by_role("button", name="抹掉").click()
    expect(page.locator("#file")).to_be_visible()


def test_a_dwelling_is_found_handed_over_and_corrected(sit_down: SitDown) -> None:
    desk = sit_down("accountant", bypass_csp=True)
    page = desk.see(f"/register/{desk.product.estate}")
    assert found(desk) == []
    desk.picture("register-accountant", full=True)
    page.locator("#q").fill("6栋2单元101")
    page.get_by_role("button", name="查找").click()
    row = page.locator(".table--dwellings tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("****")
    desk.picture("register-found-accountant")
    row.locator("a").click()
    owners = page.locator("section[aria-labelledby=h-owner] .rows li")
    expect(owners).to_have_count(1)
    page.locator("summary", has_text="变更业主").click()
    change = page.locator("form[action$=hand-over]")
    change.locator("[name=name]").fill("孙新主")
    change.locator("[name=since]").fill("2012-06-01")
    change.get_by_role("button").click()
    expect(change.locator("[data-error-of=since]")).to_contain_text("2012-06-01")
    change.locator("[name=since]").fill("2026-01-01")
    change.get_by_role("button").click()
    expect(owners).to_have_count(2)
    expect(owners.first).to_contain_text("孙新主")
    page.locator("summary", has_text="更正面积").click()
    areas = page.locator("form[action$=areas]")
    areas.locator("[name=chargeable_area]").fill("190.12")
    areas.locator("[name=because]").fill("不动产权证")
    areas.get_by_role("button").click()
    expect(page.locator("section[aria-labelledby=h-areas] .sums")).to_contain_text("190.12")
    page.locator("summary", has_text="登记空置").click()
    page.locator("form[action$='/vacancy']").get_by_role("button").click()
    expect(page.locator("section[aria-labelledby=h-vacant] .rows")).to_contain_text("至今")
    assert found(desk) == []
    desk.picture("dwelling-accountant", full=True)
    page.set_viewport_size(NARROW)
    assert sideways(page) == 0
    desk.picture("dwelling-narrow", full=True)
    expect(page.locator("form[action$=forget-owner]")).to_have_count(0)  # a head's matter
    former_owner_is_forgotten(sit_down, page.url)
    page.goto(f"{desk.product.url}/register/{desk.product.estate}?q=lyx")
    expect(page.locator(".table--dwellings")).to_contain_text("李又新")
    assert sideways(page) == 0
    desk.picture("register-narrow", full=True)


def former_owner_is_forgotten(sit_down: SitDown, dwelling: str) -> None:
    """By the head, after another change of owner: whoever came in between was never billed."""
    desk = sit_down("head", bypass_csp=True)
    page = desk.see(dwelling)
    page.locator("summary", has_text="变更业主").click()
    change = page.locator("form[action$=hand-over]")
    change.locator("[name=name]").fill("李又新")
    change.locator("[name=since]").fill("2026-02-01")
    change.get_by_role("button").click()
    owners = page.locator("section[aria-labelledby=h-owner] .rows li")
    expect(owners.first).to_contain_text("李又新")
    page.locator("summary", has_text="抹去前业主资料").click()
    form = page.locator("form[action$=forget-owner]")
    form.locator("[name=owner]").select_option(index=0)
    assert found(desk) == []
    desk.picture("dwelling-forget-head", full=True)
    page.set_viewport_size(NARROW)
    assert sideways(page) == 0
    desk.picture("dwelling-forget-narrow", full=True)
    form.get_by_role("button").click()
    expect(owners.nth(1)).to_contain_text("业主信息已抹去")
    expect(page.locator("body")).not_to_contain_text("孙新主")
    page.locator("form[action$=withdraw-owner]").get_by_role("button").click()
    expect(page.locator("form[action$=withdraw-owner] .field-error")).to_contain_text("前业主的资料已经抹去")


def test_the_committee_sees_buildings_and_nobody(sit_down: SitDown) -> None:
    desk = sit_down("committee")
    page = desk.see(f"/register/{desk.product.estate}")
    expect(page.locator(".table--buildings tbody tr").first).to_be_visible()
    expect(page.locator("#q")).to_have_count(0)
    expect(page.get_by_role("link", name="导入台账")).to_have_count(0)
    desk.picture("register-committee")
