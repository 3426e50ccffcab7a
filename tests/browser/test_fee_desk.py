"""The fee desk in a browser: found by a few letters, money taken by keys alone, receipt and change told at once."""

import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, RunningProduct, SitDown, Workplace
from tests.browser.owing import owe
from tests.browser.test_axe import LOOKS, found
from tests.browser.test_board import sideways

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

TOP_NAME = "欧阳春晓"
MOST_KEYS = 10  # from the resident's first word to the receipt's number


@pytest.fixture(scope="module", autouse=True)
def owing(product: RunningProduct) -> None:
    owe(product, "77", TOP_NAME)


@dataclass
class Hands:
    """Everything that a cashier does with keyboard and mouse, counted."""

    page: Page
    keys: int = 0
    clicks: int = 0
    pressed: list[str] = field(default_factory=list)

    def types(self, text: str) -> None:
        self.keys += len(text)
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)


def fen(text: str) -> int:
    """Fen of an amount as pages show it."""
    return round(float(re.sub(r"[^\d.]", "", text)) * 100)


def who_owes(desk: Workplace, least: int) -> str:
    """The label of a dwelling with at least so many fen to pay, as the desk finds it."""
    desk.see(f"/fees/{desk.product.estate}?q=77-1-")
    for row in desk.page.locator("a.hit", has=desk.page.locator(".mark--owes")).all():
        if fen(row.locator(".mark--owes").inner_text()) >= least:
            return row.locator("b").inner_text()
    raise AssertionError("nobody owes that much")


def test_script_9_an_owner_pays_500_by_keys_alone_and_asks_for_an_invoice(sit_down: SitDown) -> None:
    """500.00 on arrears of 643.46 without penalty: allocation, receipt, and later the invoice's request."""
    desk = sit_down("cashier")
    page = desk.see(f"/fees/{desk.product.estate}")
    hands = Hands(page)
    expect(page.locator("#fee-q")).to_be_focused()
    hands.types("oycx")  # initials of the name
    expect(page.locator("a.hit").first).to_contain_text(TOP_NAME)
    desk.picture("fee-desk-found")
    hands.press("Enter")
    expect(page.locator("#amount")).to_be_focused()
    expect(page.locator("#balance")).to_have_text("¥643.46")
    desk.picture("fee-desk-picked")
    for written, after in (("89,37", ""), ("1,234", "多出"), ("", "")):  # nobody reckons with what may be two sums
        page.locator("#amount").fill(written)
        expect(page.locator("#after span")).to_contain_text(after)
        assert after or not page.locator("#after span").inner_text()
    hands.types("500")
    expect(page.locator("#after")).to_have_text("交完还欠 ¥143.46")
    expect(page.locator("#pays")).to_contain_text("还欠 ¥143.46")
    expect(page.locator(".methods kbd").first).to_be_hidden()  # no key of theirs works yet
    hands.press("Enter")
    expect(page.locator("[data-method]").first).to_be_focused()
    hands.press("Enter")
    expect(page.locator("#receipt-no")).to_have_text(re.compile(r"^\d{4}-\d{6}$"))
    assert (hands.clicks, hands.keys <= MOST_KEYS) == (0, True), hands.keys
    expect(page.locator("#balance")).to_have_text("¥143.46")  # no penalty
    expect(page.locator("[data-method]")).to_have_count(0)  # nothing is taken here
    expect(page.locator(".paid .rows li")).to_have_text(re.compile(r"^物业服务费 *\d{4}\.01–\d{4}\.12¥500\.00$"))
    expect(page.locator("#print-a5")).to_be_focused()  # one more Enter, or P, prints
    desk.picture("fee-desk-taken")
    receipt = page.locator("#receipt-no").inner_text()
    paper = page.context.request.get(f"{desk.product.url}{page.locator('#print-a5').get_attribute('href')}")
    assert paper.body().startswith(b"%PDF")
    taken = page.url
    hands.press("/")
    expect(page.locator("#fee-q")).to_be_focused()  # for the next resident

    desk.see(taken)
    page.get_by_role("link", name="看账户").click()
    line = page.locator(".table--bills tbody tr")
    expect(line).to_have_count(1)
    expect(line).to_contain_text(f"{receipt} ¥500.00")
    expect(page.locator("#account-open")).to_have_text("¥143.46")
    page.locator(".table--payments a[href*='/payments/']").click()
    page.get_by_role("link", name="要发票").click()
    expect(page.locator("#amount")).to_have_value("500.00")
    page.get_by_role("button", name="申请开票").click()
    expect(page.locator(".invoice", has_text=TOP_NAME)).to_contain_text("¥500.00")
    desk.picture("script-9-invoice")


