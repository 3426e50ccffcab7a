"""The order page and the steward's phone in a real browser."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, NARROW, PHONE, TABLET, SitDown, Workplace
from tests.browser.test_board import note, sideways

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def make_order(page: Page, text: str) -> str:
    """From a sentence to the page of its order."""
    note(page, text)
    page.keyboard.press("Escape")
    page.locator("#lane-inbox .note", has_text=text[-8:]).get_by_role("button", name="转工单", exact=True).click()
    card = page.locator("#lane-waiting .card", has_text=text[-8:])
    card.locator("a[data-nav]").click()
    page.wait_for_url("**/orders/*")
    page.wait_for_selector("html[data-ready]")
    return page.url


def act(page: Page, name: str) -> None:
    """Open the small form of an act by its link."""
    page.locator("#next").get_by_role("link", name=name, exact=True).click()
    page.locator("dialog[open]").wait_for()


def test_a_stale_page_says_who_changed_it_and_keeps_the_text(sit_down: SitDown) -> None:
    head, clerk = sit_down("head"), sit_down("clerk")
    page = head.board()
    url = make_order(page, "3栋1单元楼道灯忽明忽暗需要换")
    act(page, "改级别")
    page.locator("#act-priority select[name=priority]").select_option("P2")
    page.locator("#act-priority textarea").fill("老人多，晚上看不清")
    other = clerk.see(url)
    other.locator("[data-main]").click()
    expect(other.locator(".toast").last).to_contain_text("已派给")
    page.locator("#act-priority button[type=submit]").click()
    dialog = page.locator("#act-priority")
    expect(dialog.locator(".field-error:visible")).to_contain_text("何婉清")
    expect(dialog.locator("textarea")).to_have_value("老人多，晚上看不清")
    head.picture("order-stale")
    dialog.locator("button[type=submit]").click()
    expect(dialog).not_to_be_visible()
    expect(page.locator(".ohead .prio")).to_contain_text("P2")


def test_a_time_that_is_still_to_come_is_refused_at_its_field(sit_down: SitDown) -> None:
    page = sit_down("head").board()
    make_order(page, "2栋3单元水管漏水滴到一楼")
    page.locator("#f-main summary").click()
    field = page.locator("#f-main input[name=occurred_at]")
    field.evaluate("field => { field.removeAttribute('max'); field.value = '2099-01-01T08:00'; }")
    page.locator("[data-main]").click()
    wrong = page.locator("#f-main [data-error-of=occurred_at]")
    expect(wrong).to_be_visible()
    expect(field).to_have_value("2099-01-01T08:00")


def test_a_late_entry_is_told_as_one(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.board()
    page.locator("#lane-sent .card", has_text="单元门闭门器失灵").locator("a[data-nav]").click()
    expect(page.locator("#next h2")).to_contain_text("到场")
    page.locator("#f-main summary").click()
    arrived = desk.product.now - timedelta(minutes=10)
    page.locator("#f-main input[name=occurred_at]").fill(f"{arrived:%Y-%m-%dT%H:%M}")
    page.locator("[data-main]").click()
    expect(page.locator(".late-note").first).to_contain_text("补记")


def test_what_happened_before_it_was_reported_is_refused_at_the_time(sit_down: SitDown) -> None:
    page = sit_down("head").board()
    make_order(page, "1栋3单元水管漏水等人来看")
    page.locator("#f-main summary").click()
    page.locator("#f-main input[name=occurred_at]").fill("2020-01-01T08:00")
    page.locator("[data-main]").click()
    expect(page.locator("#f-main [data-error-of=occurred_at]")).to_be_visible()


def test_looking_at_a_number_goes_on_record(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.board()
    page.locator("#lane-sent .card", has_text="水管爆裂").locator("a[data-nav]").click()
    page.wait_for_selector("#next")
    number = page.locator(".folk .num").first
    expect(number).to_contain_text("****")
    page.get_by_role("link", name="看号码").first.click()
    page.locator("dialog[open] textarea").fill("上门前打电话约时间")
    page.locator("dialog[open] button[type=submit]").click()
    expect(number).to_have_text(re.compile(r"^\d{11}$"))
    expect(page.locator(".hist")).to_contain_text("看了联系方式")
    expect(page.locator(".hist")).to_contain_text("上门前打电话约时间")


def test_a_photo_is_kept_and_something_else_is_refused(sit_down: SitDown) -> None:
    desk = sit_down("clerk")
    page = desk.board()
    make_order(page, "9栋2单元墙皮掉了一大块")
    picture = BytesIO()
    Image.new("RGB", (64, 48), (120, 90, 60)).save(picture, "PNG")
    for content, name in ((b"no picture at all", "text.png"), (picture.getvalue(), "wall.png")):
        if not page.locator("#act-photo").is_visible():
            page.get_by_role("link", name="加照片").click()
        file = {"name": name, "mimeType": "image/png", "buffer": content}
        with page.expect_file_chooser() as opened:  # of what is stored here; a phone offers its camera beside it
            page.locator("#act-photo").get_by_label("选照片").click()
        opened.value.set_files(file)
        page.locator("#act-photo button[type=submit]").click()
        if name == "text.png":
            expect(page.locator("#act-photo .field-error:visible")).to_be_visible()
            page.locator("#act-photo [data-preview]").get_by_role("button", name=name).click()
            expect(page.locator("#act-photo [data-preview] li")).to_have_count(0)
    shown = page.locator(".strip img").first
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    expect(page.locator(".hist")).to_contain_text("加照片")


def test_an_emergency_asks_for_the_call_first(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.board()
    note(page, "6栋2单元电梯困人，能听见喊声")
    page.keyboard.press("Escape")
    line = page.locator("#lane-inbox .note", has_text="能听见喊声")
    line.get_by_role("button", name="转工单", exact=True).click()
    alarm = page.locator(".alarm", has_text="6栋2单元")
    expect(alarm).to_contain_text("先打电话求援")
    desk.picture("board-emergency-desk")
    alarm.get_by_role("link", name="处置单").click()
    page.wait_for_url("**/orders/*")
    page.wait_for_selector("html[data-ready]")
    expect(page.locator(".tels a").first).to_have_attribute("href", "tel:119")
    desk.picture("order-emergency-desk")
    page.evaluate("addEventListener('click', e => e.target.closest('a[href^=tel]') && e.preventDefault())")  # no phone
    firm = page.locator("#f-main .tels__own")
    expect(firm).to_have_attribute("href", "tel:4000000963")
    firm.click()
    expect(page.locator("#f-main select[name=service]")).to_have_value("LIFT_MAINTENANCE")
    page.locator("[data-main]").click()
    expect(page.locator("#next h2")).to_contain_text("派单")
    expect(page.locator(".hist")).to_contain_text("电梯维保")
    phone = sit_down("head", PHONE)
    phone.see(page.url)
    own = phone.page.locator("#next .tels__own")
    expect(own).to_be_in_viewport()  # whoever comes later rings again
    assert sideways(phone.page) <= 0
    phone.picture("order-ring-phone")
    phone.see(f"{desk.product.url}/station/{desk.product.estate}#h-contacts")
    lift = phone.page.locator("#c-LIFT_MAINTENANCE")
    lift.get_by_label("24 小时电话").fill("123")
    lift.get_by_role("button", name="保存").click()
    expect(lift.locator(".field-error:visible")).to_contain_text("打不通")
    assert sideways(phone.page) <= 0
    phone.picture("station-contacts-phone")


def test_own_work_may_not_be_verified(sit_down: SitDown) -> None:
    page = sit_down("head").board()
    make_order(page, "6栋2单元楼道灯坏了自己修")
    for _ in range(4):  # send, take, arrive, start: recorded by the head for the steward
        heading = page.locator("#next h2").inner_text()
        page.locator("[data-main]").click()
        expect(page.locator("#next h2")).not_to_have_text(heading)
    page.locator("#f-main textarea[name=summary]").fill("换了灯泡，试过亮")
    page.locator("[data-main]").click()
    expect(page.locator(".ohead .pill").first).to_contain_text("待核验")
    expect(page.locator("#next .next__p")).to_contain_text("自己")
    expect(page.locator("[data-main]")).to_have_count(0)


def test_without_script_an_act_is_a_form(sit_down: SitDown) -> None:
    script, plain = sit_down("head"), sit_down("clerk", java_script_enabled=False)
    page = script.board()
    url = make_order(page, "5栋1单元水管渗水没有脚本")
    plain.page.goto(url + "?act=cancel")
    expect(plain.page.locator("dialog[open]")).to_be_visible()
    plain.page.locator("dialog[open] textarea").fill(" ")
    plain.page.locator("dialog[open] button[type=submit]").click()
    expect(plain.page.locator("dialog[open] .field-error:visible").first).to_be_visible()
    plain.page.locator("dialog[open] textarea").fill("住户说自己修好了")
    plain.page.locator("dialog[open] button[type=submit]").click()
    expect(plain.page.locator(".ohead .pill").first).to_contain_text("已撤回")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("size", "name"), [(DESKTOP, "desk"), (TABLET, "tablet"), (PHONE, "phone"), (NARROW, "narrow")]
)
def test_order_and_list_fit_every_screen(sit_down: SitDown, size: dict[str, int], name: str, language: str) -> None:
    desk: Workplace = sit_down("repairer", size, language)
    page = desk.see("/mine")
    assert sideways(page) <= 0
    desk.picture(f"mine-{name}-{language}")
    page.locator("a[data-nav]").first.click()
    page.wait_for_selector("#next")
    assert sideways(page) <= 0
    number = page.locator(".crumb")
    expect(number).to_contain_text(re.compile(r"WO-\d{8}-\d{3}"))
    assert number.evaluate("each => each.scrollWidth <= each.clientWidth")  # and all of it can be read
    desk.picture(f"order-{name}-{language}")


def test_a_list_is_sorted_by_touch(sit_down: SitDown) -> None:
    desk = sit_down("head", PHONE)
    page = desk.see(f"/orders-of/{desk.product.estate}?lane=all")
    page.locator(".table thead").get_by_role("link", name="在哪里").tap()
    page.wait_for_url("**sort=place**")
    expect(page.locator(".table th[aria-sort]")).to_contain_text("在哪里")
    assert sideways(page) <= 0
