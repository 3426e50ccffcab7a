"""Clocks in a browser: hours set by a head, a pause with its end, and a clock that goes on counting by itself."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import SitDown


def test_a_head_writes_the_hours_and_is_told_what_is_not_understood(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.see(f"/station/{desk.product.estate}")
    page.locator("#day-6").fill("早八晚五")
    page.get_by_role("button", name="保存服务时间").click()
    expect(page.locator("#e-day-6")).to_contain_text("时间没看懂")
    page.locator("#day-6").fill("９点到１２点")
    page.locator("#apart").fill("2027-02-15 ~ 2027-02-20 休")
    page.get_by_role("button", name="保存服务时间").click()
    expect(page.locator("#day-6")).to_have_value("09:00-12:00")
    expect(page.locator("#apart")).to_have_value(re.compile("2027-02-20 休"))
    for day in range(7):
        page.locator(f"#day-{day}").fill("08:00-20:00")
    page.locator("#apart").fill("")
    page.get_by_role("button", name="保存服务时间").click()
    expect(page.locator("#apart")).to_have_value("")


def test_the_browser_goes_on_from_what_the_server_counted(sit_down: SitDown) -> None:
    """The page counts down from the time left that it was told, through the hours in which the station is open."""
    desk = sit_down("head")
    page = desk.board()
    left = page.evaluate(
        """() => {
          const el = document.querySelector('#lane-inbox time[data-due]');
          const at = +el.dataset.at, times = el.dataset.open.split(' ').map(t => t.split('-').map(Number));
          return [at < times[0][1], times.every(([a, b]) => a < b), times.length];
        }"""
    )
    assert left[0] and left[1] and left[2] >= 2
    said = page.evaluate(
        """() => {
          const el = document.querySelector('#lane-inbox time[data-due]');
          el.dataset.rest = String(+el.dataset.rest - 1200);
          return el.querySelector('.sla__t').textContent;
        }"""
    )
    word = page.locator("#lane-inbox time[data-due] .sla__t").first
    expect(word).not_to_have_text(said, timeout=8_000)  # the page ticks every five seconds
