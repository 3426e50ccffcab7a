"""The station board in a real browser: capture, keys, live update, second click, narrow screens, no connection."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, NARROW, PHONE, TABLET, SitDown

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

CAPTURED = re.compile(r"IS-\d{8}-\d{4}")


def note(page: Page, text: str) -> str:
    """Write one line as a person does and give its number."""
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.locator("#receipt .receipt").last).to_contain_text(CAPTURED)
    expect(page.locator("#note")).to_have_value("")
    found = CAPTURED.search(page.inner_text("#receipt"))
    assert found
    return found[0]


def sideways(page: Page) -> int:
    """Pixels by which the page is wider than the screen, once the page stands."""
    page.wait_for_load_state()  # pages without our script have no mark of their own
    return int(page.evaluate("() => document.documentElement.scrollWidth - innerWidth"))


def test_the_readme_shows_a_board_as_it_is(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.board()  # first of all, while the demo's week is untouched
    expect(page.locator("#lane-waiting .card").first).to_be_visible()
    desk.picture("board")  # `make picture` brings it into the README
    assert len(page.screenshot()) > 50_000


def test_one_sentence_becomes_a_numbered_line_and_is_guessed_while_typing(sit_down: SitDown) -> None:
    page = sit_down("head").board()
    page.keyboard.press("c")
    page.keyboard.type("4栋2单元301 楼道灯不亮")
    expect(page.locator("#guesses span")).to_have_text(["4栋", "2单元", "301", "公共照明", "P3"])
    page.keyboard.press("Escape")
    page.locator("#note").fill("")
    note(page, "4栋2单元301 楼道灯不亮")
    line = page.locator("#lane-inbox .note", has_text="301 楼道灯不亮")
    expect(line.locator(".guess")).to_contain_text("公共照明")


def test_a_second_browser_sees_it_without_reloading(sit_down: SitDown) -> None:
    here, there = sit_down("head").board(), sit_down("clerk", PHONE).board()
    note(here, "9栋门口树枝挡路，请来修剪")
    expect(there.locator("#lane-inbox .note", has_text="树枝挡路")).to_be_visible()


def test_keys_move_promote_send_and_undo(sit_down: SitDown) -> None:
    page = sit_down("head").board()
    note(page, "2栋1单元水管漏水，楼梯上全是水")
    line = page.locator("#lane-inbox .note", has_text="楼梯上全是水")
    expect(line).to_be_visible()
    page.keyboard.press("Escape")
    for _ in range(20):  # danger to life stands first, so it may take more than one step
        page.keyboard.press("j")
        if line.locator("a:focus").count():
            break
    page.keyboard.press("a")
    waiting = page.locator("#lane-waiting .card", has_text="楼梯上全是水")
    expect(waiting).to_contain_text("派给陈志强")
    waiting.locator("a[data-nav]").focus()
    page.keyboard.press("d")
    expect(page.locator("#lane-sent .card", has_text="楼梯上全是水")).to_be_visible()
    expect(page.locator(".toast").last).to_contain_text("撤销")
    page.keyboard.press("u")
    expect(waiting).to_be_visible()
    page.keyboard.press("l")
    page.keyboard.press("k")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.locator("#note")).not_to_be_focused()


def test_a_second_click_is_the_same_command(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.board()
    page.locator("#note").fill("7栋3单元门禁失灵，连着按两次")
    before = page.locator("#capture input[name=key]").input_value()
    numbers = page.evaluate(
        """async () => {
            const form = document.querySelector("#capture"), send = () => fetch(form.action, {
                method: "POST", body: new URLSearchParams(new FormData(form)), headers: {Accept: "application/json"},
            }).then(answer => answer.json());
            return (await Promise.all([send(), send()])).map(said => said.number);
        }"""
    )
    assert before and numbers[0] == numbers[1]
    page.reload()
    expect(page.locator("#lane-inbox .note", has_text="连着按两次")).to_have_count(1)


def test_a_refused_note_keeps_what_was_typed(sit_down: SitDown) -> None:
    page = sit_down("head").board()
    page.evaluate("() => document.querySelector('#note').removeAttribute('maxlength')")
    long = "5栋楼下吵闹，" * 400
    page.locator("#note").fill(long)
    page.keyboard.press("Enter")
    expect(page.locator("#note-error")).to_be_visible()
    expect(page.locator("#note")).to_have_value(long)


def test_a_note_without_connection_is_kept_and_sent_later(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.board()
    desk.context.set_offline(True)
    page.locator("#note").fill("8栋1单元断网时记的一笔")
    page.keyboard.press("Enter")
    expect(page.locator("#receipt .receipt--wait")).to_contain_text("断网时记的一笔")
    desk.picture("board-offline")
    desk.context.set_offline(False)
    expect(page.locator(".toast").last).to_contain_text(CAPTURED)
    expect(page.locator("#lane-inbox .note", has_text="断网时记的一笔")).to_be_visible()


def test_signed_out_while_writing_loses_nothing(sit_down: SitDown) -> None:
    desk = sit_down("clerk")
    page = desk.board()
    page.locator("#note").fill("1栋路灯闪，写到一半登录过期")
    desk.context.clear_cookies(name="jinlin")
    page.keyboard.press("Enter")
    expect(page.locator(".toast--gone")).to_be_visible()
    expect(page.locator("#note")).to_have_value("1栋路灯闪，写到一半登录过期")
    body = {"username": "clerk", "password": desk.product.passwords["clerk"]}
    assert desk.context.request.post(f"{desk.product.url}/api/v1/session", data=body).ok
    page.reload()
    expect(page.locator("#note")).to_have_value("1栋路灯闪，写到一半登录过期")


def test_without_script_a_note_is_posted_and_comes_back_with_its_number(sit_down: SitDown) -> None:
    desk = sit_down("head", java_script_enabled=False)
    desk.page.goto(desk.product.board)
    desk.page.locator("#note").fill("3栋2单元没有脚本也能记")
    desk.page.get_by_role("button", name="记下").click()
    expect(desk.page.locator("#receipt")).to_contain_text(CAPTURED)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("size", "name"), [(DESKTOP, "desk"), (TABLET, "tablet"), (PHONE, "phone"), (NARROW, "narrow")]
)
def test_no_screen_scrolls_sideways(sit_down: SitDown, size: dict[str, int], name: str, language: str) -> None:
    desk = sit_down("head", size, language)
    page = desk.board()
    assert sideways(page) <= 0
    desk.picture(f"board-{name}-{language}")


def test_the_wall_shows_nothing_personal(sit_down: SitDown) -> None:
    desk = sit_down("head", {"width": 1920, "height": 1080})
    desk.board()
    texts = desk.page.locator("#lane-sent .card__title").all_inner_texts()
    desk.see(f"/board/{desk.product.estate}?wall=1")
    desk.picture("board-wall")
    wall = desk.page.inner_text("body")
    assert texts and not any(text.replace("\n", "") in wall.replace("\n", "") for text in texts)
    assert desk.page.locator("form[data-act]").count() == 0
