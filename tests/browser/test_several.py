"""Several orders at once, pressed in a real browser, and what is printed of the board, an order and a list."""

import unicodedata

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, SitDown, Workplace
from tests.browser.test_board import sideways
from tests.browser.test_order import make_order

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

LANDSCAPE, UPRIGHT = (842, 595), (595, 842)  # points of A4


def ticked(desk: Workplace, lane: str, *texts: str) -> Page:
    page = desk.see(f"/orders-of/{desk.product.estate}?lane={lane}&sort=newest")
    for text in texts:
        page.locator("tr[data-row]", has_text=text).locator("input[name=of]").check()
    expect(page.locator("[data-picked]")).to_contain_text(str(len(texts)))
    return page


def pressed(desk: Workplace, name: str, count: int) -> None:
    page = desk.turn(desk.page.locator(".bulk").get_by_role("button", name=name, exact=True))
    expect(page.locator("[data-done]")).to_have_count(count)
    expect(page.locator("[data-refused]")).to_have_count(0)


def test_several_are_sent_given_to_another_and_all_of_it_taken_back(sit_down: SitDown) -> None:
    desk = sit_down("head")
    both = "8栋甲号雨棚滴水一起派", "8栋乙号雨棚滴水一起派"
    for text in both:
        make_order(desk.board(), text)
    page = ticked(desk, "waiting", *both)
    page.locator(".bulk select[name=steward]").select_option(index=1)
    pressed(desk, "派单", 2)
    page = ticked(desk, "sent", *both)
    page.locator(".bulk select[name=steward]").select_option(index=2)
    page.locator(".bulk input[name=reason]").fill("请假")
    desk.picture("orders-reassign")
    pressed(desk, "改派", 2)
    for undo in (2, 2):  # the other steward first; nobody could know what comes after that
        page = desk.turn(page.locator("form").get_by_role("button", name="撤销").last)
        expect(page.locator("[data-done]")).to_have_count(undo)
    small = sit_down("head", PHONE, language="en")
    page = small.see(f"/orders-of/{small.product.estate}?lane=all")
    expect(page.locator(".bulk select")).to_be_hidden()
    page.locator("input[name=of]").first.check()
    expect(page.locator(".bulk select")).to_be_visible()
    assert sideways(page) <= 0
    small.picture("orders-ticked-phone")


def printed(page: Page) -> tuple[list[str], tuple[int, int]]:
    """The text of each page without blanks, and their size in points."""
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    width, height = document[0].get_size()
    told = [unicodedata.normalize("NFKC", each.get_textpage().get_text_range()) for each in document]
    return ["".join(each.split()) for each in told], (round(width), round(height))


def test_what_is_printed_fits_its_pages_and_shows_no_buttons(sit_down: SitDown) -> None:
    desk = sit_down("head")
    make_order(desk.board(), "8栋丙号雨棚滴水印出来")
    sheets, size = printed(desk.page)
    assert (len(sheets), size) == (1, UPRIGHT)
    wanted = ("8栋丙号雨棚滴水印出来", "时限", "报事人", "经过", "打印于")
    assert [said for said in wanted if said not in sheets[0]] == [], sheets[0]
    assert [said for said in ("加照片", "下一步", "改时限", "记事") if said in sheets[0]] == []
    sheets, size = printed(desk.board())
    cards = desk.page.locator(".card, .note").count()  # other tests have left theirs
    assert size == LANDSCAPE and len(sheets) <= 1 + cards // 15, (len(sheets), cards)
    assert "站务看板" in sheets[0] and "打印于" in sheets[0]
    sheets, size = printed(desk.see(f"/orders-of/{desk.product.estate}?lane=waiting"))
    assert size == LANDSCAPE and "8栋丙号雨棚滴水印出来" in "".join(sheets)
    assert not any(said in "".join(sheets) for said in ("本页全选", "筛选", "打印勾选"))
    edges = desk.page.evaluate(
        """() => [...document.querySelectorAll("td,th")].filter(e => e.scrollWidth > e.clientWidth + 1).length"""
    )
    assert edges == 0
