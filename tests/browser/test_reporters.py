"""Who reported it and what it shows, in a real browser: names apart, twins at hand, photos before and after."""

from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, SitDown
from tests.browser.test_board import note, sideways
from tests.browser.test_order import make_order

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def test_name_and_number_are_lifted_before_the_clerks_eyes(sit_down: SitDown) -> None:
    desk = sit_down("clerk")
    page = desk.board()
    page.keyboard.press("c")
    page.keyboard.type("6栋2单元401王阿姨13805931234说厨房水管漏了")
    expect(page.locator("#capture input[name=reporter]")).to_have_value("王阿姨")
    expect(page.locator("#capture input[name=phone]")).to_have_value("13805931234")
    desk.picture("capture-lifted")
    page.locator("#capture input[name=reporter]").fill("王桂英")
    page.locator("#note").press("Enter")
    expect(page.locator("#receipt .receipt").last).to_be_visible()
    line = page.locator("#lane-inbox .note", has_text="厨房水管漏了").first
    expect(line).not_to_contain_text("138")
    expect(line).not_to_contain_text("王")
    line.locator("a[data-nav]").click()
    expect(page.locator(".folk")).to_contain_text("王**")
    expect(page.locator(".folk")).to_contain_text("138****1234")


def test_what_was_reported_already_is_offered_and_merged_at_once(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.board()
    url = make_order(page, "7栋1单元门口垃圾桶倒了没人扶")
    page = desk.board()
    page.keyboard.press("c")
    page.keyboard.type("7栋1单元的垃圾桶倒了 李先生13700001111")
    twin = page.locator(".capture__twins label").first
    expect(twin).to_contain_text("垃圾桶倒了")
    desk.picture("capture-twins")
    twin.locator("input").check()
    page.locator("#note").press("Enter")
    expect(page.locator("#note")).to_have_value("")
    desk.see(url)
    expect(page.locator(".folk li")).to_have_count(2)
    desk.picture("order-reporters")
    small = sit_down("head", PHONE, language="en")
    page = small.board()
    page.locator("#note").click()
    page.locator("#note").type("7栋1单元垃圾桶 13700001111")
    expect(page.locator(".capture__twins label").first).to_be_visible()
    assert sideways(page) <= 0
    small.picture("capture-twins-phone")


def test_merging_is_undone_from_the_toast(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.board()
    for text in ("8栋2单元楼道堆了钢琴", "8栋2单元堆放一架钢琴"):
        note(page, text)
    page.keyboard.press("Escape")
    line = page.locator("#lane-inbox .note", has_text="堆放一架钢琴")
    line.get_by_role("button", name="并入", exact=False).click()
    expect(line).to_have_count(0)
    page.locator(".toast [data-undo]").last.click()
    expect(page.locator("#lane-inbox .note", has_text="堆放一架钢琴")).to_be_visible()


def a_photo(name: str, colour: str, size: tuple[int, int] = (400, 300), kind: str = "PNG") -> dict[str, object]:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return {"name": name, "mimeType": f"image/{kind.lower()}", "buffer": out.getvalue()}


def test_several_photos_are_seen_before_they_travel_and_large_ones_are_made_small(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.board()
    url = make_order(page, f"9栋东侧草坪缺一块 {uuid4().hex[:8]}")
    page.locator("[data-opens=act-photo]").first.click()
    sent: list[int] = []
    page.on("request", lambda r: sent.append(len(r.post_data_buffer or b"")) if r.url.endswith("/photos") else None)
    large = a_photo("large.jpg", "olive", (7000, 6000), "JPEG")  # 42 megapixels
    page.locator("#f-photo-file").set_input_files([a_photo("a.png", "teal"), large])
    expect(page.locator("[data-preview] li")).to_have_count(2)
    page.locator("#f-photo-file").set_input_files([a_photo("wrong.png", "red")])
    expect(page.locator("[data-preview] li")).to_have_count(3)
    page.locator("[data-preview] li").last.get_by_role("button").click()
    desk.picture("photos-chosen")
    page.locator("#act-photo button[type=submit]").click()
    expect(page.locator("[aria-labelledby=h-photos] img")).to_have_count(2)
    assert sent and sent[0] < 400_000
    page.locator("[data-opens=act-photo]").first.click()
    page.locator("#act-photo input[value=AFTER]").check()
    page.locator("#f-photo-file").set_input_files([a_photo("after.png", "green")])
    page.locator("#act-photo button[type=submit]").click()
    expect(page.locator(".sides section").nth(1).locator("img")).to_have_count(1)
    desk.picture("photos-sides", full=True)
    page.locator(".sides .shot__x").first.click()
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.locator("[aria-labelledby=h-photos] img")).to_have_count(2)
    phone = sit_down("head", PHONE)
    small = phone.see(url)
    small.locator("[data-opens=act-photo]").first.click()
    assert small.locator("#f-photo-camera").get_attribute("capture") == "environment"
    assert sideways(small) <= 0
    phone.picture("photos-phone")


def test_the_committee_sees_what_stands_where_and_nothing_of_anybody(sit_down: SitDown) -> None:
    desk = sit_down("committee")
    page = desk.board()
    desk.picture("outside-board")
    assert "已隐去" not in page.inner_text("main")
    page.locator(".card a[data-nav]").first.click()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("[aria-labelledby=h-who]")).to_have_count(0)
    desk.picture("outside-order")
    sit_down("committee", PHONE, language="en").board()
