"""The committee's Friday: a checkpoint is cosigned until it is witnessed, hangs on the wall, and is checked by anybody.

Nothing stands in for anything: the product asks the sub-district's own witness by HTTP, members sign on their phones
with the network off, and what was printed, drawn and packed is read again.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from services.__main__ import main
from services.tlog.checkpoint import Checkpoint
from services.tlog.note import COSIGNATURE, Signer, parse_note
from services.tlog.policy import Policy
from services.tlog.tiles import WIDTH, TileReader, entries_path, unbundle
from services.tlog.tree import inclusion_proof, leaf_hash, verify_inclusion
from services.witness.command import main as witness
from tests.browser.conftest import (
    DESKTOP,
    PHONE,
    PICTURES,
    WANTED,
    RunningProduct,
    SitDown,
    Workplace,
    a_running_product,
    until,
)
from tests.browser.test_axe import found, found_on
from tests.clock import PATIENCE
from tests.forked import Nursery
from tests.templates import Templates

pytestmark = pytest.mark.slow

THIRD = Signer("witness.donghuyuan.example/yi", b"3" * 32, COSIGNATURE).verifier.vkey()


@pytest.fixture(scope="module")
def product(
    nursery: Nursery, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningProduct]:
    """One of its own, for others than these expect a trail without witnesses; these have addresses of this machine."""
    with a_running_product(
        nursery, templates, tmp_path_factory.mktemp("friday"), JINLIN_WITNESS_PRIVATE="yes"
    ) as started:
        yield started


@contextmanager
def sub_district(folder: Path, log_key: str, capsys: pytest.CaptureFixture[str]) -> Iterator[tuple[str, str]]:
    """``jinlin witness`` in a process of its own; its public key and its address."""
    assert witness(["make", str(folder), "witness.jiaobei.example"]) == 0
    key = capsys.readouterr().out.strip()
    assert witness(["trust", str(folder), log_key]) == 0
    command = [sys.executable, "-m", "services.witness", "run", str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            said = re.fullmatch(r"witness at (http://127\.0\.0\.1:\d+/)\n", process.stdout.readline())
            assert said is not None
            yield key, said[1]
        finally:
            process.terminate()


class Member:
    """One of the committee with a phone of their own, whose network is off from the first moment."""

    def __init__(self, browser: Browser, page_file: Path, name: str) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport=PHONE, has_touch=True, locale="zh-CN", offline=True, bypass_csp=True
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE * 1000)
        self.wrongs: list[str] = []
        self.page.on("pageerror", lambda error: self.wrongs.append(str(error)))
        self.page.goto(page_file.as_uri())
        self.page.get_by_label("我的见证名").fill(name)
        self.page.get_by_role("button", name="做一把钥匙，留在这台手机里").click()
        expect(self.page.locator("#vkey")).to_contain_text(name)
        self.key = self.page.locator("#vkey").inner_text()

    def trusts(self, log_key: str) -> None:
        self.page.get_by_label("册子的公钥").fill(log_key)
        self.page.get_by_role("button", name="对过了，认准").click()
        expect(self.page.locator("#logs p")).to_have_count(1)

    def signs(self, file: Path) -> str:
        """The line that comes of the file that was brought."""
        self.page.locator("#file").set_input_files(file)
        expect(self.page.get_by_text("核对过了，可以签")).to_be_visible()
        self.page.get_by_role("button", name="签名", exact=True).click()
        expect(self.page.get_by_text("签好了")).to_be_visible()
        assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        return self.page.get_by_label("签好的一行").input_value()


def printed(desk: Workplace, name: str) -> tuple[Image.Image, str]:
    """The sheet for the wall, as whoever prints it has it: its picture, and its words."""
    answer = desk.context.request.get(f"{desk.product.url}/trail/{desk.product.estate}/sheet.pdf")
    assert answer.ok, answer.status
    document = pypdfium2.PdfDocument(answer.body())
    assert len(document) == 1
    picture: Image.Image = document[0].render(scale=3).to_pil()
    if WANTED:
        PICTURES.mkdir(parents=True, exist_ok=True)
        picture.save(PICTURES / f"{name}.png")
    return picture, document[0].get_textpage().get_text_range()


def photographed(sheet: Image.Image) -> bytes:
    """By a phone held askew in a dim stairwell."""
    taken, kept = sheet.convert("L").point(lambda shade: shade * 3 // 4 + 20), BytesIO()
    taken.rotate(3, expand=True, fillcolor=90).save(kept, "JPEG", quality=45)
    return kept.getvalue()


def the_leaf(product: RunningProduct, index: int) -> dict[str, Any]:
    """An entry as everybody can fetch it, proven to be in the checkpoint that everybody can fetch."""
    with httpx.Client(base_url=f"{product.url}/audit/log/") as client:

        def fetch(path: str) -> bytes:
            return client.get(path).raise_for_status().content

        now = Checkpoint.parse(parse_note(fetch("checkpoint")).text)
        n, at = divmod(index, WIDTH)
        entry = unbundle(fetch(entries_path(n, min(WIDTH, now.size - n * WIDTH))))[at]
        proof = inclusion_proof(TileReader(fetch, now.size).hash_at, index, now.size)
    verify_inclusion(leaf_hash(entry), index, now.size, tuple(proof), now.root)
    told: dict[str, Any] = httpx.Response(200, content=entry).json()
    return told


def cosigned_to(desk: Workplace, name: str) -> int:
    """How far a witness has cosigned, by what the committee can ask."""
    answer = desk.context.request.get(f"{desk.product.url}/api/v1/estates/{desk.product.estate}/trail")
    lanes: dict[str, int] = {each["witness"]: each["size"] for each in answer.json()["lanes"]}
    return lanes.get(name, 0)


def download(desk: Workplace, selector: str, into: Path) -> Path:
    with desk.page.expect_download() as coming:
        desk.page.locator(selector).click()
    path = into / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def test_a_friday(
    sit_down: SitDown, browser: Browser, product: RunningProduct, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trail = f"/trail/{product.estate}"
    committee, admin = sit_down("committee"), sit_down("admin")
    last_week, words = printed(committee, "friday-sheet-before")
    assert "还没见证" in words, "no more is claimed than holds"
    log_key = committee.see(f"{trail}/witnesses").locator(".witness__key").first.inner_text()
    page_file = tmp_path / "witness.html"
    page_file.write_bytes(committee.context.request.get(f"{product.url}/audit/witness").body())
    members = [Member(browser, page_file, f"witness.donghuyuan.example/{name}") for name in ("xu", "jia")]
    with sub_district(tmp_path / "street", log_key, capsys) as (street, address):
        settle(admin, trail, [*(each.key for each in members), THIRD], street, address)
        until(lambda: cosigned_to(committee, "g1") > 0, PATIENCE, lambda: "the sub-district was not asked")
        sign(committee, members, log_key, tmp_path)
        size = cosigned_to(committee, "m2")
        assert size > 0 and cosigned_to(committee, "m1") == size

        desk = committee.see(trail)
        expect(desk.locator(".verdict")).to_contain_text(f"{size:,}")
        expect(desk.locator(".verdict")).to_have_class(re.compile("verdict--(whole|tail)"))
        expect(desk.locator(".trail__recent")).to_contain_text("定了由谁见证")
        committee.picture("friday-desk", full=True)
        this_week, words = printed(committee, "friday-sheet")
        (code,) = zxingcpp.read_barcodes(this_week)
        assert Checkpoint.parse(parse_note(code.text).text).size == size and "还没见证" not in words
        assert Policy.parse(policy_text(product)).met(parse_note(code.text)).witnessed

    compare(browser, product, last_week, tmp_path)
    follow_a_figure(committee, trail)
    take_away(committee, trail, size, tmp_path, capsys)
    for member in members:
        assert member.wrongs == []
        member.context.close()


def policy_text(product: RunningProduct) -> str:
    return httpx.get(f"{product.url}/audit/policy.txt").raise_for_status().text


def settle(admin: Workplace, trail: str, keys: list[str], street: str, address: str) -> None:
    """The administrator enters who is to vouch: two of three members, and the sub-district."""
    page = admin.see(f"{trail}/witnesses")
    for n, key in enumerate(keys, 1):
        page.locator(f"#member-{n}").fill(key)
    page.locator("#government-1").fill(street)
    page.locator("#government-url-1").fill(address)
    admin.picture("friday-policy", full=True)
    page.locator("form[action$='/usual'] button").click()
    expect(page.locator("#h-lanes")).to_be_visible()


def sign(committee: Workplace, members: list[Member], log_key: str, folder: Path) -> None:
    for n, member in enumerate(members, 1):
        page = committee.see(f"{trail_of(committee)}/witnesses")
        expect(page.locator(".verdict--nobody")).to_be_visible()
        fold = page.locator("details.fold", has=page.locator("summary", has_text=f"m{n} "))
        if fold.get_attribute("open") is None:
            fold.locator("summary").click()
        committee.picture(f"friday-witnesses-{n}", full=True)
        with page.expect_download() as coming:
            fold.locator("a[href$='/to-sign']").click()
        file = folder / coming.value.suggested_filename
        coming.value.save_as(file)
        member.trusts(log_key)
        line = member.signs(file)
        assert found_on(member.page) == []
        if WANTED:
            member.page.screenshot(path=PICTURES / f"friday-phone-{n}.png", full_page=True)
        page.locator("#line").fill(line)
        page.locator("form[action$='/take'] button").click()
        expect(page.locator("tr", has_text=f"m{n} ").first).not_to_contain_text("还没签过")
    expect(page.locator(".verdict--witnessed")).to_be_visible()
    committee.picture("friday-witnesses", full=True)


def trail_of(desk: Workplace) -> str:
    return f"/trail/{desk.product.estate}"


def compare(browser: Browser, product: RunningProduct, sheet: Image.Image, folder: Path) -> None:
    """A neighbour holds a phone to what hung there last week; no account, no name."""
    context = browser.new_context(viewport=PHONE, has_touch=True, locale="zh-CN", base_url=product.url)
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto("/audit/compare")
    (folder / "photo.jpg").write_bytes(photographed(sheet))
    with page.expect_navigation():
        page.locator("#photo").set_input_files(folder / "photo.jpg")
    expect(page.locator(".tv.good")).to_contain_text("账本从这张纸那天接着记")
    expect(page.locator("#own-answer")).to_have_text("您手机自己也算了一遍，一样。")
    if WANTED:
        page.screenshot(path=PICTURES / "friday-compare.png", full_page=True)
    context.close()


def follow_a_figure(committee: Workplace, trail: str) -> None:
    """From the month's cases to one line, to what the public log has at its place, and to the case in words."""
    page = committee.see(f"{trail}/report")
    committee.turn(page.locator("a[href*='figure=NOTED']"))
    row = page.locator(".table--trail tbody tr").last
    committee.picture("friday-report", full=True)
    expect(row).to_contain_text("已见证")
    index = int(row.locator("td.num").last.inner_text().removeprefix("#"))
    leaf = the_leaf(committee.product, index)
    assert (leaf["pos"], leaf["recorded"]) == (1, f"{committee.product.now:%Y-%m}"), leaf  # a case begins
    committee.turn(row.locator("a"))
    expect(page.locator(".proven--witnessed").first).to_be_visible()
    committee.picture("friday-case", full=True)


