"""Anybody checks a receipt or last week's sheet on a telephone: by the public pages, and by a file with no network."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import httpx
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from services.tlog.checkpoint import Checkpoint
from services.tlog.note import parse_note
from services.tlog.proof import Proof
from services.tlog.tiles import WIDTH, TileReader, entries_path, unbundle
from services.tlog.tree import consistency_proof, inclusion_proof, leaf_hash, root_of, verify_consistency
from services.tlog.verify import Carried
from services.trail.verify_pages import offline_file
from tests.browser.conftest import PHONE, RunningProduct
from tests.clock import PATIENCE
from tests.tlog.make_vectors import VECTORS

pytestmark = pytest.mark.slow

RECEIPTS = json.loads((VECTORS / "receipts.json").read_bytes())
GOOD = (VECTORS / "receipts" / "good.tlog-proof").read_text(encoding="utf-8")
POLICY = (VECTORS / "policy.txt").read_text(encoding="utf-8")
COLOURS = {"witnessed": "good", "unwitnessed": "wait"}


@pytest.fixture
def alone(browser: Browser) -> Iterator[Page]:
    """A telephone without a network; whoever asks for one is noticed."""
    context = browser.new_context(viewport=PHONE, offline=True, locale="zh-CN")
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    context.route(lambda url: not url.startswith("file:"), refuse)
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.on("pageerror", lambda error: asked.append(str(error)))
    yield page
    context.close()
    assert asked == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_file_for_offline_use_judges_as_we_do(alone: Page, tmp_path: Path, language: str) -> None:
    """All the vectors, in a browser that has nothing but the file."""
    file = tmp_path / "verify.html"
    file.write_text(offline_file(language, POLICY), encoding="utf-8")
    alone.goto(file.as_uri())
    for case in RECEIPTS if language == "zh" else RECEIPTS[:1]:
        alone.locator("#receipt").fill("")
        expect(alone.locator("#said > *")).to_have_count(0)
        alone.locator("#receipt").fill((VECTORS / case["file"]).read_text(encoding="utf-8"))
        verdict = alone.locator("#said .tv")
        expect(verdict).to_have_count(1)
        kind = (verdict.get_attribute("class") or "").split()[1]
        if case["file"].endswith("dos-lines.tlog-proof"):
            assert kind == "good"  # a field for text knows no other line ends
            continue
        assert kind == COLOURS.get(case["verdict"], "bad"), case
    alone.locator("#receipt").fill(GOOD)
    said = alone.locator("#said")
    expect(said).to_contain_text({"zh": "这条在册，没人改过", "en": "In the log, and nobody altered it"}[language])
    expect(said).to_contain_text("欧阳雪")
    expect(said).to_contain_text("m1, m2, jiedao")
    alone.locator("#policy").evaluate(
        "box => { box.value = box.value.replace('owners 2', 'owners 3'); box.oninput(); }"
    )
    expect(said.locator(".tv.wait")).to_have_count(1)
    alone.locator("#policy").evaluate("box => { box.value = 'nonsense'; box.oninput(); }")
    expect(said).to_contain_text({"zh": "信任名单读不出来", "en": "The list of trusted keys cannot be read"}[language])


@pytest.fixture
def stranger(browser: Browser, product: RunningProduct) -> Iterator[Page]:
    """Somebody without an account, on a telephone."""
    context = browser.new_context(viewport=PHONE, has_touch=True, locale="zh-CN", base_url=product.url)
    complaints: list[str] = []
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert [each for each in complaints if "status of 4" not in each] == []


class PublicLog:
    """The product's log as its addresses give it to everybody."""

    def __init__(self, product: RunningProduct) -> None:
        self._client = httpx.Client(base_url=f"{product.url}/audit/log/")
        self.note = parse_note(self._fetch("checkpoint"))
        self.checkpoint = Checkpoint.parse(self.note.text)
        self.hash_at = TileReader(self._fetch, self.checkpoint.size).hash_at

    def _fetch(self, path: str) -> bytes:
        return self._client.get(path).raise_for_status().content

    def receipt(self, index: int) -> str:
        n, at = divmod(index, WIDTH)
        size = self.checkpoint.size
        entry = unbundle(self._fetch(entries_path(n, min(WIDTH, size - n * WIDTH))))[at]
        proof = tuple(inclusion_proof(self.hash_at, index, size))
        return Proof(index, proof, self.note, Carried(entry).extra()).text()

    def sheet(self, size: int) -> Checkpoint:
        """Of an earlier week: its root is made of the leaves, as a witness would have had it."""
        leaves = [self.hash_at(0, n) for n in range(size)]
        return Checkpoint(self.checkpoint.origin, size, root_of(leaves))


def test_a_stranger_checks_a_receipt_and_a_sheet_by_telephone(
    stranger: Page, product: RunningProduct, tmp_path: Path
) -> None:
    log = PublicLog(product)
    stranger.goto("/audit/verify")
    stranger.locator("#receipt").fill(log.receipt(41))
    said = stranger.locator("#said")
    expect(said.locator(".tv.wait")).to_contain_text("在册，还没见证")  # nobody is a witness of the demo
    expect(said).to_contain_text("指纹在第 42 条")
    stranger.route("**/audit/receipts/42/key", lambda route: route.fulfill(body=log.receipt(41)))
    stranger.goto("about:blank")
    stranger.goto("/audit/verify#/audit/receipts/42/key")  # as the code on paper leads there
    expect(said.locator(".tv.wait")).to_contain_text("在册，还没见证")
    stranger.locator("#receipt").fill(log.receipt(41).replace("index 41", "index 42"))
    expect(said.locator(".tv.bad")).to_contain_text("这条对不上")
    assert stranger.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    earlier = log.sheet(300)
    verify_consistency(
        300,
        log.checkpoint.size,
        consistency_proof(log.hash_at, 300, log.checkpoint.size),
        earlier.root,
        log.checkpoint.root,
    )
    stranger.goto("/audit/compare")
    (tmp_path / "sheet.png").write_bytes(photographed(earlier.text()))
    with stranger.expect_navigation():
        stranger.locator("#photo").set_input_files(tmp_path / "sheet.png")
    expect(stranger.locator(".tv.good")).to_contain_text("账本从这张纸那天接着记，前面 300 条一个字没动")
    expect(stranger.locator("#own-answer")).to_have_text("您手机自己也算了一遍，一样。")
    stranger.locator("#text").fill(Checkpoint(earlier.origin, 300, leaf_hash(b"another")).text())
    with stranger.expect_navigation():
        stranger.locator("#compare button").click()
    expect(stranger.locator(".tv.bad")).to_contain_text("和这张纸对不上：前面的记录被动过")
    expect(stranger.locator("#own-answer")).to_have_count(0)
    assert stranger.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def photographed(text: str) -> bytes:
    """A sheet with its code, a little askew and dim."""
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(scale=12)
    sheet, picture = Image.new("L", (1500, 1900), 220), BytesIO()
    sheet.paste(Image.frombytes("L", (drawn.shape[1], drawn.shape[0]), bytes(drawn)), (300, 400))
    sheet.rotate(4, fillcolor=170).save(picture, "PNG")
    return picture.getvalue()
