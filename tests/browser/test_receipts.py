"""From money to paper and back: a receipt's code is read from its picture and checked by somebody not signed in."""

import re
from dataclasses import dataclass
from typing import Any

import httpx
import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DESKTOP, PHONE, RunningProduct, SitDown, until
from tests.browser.test_axe import LOOKS, found
from tests.browser.test_board import sideways

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@dataclass(frozen=True)
class Paid:
    """Somebody's payment at the desk, and a program that goes on as the accountant."""

    accountant: httpx.Client
    cashier: httpx.Client
    dwelling: str
    owner: str
    payment: str
    receipt: str


def program(product: RunningProduct, username: str) -> httpx.Client:
    client = httpx.Client(base_url=product.url, timeout=20)
    said = {"username": username, "password": product.passwords[username]}
    client.headers["Authorization"] = f"Bearer {client.post('/api/v1/session', json=said).json()['token']}"
    client.cookies.clear()
    return client


def done(answer: httpx.Response) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


@pytest.fixture(scope="module")
def paid(product: RunningProduct) -> Paid:
    """An owner of the demo's register pays what nobody asked for, in advance."""
    accountant, cashier = program(product, "accountant"), program(product, "cashier")
    found = accountant.get("/api/v1/dwellings", params={"estate": product.estate}).json()
    owned = next(each for each in found if each["owner_name"])
    taken = pay(cashier, owned["dwelling"], 643_46)
    where = f"/api/v1/payments/{taken['payment']}"
    until(lambda: cashier.get(where).status_code == 200, 60, lambda: "the payment is not shown")
    return Paid(accountant, cashier, owned["dwelling"], owned["owner_name"], taken["payment"], taken["receipt"])


def pay(cashier: httpx.Client, dwelling: str, amount: int) -> Any:
    money = {"dwelling": dwelling, "amount": amount, "method": "WECHAT", "accept_excess": True}
    return done(cashier.post("/api/v1/payments", json=money))


def code_of(pdf: bytes) -> str:
    (code,) = zxingcpp.read_barcodes(pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil())
    return str(code.text)


def test_a_receipts_code_leads_to_a_page_that_says_whether_it_stands(
    browser: Browser, product: RunningProduct, paid: Paid
) -> None:
    answer = paid.accountant.get(f"/api/v1/payments/{paid.payment}/receipt.pdf", params={"size": "80mm"})
    assert answer.status_code == 200, answer.text
    address = code_of(answer.content)
    assert address.startswith(f"{product.url}/verify/")
    for size, name in ((PHONE, "phone"), (DESKTOP, "desk")):
        page = browser.new_context(viewport=size, locale="zh-CN").new_page()
        page.goto(address)
        expect(page.get_by_role("status").first).to_contain_text("这张收据有效")
        expect(page.locator("main")).to_contain_text(paid.receipt)
        expect(page.locator("main")).to_contain_text("643.46")
        expect(page.locator("main")).not_to_contain_text(paid.owner)
        assert sideways(page) == 0
        page.screenshot(path=f"build/screenshots/verify-{name}.png")
        page.context.close()


def test_an_invoice_is_asked_for_recorded_and_reversed_on_the_pages(sit_down: SitDown, paid: Paid) -> None:
    desk = sit_down("accountant")
    page = desk.see(f"/invoices/{desk.product.estate}/request/{paid.dwelling}/{paid.payment}")
    expect(page.locator("#title")).to_have_value(paid.owner)
    page.locator("#title").fill("林小梅的公司")
    page.locator("#tax_number").fill("91350100m000123456")
    desk.picture("invoice-request")
    page.get_by_role("button", name="申请开票").dblclick()
    row = page.locator(".invoice", has_text="林小梅的公司")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("91350100M000123456")
    row.get_by_text("记发票号码").click()
    row.locator("[name=number]").fill("123")
    row.get_by_role("button", name="已开，记下").click()
    expect(row.locator("[data-error-of=number]")).to_contain_text("20 位数字")
    year = desk.product.now.year % 100
    row.locator("[name=number]").fill(f"{year:02d} 352 000000012345678")
    row.get_by_role("button", name="已开，记下").click()
    expect(page.locator(".invoice", has_text="林小梅的公司")).to_have_count(0)
    page.wait_for_url("**after=**")
    page.get_by_role("link", name=re.compile("已开票")).click()
    row = page.locator(".invoice", has_text="林小梅的公司")
    expect(row).to_contain_text(f"{year:02d}352000000012345678")
    desk.picture("invoice-issued")
    desk.see(f"/payments/{paid.payment}")  # the payment shows its invoice, and waits for the red one
    expect(page.locator("main")).to_contain_text(f"{year:02d}352000000012345678")
    expect(page.locator("main")).to_contain_text("先把这笔收款的发票红冲或撤回")
    desk.turn(page.get_by_role("link", name="已开票"))
    row = page.locator(".invoice", has_text="林小梅的公司")
    assert sideways(page) == 0
    row.get_by_text("红冲").first.click()
    row.locator("[name=red_number]").fill(f"{year:02d}352000000012345679")
    row.locator("[name=text]").fill("抬头写错")
    row.get_by_role("button", name="已红冲，记下").click()
    expect(row).to_have_count(0)
    expect(page.locator("#h-list")).to_contain_text("已开票")  # what was chosen to be shown stays chosen
    page.get_by_role("link", name=re.compile("已红冲")).click()
    expect(page.locator(".invoice", has_text="林小梅的公司")).to_contain_text("抬头写错")


@pytest.mark.parametrize(("language", "theme", "size"), LOOKS)
def test_axe_has_nothing_against_these_pages(
    sit_down: SitDown, paid: Paid, language: str, theme: str, size: dict[str, int]
) -> None:
    payment = pay(paid.cashier, paid.dwelling, 100_00)["payment"]
    asked = {"payment": payment, "rate": 300, "title": "每一种样子", "amount": 1}
    done(paid.accountant.post(f"/api/v1/accounts/{paid.dwelling}/invoices", json=asked))
    receipt = paid.accountant.get(f"/api/v1/payments/{paid.payment}/receipt.pdf").content
    desk = sit_down("accountant", size=size, language=language, bypass_csp=True)
    desk.context.add_cookies([{"name": "theme", "value": theme, "url": desk.product.url}])
    estate = desk.product.estate
    for path in (
        f"/invoices/{estate}",
        f"/invoices/{estate}?stage=WITHDRAWN",
        f"/invoices/{estate}/request/{paid.dwelling}/{payment}",
        f"/payments/{payment}",
        code_of(receipt).removeprefix(desk.product.url),
    ):
        desk.page.goto(desk.product.url + path)
        assert found(desk) == [], path
        assert sideways(desk.page) <= 0, path
