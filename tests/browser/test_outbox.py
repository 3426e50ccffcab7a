"""Notes that waited for a connection: what the server will not take is set aside and named, and the rest goes on."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import PHONE, SitDown
from tests.clock import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

NOTES = "**/board/*/notes"
AGAIN = "() => dispatchEvent(new Event('online'))"  # as when the connection comes back


def taken_offline(page: Page, *texts: str) -> None:
    """Notes written one after the other without a connection, however long they are."""
    page.context.set_offline(True)
    page.evaluate("() => document.querySelector('#note').removeAttribute('maxlength')")
    for text in texts:
        page.locator("#note").fill(text)
        page.keyboard.press("Enter")
        expect(page.locator("#receipt .receipt--wait", has_text=text[:18])).to_be_visible()


def aside(page: Page, text: str) -> Locator:
    return page.locator("#aside li", has_text=text)


def line(page: Page, text: str) -> Locator:
    return page.locator("#lane-inbox .note", has_text=text)


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_what_is_refused_is_set_aside_and_the_rest_goes_on(sit_down: SitDown, size: dict[str, int] | None) -> None:
    place = sit_down("head", size) if size else sit_down("head")
    page, mark = place.board(), "手机" if size else "桌面"
    tried: list[str] = []

    def stumble(route: Route) -> None:
        said = route.request.post_data_buffer or b""
        if "服务器绊倒".encode() in said or b"%E7%BB%8A%E5%80%92" in said:
            tried.append("500")
            route.fulfill(status=500, content_type="application/problem+json", body=json.dumps({"detail": "出错了"}))
        elif b"%E5%A4%AA%E5%A4%A7" in said:
            route.fulfill(status=413, content_type="application/problem+json", body=json.dumps({"detail": "太大"}))
        else:
            route.continue_()

    taken_offline(
        page,
        f"5栋第一笔{mark}",
        f"{mark}太长的一笔" + "长" * 2100,
        f"{mark}服务器绊倒的一笔",
        f"{mark}太大的一笔",
        f"6栋最后一笔{mark}",
    )
    page.route(NOTES, stumble)
    place.expected = "the server responded with a status of"
    page.context.set_offline(False)  # the browser tries again by itself, each time a little later
    expect(line(page, f"6栋最后一笔{mark}")).to_be_visible(timeout=PATIENCE * 1000)
    expect(line(page, f"5栋第一笔{mark}")).to_be_visible()
    assert len(tried) == 3
    expect(aside(page, f"{mark}太长")).to_contain_text("2,000")
    expect(aside(page, f"{mark}服务器")).to_contain_text("出错了")
    expect(aside(page, f"{mark}太大")).to_be_visible()
    expect(page.locator("#receipt .receipt--wait")).to_have_count(0)
    place.picture(f"outbox-aside-{'phone' if size else 'desk'}")

    page.reload()  # it stands there until somebody has dealt with it
    page.wait_for_selector("html[data-ready]")
    expect(aside(page, f"{mark}太长")).to_be_visible()

    aside(page, f"{mark}太长").get_by_role("button", name="改一改再记").click()
    expect(page.locator("#note")).to_have_value(re.compile("^" + mark + "太长的一笔长"))
    page.locator("#note").fill(f"{mark}短一点的一笔")
    page.keyboard.press("Enter")
    expect(line(page, f"{mark}短一点的一笔")).to_be_visible()

    aside(page, f"{mark}太大").get_by_role("button", name="不要了").click()
    expect(aside(page, f"{mark}太大")).to_have_count(0)
    page.locator(".toast [data-undo]").last.click()
    expect(aside(page, f"{mark}太大")).to_be_visible()
    aside(page, f"{mark}太大").get_by_role("button", name="不要了").click()
    expect(aside(page, f"{mark}太大")).to_have_count(0)

    page.unroute(NOTES)
    page.reload()  # and once more, however often the others were taken away and brought back
    page.wait_for_selector("html[data-ready]")
    aside(page, f"{mark}服务器").get_by_role("button", name="再补一次").click()
    expect(line(page, f"{mark}服务器绊倒的一笔")).to_be_visible()
    expect(page.locator("#receipt .queued")).to_have_count(0)
    expect(page.locator("#aside")).to_be_hidden()


def test_a_server_that_is_busy_keeps_the_order(sit_down: SitDown) -> None:
    """503 is about the moment, not about the note: it waits, with all that were written after it."""
    place = sit_down("head")
    page = place.board()
    place.expected = "the server responded with a status of"
    taken_offline(page, "7栋排队甲", "7栋排队乙")
    page.route(NOTES, lambda route: route.fulfill(status=503, body="{}"))
    with page.expect_response(NOTES):
        page.context.set_offline(False)
    for _ in range(4):
        with page.expect_response(NOTES):
            page.evaluate(AGAIN)
    expect(page.locator("#receipt .receipt--wait")).to_have_count(2)
    page.unroute(NOTES)
    page.evaluate(AGAIN)
    expect(line(page, "7栋排队乙")).to_be_visible()
    expect(page.locator("#receipt .queued")).to_have_count(0)


def test_a_name_typed_beside_a_note_waits_with_it(sit_down: SitDown) -> None:
    page = sit_down("head").board()
    text = "5栋1单元王阿姨13805931299说信报箱锁不上"
    page.locator("#note").fill(text)
    expect(page.locator("#capture input[name=reporter]")).to_have_value("王阿姨")
    page.locator("#capture input[name=reporter]").fill("王桂英")
    page.context.set_offline(True)
    page.locator("#note").press("Enter")
    waiting = page.locator("#receipt .receipt--wait")
    waiting.get_by_role("button").click()  # taken back: the name comes back with the words
    expect(page.locator("#capture input[name=reporter]")).to_have_value("王桂英")
    page.locator("#note").press("Enter")
    expect(waiting).to_be_visible()
    page.context.set_offline(False)
    page.evaluate(AGAIN)
    expect(line(page, "信报箱锁不上")).to_be_visible()
    line(page, "信报箱锁不上").locator("a[data-nav]").click()
    expect(page.locator(".folk")).to_contain_text("王**")
    expect(page.locator("h2", has_text="信报箱锁不上").first).not_to_contain_text("王")