def test_the_change_is_told_before_and_after(sit_down: SitDown) -> None:
    desk = sit_down("cashier")
    label = who_owes(desk, 10_000)
    page = desk.see(f"/fees/{desk.product.estate}?q={label}")
    page.locator("a.hit").first.click()
    page.wait_for_selector("html[data-ready]")
    page.locator("#amount").fill("64.35")
    page.locator("#given").fill("100")
    expect(page.locator("#back")).to_have_text("¥35.65")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#change-back")).to_have_text("¥35.65")
    desk.picture("fee-desk-change")


def test_of_many_that_are_found_the_first_are_listed_and_the_page_says_so(sit_down: SitDown) -> None:
    desk = sit_down("cashier")
    page = desk.see(f"/fees/{desk.product.estate}?q=77-1-")
    expect(page.locator("#fee-found a.hit")).to_have_count(12)
    expect(page.locator("#fee-found")).to_contain_text("先列 12 户")
    page.locator("#fee-q").fill("77-1-13")
    expect(page.locator("#fee-found a.hit")).to_have_count(1)
    expect(page.locator("#fee-found")).not_to_contain_text("先列")


def test_ticked_bills_are_summed_and_paid(sit_down: SitDown) -> None:
    desk = sit_down("cashier")
    label = who_owes(desk, 10_000)
    page = desk.see(f"/fees/{desk.product.estate}?q={label}")
    page.locator("a.hit").first.click()
    page.wait_for_selector("html[data-ready]")
    last = page.locator(".due").last
    due = fen(last.locator("b").last.inner_text())
    period = last.locator("small").inner_text().split("\n")[0]
    last.locator("input").check()
    expect(page.locator("#amount")).to_have_value(f"{due / 100:.2f}")
    page.locator("main h2").first.click()  # out of any field: no method's key is shown, and none works
    page.keyboard.press("2")
    page.locator("#amount").press("Enter")
    expect(page.locator(".methods kbd").nth(1)).to_be_visible()
    page.keyboard.press("2")
    expect(page.locator(".paid")).to_contain_text(period)
    expect(page.locator(".paid .mark")).to_have_text("微信")


def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(sit_down: SitDown) -> None:
    desk = sit_down("cashier")
    label = who_owes(desk, 10_000)
    page = desk.see(f"/fees/{desk.product.estate}?q={label}")
    page.locator("a.hit").first.click()
    page.wait_for_selector("html[data-ready]")
    for wrong in ("0", "-5", "1.005", "abc", "9999999999999", "20000"):
        page.locator("#amount").fill(wrong)
        page.locator("[data-method]").first.click()
        expect(page.locator("#e-amount")).to_be_visible()
        expect(page.locator("#amount")).to_have_value(wrong)
    expect(page.locator("#after")).to_contain_text("10 倍")
    assert page.locator(".toast--bad").count() <= 3  # one of each kind, however often
    desk.picture("fee-desk-wrong")


def test_two_cashiers_on_one_account(sit_down: SitDown) -> None:
    first, second = sit_down("cashier"), sit_down("accountant")
    label = who_owes(first, 10_000)
    for desk in (first, second):
        desk.see(f"/fees/{desk.product.estate}?q={label}")
        desk.page.locator("a.hit").first.click()
        desk.page.wait_for_selector("html[data-ready]")
        desk.page.locator("#amount").fill("10")
    first.page.locator("[data-method]").first.click()
    expect(first.page.locator("#receipt-no")).to_be_visible()
    second.page.locator("[data-method]").first.click()
    expect(second.page.locator(".toast--bad")).to_contain_text("江小燕")  # who changed it
    expect(second.page.locator("#amount")).to_have_value("10")


def test_the_account_explains_every_line_and_leads_to_its_event(sit_down: SitDown) -> None:
    desk = sit_down("accountant")
    label = who_owes(desk, 10_000)
    page = desk.see(f"/fees/{desk.product.estate}?q={label}")
    page.locator("a.hit").first.click()
    page.get_by_role("link", name="看账户").click()
    expect(page.locator(".table--bills").first).to_contain_text("㎡ ×")
    desk.picture("account-page", full=True)
    event = page.locator(".table--bills a[href*='history#e-']").first
    number = event.inner_text().removeprefix("#")
    event.click()
    expect(page.locator(f"#e-{number}")).to_contain_text("出账单")
    desk.picture("account-history")


