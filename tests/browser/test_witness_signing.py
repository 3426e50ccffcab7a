"""A member signs on the own phone with the network off: one file, and what it signs is what our formats say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from services.tlog.cosignature import cosigned
from services.tlog.note import COSIGNATURE, Signer, Verifier, parse_note
from services.trail.witness_codes import link
from services.trail.witness_signing import _page as page_of
from services.witness.submission import Submission
from tests.browser.conftest import PHONE, PICTURES, WANTED, RunningProduct
from tests.witness.growing import Log

pytestmark = pytest.mark.slow
LOG = Log().grow(20)
NAME = "witness.donghuyuan/wang"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport=PHONE, locale="zh-CN")
    yield made
    made.close()


def offline(context: BrowserContext, folder: Path) -> Page:
    file = folder / "witness.html"
    file.write_text(page_of("zh")[0], encoding="utf-8")
    context.set_offline(True)
    page = context.new_page()
    page.goto(file.as_uri())
    return page


def ready(page: Page) -> Verifier:
    page.get_by_label("我的见证名").fill(NAME)
    page.get_by_role("button", name="做一把钥匙，留在这台手机里").click()
    expect(page.locator("#vkey")).to_contain_text(NAME)
    page.get_by_label("册子的公钥").fill(LOG.signer.verifier.vkey())
    page.get_by_role("button", name="对过了，认准").click()
    expect(page.locator("#logs p")).to_have_count(1)
    return Verifier.parse(page.locator("#vkey").inner_text(), COSIGNATURE)


def ask(page: Page, text: str) -> None:
    page.get_by_label("或者把要签的内容贴在这里").fill(text)


def sign(page: Page) -> str:
    page.get_by_role("button", name="签名", exact=True).click()
    expect(page.get_by_text("签好了")).to_be_visible()
    return page.get_by_label("签好的一行").input_value()


def test_it_checks_and_signs_with_the_network_off(context: BrowserContext, tmp_path: Path) -> None:
    page = offline(context, tmp_path)
    wrongs: list[str] = []
    page.on("pageerror", lambda error: wrongs.append(str(error)))
    mine = ready(page)
    for old, new in ((0, 1), (1, 6), (6, 6), (6, 8), (8, 20)):
        ask(page, LOG.submission(old, new).text())
        expect(page.get_by_text("核对过了，可以签")).to_be_visible()
        expect(page.locator("#size")).to_have_text(f"{new} 条")
        line = sign(page)
        assert mine in cosigned(parse_note(f"{LOG.checkpoint(new).written()}{line}\n"), [mine])
        if WANTED and new == 20:
            PICTURES.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=PICTURES / "witness-signing.png", full_page=True)
    page.reload()
    expect(page.locator("#vkey")).to_contain_text(NAME)
    ask(page, LOG.submission(8, 20).text())
    expect(page.get_by_text("核对过了，可以签")).to_be_visible()
    assert wrongs == []


def test_it_says_exactly_what_is_wrong_and_signs_nothing(context: BrowserContext, tmp_path: Path) -> None:
    page = offline(context, tmp_path)
    ready(page)
    ask(page, LOG.submission(0, 8).text())
    sign(page)
    good, forked, stranger = LOG.submission(8, 20), LOG.other(3), Signer(LOG.signer.name, b"x" * 32)
    forged = Log(LOG.leaves, stranger).submission(8, 20)
    elsewhere = Log(LOG.leaves, Signer("elsewhere.example", b"e" * 32)).submission(8, 20)
    wrong = {
        "微信付款码": "没有要签的东西",
        good.text()[:80]: "没有要签的东西",
        good.text().replace("\n20\n", "\n21\n"): "册子的签名是坏的",
        forged.text(): "您认准的那把钥匙",
        elsewhere.text(): "还没认准册子“elsewhere.example”",
        LOG.submission(6, 20).text(): "可您上次签到 8 条",
        LOG.submission(0, 5).text(): "是旧的，不用签",
        forked.submission(8, 8).text(): "册子被换过",
        forked.submission(8, 20).text(): "证明不出",
        Submission(8, good.proof[:-1], good.note).text(): "证明不出",
        Submission(8, (), good.note).text(): "证明不出",
    }
    for text, said in wrong.items():
        ask(page, text)
        expect(page.locator("#verdict")).to_contain_text(said)
        expect(page.get_by_role("button", name="签名", exact=True)).to_be_hidden()
    ask(page, good.text())
    sign(page)


def test_a_code_leads_to_the_page_and_what_is_to_be_signed_is_sent_to_nobody(
    context: BrowserContext, product: RunningProduct
) -> None:
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(link(product.url, LOG.signer.verifier.vkey(), LOG.submission(0, 12)))
    context.set_offline(True)
    expect(page.get_by_label("册子的公钥")).to_have_value(LOG.signer.verifier.vkey())
    mine = ready(page)
    expect(page.get_by_text("核对过了，可以签")).to_be_visible()
    line = sign(page)
    assert mine in cosigned(parse_note(f"{LOG.checkpoint(12).written()}{line}\n"), [mine])
    assert {address.split("#")[0] for address in asked} <= {
        f"{product.url}/audit/witness",
        f"{product.url}/favicon.ico",
    }
