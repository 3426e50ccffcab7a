"""How fast pages are in a browser on a weak machine: Chromium at a quarter of its speed, with nothing kept before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.conftest import SitDown
from tests.browser.weights import FIRST_VISIT

SLOWER = 4
LCP, LONG_TASK, INTERACTION = 1000, 50, 100  # budgets in ms
_SETTLES = 1500  # ms in which a page is watched after it has loaded
_SHORTEST = 16  # ms of an interaction that the browser tells of

_WATCH = """
window.seen = { lcp: 0, long: [], acts: {} };
const each = (type, take, more = {}) => new PerformanceObserver(list => list.getEntries().forEach(take))
  .observe({ type, buffered: true, ...more });
window.menus = () => [...document.querySelectorAll("main details > summary")].filter(each => each.offsetParent);
each("largest-contentful-paint", e => { seen.lcp = e.startTime; });
each("longtask", e => seen.long.push([e.startTime, e.duration]));
each("event", e => {
  if (e.interactionId) seen.acts[e.interactionId] = Math.max(seen.acts[e.interactionId] || 0, e.duration);
}, { durationThreshold: 16 });
"""
_SEEN = """() => {
  const page = performance.getEntriesByType("navigation")[0], files = performance.getEntriesByType("resource");
  const later = seen.long.filter(([at]) => at > page.loadEventEnd).map(([, took]) => took);
  return {
    lcp: seen.lcp, long: Math.max(0, ...later), acts: Object.values(seen.acts),
    sent: files.reduce((sum, e) => sum + e.encodedBodySize, page.encodedBodySize),
  };
}"""


@dataclass(frozen=True, slots=True)
class Pace:
    """One page: bytes that came, milliseconds of the rest. ``acts`` are the slowest moments of each interaction."""

    path: str
    sent: int
    lcp: float
    long: float
    acts: tuple[float, ...]

    @property
    def p98(self) -> float:
        return sorted(self.acts)[max(0, round(len(self.acts) * 0.98) - 1)]

    def row(self, before: Mapping[str, int]) -> str:
        """``before``: bytes of a first visit as they were, by page; of a newer page there are none."""
        marks = [
            f"{value:.0f}{' !' if value > budget else ''}"
            for value, budget in ((self.lcp, LCP), (self.long, LONG_TASK), (self.p98, INTERACTION))
        ]
        was = f"{before[self.path] / 1000:.1f}" if self.path in before else "–"
        heavy = " !" if self.sent > FIRST_VISIT else ""
        return f"| {self.path} | {was} | {self.sent / 1000:.1f}{heavy} | {' | '.join(marks)} |"


def paces(sit_down: SitDown, ways: dict[str, Sequence[str]]) -> Iterator[Pace]:
    """Each of these pages, by the account that looks at it, opened in a browser that has nothing of it."""
    for role, paths in ways.items():
        for path in paths:
            desk = sit_down(role)
            page = desk.page
            page.add_init_script(_WATCH)
            slow = desk.context.new_cdp_session(page)
            slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            page.goto(desk.product.url + path, wait_until="load")
            page.wait_for_selector("html[data-ready]")
            page.wait_for_timeout(_SETTLES)
            first = page.evaluate(_SEEN)
            done = sum(act(page) for act in ACTS)
            page.wait_for_timeout(300)
            acts = page.evaluate(_SEEN)["acts"]
            quick = [_SHORTEST] * max(0, done - len(acts))
            found = Pace(
                path.replace(desk.product.estate, "…"), first["sent"], first["lcp"], first["long"], (*acts, *quick)
            )
            yield found
            desk.context.close()


def _palette(page: Page) -> int:
    """Ctrl-K, some letters one by one, and away again."""
    page.keyboard.press("Control+k")
    for letter in "dhy3":
        page.keyboard.type(letter)
        page.wait_for_timeout(60)
    page.evaluate("document.getElementById('palette')?.close()")
    return 5


def _cards(page: Page) -> int:
    for key in "jjjkkllh":
        page.keyboard.press(key)
    return 8


def _menus(page: Page) -> int:
    """Three menus of the page, opened and left by keys."""
    found = min(3, page.evaluate("menus().length"))
    for at in range(found):
        page.evaluate("at => menus()[at].focus()", at)
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
    return 2 * found


def _typing(page: Page) -> int:
    field = page.locator("main input[type=text]:visible, main input[type=search]:visible, #note:visible").first
    if not field.count():
        return 0
    field.focus()
    for letter in "3 dong 2":
        page.keyboard.type(letter)
    return 8


ACTS: tuple[Callable[[Page], int], ...] = (_cards, _palette, _menus, _typing)
HEAD = (
    "| page | kB in 0.6.0 | kB | LCP ms | longest task after load ms | interactions p98 ms |\n|---|---|---|---|---|---|"
)
