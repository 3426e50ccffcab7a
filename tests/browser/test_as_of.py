"""The board of the past in a real browser: choosing the moment, seeing that it is the past, and finding back."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, NARROW, PHONE, SitDown, Workplace
from tests.browser.test_board import note, sideways

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

ACTS = "form[data-act], .suggest, [data-key]"


def position(desk: Workplace) -> int:
    """How far the log is that the board shows now."""
    answer = desk.context.request.get(f"{desk.product.url}/api/v1/stations/{desk.product.estate}/board")
    return int(answer.json()["position"])


def looks_back(page: Page) -> None:
    """What must hold of every board of the past: it says so, nothing can be done, nothing moves."""
    expect(page.locator(".then")).to_be_visible()
    expect(page.get_by_role("status").filter(has=page.locator("#then-when"))).to_be_visible()
    expect(page.locator(ACTS)).to_have_count(0)
    expect(page.locator("[data-live], [data-stream], [data-due]")).to_have_count(0)
    expect(page.locator("#live-state")).to_be_hidden()
    assert sideways(page) == 0


def test_by_keyboard_from_the_choice_to_yesterday_and_back_to_now(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.board()
    expect(page.locator(ACTS).first).to_be_attached()
    page.locator(".past summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("日期")).to_be_visible()
    desk.picture("as-of-choice")
    page.keyboard.press("Escape")
    expect(page.get_by_label("日期")).to_be_hidden()
    expect(page.locator(".past summary")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="昨天结束时").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-ready] body.looks-back")
    today = desk.product.now
    yesterday = today.date() - timedelta(days=1)
    assert f"asOf={yesterday}" in page.url
    year = "" if today.year == yesterday.year else f"{yesterday.year}年"
    expect(page.locator("#then-when")).to_contain_text(f"看板截至 {year}{yesterday.month}月{yesterday.day}日")
    expect(page.locator("#then-when")).to_contain_text("23:59")
    expect(page.locator(".card").first).to_be_visible()
    looks_back(page)
    desk.picture("as-of-desk")
    page.get_by_role("link", name="回到现在").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#live-state[data-state=on]")
    expect(page.locator(".then")).to_have_count(0)


def test_what_was_noted_since_is_not_on_the_board_of_the_past(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.board()
    before = position(desk)
    note(page, "8栋2单元门禁刷卡没反应")
    line = page.locator("#lane-inbox .note", has_text="门禁刷卡没反应")
    expect(line).to_be_visible()
    after = position(desk)
    desk.see(f"/board/{desk.product.estate}?asOf={before}")
    expect(page.locator(".then")).to_contain_text(f"记录到第 {before} 条")
    expect(line).to_have_count(0)
    looks_back(page)
    desk.see(f"/board/{desk.product.estate}?asOf={after}")
    expect(line).to_be_visible()
    looks_back(page)


def test_on_the_phone_a_day_and_a_time(sit_down: SitDown) -> None:
    desk = sit_down("head", NARROW)
    page = desk.board()
    page.locator(".past summary").tap()
    day = desk.product.now.date() - timedelta(days=2)
    page.get_by_label("日期").fill(day.isoformat())
    page.get_by_label("时刻").fill("15:30")
    desk.picture("as-of-phone-choice")
    assert sideways(page) == 0
    page.get_by_role("button", name="看那时的看板").tap()
    page.wait_for_selector("html[data-ready] body.looks-back")
    expect(page.locator("#then-when")).to_contain_text("15:30")
    looks_back(page)
    desk.picture("as-of-phone")
    page.locator(".lanes a", has_text="待核验").tap()
    expect(page.locator("#lane-checking")).to_be_visible()
    back = page.get_by_role("link", name="回到现在")
    found = back.bounding_box()
    assert found
    assert found["height"] >= 44
    back.tap()
    page.wait_for_selector("#live-state[data-state=on]")


def test_filters_stay_in_the_past(sit_down: SitDown) -> None:
    desk = sit_down("head", DESKTOP)
    page = desk.see(f"/board/{desk.product.estate}?asOf={position(desk)}")
    page.locator(".views a", has_text="急件").click()
    page.wait_for_selector("html[data-ready] body.looks-back")
    expect(page.locator(".views a[aria-current]")).to_contain_text("急件")
    looks_back(page)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("asOf=2999-01-01", "还没到"),
        ("asOf=1999-01-01", "记录从"),
        ("asOf=soon", "看不懂"),
        ("asOf=999999999", "最后一条"),
    ],
)
def test_a_moment_that_cannot_be_is_said_at_its_field(sit_down: SitDown, asked: str, said: str) -> None:
    desk = sit_down("clerk", DESKTOP)
    page = desk.see(f"/board/{desk.product.estate}?{asked}")
    expect(page.locator("#past-error")).to_contain_text(said)
    expect(page.locator("#past-error")).to_be_visible()
    expect(page.get_by_label("日期")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".then")).to_have_count(0)


def test_in_english_for_somebody_who_only_watches(sit_down: SitDown) -> None:
    desk = sit_down("committee", PHONE, "en")
    page = desk.see(f"/board/{desk.product.estate}?asOf={desk.product.now.date() - timedelta(days=1)}")
    expect(page.locator("#then-when")).to_have_text(re.compile(r"^Board as of \w+ \d+ \w+( \d{4})? 23:59$"))
    expect(page.locator(".then")).to_contain_text("to look at, not to act on")
    looks_back(page)
    desk.picture("as-of-phone-en")


def test_a_foreign_estate_has_no_past_either(sit_down: SitDown) -> None:
    desk = sit_down("head")
    answer = desk.context.request.get(f"{desk.product.url}/board/350902002999-002?asOf=5")
    assert answer.status == 404
