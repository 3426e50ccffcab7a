"""Two people at one desk: what one of them typed is never seen, kept in the clear or sent by the other."""

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, RunningProduct
from tests.clock import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

PRIVATE = "李桂芳 13800138777"  # what nobody else shall find

_KEPT = """async () => {
    const opened = await new Promise((ok, no) => {
        const asked = indexedDB.open("jinlin-console");
        asked.onsuccess = () => ok(asked.result); asked.onerror = no;
    });
    const stores = [...opened.objectStoreNames], rows = [];
    for (const name of stores) {
        const asked = opened.transaction(name).objectStore(name).getAll();
        rows.push(...await new Promise(ok => { asked.onsuccess = () => ok(asked.result); }));
    }
    opened.close();
    const shown = (key, value) => value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
    return JSON.stringify([{...sessionStorage}, {...localStorage}, rows], shown);
}"""


@pytest.fixture
def desk(browser: Browser, product: RunningProduct) -> Iterator[Page]:
    """One tab of one browser, nobody signed in."""
    context = browser.new_context(viewport=DESKTOP, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.add_cookies([{"name": "language", "value": "zh", "url": product.url}])
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    yield page
    context.close()


def sits_down(page: Page, product: RunningProduct, username: str) -> None:
    page.goto(f"{product.url}/sign-in?next=/board/{product.estate}")
    page.locator("#username").fill(username)
    page.locator("#password").fill(product.passwords[username])
    page.locator("form button[type=submit]").click()
    page.wait_for_url("**/board/*")
    page.wait_for_selector("#live-state[data-state=on]")


def gets_up(page: Page, product: RunningProduct) -> None:
    page.goto(f"{product.url}/account")
    page.wait_for_selector("html[data-ready]")
    page.locator('form[action="/sign-out"] button').click()
    page.wait_for_url("**/sign-in")


def kept(page: Page) -> Any:
    """All that the browser keeps for the page: the tab's and the browser's storage, and its database."""
    return json.loads(page.evaluate(_KEPT))


def noted_by(product: RunningProduct, said: str) -> list[str]:
    """The accounts of whoever is on record for notes with these words."""
    with psycopg.connect(product.database) as conn:
        found = conn.execute("SELECT key FROM view.notebook WHERE body::text LIKE %s", (f"%{said}%",)).fetchall()
        return [
            str(name)
            for (issue,) in found
            for (name,) in conn.execute(
                "SELECT a.username FROM access.accounts a JOIN log.stored_events e"
                " ON convert_from(e.state, 'UTF8') LIKE '%%' || a.person || '%%'"
                " WHERE e.originator_id = %s AND e.originator_version = 1",
                (issue,),
            )
        ]


def test_a_draft_is_sealed_while_one_works_and_gone_when_one_signs_out(desk: Page, product: RunningProduct) -> None:
    sits_down(desk, product, "head")
    desk.locator("#note").fill(f"5栋漏水，{PRIVATE}")
    desk.wait_for_function("() => Object.keys(sessionStorage).some(name => name.startsWith('kept:'))")
    assert PRIVATE not in json.dumps(kept(desk), ensure_ascii=False)
    desk.reload()
    expect(desk.locator("#note")).to_have_value(f"5栋漏水，{PRIVATE}")
    gets_up(desk, product)
    assert [name for name in kept(desk)[0] if name != "left"] == []
    desk.go_back()
    desk.wait_for_url("**/sign-in**")
    assert PRIVATE not in desk.content()
    sits_down(desk, product, "clerk")
    expect(desk.locator("#note")).to_have_value("")


def test_a_draft_left_by_a_session_that_ended_is_not_shown_to_the_next(desk: Page, product: RunningProduct) -> None:
    sits_down(desk, product, "head")
    desk.locator("#note").fill(f"6栋吵架，{PRIVATE}")
    desk.wait_for_function("() => Object.keys(sessionStorage).some(name => name.startsWith('kept:'))")
    desk.context.clear_cookies(name="jinlin")
    sits_down(desk, product, "clerk")
    expect(desk.locator("#note")).to_have_value("")
    assert PRIVATE not in json.dumps(kept(desk), ensure_ascii=False)
    assert [name for name in kept(desk)[0] if name.startswith("kept:")] == []


def test_a_note_taken_offline_waits_for_its_writer_whoever_signs_in_next(desk: Page, product: RunningProduct) -> None:
    said = f"7栋电梯异响 {PRIVATE}"
    sits_down(desk, product, "head")
    desk.context.set_offline(True)
    desk.locator("#note").fill(said)
    desk.keyboard.press("Enter")
    expect(desk.locator("#receipt .receipt--wait")).to_contain_text("7栋电梯异响")
    assert PRIVATE not in json.dumps(kept(desk), ensure_ascii=False)
    desk.context.clear_cookies(name="jinlin")  # the session ended before the connection came back
    desk.context.set_offline(False)

    desk.goto(f"{product.url}/sign-in")
    expect(desk.locator("[data-waiting]")).to_contain_text("1 条")
    sits_down(desk, product, "clerk")
    expect(desk.locator("#receipt [data-others]")).to_contain_text("等写的人登录")
    expect(desk.locator("#receipt")).not_to_contain_text("7栋电梯异响")
    desk.evaluate("() => dispatchEvent(new Event('online'))")  # it would be sent now, were it the clerk's
    desk.locator("#note").fill("店员自己记的一笔七")
    desk.keyboard.press("Enter")
    expect(desk.locator("#lane-inbox .note", has_text="店员自己记的一笔七")).to_be_visible()
    assert noted_by(product, "7栋电梯异响") == []
    gets_up(desk, product)
    assert len(kept(desk)[2]) == 1, "it waits still"

    sits_down(desk, product, "head")
    expect(desk.locator("#lane-inbox .note", has_text="7栋电梯异响")).to_be_visible()
    assert noted_by(product, "7栋电梯异响") == ["head"]
    assert noted_by(product, "店员自己记的一笔七") == ["clerk"]
    expect(desk.locator("#receipt [data-others]")).to_have_count(0)
    assert kept(desk)[2] == []


def test_a_page_of_one_person_sends_nothing_in_the_name_of_another(desk: Page, product: RunningProduct) -> None:
    """The board of the head is still open when the clerk signs in beside it, in another tab of the same browser."""
    sits_down(desk, product, "head")
    other = desk.context.new_page()
    other.set_default_timeout(PATIENCE * 1000)
    sits_down(other, product, "clerk")
    desk.locator("#note").fill("站长的页面，店员的登录")
    desk.keyboard.press("Enter")
    expect(desk.locator(".toast--bad")).to_be_visible()
    assert noted_by(product, "站长的页面，店员的登录") == []


def test_signing_out_in_one_tab_leaves_none_open(desk: Page, product: RunningProduct) -> None:
    sits_down(desk, product, "head")
    other = desk.context.new_page()
    other.set_default_timeout(PATIENCE * 1000)
    gets_up(other, product)
    desk.wait_for_url("**/sign-in")
