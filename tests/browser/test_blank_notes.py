"""A note in which nothing can be seen: the line says so at once, and nothing is kept."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SitDown

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]

UNSEEN = (" ", "   ", "\u3000\u3000", "\u200b\u200d", " \u2060\ufeff", "\u3164", "\u00ad\u200e")


def test_a_blank_note_says_so_and_is_not_kept(sit_down: SitDown) -> None:
    desk = sit_down("clerk")
    page = desk.board()
    said = page.locator("#note-error")
    for blank in UNSEEN:
        for offline in (False, True):
            page.locator("#note").fill("x")
            page.locator("#note").fill(blank)
            desk.context.set_offline(offline)
            page.locator("#note").press("Enter")
            expect(said).to_have_text("内容还没写")
            expect(page.locator("#note")).to_be_focused()
            expect(page.locator("#note")).to_have_attribute("aria-invalid", "true")
        desk.context.set_offline(False)
    assert page.locator("#receipt .receipt").count() == 0
    desk.picture("capture-blank")
    page.locator("#note").fill("3-2-501 厨房漏水")
    page.locator("#note").press("Enter")
    expect(page.locator("#receipt .receipt")).to_have_count(1)
    expect(said).to_be_hidden()
