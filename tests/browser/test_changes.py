"""A change on the board comes as the pieces that changed, small, and what then stands is what a fresh page shows."""

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import SitDown
from tests.browser.test_board import note
from tests.browser.weights import FRAGMENT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

STANDS = """() => Object.fromEntries([...document.querySelectorAll("[id^=list-]")].map(list => [list.id,
  [list.closest(".col,.panel").querySelector(".count,.panel__head").innerText, ...[...list.children].map(each => {
    const own = each.cloneNode(true);
    for (const clock of own.querySelectorAll("time,progress,.pop__in form,input[name=key]")) clock.remove();
    return `${own.id} ${own.textContent.replace(/\\s+/g, " ").trim()}`;
  })]]))"""


def answers_of(page: Page) -> list[Response]:
    """The answers to the page's questions what is new, as they come."""
    heard: list[Response] = []
    page.on(
        "response", lambda answer: heard.append(answer) if "/live?" in answer.url and "/board/" in answer.url else None
    )
    return heard


def test_a_change_is_sent_as_what_changed(sit_down: SitDown) -> None:
    here, there = sit_down("head").board(), sit_down("clerk").board()
    heard = answers_of(there)
    note(here, "6栋1单元 楼道灯不亮，晚归的人怕")
    line = there.locator("#lane-inbox .note", has_text="晚归的人怕")
    expect(line).to_be_visible()
    mine = here.locator("#lane-inbox .note", has_text="晚归的人怕")
    mine.locator("[data-key=a]").click()
    expect(line).to_have_count(0)
    card = there.locator("#lane-waiting .card", has_text="晚归的人怕")
    expect(card).to_be_visible()
    here.locator("#lane-waiting .card", has_text="晚归的人怕").locator("[data-key=d],[data-key=a]").first.click()
    expect(there.locator("#lane-sent .card", has_text="晚归的人怕")).to_be_visible()
    changes = [each for each in heard if each.status == 200]
    assert changes and all(each.headers.get("x-changes") == "true" for each in changes)
    assert max(each.request.sizes()["responseBodySize"] for each in changes) <= FRAGMENT
    stood = there.evaluate(STANDS)
    there.reload()
    there.wait_for_selector("html[data-ready]")
    assert there.evaluate(STANDS) == stood


def test_a_page_whose_board_nobody_knows_any_more_gets_all_of_it(sit_down: SitDown) -> None:
    here, there = sit_down("head").board(), sit_down("clerk").board()
    heard = answers_of(there)
    there.evaluate("document.querySelector('#board').dataset.shown = '0123456789abcdef'")
    note(here, "2栋2单元 楼道堆了杂物")
    expect(there.locator("#lane-inbox .note", has_text="楼道堆了杂物")).to_be_visible()
    assert "x-changes" not in next(each for each in heard if each.status == 200).headers
    note(here, "2栋3单元 楼道也堆了杂物")
    expect(there.locator("#lane-inbox .note", has_text="楼道也堆了杂物")).to_be_visible()
    assert [each for each in heard if each.status == 200][-1].headers["x-changes"] == "true"


def test_a_piece_that_cannot_be_placed_is_mended_with_the_whole(sit_down: SitDown) -> None:
    here, there = sit_down("head").board(), sit_down("clerk").board()
    there.evaluate("document.querySelector('#list-inbox').id = 'nowhere'")
    note(here, "5栋门口 井盖松了")
    expect(there.locator("#list-inbox .note", has_text="井盖松了")).to_be_visible()


def test_the_menu_of_a_line_sorts_it(sit_down: SitDown) -> None:
    """The choices are on the page once, and in the menu that is open."""
    page = sit_down("head").board()
    assert page.locator("#board select[name=category]").count() == 0
    note(page, "7栋后面有怪味，说不上是什么")
    line = page.locator("#lane-inbox .note", has_text="怪味")
    line.locator("summary").click()
    choice = line.locator("select[name=category]")
    expect(choice).to_be_visible()
    choice.select_option("LIFT_FAULT")
    expect(line.locator(".lift")).to_be_visible()
    choice.select_option("SEWAGE")
    expect(line.locator(".lift")).to_be_hidden()
    line.locator("button[type=submit]", has_text="转工单").last.click()
    expect(page.locator("#toasts")).to_contain_text("已转工单")
    expect(page.locator("#lane-waiting .card", has_text="怪味")).to_be_visible()


def test_without_script_the_menu_leads_to_the_page_that_sorts(sit_down: SitDown) -> None:
    desk = sit_down("head", java_script_enabled=False)
    desk.page.goto(desk.product.board)
    line = desk.page.locator("#lane-inbox .note").first
    line.locator("summary").click()
    line.locator(".pop__links a[href$='act=promote']").click()
    expect(desk.page.locator("select[name=category]").first).to_be_visible()


MORPHED = """form => {
  const region = document.createElement("div");
  region.innerHTML = form;
  document.body.append(region);
  const [text, box, radio, list, hidden, note] = region.querySelectorAll("input,select,textarea");
  text.value = "typed"; box.checked = true; radio.checked = true; list.value = "2"; note.value = "said";
  region.querySelector("details").open = true;
  region.querySelector("button").focus();  // what has the focus changes as well
  morphing.whole(region, form.replace("v1", "v2").replaceAll("old", "new"));
  const said = region.querySelector("p").textContent, open = region.querySelector("details").open;
  const pressed = region.querySelector("button:focus")?.textContent, stands = text.isConnected;
  return [pressed, text.value, box.checked, radio.checked, list.value, hidden.value, note.value, open, said, stands];
}"""


def test_what_was_typed_stays_when_the_page_around_it_changes(sit_down: SitDown) -> None:
    page = sit_down("head").see("/help")
    form = (
        "<p>old</p><details><summary>s</summary></details><input name=a><input type=checkbox name=b>"
        '<input type=radio name=c><select name=d><option value="">-<option value=1>1<option value=2>2</select>'
        "<input type=hidden name=e value=v1><textarea name=f></textarea><button>old</button>"
    )
    assert page.evaluate(MORPHED, form) == ["new", "typed", True, True, "2", "v2", "said", True, "new", True]
