"""Danger to life on the board: said while it is typed, on top of everything, until somebody has dealt with it."""

import pytest
from playwright.sync_api import expect

from projections.cases.station_board import SHOWN
from tests.browser.conftest import PHONE, SitDown
from tests.browser.test_board import note, sideways

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def test_it_is_said_while_typing_and_stands_before_everything_until_it_is_dealt_with(sit_down: SitDown) -> None:
    desk = sit_down("clerk")
    page = desk.board()
    page.keyboard.press("c")
    page.keyboard.type("９栋车棚，电动车起火了")
    expect(page.locator("#danger")).to_contain_text("119")
    expect(page.locator("#guesses .bad")).to_have_text("P0")
    desk.picture("danger-typed")
    page.locator("#note").fill("")
    expect(page.locator("#danger")).to_be_hidden()
    note(page, "９栋车棚，电动车起火了")
    expect(page.locator("#receipt .receipt--bad")).to_contain_text("119")
    for number in range(SHOWN + 1):  # whatever else is noted afterwards
        note(page, f"路灯不亮，第 {number} 盏")
    alarm = page.locator("#board .alarm", has_text="火情").filter(has_text="9栋")
    for show in ("all", "soon", "urgent", "mine"):
        page.goto(f"{page.url.split('?')[0]}?show={show}")
        expect(alarm).to_contain_text("119")
        expect(page.locator("#lane-inbox .note--p0", has_text="电动车起火了")).to_be_visible()
    desk.picture("danger-on-top")
    expect(alarm.get_by_role("link", name="消防维保")).to_have_attribute("href", "tel:4000000119")
    alarm.get_by_role("link", name="处置单").click()
    page.locator("main").get_by_role("link", name="看错了").or_(page.get_by_text("转工单")).first.wait_for()
    page.go_back()
    phone = sit_down("head", PHONE)
    small = phone.board()
    expect(small.locator("#board .alarm", has_text="9栋")).to_contain_text("119")
    assert sideways(small) <= 0
    phone.picture("danger-phone")
    line = page.locator("#lane-inbox .note--p0", has_text="电动车起火了")
    line.get_by_role("button", name="转工单").click()
    expect(line).to_have_count(0)
    expect(page.locator("#board .alarm", has_text="9栋")).to_contain_text("先")


def test_what_is_over_is_urgent_and_no_alarm(sit_down: SitDown) -> None:
    page = sit_down("head").board()
    note(page, "8栋垃圾桶冒烟，已经扑灭了")
    expect(page.locator("#receipt .receipt--bad")).to_have_count(0)
    expect(page.locator("#lane-inbox .note", has_text="已经扑灭了").locator(".guess")).to_contain_text("P1")
    expect(page.locator("#board .alarm", has_text="8栋")).to_have_count(0)
