"""The other pages as people use them: signing in, the squad, accounts, devices, searching."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, NARROW, RunningProduct, SitDown
from tests.clock import PATIENCE

pytestmark = pytest.mark.slow


def fresh(browser: Browser, product: RunningProduct) -> Page:
    page = browser.new_context(viewport=DESKTOP, locale="zh-CN").new_page()
    page.set_default_timeout(PATIENCE * 1000)
    return page


def sign_in(page: Page, username: str, password: str) -> None:
    page.locator("#username").fill(username)
    page.locator("#password").fill(password)
    page.locator("form button[type=submit]").click()


def test_a_wrong_password_says_so_and_after_the_right_one_one_is_where_one_was_going(
    browser: Browser, product: RunningProduct
) -> None:
    page = fresh(browser, product)
    page.goto(f"{product.url}/people/{product.estate}")
    expect(page.locator("#username")).to_be_focused()
    sign_in(page, "clerk", "not-it-at-all")
    expect(page.locator("#sign-in-error")).to_contain_text("密码不对")
    expect(page.locator("#username")).to_have_value("clerk")
    page.locator("#password").fill(product.passwords["clerk"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/people/{product.estate}")
    page.context.close()


def test_another_site_is_never_where_one_was_going(browser: Browser, product: RunningProduct) -> None:
    page = fresh(browser, product)
    page.goto(f"{product.url}/sign-in?next=//elsewhere.example/board")
    sign_in(page, "clerk", product.passwords["clerk"])
    page.wait_for_url(product.board)
    page.context.close()


def test_a_new_steward_is_registered_linked_and_suggested(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.see(f"/people/{desk.product.estate}")
    form = page.locator("form", has=page.locator("#new-name"))
    form.locator("#new-name").fill("罗启明")
    form.locator("[name=role-REPAIRER]").check()
    form.locator("[name=party_member]").check()
    form.locator("button[type=submit]").dblclick()
    row = page.locator(".person", has_text="罗启明")
    expect(row).to_have_count(1)  # the second click is the same act
    row.locator("select[name=building]").select_option("9")
    row.get_by_role("button", name="联系", exact=True).click()
    expect(page.locator(".person", has_text="罗启明")).to_contain_text("9栋")

    board = desk.board()
    board.locator("#note").fill("9栋1单元楼道灯不亮了")
    board.locator("#note").press("Enter")
    line = board.locator("#lane-inbox .note", has_text="9栋1单元楼道灯不亮了")
    line.get_by_role("button", name="转工单").click()
    card = board.locator("#lane-waiting .card", has_text="9栋1单元楼道灯不亮了")
    expect(card.locator(".suggest")).to_be_visible()
    order = str(card.locator("a[data-nav]").get_attribute("href"))
    offered = desk.see(order).locator(".pick", has_text="罗启明")
    expect(offered).to_contain_text("联系本栋")


def test_an_account_is_made_and_its_owner_signs_in(
    sit_down: SitDown, browser: Browser, product: RunningProduct
) -> None:
    desk = sit_down("admin")
    page = desk.see(f"/people/{product.estate}")
    page.locator("#new-name").fill("沈佳宁")
    form = page.locator("form", has=page.locator("#new-name"))
    form.locator("[name=capacity]").select_option("DISPATCHER")
    form.locator("button[type=submit]").click()
    expect(page.locator(".person", has_text="沈佳宁")).to_be_visible()
    desk.see("/admin/accounts")
    whose = page.locator("#person option", has_text="沈佳宁").get_attribute("value")
    page.locator("#person").select_option(value=whose)
    page.locator("#username").fill("Not A Name")
    page.get_by_role("button", name="开账号").click()
    expect(page.locator("main")).to_contain_text("小写字母")
    expect(page.locator("#username")).to_have_value("not a name")
    page.locator("#username").fill("jianing")
    page.get_by_role("button", name="开账号").click()
    password = page.locator(".said code").inner_text()

    other = fresh(browser, product)
    other.goto(product.url)
    sign_in(other, "jianing", password)
    other.wait_for_url(product.board)
    other.context.close()


def test_a_device_that_is_signed_out_elsewhere_is_out(
    sit_down: SitDown, browser: Browser, product: RunningProduct
) -> None:
    lost = fresh(browser, product)
    lost.goto(product.url)
    sign_in(lost, "mediator", product.passwords["mediator"])
    lost.wait_for_url("**/mine")
    desk = sit_down("mediator")
    page = desk.see("/account")
    while page.locator("form[action$='/revoke'] button").count():
        page.locator("form[action$='/revoke'] button").first.click()
        page.wait_for_url("**/account?done=revoked")
    lost.goto(f"{product.url}/mine")
    lost.wait_for_url("**/sign-in?next=*")
    lost.context.close()


def test_finding_by_number_words_and_pinyin(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.see("/search?q=返味")
    expect(page.get_by_role("link", name="返味").first).to_be_visible()
    desk.see("/search?q=WO-")
    expect(page.locator("main a[href^='/orders/']").first).to_be_visible()
    desk.see("/search?q=dhy")
    expect(page.get_by_role("link", name="东湖苑").first).to_be_visible()
    desk.see("/search?q=czq")
    expect(page.locator("main")).to_contain_text("陈志强")
    desk.see("/search?q=没有这样的事")
    expect(page.locator(".empty")).to_be_visible()


def test_the_language_is_kept_with_the_account(sit_down: SitDown) -> None:
    desk = sit_down("adviser")
    page = desk.see("/account")
    page.locator("button[name=language][value=en]").click()
    expect(page.locator("h1")).to_have_text("My account")
    page.locator("button[name=language][value=zh]").click()
    expect(page.locator("h1")).to_have_text("我的账号")


@pytest.mark.parametrize("path", ["/notebook/{e}", "/orders-of/{e}", "/people/{e}", "/account", "/search?q=灯"])
def test_nothing_is_wider_than_a_small_phone(sit_down: SitDown, path: str) -> None:
    desk = sit_down("head", size=NARROW)
    page = desk.see(path.format(e=desk.product.estate))
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_an_administrator_reads_who_signed_in(sit_down: SitDown, browser: Browser, product: RunningProduct) -> None:
    page = fresh(browser, product)
    page.goto(f"{product.url}/sign-in")
    sign_in(page, "adviser", "not-it-at-all")
    expect(page.locator("#sign-in-error")).to_be_visible()
    page.context.close()
    for size, name in ((DESKTOP, "sign-ins-desk"), (NARROW, "sign-ins-phone")):
        desk = sit_down("admin", size)
        page = desk.see("/admin/accounts")
        page.get_by_role("link", name="登录记录").first.click()
        page.locator("#username").select_option("adviser")
        page.get_by_role("button", name="查看").click()
        row = page.locator("tbody tr", has_text="adviser").first
        expect(row).to_contain_text("登录被拒")
        expect(row).to_contain_text("127.0.0.1")
        desk.picture(name)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out"
