"""Scripts 1, 2 and 5 of the domain dossier (6.8) through the console, from the desk to the verified fix."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, SitDown
from tests.browser.test_board import note
from tests.browser.test_order import make_order

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def do_next(page: Page, name: str) -> None:
    """Press the one big button, which must be this act."""
    button = page.locator("[data-main]")
    expect(button).to_contain_text(name)
    button.click()


def test_script_1_a_lamp_from_the_desk_to_the_verified_fix(sit_down: SitDown) -> None:
    head, clerk, steward = sit_down("head"), sit_down("clerk"), sit_down("repairer", PHONE)
    page = clerk.board()
    url = make_order(page, "3栋1单元门口路灯不亮，住户来说的")
    expect(page.locator(".pick", has=page.locator(":checked"))).to_contain_text("陈志强")
    expect(page.locator(".pick", has=page.locator(":checked"))).to_contain_text("联系本栋")
    clerk.picture("script-1-dispatch-desk")
    do_next(page, "派单")
    expect(page.locator(".toast").last).to_contain_text("已派给陈志强")

    phone = steward.see("/mine")
    visit = phone.locator(".visit", has_text="门口路灯不亮")
    steward.picture("script-1-steward-list-phone")
    visit.get_by_role("button", name="接单").click()
    visit.get_by_role("button", name="我已到场").click()
    visit.get_by_role("button", name="开始处理").click()
    visit.get_by_role("link", name="完工").click()
    phone.wait_for_url("**/orders/*")
    phone.wait_for_selector("html[data-ready]")
    phone.locator("#f-main textarea[name=summary]").fill("换了感应灯头一只，试了三次都亮")
    steward.picture("script-1-complete-phone")
    phone.locator(".bar .big").click()
    expect(phone.locator(".ohead .pill").first).to_contain_text("待核验")

    page = head.see(url)
    expect(page.locator("#next .next__p")).to_contain_text("按规定由别人核验，您可以")
    head.picture("script-1-verify-desk")
    page.keyboard.press("v")
    expect(page.locator("#next h2")).to_contain_text("记回访")

    page = clerk.see(url)
    page.locator("#f-main input[name=reached][value=true]").check()
    page.locator("#f-main textarea").fill("住户说亮了，谢谢")
    do_next(page, "记回访")
    do_next(page, "办结")
    expect(page.locator(".ohead .pill").first).to_contain_text("已办结")
    expect(page.locator(".steps .ok")).to_have_count(7)
    for word in ("办结", "回访打通", "核验通过", "完工", "开始处理", "到场", "接单", "派给陈志强", "受理", "记下"):
        expect(page.locator(".hist")).to_contain_text(word)
    clerk.picture("script-1-closed-desk", full=True)
    phone = steward.see(url)
    steward.picture("script-1-closed-phone", full=True)


def test_script_2_two_faults_on_one_walk_one_of_them_known_already(sit_down: SitDown) -> None:
    clerk, phone_desk = sit_down("clerk"), sit_down("head", PHONE)
    page = clerk.board()
    earlier = note(page, "5栋旁边单杠松动，孩子差点摔下来")
    note(page, "5栋门口垃圾桶破损，盖子没了")
    note(page, "5栋旁边晨练器材螺栓松了")
    later = page.locator("#lane-inbox .note", has_text="晨练器材螺栓松了")
    expect(later.locator(".note__twin")).to_contain_text(earlier[-4:])
    clerk.picture("script-2-twin-desk")
    phone = phone_desk.board()
    phone_desk.picture("script-2-twin-phone")
    later.get_by_role("button", name="并入").click()
    expect(later).to_have_count(0)
    expect(page.locator("#lane-inbox .note", has_text="孩子差点摔下来")).to_contain_text("2 户同报")
    expect(phone.locator("#lane-inbox .note", has_text="孩子差点摔下来")).to_contain_text("2 户同报")

    page.locator("#lane-inbox .note", has_text="盖子没了").get_by_role("button", name="转工单", exact=True).click()
    expect(page.locator("#lane-waiting .card", has_text="盖子没了")).to_be_visible()
    page.locator("#lane-inbox .note", has_text="孩子差点摔下来").get_by_role(
        "button", name="转工单", exact=True
    ).click()
    page.locator("#lane-waiting .card", has_text="孩子差点摔下来").locator("a[data-nav]").click()
    page.wait_for_url("**/orders/*")
    reporters = page.locator(".folk li")
    expect(reporters).to_have_count(2)
    reporters.nth(1).get_by_role("link", name=re.compile("答复")).click()
    page.locator("dialog[open] textarea").fill("已经并在一起，今天派人去紧")
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.locator(".folk")).to_contain_text("今天派人去紧")
    clerk.picture("script-2-merged-desk")
    phone_desk.see(page.url)
    phone_desk.picture("script-2-merged-phone", full=True)


def test_script_5_a_free_repair_at_home_signed_off_and_not_billed(sit_down: SitDown) -> None:
    """Public-interest work: no completion without the resident's sign-off, and no bill on the dwelling's account."""
    head, clerk, steward = sit_down("head"), sit_down("clerk"), sit_down("repairer", PHONE)
    estate, place = clerk.product.estate, "1-2-201"

    def account() -> Page:
        page = head.see(f"/fees/{estate}?q={place}")
        page.locator("a.hit").first.click()
        page.get_by_role("link", name="看账户").click()
        page.wait_for_selector("#account-open")
        return page

    before = account().locator("main").inner_text()
    page = clerk.board()
    url = make_order(page, "1栋2单元201独居老人家里热水器不打火")
    expect(page.locator(".ohead")).to_contain_text("家电维修")
    do_next(page, "派单")
    expect(page.locator(".toast").last).to_contain_text("已派给陈志强")
    phone = steward.see("/mine")
    visit = phone.locator(".visit", has_text="热水器不打火")
    for name in ("接单", "我已到场", "开始处理"):
        visit.get_by_role("button", name=name).click()
    visit.get_by_role("link", name="完工").click()
    phone.wait_for_url("**/orders/*")
    phone.wait_for_selector("html[data-ready]")
    words = "电池没电，换了两节，点三次都着"
    phone.locator("#f-main textarea[name=summary]").fill(words)
    phone.locator(".bar .big").click()
    expect(phone.locator("#f-main .field-error:visible")).to_contain_text("签字")  # INV-14
    expect(phone.locator("#f-main textarea[name=summary]")).to_have_value(words)
    phone.locator("#f-main input[name=signed_off]").check()
    steward.picture("script-5-sign-off-phone")
    phone.locator(".bar .big").click()
    expect(phone.locator(".ohead .pill").first).to_contain_text("待核验")

    page = head.see(url)
    expect(page.locator(".hist")).to_contain_text("住户已签字验收")
    page.keyboard.press("v")
    expect(page.locator("#next h2")).to_contain_text("记回访")
    page = clerk.see(url)
    page.locator("#f-main input[name=reached][value=true]").check()
    do_next(page, "记回访")
    do_next(page, "办结")
    expect(page.locator(".ohead .pill").first).to_contain_text("已办结")
    clerk.picture("script-5-closed-desk", full=True)
    assert account().locator("main").inner_text() == before
    head.picture("script-5-no-bill")