def take_away(committee: Workplace, trail: str, size: int, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The archive, checked by the command with nothing but the policy, and with one that wants all three members."""
    committee.see(f"{trail}/export")
    committee.picture("friday-export", full=True)
    archive = download(committee, "a[href*='archive.zip']", folder)
    policy = folder / "policy.txt"
    policy.write_text(policy_text(committee.product), encoding="utf-8")
    capsys.readouterr()
    assert main(["audit", "verify", str(archive), "--policy", str(policy)]) == 0
    told = capsys.readouterr().out
    assert f"checkpoint: {size} entries" in told and "witnesses: m1, m2, g1" in told, told
    policy.write_text(policy_text(committee.product).replace("group owners 2", "group owners 3"), encoding="utf-8")
    assert main(["audit", "verify", str(archive), "--policy", str(policy)]) == 1


@pytest.mark.parametrize(("language", "theme", "size"), [("zh", "light", DESKTOP), ("en", "dark", PHONE)])
def test_axe_has_nothing_against_what_it_leads_through(
    sit_down: SitDown, product: RunningProduct, language: str, theme: str, size: dict[str, int]
) -> None:
    desk = sit_down("committee", size=size, language=language, bypass_csp=True)
    desk.context.add_cookies([{"name": "theme", "value": theme, "url": product.url}])
    trail = f"/trail/{product.estate}"
    checkpoint = parse_note(httpx.get(f"{product.url}/audit/log/checkpoint").text).text
    case = desk.see(f"{trail}/report?figure=NOTED").locator(".table--trail a").last.get_attribute("href")
    compared = f"/audit/compare?{httpx.QueryParams(text=checkpoint)}"
    for path in (
        trail, f"{trail}/report?figure=ON_TIME", str(case), f"{trail}/witnesses", f"{trail}/export",
        "/audit/verify", "/audit/compare", compared,
    ):  # fmt: skip
        desk.page.goto(product.url + path)
        assert found(desk) == [], path
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
        name = path.split("?")[0].removeprefix(trail).strip("/").replace("/", "-")[:12] or "desk"
        desk.picture(f"friday-{name}-{language}-{theme}{'-found' if path == compared else ''}", full=True)
