"""A page that stays open for a day takes no more memory than at its beginning, however often it is drawn anew."""

import pytest
from playwright.sync_api import CDPSession, Page

from tests.browser.conftest import RunningProduct, SitDown

pytestmark = pytest.mark.slow

AT_SPEED = """
const real = window.setTimeout;
window.setTimeout = (f, ms, ...more) => real(f, ms === 250 ? 0 : ms, ...more);
const Stream = window.EventSource;
window.EventSource = class extends Stream { constructor(url) { super(url); window.stream = this; } };
"""
NEWS = """async times => {
  const turn = () => document.querySelector("#board .split").dataset.turn;
  for (let n = 0; n < times; n++) {
    const before = turn();
    window.stream.dispatchEvent(new MessageEvent("board", { data: String(n) }));
    for (let frames = 0; turn() === before && frames < 200; frames++) await new Promise(requestAnimationFrame);
  }
}"""


def heap(cdp: CDPSession) -> tuple[float, int]:
    """What is still used after a collection, in megabytes, and how many nodes there are."""
    for _ in range(3):
        cdp.send("HeapProfiler.collectGarbage")
    counted = cdp.send("Memory.getDOMCounters")
    return cdp.send("Runtime.getHeapUsage")["usedSize"] / 1e6, int(counted["nodes"])


def drawn_anew(page: Page, times: int) -> None:
    page.evaluate(NEWS, times)


def grown(sit_down: SitDown, product: RunningProduct, times: int) -> tuple[float, float, int, int]:
    """The heap in megabytes and the nodes after a few updates, and after so many more."""
    desk = sit_down("head")
    desk.page.add_init_script(AT_SPEED)
    page = desk.board()
    cdp = desk.context.new_cdp_session(page)
    turn = {"n": 0}

    def anew(route: object) -> None:  # each answer is another one, as on a busy day
        request = route.request  # type: ignore[attr-defined]
        whole = request.url.partition("?")[0]
        answer = route.fetch(url=whole, headers={**request.headers, "if-none-match": ""})  # type: ignore[attr-defined]
        turn["n"] += 1
        body = answer.text().replace('<div class="split">', f'<div class="split" data-turn="{turn["n"]}">')
        route.fulfill(response=answer, body=body)  # type: ignore[attr-defined]

    page.route("**/board/*/live*", anew)
    drawn_anew(page, 10)
    before, nodes = heap(cdp)
    drawn_anew(page, times)
    assert turn["n"] >= times * 0.9
    after, nodes_then = heap(cdp)
    return before, after, nodes, nodes_then


def test_a_board_drawn_often_takes_no_more_memory(sit_down: SitDown, product: RunningProduct) -> None:
    before, after, nodes, nodes_then = grown(sit_down, product, 40)
    assert after < before + 1.0, (before, after)
    assert nodes_then < nodes * 1.2, (nodes, nodes_then)


@pytest.mark.drill
def test_a_board_open_for_a_day_takes_no_more_memory(sit_down: SitDown, product: RunningProduct) -> None:
    before, after, nodes, nodes_then = grown(sit_down, product, 2000)  # one a minute, and what a busy day brings
    assert after < before + 2.0, (before, after)
    assert nodes_then < nodes * 1.2, (nodes, nodes_then)