def test_a_mistake_is_reversed_and_money_goes_back_by_two_people(sit_down: SitDown) -> None:
    cashier, accountant, head = sit_down("cashier"), sit_down("accountant"), sit_down("head")
    label = who_owes(cashier, 20_000)
    page = cashier.see(f"/fees/{cashier.product.estate}?q={label}")
    page.locator("a.hit").first.click()
    page.wait_for_selector("html[data-ready]")
    page.locator("#amount").fill("12.34")
    cashier.turn(page.locator("[data-method]").first)  # the page before has links of the same name
    cashier.turn(page.get_by_role("link", name="看这笔收款"))
    page.wait_for_selector("#h-payment")
    expect(page.locator("#h-reverse")).to_have_count(0)
    address = page.url.split("?")[0]
    accountant.see(address)
    accountant.page.locator("details summary", has_text="要冲回").click()
    accountant.picture("payment-reverse")
    accountant.page.get_by_role("button", name="冲回 ¥12.34").click()
    expect(accountant.page.locator("#h-payment ~ .mark--bad")).to_be_visible()

    page = accountant.see(f"/fees/{cashier.product.estate}?q={label}")
    page.locator("a.hit").first.click()
    page.wait_for_selector("html[data-ready]")
    owed = page.locator("#amount").input_value()
    page.locator("#amount").fill(f"{float(owed) + 10:.2f}")
    page.locator("[data-method]").nth(1).click()
    page.get_by_role("link", name="看这笔收款").click()
    page.wait_for_selector("#h-payment")
    bounces = page.url.split("?")[0]
    page.locator("#r-amount").fill("10")
    accountant.picture("payment-refund")
    page.get_by_role("button", name="申请退款").click()
    page.wait_for_selector("#h-refunds")
    page = accountant.see(f"/refunds/{accountant.product.estate}")
    expect(page.locator(".refunds")).to_contain_text("等另一人同意")
    page = head.see(f"/refunds/{head.product.estate}")
    head.picture("refunds-head")
    page.locator(".refunds li", has_text=label).get_by_role("button", name="同意", exact=True).click()
    expect(page.locator(".refunds li", has_text=label).get_by_role("button", name="付出去")).to_be_visible()
    page = cashier.see(f"/refunds/{cashier.product.estate}")
    page.locator(".refunds li", has_text=label).get_by_role("button", name="付出去").click()
    expect(page.locator("#h-done")).to_be_visible()
    cashier.picture("refunds-cashier")

    page = accountant.see(bounces)
    page.locator("details summary", has_text="要冲回").click()
    expect(page.locator("section:has(#h-reverse)")).to_contain_text("退款追回")
    accountant.picture("payment-reverse-refunded")
    page.locator("#v-reason").select_option("BOUNCED")
    page.get_by_role("button", name="冲回 ¥").click()
    expect(page.locator("section:has(#h-refunds)")).to_contain_text("还差 ¥10.00")
    accountant.picture("payment-reclaimed")


def test_it_works_with_a_thumb(sit_down: SitDown) -> None:
    desk = sit_down("cashier", size=PHONE)
    label = who_owes(desk, 10_000)
    page = desk.see(f"/fees/{desk.product.estate}?q={label}")
    assert sideways(page) == 0
    page.locator("a.hit").first.click()
    page.wait_for_selector("html[data-ready]")
    assert sideways(page) == 0
    page.locator("#amount").fill("20")
    box = page.locator("[data-method]").first.bounding_box()
    assert box is not None and box["height"] >= 44 and box["y"] + box["height"] < PHONE["height"]
    desk.picture("fee-desk-phone")
    page.locator("[data-method]").first.tap()
    expect(page.locator("#receipt-no")).to_be_visible()
    assert sideways(page) == 0
    desk.picture("fee-desk-phone-taken")
    page.get_by_role("link", name="看账户").click()
    page.wait_for_selector("#h-bills")
    assert sideways(page) == 0
    desk.picture("account-phone", full=True)


@pytest.mark.parametrize(("language", "theme", "size"), LOOKS)
def test_axe_has_nothing_against_any_step(sit_down: SitDown, language: str, theme: str, size: dict[str, int]) -> None:
    desk = sit_down("accountant", size=size, language=language, bypass_csp=True)
    desk.context.add_cookies([{"name": "theme", "value": theme, "url": desk.product.url}])
    look = f"{language}-{theme}-{size['width']}"
    label = who_owes(desk, 5_000)
    page = desk.page
    assert found(desk) == []
    page.locator("a.hit", has_text=label).click()
    page.wait_for_selector("#amount")
    assert found(desk) == []
    desk.picture(f"fee-desk-{look}", full=True)
    page.locator("#amount").fill("1.5")
    page.locator("[data-method]").nth(1).click()
    page.wait_for_selector("#receipt-no")
    assert found(desk) == []
    desk.picture(f"fee-desk-taken-{look}", full=size != DESKTOP)
    page.locator(".paid__more a[href^='/payments/']").click()
    page.wait_for_selector("#h-payment")
    assert found(desk) == []
    desk.picture(f"payment-{look}", full=True)
    page.locator(".crumb a").first.click()
    page.wait_for_selector("#h-bills")
    assert found(desk) == []
    desk.picture(f"account-{look}", full=True)
    page.locator(".ledger__top a[href$=history]").click()
    page.wait_for_selector(".facts-list")
    assert found(desk) == []
    for path in ("/refunds/{e}", "/drawer/{e}"):
        desk.see(path.format(e=desk.product.estate))
        if path.startswith("/drawer"):
            for shut in page.locator("form[action$='/open'] button").all():
                shut.click()
            page.wait_for_selector("#h-moves")
        assert found(desk) == [], path
        desk.picture(f"{path.split('/')[1]}-{look}", full=True)
